/**
 * Finds repetitions for the LZ77 codecs, fast rather than thoroughly: one candidate for each hash of four bytes, the newest, and
 * longer steps where nothing was found for long. The codecs write what is found, each in its own way.
 *
 * A sequence is a stretch of literals and the match behind it. Sequences come in batches, so that memory does not grow with the
 * input. Nothing is allocated or cleared for a page: positions go on counting from one input to the next, so that what the table
 * remembers of earlier inputs lies before the input and is never taken. What is found depends on the input only.
 */

export type MatchLimits = {
  readonly maxDistance: number;
  /** No match begins in so many bytes at the end, and none ends in fewer: LZ4 wants it so. */
  readonly noStartBytes: number;
  readonly noMatchBytes: number;
};

const minMatchBytes = 4;
const batchLimit = 1024;
/** 8,192 entries of four bytes fit, with a page, into every first-level cache of today. */
const hashBits = 13;
/** Multiplicative hashing (Knuth, The Art of Computer Programming 3, 6.4): 2^32 divided by the golden ratio. */
const hashFactor = 0x9e3779b1;
/** Steps grow by one with every 2^5 bytes that had no match: what cannot be compressed goes by quickly. */
const patienceBits = 5;
/** Positions stay small integers for V8; beyond this the table starts anew. */
const positionLimit = 2 ** 29;

export class MatchFinder {
  /** The batch: of each sequence the literals before its match, and the match. */
  readonly literalCounts = new Int32Array(batchLimit);
  readonly matchLengths = new Int32Array(batchLimit);
  readonly distances = new Int32Array(batchLimit);

  readonly #limits: MatchLimits;
  /** Where a hash was last seen; counted from before the first input ever. */
  readonly #table = new Int32Array(2 ** hashBits);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #base = 1;
  #nextBase = 1;
  #at = 0;
  #literalsFrom = 0;

  constructor(limits: MatchLimits) {
    this.#limits = limits;
  }

  begin(input: Uint8Array): void {
    this.#view = new DataView(input.buffer, input.byteOffset, input.byteLength);
    this.#base = this.#nextBase;
    if (this.#base + input.length > positionLimit) {
      this.#table.fill(0);
      this.#base = 1;
    }
    this.#nextBase = this.#base + input.length;
    this.#at = 0;
    this.#literalsFrom = 0;
  }

  /** How many sequences the next batch has; none are left after 0, and what lies behind the last is literals. */
  next(): number {
    const { maxDistance, noStartBytes, noMatchBytes } = this.#limits;
    const { literalCounts, matchLengths, distances } = this;
    const view = this.#view;
    const table = this.#table;
    const base = this.#base;
    const lastStart = view.byteLength - Math.max(noStartBytes, minMatchBytes);
    const matchEnd = view.byteLength - noMatchBytes;
    let at = this.#at;
    let literalsFrom = this.#literalsFrom;
    let count = 0;
    while (at <= lastStart && count < batchLimit) {
      const four = view.getUint32(at, true);
      const slot = Math.imul(four, hashFactor) >>> (32 - hashBits);
      // Every slot is inside the table.
      const candidate = (table[slot] as number) - base;
      table[slot] = base + at;
      if (candidate < 0 || at - candidate > maxDistance || view.getUint32(candidate, true) !== four) {
        at += 1 + ((at - literalsFrom) >>> patienceBits);
        continue;
      }
      const end = endOfMatch(view, candidate + minMatchBytes, at + minMatchBytes, matchEnd);
      literalCounts[count] = at - literalsFrom;
      matchLengths[count] = end - at;
      distances[count] = at - candidate;
      count += 1;
      at = end;
      literalsFrom = end;
    }
    this.#at = at;
    this.#literalsFrom = literalsFrom;
    return count;
  }
}

/** How far the bytes at `at` are as those at `candidate`. */
function endOfMatch(view: DataView, candidate: number, at: number, limit: number): number {
  const distance = at - candidate;
  let end = at;
  while (end + 4 <= limit) {
    const difference = view.getUint32(end, true) ^ view.getInt32(end - distance, true);
    if (difference !== 0) return end + ((31 - Math.clz32(difference & -difference)) >>> 3);
    end += 4;
  }
  while (end < limit && view.getUint8(end) === view.getUint8(end - distance)) end += 1;
  return end;
}
