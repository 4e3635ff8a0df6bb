/**
 * Which frames a snapshot has, ascending, and the how-manieth data page belongs to each. Kept as runs: 24 bytes for each, however
 * many frames it has.
 */
import type { MemoryRun } from '../../memory-image.ts';
import { type Pfn, pfn } from '../../pfn.ts';

const zero = -1;

/** Our own limit on runs: 100 MB. Memory that is cut into more pieces than that is a damaged list. */
export const runLimit = 2 ** 22;

export class FrameTable {
  readonly #starts: number[] = [];
  readonly #counts: number[] = [];
  /** Of the first frame's data page; -1 for a run of zero pages. */
  readonly #dataIndexes: number[] = [];
  #end = 0;
  #dataPages = 0;
  #zeroPages = 0;

  /** The frame behind the last one: nothing below it can be added. */
  get end(): number {
    return this.#end;
  }

  get dataPages(): number {
    return this.#dataPages;
  }

  get zeroPages(): number {
    return this.#zeroPages;
  }

  get runCount(): number {
    return this.#starts.length;
  }

  get frameCount(): number {
    return this.#dataPages + this.#zeroPages;
  }

  /** False when the frame does not lie behind all frames before it: then nothing is added. */
  add(frame: number, isZero: boolean): boolean {
    if (frame < this.#end) return false;
    const last = this.#starts.length - 1;
    const isSameKind = last >= 0 && (this.#dataIndexes[last] === zero) === isZero;
    if (isSameKind && frame === this.#end) this.#counts[last] = (this.#counts[last] ?? 0) + 1;
    else {
      this.#starts.push(frame);
      this.#counts.push(1);
      this.#dataIndexes.push(isZero ? zero : this.#dataPages);
    }
    this.#end = frame + 1;
    if (isZero) this.#zeroPages += 1;
    else this.#dataPages += 1;
    return true;
  }

  /** The index of its data page. */
  find(frame: Pfn): number | 'zero' | undefined {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const start = this.#starts[middle] ?? 0;
      if (frame < start) high = middle - 1;
      else if (frame >= start + (this.#counts[middle] ?? 0)) low = middle + 1;
      else {
        const dataIndex = this.#dataIndexes[middle] ?? zero;
        return dataIndex === zero ? 'zero' : dataIndex + frame - start;
      }
    }
    return undefined;
  }

  *runs(): Generator<MemoryRun> {
    for (const [index, start] of this.#starts.entries())
      yield {
        startPfn: pfn(start),
        count: this.#counts[index] ?? 0,
        kind: this.#dataIndexes[index] === zero ? 'zero' : 'stored',
      };
  }
}
