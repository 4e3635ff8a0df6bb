/**
 * Writes a kdump-compressed file as makedumpfile 1.7.2 does: header version 6, descriptors in the order of frames, data in the same
 * order right behind them, a page that does not get smaller as it is (linux.md C.4.3).
 *
 * Pages of zeros share one raw page at the beginning of the data, as makedumpfile has it with bit 1 of the level; without that bit
 * makedumpfile packs each of them, which no reader needs. Streams: what is kept is a batch for each job under way, and the bitmaps.
 */
import type { Hex64 } from '../../bytes.ts';
import { ImageError } from '../../image-error.ts';
import { type MemoryImage, type MemoryRun, noUts } from '../../memory-image.ts';
import { pageSizeBytes } from '../../pfn.ts';
import type { Sink } from '../../sink.ts';
import { encodedNotes } from '../elf/notes-of-memory.ts';
import type { WriteOptions, WriteReport } from '../image-format.ts';
import { codecFlags, descriptorSizeBytes, type KdumpCodec, kdumpCodecs } from './descriptors.ts';
import { DumpData } from './dump-data.ts';
import { setFrames } from './frame-bitmap.ts';
import { bitmapLimitBytes, encodeHeaders } from './headers.ts';
import { packedParts } from './packed-parts.ts';

export async function writeKdump(
  memory: MemoryImage,
  sink: Sink,
  options: WriteOptions,
): Promise<WriteReport> {
  const codec = codecOf(options.codec);
  const plan = planOf(memory);
  const { header, notes } = headerOf(memory, plan, { codec, nowSeconds: options.nowSeconds ?? 0 });
  const descriptorsOffset = header.length + plan.present.length + plan.kept.length;
  sink.writeAt(0, header);
  sink.writeAt(header.length, plan.present);
  sink.writeAt(header.length + plan.present.length, plan.kept);
  const data = new DumpData(sink, {
    codecFlag: codecFlags[codec],
    descriptorsOffset,
    dataOffset: descriptorsOffset + plan.keptCount * descriptorSizeBytes,
    zeroRuns: runsOfKind(memory, 'zero'),
  });
  for await (const part of packedParts(memory, codec, options.packer)) {
    data.add(part);
    options.progress?.({ what: 'Copying data', done: data.pageCount, total: plan.keptCount });
  }
  const lengthBytes = data.finish();
  sink.setLength(lengthBytes);
  return { storedPages: data.pageCount - data.zeroCount, zeroPages: data.zeroCount, lengthBytes, notes };
}

function codecOf(name: string): KdumpCodec {
  const codec = kdumpCodecs.find((one) => one === name);
  if (codec !== undefined) return codec;
  throw new ImageError('format.no-such-codec', {
    offset: 0,
    expected: `one of ${kdumpCodecs.join(', ')}`,
    found: name,
  });
}

type Plan = {
  readonly frameCount: number;
  readonly keptCount: number;
  /** Both bitmaps, whole blocks. */
  readonly present: Uint8Array;
  readonly kept: Uint8Array;
};

function planOf(memory: MemoryImage): Plan {
  let frameCount = 0;
  for (const { startPfn, count } of memory.runs()) frameCount = Math.max(frameCount, startPfn + count);
  const sizeBytes = Math.ceil(frameCount / 8 / pageSizeBytes) * pageSizeBytes;
  if (sizeBytes > bitmapLimitBytes) {
    const expected = `at most ${bitmapLimitBytes * 8} frames (bitmapLimitBytes)`;
    throw new ImageError('kdump.bad-header', { offset: 436, expected, found: `${frameCount}` });
  }
  const present = new Uint8Array(sizeBytes);
  const kept = new Uint8Array(sizeBytes);
  let keptCount = 0;
  for (const { startPfn, count, kind } of memory.runs()) {
    if (kind === 'partial') continue;
    setFrames(present, startPfn, count);
    if (kind !== 'stored' && kind !== 'zero') continue;
    setFrames(kept, startPfn, count);
    keptCount += count;
  }
  return { frameCount, keptCount, present, kept };
}

function* runsOfKind(memory: MemoryImage, kind: MemoryRun['kind']): Generator<MemoryRun> {
  for (const run of memory.runs()) if (run.kind === kind) yield run;
}

function headerOf(
  memory: MemoryImage,
  plan: Plan,
  { codec, nowSeconds }: { readonly codec: KdumpCodec; readonly nowSeconds: number },
): { readonly header: Uint8Array; readonly notes: readonly string[] } {
  const { machine, cpus, vmcoreinfo } = memory;
  const encoded = encodedNotes(memory);
  const header = encodeHeaders(
    {
      uts: machine.uts ?? noUts,
      takenAtSeconds: machine.takenAtSeconds ?? nowSeconds,
      status: codecFlags[codec],
      bitmapBlocks: (2 * plan.present.length) / pageSizeBytes,
      cpuCount: cpus.length,
      frameCount: plan.frameCount,
      physBase: physBaseOf(vmcoreinfo),
      dumpLevel: machine.dumpLevel ?? 0,
      part: undefined,
    },
    encoded.bytes,
    encoded.vmcoreinfo,
  );
  const notes = [
    ...(machine.uts === undefined ? ['the kernel did not say its name: the header has none'] : []),
    ...(vmcoreinfo === undefined ? ['no VMCOREINFO: makedumpfile and crash need vmlinux instead'] : []),
    ...(cpus.length === 0 ? ['the registers of no CPU are in the dump'] : []),
  ];
  return { header, notes };
}

function physBaseOf(vmcoreinfo: string | undefined): Hex64 {
  const value = /^NUMBER\(phys_base\)=(-?\d{1,18})$/m.exec(vmcoreinfo ?? '')?.[1] ?? '0';
  return BigInt.asUintN(64, BigInt(value)).toString(16).padStart(16, '0');
}
