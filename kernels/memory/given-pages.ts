/**
 * Pages of another machine, read out of a dump or an image, for A to have in its memory. Never changed once it is made.
 *
 * Like a PageMap it is opaque: a plan carries it without being read through. As JSON it is its digest, which tells two files apart
 * however they are named.
 */
import { createHash } from 'node:crypto';
import { type Pfn, pageSizeBytes } from '../../image/pfn.ts';
import { assert } from '../assert.ts';
import type { FrameRange } from '../linux/frame-range.ts';

export type GivenPage = { readonly frame: Pfn; readonly bytes: Uint8Array };

export class GivenPages {
  /** Ascending by frame, each a whole page with something in it. */
  readonly pages: readonly GivenPage[];
  /** What the file has where no RAM is: never read, and counted only. */
  readonly beyond: readonly FrameRange[];
  /** SHA-256 over frames and bytes. */
  readonly digest: string;

  constructor(pages: readonly GivenPage[], beyond: readonly FrameRange[]) {
    const hash = createHash('sha256');
    let last = -1;
    for (const { frame, bytes } of pages) {
      assert(frame > last && bytes.length === pageSizeBytes, 'given-pages: whole pages in ascending order');
      last = frame;
      hash.update(`${frame}\n`).update(bytes);
    }
    this.pages = pages;
    this.beyond = beyond;
    this.digest = hash.digest('hex');
  }

  get beyondCount(): number {
    return this.beyond.reduce((sum, { count }) => sum + count, 0);
  }

  toJSON(): { readonly digest: string; readonly pageCount: number } {
    return { digest: this.digest, pageCount: this.pages.length };
  }
}

/** Why pages of the file are not in A's memory, in pages. */
export type PassedOver = {
  /** The first MiB is the firmware's. */
  readonly low: number;
  /** The box's own kernel stands there, with its tables and struct pages. */
  readonly kernel: number;
  /** Withheld from A for B. */
  readonly region: number;
  /** The box has no RAM there. */
  readonly noRam: number;
};

export type PlannedMemory = {
  readonly pages: GivenPages;
  /** Frames in which pages of the file stand: ascending, apart. */
  readonly taken: readonly FrameRange[];
  readonly takenCount: number;
  readonly passedOver: PassedOver;
};
