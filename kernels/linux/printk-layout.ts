/**
 * Where the kernel's log stands in its memory: the structures of Linux 6.12 kernel/printk/printk_ringbuffer.h on x86-64, and their
 * place in a region of the box.
 *
 *   page 0        struct printk_ringbuffer, then the pointer `prb` and `clear_seq`, the symbols that tools start from
 *   next pages    prb_desc[2^descriptorBits]       24 bytes each: state and id, where the text stands
 *   next pages    printk_info[2^descriptorBits]    88 bytes each: sequence number, time, level, who printed
 *   last pages    text ring, 2^textBits bytes      blocks: id of the descriptor (8 bytes), text, padding to 8
 *
 * Offsets are checked against the VMCOREINFO of a real dump (linux.md C.3.4, log b2). In a real kernel the parts lie apart, in .data
 * and in pages of memblock; here each starts at a page border.
 */
import { pageSizeBytes } from '../../image/pfn.ts';
import { assert } from '../assert.ts';

export const printkLayout = {
  ringbuffer: { sizeBytes: 88, descRing: 0, textDataRing: 48, fail: 80 },
  descRing: {
    sizeBytes: 48,
    countBits: 0,
    descs: 8,
    infos: 16,
    headId: 24,
    tailId: 32,
    lastFinalizedSeq: 40,
  },
  dataRing: { sizeBytes: 32, sizeBits: 0, data: 8, headLpos: 16, tailLpos: 24 },
  desc: { sizeBytes: 24, stateVar: 0, textBlkLpos: 8 },
  blkLpos: { sizeBytes: 16, begin: 0, next: 8 },
  info: {
    sizeBytes: 88,
    seq: 0,
    tsNsec: 8,
    textLen: 16,
    facility: 18,
    flagsAndLevel: 19,
    callerId: 20,
    devInfo: 24,
  },
  devInfo: { sizeBytes: 64, subsystem: 0, subsystemBytes: 16, device: 16, deviceBytes: 48 },
  latchedSeq: { sizeBytes: 24, val: 8 },
} as const;

/** CONFIG_LOG_BUF_SHIFT of the lab kernel is 16; descriptors are counted for 32 bytes of text each (printk.c PRB_AVGBITS). */
export const defaultTextBits = 16;
const averageTextBits = 5;

/** A run of kernel addresses and where its bytes stand in the region that the page port shows. */
export type Mapping = { readonly address: string; readonly offset: number; readonly sizeBytes: number };

/** All that is needed to find a log: everything else is read from the pages. */
export type RingGeometry = { readonly structOffset: number; readonly mappings: readonly Mapping[] };

export type RingRegion = RingGeometry & {
  readonly textBits: number;
  readonly descriptorBits: number;
  readonly pageCount: number;
  /** Kernel addresses, 16 hex digits. */
  readonly symbols: { readonly prb: string; readonly printk_rb_static: string; readonly clear_seq: string };
  readonly descs: Part;
  readonly infos: Part;
  readonly text: Part;
};

export type Part = { readonly offset: number; readonly address: string; readonly sizeBytes: number };

export type RingSizes = {
  /** Kernel address of the first byte of the region, 16 hex digits. */
  readonly address: string;
  readonly textBits?: number;
  readonly descriptorBits?: number;
};

export const prbOffset = 88;
const clearSeqOffset = 96;

export function ringRegion({ address, textBits = defaultTextBits, descriptorBits }: RingSizes): RingRegion {
  const countBits = descriptorBits ?? textBits - averageTextBits;
  assert(
    textBits >= 12 && countBits >= 1,
    `printk.sizes: 2^${textBits} bytes of text with 2^${countBits} descriptors are too few`,
  );
  const at = (offset: number): string => hex64(BigInt(`0x${address}`) + BigInt(offset));
  const part = (offset: number, sizeBytes: number): Part => ({ offset, address: at(offset), sizeBytes });
  const descs = part(pageSizeBytes, printkLayout.desc.sizeBytes * 2 ** countBits);
  const infos = part(nextPage(descs), printkLayout.info.sizeBytes * 2 ** countBits);
  const text = part(nextPage(infos), 2 ** textBits);
  const sizeBytes = nextPage(text);
  return {
    structOffset: 0,
    mappings: [{ address, offset: 0, sizeBytes }],
    textBits,
    descriptorBits: countBits,
    pageCount: sizeBytes / pageSizeBytes,
    symbols: { prb: at(prbOffset), printk_rb_static: address, clear_seq: at(clearSeqOffset) },
    descs,
    infos,
    text,
  };
}

const nextPage = (part: Part): number =>
  Math.ceil((part.offset + part.sizeBytes) / pageSizeBytes) * pageSizeBytes;

export const hex64 = (value: bigint): string => BigInt.asUintN(64, value).toString(16).padStart(16, '0');

/** Where a kernel address stands in the region. */
export function offsetOf(geometry: RingGeometry, address: bigint): number {
  const offset = offsetIn(geometry, address);
  assert(offset !== undefined, `printk.address: ${hex64(address)} is in none of the mappings of the log`);
  return offset;
}

/** Of an address that was read somewhere: undefined when it leads out of the log. */
export function offsetIn(geometry: RingGeometry, address: bigint): number | undefined {
  const distanceTo = (mapping: Mapping): bigint => address - BigInt(`0x${mapping.address}`);
  const mapping = geometry.mappings.find((candidate) => {
    const distance = distanceTo(candidate);
    return distance >= 0n && distance < BigInt(candidate.sizeBytes);
  });
  return mapping && mapping.offset + Number(distanceTo(mapping));
}
