/** Small hibernation images, and what is done to them in tests. */
import type { CodecName } from '../../image/codecs/codec.ts';
import type { ImageFormat } from '../../image/formats/image-format.ts';
import { snapshotStream } from '../../image/formats/snapshot-stream/index.ts';
import { swsusp } from '../../image/formats/swsusp/index.ts';
import { type MemoryFile, memoryFile } from '../../image/memory-file.ts';
import type { MemoryImage, MemoryRun } from '../../image/memory-image.ts';
import { packHere } from '../../image/packer.ts';
import { type Pfn, pageSizeBytes, pfn, physical } from '../../image/pfn.ts';

const run = (startPfn: number, count: number, kind: MemoryRun['kind']): MemoryRun => ({
  startPfn: pfn(startPfn),
  count,
  kind,
});

/** More than two map pages, more than one page of frame list, more than one group of units; ends with a zero page. */
const runs: readonly MemoryRun[] = [
  run(0x10, 5, 'stored'),
  run(0x15, 40, 'zero'),
  run(0x100, 700, 'stored'),
  run(0x1000, 423, 'stored'),
  run(0x2000, 1, 'zero'),
];

export const sampleFrames = 0x2001;
export const sampleDataPages = 5 + 700 + 423;
export const sampleZeroPages = 41;
export const sampleCrc = '00000000deadbeef';

/** Some pages compress well, some do not. */
export function samplePage(frame: Pfn): Uint8Array {
  const page = new Uint8Array(pageSizeBytes);
  let state: number = frame;
  for (let index = 0; index < (frame % 2 === 0 ? 200 : pageSizeBytes); index += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    page[index] = frame % 5 === 0 ? frame % 256 : state >>> 24;
  }
  page[0] = 1 + (frame % 255);
  return page;
}

export const sampleSnapshot: MemoryImage = {
  runs: () => runs,
  readPage: (frame) =>
    runs.some(({ kind, startPfn, count }) => kind === 'zero' && frame >= startPfn && frame < startPfn + count)
      ? new Uint8Array(pageSizeBytes)
      : samplePage(frame),
  cpus: [],
  vmcoreinfo: undefined,
  machine: {
    frameCount: sampleFrames,
    reentry: { virtual: 'ffffffff813d2000', physical: physical(0x13d2000), cr3: physical(0x7e5000) },
    memoryMapCrc: sampleCrc,
  },
};

export async function written(
  format: ImageFormat,
  codec: CodecName = 'none',
  settings: Readonly<Record<string, string>> = {},
  memory: MemoryImage = sampleSnapshot,
): Promise<MemoryFile> {
  const file = memoryFile();
  await format.write?.(memory, file, { codec, packer: packHere, settings });
  return file;
}

export const swapImage = (
  codec: 'lzo' | 'lz4' | 'none' = 'lzo',
  settings: Readonly<Record<string, string>> = {},
): Promise<MemoryFile> => written(swsusp, codec, settings);

export const streamImage = (): Promise<MemoryFile> => written(snapshotStream);
