/**
 * A snapshot as a row of pages behind its info page, however they are stored: frame list first, then data. Pages are fetched one by
 * one, or in groups of 256 for those who want many: no unit of compression spans two groups.
 */
import type { Packer } from '../../packer.ts';

export type StreamPages = {
  /** Info page not counted. */
  readonly pageCount: number;
  readPage(index: number): Uint8Array;
  /** Pages from `firstIndex` (a multiple of `groupPages`) on: `groupPages` of them, or those that are left. */
  readGroup(firstIndex: number, packer: Packer): Promise<PageGroup>;
  /** Where the page lies in the file, or the unit that it is packed in. */
  offsetOf(index: number): number;
};

/** Zeros stand for pages that could not be read. */
export type PageGroup = {
  readonly bytes: Uint8Array;
  /** By index in the stream. */
  readonly lost: ReadonlyMap<number, string>;
};

/** As many pages as a batch has: eight units of 32. */
export const groupPages = 256;
