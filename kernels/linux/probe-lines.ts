/**
 * What drivers print when they find their device: one function per kind, for the device files to name. A device without lines
 * prints none, as most real ones do.
 *
 * Times are those of the second kernel of log a1, which was not slowed down by initcall_debug. The PATA disk has no log: its lines
 * stand at the times of the CD drive at the same controller (log a1), the ones of sd right after. Its ports: log a1, ata1.
 */
import { type TimedLine, timedLine } from './boot-description.ts';
import type { MessageValues } from './messages/template.ts';

/** The first serial port of a PC: I/O port and interrupt of log a1. */
export const serialProbeLines = (device: string): TimedLine[] => [
  timedLine(1054.827, 'serial.driver'),
  timedLine(1058.925, 'serial.port', { device, name: 'ttyS0', port: 0x3f8, irq: 4 }),
];

export type ProbedDisk = { readonly device: string; readonly name: string; readonly blocks: number };

/** Log b2: the second disk comes 20 ms after the first. */
const msPerVirtioDisk = 20.245;

/** `index` counts the virtio disks of the box from 0. */
export const virtioDiskProbeLines = (
  disk: ProbedDisk,
  { cpuCount, index = 0 }: { readonly cpuCount: number; readonly index?: number },
): TimedLine[] => [
  timedLine(1075.619 + index * msPerVirtioDisk, 'virtioDisk.queues', {
    device: disk.device,
    queues: cpuCount,
  }),
  timedLine(1082.613 + index * msPerVirtioDisk, 'virtioDisk.capacity', capacityOf(disk)),
];

export function pataDiskProbeLines(disk: ProbedDisk): TimedLine[] {
  const port = { port: 0, name: disk.name };
  const number = { number: 1 };
  return [
    timedLine(1093.784, 'disk.version', { device: disk.device }),
    timedLine(1099.53, 'disk.host', port),
    timedLine(1101.511, 'disk.port', {
      ...number,
      command: 0x1f0,
      control: 0x3f6,
      busMaster: 0xc080,
      irq: 14,
    }),
    timedLine(1253.811, 'disk.identity', number),
    timedLine(1253.811, 'disk.sectors', { ...number, blocks: disk.blocks }),
    timedLine(1261.175, 'disk.inquiry', port),
    timedLine(1262, 'disk.capacity', { ...port, ...capacityOf(disk) }),
    timedLine(1262, 'disk.writeProtect', port),
    timedLine(1262, 'disk.writeCache', port),
    timedLine(1263, 'disk.attached', port),
  ];
}

export type ProbedClock = { readonly device: string; readonly name: string; readonly unixSeconds: number };

export const clockProbeLines = ({ device, name, unixSeconds }: ProbedClock): TimedLine[] => [
  timedLine(1105.877, 'rtc.wake', { device }),
  timedLine(1115.872, 'rtc.registered', { device, name }),
  timedLine(1116.394, 'rtc.time', { device, time: timeOf(unixSeconds), seconds: unixSeconds }),
  timedLine(1117.348, 'rtc.alarms', { device }),
];

/** `2026-11-20T08:21:55`: what %ptR prints, in the calendar of rtc_time64_to_tm. */
function timeOf(unixSeconds: number): string {
  const days = Math.floor(unixSeconds / 86_400);
  const clock = [unixSeconds / 3600, unixSeconds / 60, unixSeconds].map((value, index) =>
    twoDigits(Math.floor(value) % (index === 0 ? 24 : 60)),
  );
  return `${dayOf(days)}T${clock.join(':')}`;
}

/** Years are counted from March, so that the leap day is the last; 719,468 days lie between 0000-03-01 and 1970-01-01. */
function dayOf(daysSince1970: number): string {
  const days = daysSince1970 + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const leapDays =
    Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return `${yearOfEra + era * 400 + (month <= 2 ? 1 : 0)}-${twoDigits(month)}-${twoDigits(day)}`;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

const blockBytes = 512;

const capacityOf = ({ device, name, blocks }: ProbedDisk): MessageValues => ({
  device,
  name,
  blocks,
  decimal: sizeText(blocks * blockBytes, 1000),
  binary: sizeText(blocks * blockBytes, 1024),
});

const units = {
  1000: ['B', 'kB', 'MB', 'GB', 'TB', 'PB'],
  1024: ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'],
} as const;

/** Three significant figures; the remainder is cut to thousandths before it is rounded: lib/string_helpers.c:string_get_size. */
function sizeText(bytes: number, divisor: 1000 | 1024): string {
  let whole = bytes;
  let remainder = 0;
  let power = 0;
  for (; whole >= divisor; power++) {
    remainder = whole % divisor;
    whole = Math.floor(whole / divisor);
  }
  const decimals = whole >= 100 ? 0 : whole >= 10 ? 1 : 2;
  const thousandths = Math.floor((remainder * 1000) / divisor) + 500 / 10 ** decimals;
  const digits = String(thousandths % 1000)
    .padStart(3, '0')
    .slice(0, decimals);
  const size = thousandths >= 1000 ? whole + 1 : whole;
  return `${size}${decimals > 0 ? '.' : ''}${digits} ${units[divisor][power] ?? ''}`;
}
