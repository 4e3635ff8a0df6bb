/**
 * The entries of a frame list as a bitmap would keep them: each frame once, ascending. A list in order, as Linux writes it, is only
 * counted; the entries themselves are kept up to a limit, for a list that is damaged has to be put in order.
 */

/** Our own limit: 32 MB of numbers, 16 GiB of frames. */
export const entryLimit = 2 ** 22;

export type CountedFrames = {
  readonly frames: number;
  /** Frames that Linux hands out before it is done: data pages as the header says, and one for each entry that is marked zero. */
  readonly wanted: number;
  /** Of those, the ones that take a page of data. */
  readonly dataPages: number;
};

export class ListedEntries {
  /** Twice the frame, and one more when it is zero. */
  readonly #entries: number[] = [];
  #last = -1;
  #count = 0;
  #zeroCount = 0;
  #isAscending = true;

  add(frame: number, isZero: boolean): void {
    if (frame <= this.#last) this.#isAscending = false;
    this.#last = frame;
    this.#count += 1;
    if (isZero) this.#zeroCount += 1;
    if (this.#count <= entryLimit) this.#entries.push(frame * 2 + (isZero ? 1 : 0));
  }

  /** Undefined when there are too many to put them in order. */
  counted(headerDataPages: number): CountedFrames | undefined {
    const wanted = headerDataPages + this.#zeroCount;
    if (this.#isAscending && this.#count <= wanted)
      return { frames: this.#count, wanted, dataPages: this.#count - this.#zeroCount };
    if (this.#count > entryLimit) return undefined;
    this.#entries.sort((one, other) => one - other);
    // Of a frame that is listed twice, the entry that says zero comes last, and counts.
    const frames = this.#entries.filter(
      (entry, index) => frameOf(entry) !== frameOf(this.#entries[index + 1] ?? -2),
    );
    let dataPages = 0;
    for (const entry of frames.slice(0, wanted)) if (entry % 2 === 0) dataPages += 1;
    return { frames: frames.length, wanted, dataPages };
  }
}

const frameOf = (entry: number): number => Math.floor(entry / 2);
