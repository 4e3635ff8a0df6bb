/** Boot logs computed from descriptions of the recorded machines, against what those printed. */
import { describe, expect, test } from 'vitest';
import { physical } from '../../image/pfn.ts';
import { type AddressRange, type FirmwareMap, firmwareMap } from '../../kernels/firmware-map.ts';
import type { BootDescription, BootLine } from '../../kernels/linux/boot-description.ts';
import { bootLog } from '../../kernels/linux/boot-log.ts';
import { messagesOf } from '../../kernels/linux/messages/index.ts';
import { fillTemplate } from '../../kernels/linux/messages/template.ts';
import {
  clockProbeLines,
  pataDiskProbeLines,
  serialProbeLines,
  virtioDiskProbeLines,
} from '../../kernels/linux/probe-lines.ts';
import { type ConsoleLine, consoleLine, goldenLines } from './golden-log.ts';

const mebibyte = 2 ** 20;
const range = (start: number, endExclusive: number): AddressRange => ({
  start: physical(start),
  endExclusive: physical(endExclusive),
});

const labBanner = {
  release: '6.12.117-lab',
  builder: 'root@vm',
  compiler: 'gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40',
  build: '#1 SMP Fri Nov 20 08:16:41 UTC 2026',
};
const disk = { device: 'virtio0', name: 'vda', blocks: 65536 };
const clock = { device: '00:05', name: 'rtc0', unixSeconds: 1795162915 };
const devices = [
  serialProbeLines('00:04'),
  virtioDiskProbeLines(disk, { cpuCount: 1 }),
  clockProbeLines(clock),
];

/** What kexec-tools hands over of a map: the first page is reserved by now. */
const handedOver = (map: FirmwareMap): FirmwareMap => [
  { ...range(0, 0x1000), kind: 'reserved' },
  { ...range(0x1000, 0x9fc00), kind: 'usable' },
  ...map.slice(1),
];

/** The second kernel of log a1, which was kept to its range by mem=. */
const jumpTarget: BootDescription = {
  banner: labBanner,
  commandLine:
    'console=ttyS0,115200 no_console_suspend ignore_loglevel pm_debug_messages lab=jumpB nr_cpus=1 mem=81M save=0 extra= rounds=1 acpi_rsdp=0xf59d0 elfcorehdr=82928K kexec_jump_back_entry=0x00000000051000f2',
  firmwareMap: handedOver(firmwareMap({ ramBytes: 256 * mebibyte })),
  cpuCount: 1,
  initrd: range(0x38e0000, 0x3c00000),
  memory: { freeKib: 56412, reservedKib: 24692 },
  vmcore: { type: 'headerNotFound' },
  devices,
  unknownParameters: ['lab=jumpB', 'save=0', 'extra=', 'rounds=1'],
};

const textOf = ({ message, values }: BootLine): string => fillTemplate(messagesOf('6.12')[message], values);

/** As the console shows them: what goes on with an open line stands in its line. */
function shown(box: BootDescription): ConsoleLine[] {
  const lines: ConsoleLine[] = [];
  for (const line of bootLog(box)) {
    const template = messagesOf('6.12')[line.message];
    const open = template.from === 'kernel' && template.level === 'cont' ? lines.pop() : undefined;
    lines.push({ timeMs: open?.timeMs ?? line.timeMs, text: (open?.text ?? '') + textOf(line) });
  }
  return lines;
}

/** The boots of a log, one after the other: from one banner to the last word that goes to the first program. */
function recordedBoots(name: string): ConsoleLine[][] {
  const lines = goldenLines(name).map(consoleLine);
  const starts = lines.flatMap(({ text }, index) => (text.startsWith('Linux version') ? [index] : []));
  return starts.map((start, index) => {
    const boot = lines.slice(start, starts[index + 1]);
    const end = boot.findLastIndex(({ text }) => text.startsWith('    '));
    return boot.slice(0, end + 1).filter(({ text }) => !notOfTheBox.test(text));
  });
}

/** The CD drive's controller, the setup_data of kexec-tools, and the second clock source, which comes when it comes. */
const notOfTheBox = /^(ata_piix|scsi host|ata\d:|e820: update \[mem 0x05)|clocksource tsc$/;

const textsOf = (lines: readonly ConsoleLine[]): string[] => lines.map(({ text }) => text);

describe('the boot log', () => {
  test('of the second kernel of log a1 has its lines', () => {
    expect(textsOf(shown(jumpTarget))).toEqual(textsOf(recordedBoots('a1')[1] ?? []));
  });

  test('of the second kernel of log a1 has its times, to a millisecond', () => {
    const ours = shown(jumpTarget);
    const theirs = recordedBoots('a1')[1] ?? [];
    for (const [index, { timeMs, text }] of ours.entries()) {
      expect(Math.abs(Number(timeMs) - Number(theirs[index]?.timeMs)), text).toBeLessThan(1);
    }
  });

  test('of the first kernel of log a3 has its lines, with the second processor on an open line', () => {
    const [recorded = []] = recordedBoots('a3');
    const commandLine =
      'console=ttyS0,115200 no_console_suspend ignore_loglevel initcall_debug pm_debug_messages log_buf_len=4M lab=jumpA rounds=1 memmax=0x50fffff bcpus=1 extra=cpu';
    const ours = shown({
      banner: labBanner,
      commandLine,
      firmwareMap: firmwareMap({ ramBytes: 256 * mebibyte }),
      cpuCount: 2,
      megahertz: 2596.16,
      initrd: range(0xfcb0000, 0xffd0000),
      memory: { freeKib: 214324, reservedKib: 45672 },
      devices: [
        serialProbeLines('00:04'),
        virtioDiskProbeLines(disk, { cpuCount: 2 }),
        clockProbeLines({ ...clock, unixSeconds: 1795162948 }),
      ],
      unknownParameters: commandLine.split(' ').slice(6),
    });
    // The emulated processors of the lab were calibrated one by one, and not to the same speed.
    const isComparable = ({ text }: ConsoleLine) => !text.startsWith('smpboot: Total');
    expect(textsOf(ours.filter(isComparable))).toEqual(textsOf(recorded.filter(isComparable)));
    expect(textsOf(ours)).toContain('.... node  #0, CPUs:      #1');
  });

  test('of the first kernel of log b2 has the reservation for the capture kernel, and two disks', () => {
    const [recorded = []] = recordedBoots('b2');
    const ours = shown({
      banner: labBanner,
      commandLine:
        'console=ttyS0,115200 no_console_suspend ignore_loglevel initcall_debug pm_debug_messages log_buf_len=4M lab=kdumpA crashkernel=60M log_buf_len=1M',
      firmwareMap: firmwareMap({ ramBytes: 176 * mebibyte, virtioDiskCount: 2 }),
      cpuCount: 2,
      megahertz: 2596.112,
      initrd: range(0xacb0000, 0xafd0000),
      crashkernel: {
        wanted: {
          type: 'crashkernel.wanted',
          sizeBytes: 60 * mebibyte,
          offset: null,
          lowSizeBytes: 0,
          isHigh: false,
        },
        reservation: {
          type: 'crashkernel.reserved',
          region: range(0x5000000, 0x8c00000),
          lowRegion: null,
          lines: [],
        },
      },
      memory: { freeKib: 70880, reservedKib: 106920 },
      devices: [
        serialProbeLines('00:04'),
        virtioDiskProbeLines(disk, { cpuCount: 2 }),
        virtioDiskProbeLines({ device: 'virtio1', name: 'vdb', blocks: 1843200 }, { cpuCount: 2, index: 1 }),
        clockProbeLines({ ...clock, unixSeconds: 1795163749 }),
      ],
      unknownParameters: ['lab=kdumpA'],
    });
    const isComparable = ({ text }: ConsoleLine) => !text.startsWith('smpboot: Total');
    expect(textsOf(ours.filter(isComparable))).toEqual(textsOf(recorded.filter(isComparable)));
  });

  test('of the capture kernel of log b2 has a map of broken pages and holes, and no word about a good vmcore', () => {
    const recorded = recordedBoots('b2')[1] ?? [];
    const commandLine = recorded[1]?.text.replace('Command line: ', '') ?? '';
    const whole = handedOver(firmwareMap({ ramBytes: 176 * mebibyte, virtioDiskCount: 2 }));
    const ours = shown({
      banner: labBanner,
      commandLine,
      firmwareMap: whole.flatMap(
        (entry): FirmwareMap =>
          entry.start === 0x100000
            ? [
                { ...range(0x5000000, 0x8b5d000), kind: 'usable' },
                { ...range(0x8bffc00, 0x8c00000), kind: 'usable' },
              ]
            : [entry],
      ),
      cpuCount: 1,
      megahertz: 2596.149,
      initrd: range(0x72e0000, 0x7600000),
      memory: { freeKib: 33132, reservedKib: 26744 },
      devices: [],
    });
    const wanted = textsOf(recorded);
    const unlike = textsOf(ours).filter((text) => !wanted.includes(text) && !text.startsWith('Memory:'));
    expect(unlike).toEqual([]);
    expect(textsOf(ours).some((text) => text.includes('vmcore'))).toBe(false);
  });

  test('names our own kernel and build when no banner is given', () => {
    const { banner: _lab, ...box } = jumpTarget;
    expect(shown(box)[0]?.text).toBe(
      'Linux version 6.12.117-box (kjump@box) (kexec-jump, not compiled) #1 SMP',
    );
  });

  test('comes in stages whose times only go up', () => {
    const stages = bootLog(jumpTarget).map(({ stage }) => stage);
    expect(stages).toEqual([...stages].sort((one, other) => order.indexOf(one) - order.indexOf(other)));
    const times = bootLog(jumpTarget).map(({ timeMs }) => timeMs);
    expect(times).toEqual([...times].sort((one, other) => one - other));
  });

  const order = ['start', 'probe', 'userSpace'];
});

/** A stretch of a golden log, without stamps. */
const between = (name: string, first: string, last: string): string[] => {
  const texts = goldenLines(name).map((line) => consoleLine(line).text);
  return texts.slice(texts.indexOf(first), texts.indexOf(last) + 1);
};

describe('what the logs do not have', () => {
  const probes = (box: Partial<BootDescription>): string[] =>
    textsOf(shown({ ...jumpTarget, ...box })).filter((text) =>
      /^(Warning|WARN|ioremap|Kdump|---)/.test(text),
    );

  test('every reason why B has no vmcore stands before the line that says so', () => {
    expect(probes({ vmcore: { type: 'headerNotSane' } })).toEqual([
      'Warning: Core image elf header is not sane',
      'Kdump: vmcore not initialized',
    ]);
    expect(probes({ vmcore: { type: 'zeroNotes' } })).toEqual(
      between('a9', 'Warning: Zero PT_NOTE entries found', 'Kdump: vmcore not initialized'),
    );
    expect(probes({ vmcore: { type: 'ioremapOnRam', page: range(0x50fc000, 0x50fd000) } })).toEqual([
      ...between('a8', '------------[ cut here ]------------', '---[ end trace 0000000000000000 ]---'),
      'Kdump: vmcore not initialized',
    ]);
  });

  test('a kernel without elfcorehdr= cannot miss a vmcore', () => {
    expect(() => bootLog({ ...jumpTarget, commandLine: 'quiet' })).toThrow(
      'assertion: boot-log: without elfcorehdr=',
    );
  });

  test('memory above 4 GiB has a zone of its own', () => {
    const texts = textsOf(
      shown({
        ...jumpTarget,
        commandLine: 'elfcorehdr=1K',
        firmwareMap: firmwareMap({ ramBytes: 8 * 2 ** 30 }),
      }),
    );
    expect(texts).toContain('  DMA32    [mem 0x0000000000001000-0x00000000ffffffff]');
    expect(texts).toContain('  Normal   [mem 0x0000000100000000-0x000000023fffffff]');
  });

  test('a reservation that failed says why', () => {
    const wanted = {
      type: 'crashkernel.wanted',
      sizeBytes: 2 ** 30,
      offset: null,
      lowSizeBytes: 2 ** 28,
      isHigh: true,
    } as const;
    const lineFor = (reason: 'in-use' | 'no-room' | 'no-low-room') =>
      textsOf(
        shown({
          ...jumpTarget,
          crashkernel: { wanted, reservation: { type: 'crashkernel.failed', reason, lines: [] } },
        }),
      ).filter((text) => text.includes('crashkernel'));
    expect(lineFor('in-use')).toEqual(['crashkernel reservation failed - memory is in use.']);
    expect(lineFor('no-room')).toEqual(['cannot allocate crashkernel (size:0x40000000)']);
    expect(lineFor('no-low-room')).toEqual(['cannot allocate crashkernel low memory (size:0x10000000).']);
  });

  test('eleven processors stand in a table of two columns each', () => {
    const texts = textsOf(shown({ ...jumpTarget, cpuCount: 11 }));
    expect(texts).toContain('.... node  #0, CPUs:        #1  #2  #3  #4  #5  #6  #7  #8  #9 #10');
    expect(texts).toContain('smp: Brought up 1 node, 11 CPUs');
  });

  test('the disk of the box is introduced by its controller, as disks are', () => {
    const lines = pataDiskProbeLines({ device: '0000:00:01.1', name: 'sda', blocks: 2097152 });
    expect(
      textsOf(shown({ ...jumpTarget, devices: [lines] })).filter((text) => text.startsWith('sd ')),
    ).toEqual([
      'sd 0:0:0:0: [sda] 2097152 512-byte logical blocks: (1.07 GB/1.00 GiB)',
      'sd 0:0:0:0: [sda] Write Protect is off',
      "sd 0:0:0:0: [sda] Write cache: enabled, read cache: enabled, doesn't support DPO or FUA",
      'sd 0:0:0:0: [sda] Attached SCSI disk',
    ]);
  });

  test('the clock is read in the calendar', () => {
    const timeOf = (unixSeconds: number) => clockProbeLines({ ...clock, unixSeconds })[2]?.values['time'];
    expect(timeOf(0)).toBe('1970-01-01T00:00:00');
    expect(timeOf(951_826_154)).toBe('2000-02-29T12:09:14');
    expect(timeOf(1_795_162_915)).toBe('2026-11-20T08:21:55');
    expect(timeOf(4_107_542_399)).toBe('2100-02-28T23:59:59');
  });
});
