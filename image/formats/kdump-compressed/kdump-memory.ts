/**
 * The memory of a kdump-compressed dump: whole, cut short (makedumpfile ran out of room) or in parts (makedumpfile --split).
 *
 * A page without data in a dump that was cut short, and one whose part was not given, is `notSaved`; in any other it is damage.
 */
import { codecs } from '../../codecs/index.ts';
import { hex, ImageError } from '../../image-error.ts';
import type { MemoryImage, MemoryRun } from '../../memory-image.ts';
import { addressOf, type Pfn, pageSizeBytes, pfn } from '../../pfn.ts';
import { readBounded } from '../../sink.ts';
import { decodePrstatus, isPrstatus } from '../elf/prstatus.ts';
import { checkDescriptor, type Descriptor } from './descriptors.ts';
import { bitmapRuns } from './frame-bitmap.ts';
import { statusBits } from './headers.ts';
import { kdumpBatches } from './kdump-batches.ts';
import { descriptorsFrom, fileWith, type KdumpFile } from './kdump-file.ts';

export function kdumpMemory(files: readonly [KdumpFile, ...KdumpFile[]]): MemoryImage {
  const [first] = files;
  const { headers, notes, vmcoreinfo } = first;
  return {
    runs: () => runsOf(files),
    readPage: (frame) => readKdumpPage(files, frame),
    batches: (wanted, packer) => kdumpBatches(files, wanted, packer),
    cpus: notes.filter(isPrstatus).map(decodePrstatus),
    vmcoreinfo,
    notes,
    machine: {
      uts: headers.uts,
      frameCount: headers.frameCount,
      dumpLevel: headers.dumpLevel,
      ...(headers.takenAtSeconds > 0 && { takenAtSeconds: headers.takenAtSeconds }),
    },
  };
}

function* runsOf(files: readonly [KdumpFile, ...KdumpFile[]]): Generator<MemoryRun> {
  const [{ present, kept, headers }] = files;
  for (const run of bitmapRuns(present, kept.bytes, headers.frameCount)) {
    if (run.kind === 'stored') yield* storedRunsOf(files, run);
    else yield run;
  }
}

/** A part that was not given, and the end of a dump that was cut short, are not saved. */
function* storedRunsOf(files: readonly KdumpFile[], run: MemoryRun): Generator<MemoryRun> {
  const end = run.startPfn + run.count;
  for (let frame: number = run.startPfn; frame < end; ) {
    const file = fileWith(files, frame);
    const until = Math.min(end, file?.headers.part?.endPfn ?? nextPart(files, frame, end));
    const missing = { startPfn: pfn(frame), count: until - frame, kind: 'notSaved' } as const;
    if (file === undefined) yield missing;
    else if ((file.headers.status & statusBits.incomplete) === 0) yield { ...missing, kind: 'stored' };
    else yield* runsOfIncomplete(file, frame, until);
    frame = until;
  }
}

function nextPart(files: readonly KdumpFile[], frame: number, end: number): number {
  const starts = files.flatMap(({ headers: { part } }) =>
    part !== undefined && part.startPfn > frame ? [part.startPfn] : [],
  );
  return Math.min(end, ...starts);
}

/** Descriptors in pieces of 4,096: the run may be the whole dump. */
function* runsOfIncomplete(file: KdumpFile, startPfn: number, endPfn: number): Generator<MemoryRun> {
  let run: { startPfn: Pfn; count: number; kind: 'stored' | 'notSaved' } | undefined;
  for (let frame = startPfn; frame < endPfn; frame += 4096) {
    const count = Math.min(4096, endPfn - frame);
    for (const [index, descriptor] of descriptorsFrom(file, frame, count).entries()) {
      const kind = isInFile(file, descriptor) ? 'stored' : 'notSaved';
      if (run?.kind === kind) run.count += 1;
      else {
        if (run !== undefined) yield run;
        run = { startPfn: pfn(frame + index), count: 1, kind };
      }
    }
  }
  if (run !== undefined) yield run;
}

const isInFile = ({ source }: KdumpFile, { offset, sizeBytes }: Descriptor): boolean =>
  offset > 0 && sizeBytes > 0 && offset + sizeBytes <= source.length;

function readKdumpPage(files: readonly KdumpFile[], frame: Pfn): Uint8Array {
  const file = fileWith(files, frame);
  if (file === undefined || !file.kept.has(frame)) throw notKept(files, frame);
  const [descriptor] = descriptorsFrom(file, frame, 1);
  if (descriptor === undefined) throw notKept(files, frame);
  const codec = checkDescriptor(descriptor, frame);
  const packed = readBounded(file.source, descriptor.offset, descriptor.sizeBytes);
  if (codec === 'none') return packed;
  try {
    const page = codecs[codec].decompress(packed, pageSizeBytes);
    if (page.length === pageSizeBytes) return page;
    throw damagedPage(frame, `${pageSizeBytes} bytes`, `${page.length} bytes of ${codec}`);
  } catch (error) {
    if (!(error instanceof ImageError) || error.code === 'kdump.damaged-page') throw error;
    throw damagedPage(frame, `data packed with ${codec}`, error.message);
  }
}

const damagedPage = (frame: Pfn, expected: string, found: string): ImageError =>
  new ImageError('kdump.damaged-page', { offset: addressOf(frame), expected, found });

function notKept(files: readonly KdumpFile[], frame: Pfn): ImageError {
  const isPresent = files.some(({ present }) => ((present[frame >> 3] ?? 0) & (1 << (frame & 7))) !== 0);
  const found = isPresent ? 'one that the dump leaves out or has no data of' : 'none that the machine had';
  return new ImageError('memory.not-in-image', {
    offset: addressOf(frame),
    expected: `a page that the dump keeps (frame ${hex(frame)})`,
    found,
  });
}
