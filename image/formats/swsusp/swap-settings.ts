/** What may be said of the swap area that an image is written to: `--set NAME=VALUE`. */
import { pageSizeBytes } from '../../pfn.ts';
import { badSetting, hexSetting, snapshotSettings } from '../snapshot-stream/machine-info.ts';
import type { SwapArea } from './map-writer.ts';

export const swapSettings = [
  ...snapshotSettings,
  { name: 'hardware-signature', help: 'of ACPI, 8 hex digits; a kernel that has another refuses the image' },
  { name: 'offset', help: 'bytes to the header page, as for a swap file (resume_offset times 4096)' },
  { name: 'swap-pages', help: 'pages of the swap area; without it, as many as the image takes' },
  { name: 'swap-in-use', help: 'pages of the area that are taken, such as 5-100,300' },
  { name: 'label', help: 'of the swap area, up to 16 characters' },
  { name: 'uuid', help: 'of the swap area' },
] as const;

export type SwapSettings = {
  readonly area: SwapArea;
  readonly hardwareSignature: number;
  readonly label: string;
  readonly uuid: string;
};

/** libblkid wants 10 pages before it calls anything a swap area (linux.md C.1.7). */
export const leastSwapPages = 10;

export function swapSettingsOf(settings: Readonly<Record<string, string>>): SwapSettings {
  const offset = numberOf('offset', settings['offset'], 0) ?? 0;
  if (offset % pageSizeBytes !== 0) throw badSetting('offset', 'a multiple of 4096', String(offset));
  const signature = settings['hardware-signature'];
  return {
    area: {
      headerPage: offset / pageSizeBytes,
      pageCount: numberOf('swap-pages', settings['swap-pages'], leastSwapPages),
      isInUse: inUse(settings['swap-in-use']),
    },
    hardwareSignature:
      signature === undefined ? 0 : Number(`0x${hexSetting('hardware-signature', signature)}`),
    label: labelOf(settings['label'] ?? ''),
    uuid: uuidOf(settings['uuid'] ?? '0'.repeat(32)),
  };
}

/** Linux counts the pages of a swap area in 32 bits (last_page of its header). */
const numberLimit = 2 ** 44;

function numberOf(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^(0x[0-9a-f]{1,12}|\d{1,15})$/i.test(text) ? Number(text) : -1;
  if (value >= least && value <= numberLimit) return value;
  throw badSetting(name, `a number from ${least} to ${numberLimit}`, text);
}

function inUse(text: string | undefined): (page: number) => boolean {
  if (text === undefined) return () => false;
  const ranges = text.split(',').map((part) => {
    const [, from = '', to = from] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(part) ?? [];
    if (from === '' || Number(to) < Number(from))
      throw badSetting('swap-in-use', 'pages such as 5-100,300', text);
    return { from: Number(from), to: Number(to) };
  });
  return (page) => ranges.some(({ from, to }) => page >= from && page <= to);
}

function labelOf(text: string): string {
  if (/^[ -~]{0,16}$/.test(text)) return text;
  throw badSetting('label', 'up to 16 printable characters', text);
}

function uuidOf(text: string): string {
  const digits = text.replaceAll('-', '').toLowerCase();
  if (/^[0-9a-f]{32}$/.test(digits)) return digits;
  throw badSetting('uuid', '32 hex digits', text);
}
