/**
 * The words of a log in memory: finding a descriptor, its record and its text, and changing the state of a descriptor.
 *
 * Ids and positions only ever count up, wrapping at 62 and 64 bits; the low bits are the place in the array or in the text ring.
 * Source: Linux 6.12 kernel/printk/printk_ringbuffer.h and .c.
 *
 * The pages may be damaged, and are then read as the kernel reads them: get_data and data_make_reusable look whether a block is where its
 * descriptor says, and what is not is no text. Pointers and sizes of the ring itself the kernel does not check; it would fault there, and
 * here there is no ring then.
 */
import { type PagedBytes, type PagePort, pagedBytes } from './paged-bytes.ts';
import { offsetIn, printkLayout, type RingGeometry } from './printk-layout.ts';

export type RingWords = {
  readonly bytes: PagedBytes;
  readonly count: bigint;
  readonly sizeBytes: bigint;
  /** Offsets of the arrays, and of the words that change with every line. */
  readonly descs: number;
  readonly infos: number;
  readonly text: number;
  readonly headId: number;
  readonly tailId: number;
  readonly lastFinalizedSeq: number;
  readonly headLpos: number;
  readonly tailLpos: number;
};

/** The span of a record's text block, as positions that never wrap back. */
export type Block = { readonly begin: bigint; readonly next: bigint };

/** In the order of their numbers (enum desc_state); they stand in the two bits above the id. */
const stateNames = ['reserved', 'committed', 'finalized', 'reusable'] as const;
export type DescriptorState = (typeof stateNames)[number];
const idBits = 62n;
export const idMask = (1n << idBits) - 1n;
/** A position with this bit stands for "no text": 1 could not be stored, 3 an empty line. */
const datalessBit = 1n;
export const failedLpos = 1n;
/** Before each text stands the id of its descriptor. */
const blockHeadBytes = 8;

/** Undefined: the head of the log is damaged, and nothing can be found from it. */
export function ringWords(port: PagePort, geometry: RingGeometry): RingWords | undefined {
  const bytes = pagedBytes(port);
  const { descRing, dataRing, ringbuffer } = printkLayout;
  const ids = geometry.structOffset + ringbuffer.descRing;
  const data = geometry.structOffset + ringbuffer.textDataRing;
  const pointer = (offset: number): number | undefined => offsetIn(geometry, bytes.word(offset));
  // Both are an unsigned int with four bytes of padding behind it.
  const bits = (offset: number): bigint => bytes.word(offset) & 0xffffffffn;
  const [countBits, sizeBits] = [bits(ids + descRing.countBits), bits(data + dataRing.sizeBits)];
  const [descs, infos] = [pointer(ids + descRing.descs), pointer(ids + descRing.infos)];
  const text = pointer(data + dataRing.data);
  if (descs === undefined || infos === undefined || text === undefined) return undefined;
  const [count, sizeBytes] = [1n << (countBits % 64n), 1n << (sizeBits % 64n)];
  if (!fits(geometry, descs, count * BigInt(printkLayout.desc.sizeBytes))) return undefined;
  if (!fits(geometry, infos, count * BigInt(printkLayout.info.sizeBytes))) return undefined;
  if (!fits(geometry, text, sizeBytes)) return undefined;
  return {
    bytes,
    count,
    sizeBytes,
    descs,
    infos,
    text,
    headId: ids + descRing.headId,
    tailId: ids + descRing.tailId,
    lastFinalizedSeq: ids + descRing.lastFinalizedSeq,
    headLpos: data + dataRing.headLpos,
    tailLpos: data + dataRing.tailLpos,
  };
}

const fits = ({ mappings }: RingGeometry, offset: number, sizeBytes: bigint): boolean =>
  offset % 8 === 0 &&
  mappings.some(
    (mapping) =>
      offset >= mapping.offset && BigInt(offset) + sizeBytes <= BigInt(mapping.offset + mapping.sizeBytes),
  );

export const descriptorAt = (ring: RingWords, id: bigint): number =>
  ring.descs + printkLayout.desc.sizeBytes * Number(id % ring.count);
export const infoAt = (ring: RingWords, id: bigint): number =>
  ring.infos + printkLayout.info.sizeBytes * Number(id % ring.count);

/** Undefined when the descriptor belongs to another id by now. */
export function stateOf(ring: RingWords, id: bigint): DescriptorState | undefined {
  const value = ring.bytes.word(descriptorAt(ring, id) + printkLayout.desc.stateVar);
  return (value & idMask) === id ? stateNames[Number(value >> idBits)] : undefined;
}

export const setState = (ring: RingWords, id: bigint, state: DescriptorState): void =>
  ring.bytes.setWord(descriptorAt(ring, id) + printkLayout.desc.stateVar, stateValue(id, state));

export const stateValue = (id: bigint, state: DescriptorState): bigint =>
  (BigInt(stateNames.indexOf(state)) << idBits) | id;

export function blockOf(ring: RingWords, id: bigint): Block {
  const at = descriptorAt(ring, id) + printkLayout.desc.textBlkLpos;
  const { begin, next } = printkLayout.blkLpos;
  return { begin: ring.bytes.word(at + begin), next: ring.bytes.word(at + next) };
}

export function setBlock(ring: RingWords, id: bigint, block: Block): void {
  const at = descriptorAt(ring, id) + printkLayout.desc.textBlkLpos;
  ring.bytes.setWord(at + printkLayout.blkLpos.begin, block.begin);
  ring.bytes.setWord(at + printkLayout.blkLpos.next, block.next);
}

/** Where a block begins; its id stands there. */
export const blockAt = (ring: RingWords, lpos: bigint): number => ring.text + Number(lpos % ring.sizeBytes);

/** Where the text itself stands: after the id, and at the beginning of the ring when the block crosses the end. */
export const textAt = (ring: RingWords, block: Block): number =>
  (isWrapped(ring, block) ? ring.text : blockAt(ring, block.begin)) + blockHeadBytes;

/** get_data: how long the text can be; undefined when the block is none (an illegal one, or shorter than its head). */
export function textRoomOf(ring: RingWords, block: Block): number | undefined {
  const { begin, next } = block;
  const turnOf = (lpos: bigint): bigint => BigInt.asUintN(64, lpos) / ring.sizeBytes;
  const isNextTurn = turnOf(begin + ring.sizeBytes) === turnOf(next);
  const sizeBytes = isWrapped(ring, block) ? (isNextTurn ? next % ring.sizeBytes : 0n) : next - begin;
  const isLegal =
    sizeBytes > blockHeadBytes && sizeBytes <= ring.sizeBytes && begin % 8n === 0n && next % 8n === 0n;
  return isLegal ? Number(sizeBytes) - blockHeadBytes : undefined;
}

export const isDataless = ({ begin, next }: Block): boolean =>
  (begin & datalessBit) === datalessBit && (next & datalessBit) === datalessBit;

export const isWrapped = (ring: RingWords, { begin, next }: Block): boolean =>
  begin / ring.sizeBytes !== next / ring.sizeBytes;

/** get_next_lpos: where a block with this much text ends. Blocks are whole words; one that does not fit starts over. */
export function nextLpos(ring: RingWords, begin: bigint, textBytes: number): bigint {
  const sizeBytes = BigInt(Math.ceil((blockHeadBytes + textBytes) / 8) * 8);
  const next = BigInt.asUintN(64, begin + sizeBytes);
  if (!isWrapped(ring, { begin, next })) return next;
  return (next / ring.sizeBytes) * ring.sizeBytes + sizeBytes;
}

/**
 * data_push_tail: gives up the text before a position, and with it the records that it belongs to. False when a block is not where its
 * descriptor says, so that no room can be made.
 */
export function pushTextTail(ring: RingWords, lpos: bigint): boolean {
  let tail = ring.bytes.word(ring.tailLpos);
  if ((lpos & datalessBit) === datalessBit || !isBefore(ring, tail, lpos)) return true;
  for (let blocks = 0; isBefore(ring, tail, lpos); blocks += 1) {
    const id = ring.bytes.word(blockAt(ring, tail));
    const { begin, next } = blockOf(ring, id);
    const state = stateOf(ring, id);
    // A text takes two words at least, so there are no more blocks than this.
    if (begin !== tail || state === undefined || blocks > ring.sizeBytes / 16n) return false;
    setState(ring, id, 'reusable');
    tail = next;
  }
  ring.bytes.setWord(ring.tailLpos, tail);
  return true;
}

/** Unsigned, as in the kernel: at most one turn of the ring ahead. */
const isBefore = (ring: RingWords, tail: bigint, lpos: bigint): boolean =>
  BigInt.asUintN(64, lpos - tail - 1n) < ring.sizeBytes;
