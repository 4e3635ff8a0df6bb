/**
 * The kernel's log out of an image: the records of the printk ring buffer, found through VMCOREINFO.
 *
 * Oldest first, as makedumpfile --dump-dmesg takes them: records that are committed or finalized and have text. Offsets come from
 * the image, so any kernel since 5.10 is read (6.1 and 6.12 were). Everything is bounded by the sizes that the ring states, and these
 * by limits: a damaged ring is an error, not a hang.
 * Source: Linux 6.12 kernel/printk/printk_ringbuffer.h (layout, states), makedumpfile 1.7.2 printk.c (which records).
 */
import { ByteReader } from '../bytes.ts';
import { ImageError } from '../image-error.ts';
import type { KernelMemory } from './kernel-memory.ts';
import { wordAt } from './kernel-memory.ts';

export type ImageLogRecord = {
  readonly timeNs: number;
  readonly callerId: number | undefined;
  readonly textBytes: Uint8Array;
};

/** Our own limits, 64 MiB of text: log_buf_len may be 2 GiB in Linux (printk.c:LOG_BUF_LEN_MAX). A descriptor is for 32 bytes of it. */
const textBitsLimit = 26;
const countBitsLimit = 21;
const idMask = (1n << 62n) - 1n;
const committed = 1n;
const finalized = 2n;
/** The id of its descriptor stands before each text. */
const blockHeadBytes = 8;

type Ring = {
  readonly count: bigint;
  readonly textSizeBytes: bigint;
  readonly tailId: bigint;
  readonly headId: bigint;
  readonly descs: Uint8Array;
  readonly infos: Uint8Array;
  readonly text: Uint8Array;
};

export function* logRecords(kernel: KernelMemory): Generator<ImageLogRecord> {
  const ring = readRing(kernel);
  const distance = (ring.headId - ring.tailId) & idMask;
  if (distance >= ring.count) {
    throw damaged(`fewer than ${ring.count} records`, `ids from ${ring.tailId} to ${ring.headId}`);
  }
  const layout = recordLayout(kernel);
  for (let step = 0n; step <= distance; step += 1n) {
    const record = readRecord(ring, layout, (ring.tailId + step) & idMask);
    if (record !== undefined) yield record;
  }
}

function readRing(kernel: KernelMemory): Ring {
  const { facts } = kernel;
  const address = kernel.readWord(facts.symbol('prb'));
  const bytes = kernel.read(address, facts.size('printk_ringbuffer'));
  const descRing = facts.offset('printk_ringbuffer.desc_ring');
  const dataRing = facts.offset('printk_ringbuffer.text_data_ring');
  const counter = facts.offset('atomic_long_t.counter');
  const reader = new ByteReader(bytes);
  const word = (offset: number): bigint => wordAt(reader.bytes(offset, 8), 0);
  const countBits = reader.u32(descRing + facts.offset('prb_desc_ring.count_bits'));
  const sizeBits = reader.u32(dataRing + facts.offset('prb_data_ring.size_bits'));
  if (countBits > countBitsLimit) throw damaged(`at most 2^${countBitsLimit} descriptors`, `2^${countBits}`);
  if (sizeBits > textBitsLimit) throw damaged(`at most 2^${textBitsLimit} bytes of text`, `2^${sizeBits}`);
  const part = (offset: number, sizeBytes: number): Uint8Array => kernel.read(word(offset), sizeBytes);
  const count = 2 ** countBits;
  return {
    count: BigInt(count),
    textSizeBytes: BigInt(2 ** sizeBits),
    tailId: word(descRing + facts.offset('prb_desc_ring.tail_id') + counter) & idMask,
    headId: word(descRing + facts.offset('prb_desc_ring.head_id') + counter) & idMask,
    descs: part(descRing + facts.offset('prb_desc_ring.descs'), count * facts.size('prb_desc')),
    infos: part(descRing + facts.offset('prb_desc_ring.infos'), count * facts.size('printk_info')),
    text: part(dataRing + facts.offset('prb_data_ring.data'), 2 ** sizeBits),
  };
}

type RecordLayout = {
  readonly descSizeBytes: number;
  readonly state: number;
  readonly begin: number;
  readonly next: number;
  readonly infoSizeBytes: number;
  readonly timeNs: number;
  readonly textLength: number;
  readonly callerId: number | undefined;
};

function recordLayout({ facts }: KernelMemory): RecordLayout {
  const block = facts.offset('prb_desc.text_blk_lpos');
  return {
    descSizeBytes: facts.size('prb_desc'),
    state: facts.offset('prb_desc.state_var') + facts.offset('atomic_long_t.counter'),
    begin: block + facts.offset('prb_data_blk_lpos.begin'),
    next: block + facts.offset('prb_data_blk_lpos.next'),
    infoSizeBytes: facts.size('printk_info'),
    timeNs: facts.offset('printk_info.ts_nsec'),
    textLength: facts.offset('printk_info.text_len'),
    callerId: facts.has('OFFSET(printk_info.caller_id)') ? facts.offset('printk_info.caller_id') : undefined,
  };
}

function readRecord(ring: Ring, layout: RecordLayout, id: bigint): ImageLogRecord | undefined {
  const index = Number(id % ring.count);
  const desc = new ByteReader(
    ring.descs.subarray(index * layout.descSizeBytes, (index + 1) * layout.descSizeBytes),
  );
  const value = wordAt(desc.bytes(layout.state, 8), 0);
  const state = value >> 62n;
  if ((value & idMask) !== id || (state !== committed && state !== finalized)) return undefined;
  const begin = wordAt(desc.bytes(layout.begin, 8), 0);
  const next = wordAt(desc.bytes(layout.next, 8), 0);
  // Odd positions stand for "no text".
  if ((begin & 1n) === 1n && (next & 1n) === 1n) return undefined;
  const info = new ByteReader(
    ring.infos.subarray(index * layout.infoSizeBytes, (index + 1) * layout.infoSizeBytes),
  );
  const { from, roomBytes } = textPlace(ring, begin, next);
  const lengthBytes = Math.max(0, Math.min(info.u16(layout.textLength), roomBytes, ring.text.length - from));
  return {
    timeNs: Number(wordAt(info.bytes(layout.timeNs, 8), 0)),
    callerId: layout.callerId === undefined ? undefined : info.u32(layout.callerId),
    textBytes: ring.text.subarray(from, from + lengthBytes),
  };
}

/** A block that crosses the end of the ring leaves only its id there: its text stands at the beginning. */
function textPlace(ring: Ring, begin: bigint, next: bigint): { from: number; roomBytes: number } {
  const isWrapped = begin / ring.textSizeBytes !== next / ring.textSizeBytes;
  const from = isWrapped ? 0 : Number(begin % ring.textSizeBytes);
  const sizeBytes = isWrapped ? Number(next % ring.textSizeBytes) : Number(next - begin);
  return { from: from + blockHeadBytes, roomBytes: sizeBytes - blockHeadBytes };
}

const damaged = (expected: string, found: string): ImageError =>
  new ImageError('log.damaged', { offset: 0, expected, found });
