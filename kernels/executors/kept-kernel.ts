/**
 * B kept for later: after a first visit A saves what its kexec image holds now, which is B's range as B left it, and the way in; a
 * later `kexec -l` loads those pages instead of a kernel that has to boot (descriptions of 2007; nothing released does it).
 *
 *   block 0      header: magic, frames, the way in, CRC-32 of the blocks, CRC-32 of the header
 *   blocks 1 …   B's range, frame by frame
 *
 * A reads its own source frames as the lab's loader did, through /dev/mem. Where B stands in a reserved region they are the region.
 * Left out: that B's devices may have changed since; B's RESTORE callbacks set them up again, as in any re-entry.
 */
import { ByteReader, ByteWriter } from '../../image/bytes.ts';
import { crc32 } from '../../image/codecs/crc32.ts';
import { addressOf, type Pfn, type PhysicalAddress, pageSizeBytes, pfn, physical } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { diskFlush, diskRead, diskRequest, diskWrite } from '../devices/disk-cache.ts';
import { diskLayout } from '../disk-layout.ts';
import { walkEntryList } from '../kexec/entry-list.ts';
import { kexecArchitectureX8664, kexecFlags, type LoadRequest } from '../kexec/segments.ts';
import { latencyNs } from '../latencies.ts';
import { errnoTable } from '../linux/errno.ts';
import type { KernelName } from '../machine.ts';
import type { ContentId } from '../memory/contents.ts';
import type { Plan } from '../plan.ts';
import { readPageOf } from './read-page.ts';
import { headOf } from './relocation.ts';
import { performStep } from './save-partition.ts';
import type { WorkUnderWay } from './slow-work.ts';

export function saveKept(box: Box, { kernel }: WorkUnderWay): void {
  const refusal = diskRequest(box, kernel);
  if (refusal !== 0) return box.reply(kernel, { type: 'kept.failed', errno: refusal });
  const { image } = box.machine.kernels[kernel];
  if (!image.loaded) return box.reply(kernel, { type: 'kept.failed', errno: -errnoTable.EINVAL.number });
  const sources = sourcesOf(box, kernel);
  const { start } = diskLayout(box.plan.ramBytes).kept;
  const pages = framesOfB(box.plan).map((frame) => box.memory.read(sources.get(frame) ?? frame));
  const checksum = checksumOf(box, pages);
  const writes = pages.map((content, index) => ({ block: start + 1 + index, content }));
  performStep(box, { type: 'write', writes });
  diskFlush(box);
  const entry = physical(addressOf(image.entry as Pfn) + image.entryOffset);
  diskWrite(box, start, box.contents.intern(encodeHeader({ entry, checksum, plan: box.plan })));
  diskFlush(box);
  box.reply(kernel, { type: 'kept.saved' });
}

export const saveKeptLatencyNs = (plan: Plan): number => framesOfB(plan).length * latencyNs('disk.write');

export type KeptKernel = {
  readonly request: LoadRequest;
  readonly contents: ReadonlyMap<Pfn, ContentId>;
};

/** Undefined: nothing whole is kept. */
export function keptKernel(box: Box): KeptKernel | undefined {
  const { start } = diskLayout(box.plan.ramBytes).kept;
  const header = decodeHeader(box.contents.bytes(diskRead(box, start)));
  const frames = framesOfB(box.plan);
  if (header === undefined || header.frameCount !== frames.length) return undefined;
  const contents = new Map(frames.map((frame, index) => [frame, diskRead(box, start + 1 + index)]));
  if (checksumOf(box, contents.values()) !== header.checksum) return undefined;
  const segments = box.plan.layout.dumpRam.map(({ start: first, count }) => ({
    bufferSizeBytes: count * pageSizeBytes,
    memoryStart: addressOf(first),
    memorySizeBytes: count * pageSizeBytes,
  }));
  const flags = kexecArchitectureX8664 + kexecFlags.preserveContext;
  return { request: { entry: header.entry, segments, flags }, contents };
}

function checksumOf({ contents }: Box, pages: Iterable<ContentId>): number {
  let checksum = 0;
  for (const content of pages) checksum = crc32(contents.bytes(content), checksum);
  return checksum;
}

const framesOfB = ({ layout }: Plan): readonly Pfn[] =>
  layout.dumpRam.flatMap(({ start, count }) =>
    Array.from({ length: count }, (_, index) => pfn(start + index)),
  );

/** Where a frame of B's range stands while A runs. */
function sourcesOf(box: Box, kernel: KernelName): ReadonlyMap<Pfn, Pfn> {
  const moves = [...walkEntryList(headOf(box.machine.kernels[kernel].image), readPageOf(box))];
  return new Map(
    moves.flatMap((move) => (move.type === 'list.move' ? [[move.destination, move.source] as const] : [])),
  );
}

const magic = 'KJUMPKPT';
const crcOffset = 32;

type Header = { readonly entry: PhysicalAddress; readonly checksum: number; readonly frameCount: number };

function encodeHeader({
  entry,
  checksum,
  plan,
}: Omit<Header, 'frameCount'> & { readonly plan: Plan }): Uint8Array {
  const page = new Uint8Array(pageSizeBytes);
  const writer = new ByteWriter(page);
  writer.text(0, magic);
  writer.u64(8, framesOfB(plan).length);
  writer.u64(16, entry);
  writer.u32(24, checksum);
  writer.u32(crcOffset, crc32(page.subarray(0, crcOffset)));
  return page;
}

function decodeHeader(page: Uint8Array): Header | undefined {
  const reader = new ByteReader(page);
  if (reader.text(0, magic.length) !== magic || reader.u32(crcOffset) !== crc32(page.subarray(0, crcOffset)))
    return undefined;
  return { frameCount: reader.u64(8), entry: physical(reader.u64(16)), checksum: reader.u32(24) };
}
