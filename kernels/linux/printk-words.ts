/**
 * The words of a log in memory: finding a descriptor, its record and its text, and changing the state of a descriptor.
 *
 * Ids and positions only ever count up, wrapping at 62 and 64 bits; the low bits are the place in the array or in the text ring.
 * Source: Linux 6.12 kernel/printk/printk_ringbuffer.h and .c.
 */
import { assert } from '../assert.ts';
import { type PagedBytes, type PagePort, pagedBytes } from './paged-bytes.ts';
import { hex64, offsetOf, printkLayout, type RingGeometry } from './printk-layout.ts';

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

export function ringWords(port: PagePort, geometry: RingGeometry): RingWords {
  const bytes = pagedBytes(port);
  const { descRing, dataRing, ringbuffer } = printkLayout;
  const ids = geometry.structOffset + ringbuffer.descRing;
  const data = geometry.structOffset + ringbuffer.textDataRing;
  const pointer = (offset: number): number => offsetOf(geometry, bytes.word(offset));
  // Both are an unsigned int with four bytes of padding behind it.
  const bits = (offset: number): bigint => bytes.word(offset) & 0xffffffffn;
  return {
    bytes,
    count: 1n << bits(ids + descRing.countBits),
    sizeBytes: 1n << bits(data + dataRing.sizeBits),
    descs: pointer(ids + descRing.descs),
    infos: pointer(ids + descRing.infos),
    text: pointer(data + dataRing.data),
    headId: ids + descRing.headId,
    tailId: ids + descRing.tailId,
    lastFinalizedSeq: ids + descRing.lastFinalizedSeq,
    headLpos: data + dataRing.headLpos,
    tailLpos: data + dataRing.tailLpos,
  };
}

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

export const textRoomOf = (ring: RingWords, block: Block): number =>
  Number(isWrapped(ring, block) ? block.next % ring.sizeBytes : block.next - block.begin) - blockHeadBytes;

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

/** data_push_tail: gives up the text before a position, and with it the records that it belongs to. */
export function pushTextTail(ring: RingWords, lpos: bigint): void {
  let tail = ring.bytes.word(ring.tailLpos);
  if ((lpos & datalessBit) === datalessBit || !isBefore(ring, tail, lpos)) return;
  while (isBefore(ring, tail, lpos)) {
    const id = ring.bytes.word(blockAt(ring, tail));
    const { begin, next } = blockOf(ring, id);
    assert(
      begin === tail,
      `printk.block: the block at ${hex64(tail)} is not the one of its descriptor ${hex64(id)}`,
    );
    setState(ring, id, 'reusable');
    tail = next;
  }
  ring.bytes.setWord(ring.tailLpos, tail);
}

/** Unsigned, as in the kernel: at most one turn of the ring ahead. */
const isBefore = (ring: RingWords, tail: bigint, lpos: bigint): boolean =>
  BigInt.asUintN(64, lpos - tail - 1n) < ring.sizeBytes;
