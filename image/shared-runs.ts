/** The runs of two images laid over each other: every stretch of frames that each of them tells alike. */
import type { MemoryImage, MemoryRun, PageKind } from './memory-image.ts';
import { type Pfn, pfn } from './pfn.ts';

/** What each image says of the frames; undefined: nothing. Never both. */
export type SharedRun = {
  readonly startPfn: Pfn;
  readonly count: number;
  readonly kinds: readonly [PageKind | undefined, PageKind | undefined];
};

export function* sharedRuns(
  first: Pick<MemoryImage, 'runs'>,
  second: Pick<MemoryImage, 'runs'>,
): Generator<SharedRun> {
  const sides = [new Cursor(first.runs()), new Cursor(second.runs())] as const;
  for (let frame = 0; ; ) {
    const [one, other] = sides.map((side) => side.at(frame));
    if (one === undefined || other === undefined || (one.isAtEnd && other.isAtEnd)) return;
    const end = Math.min(one.end, other.end);
    if (one.kind !== undefined || other.kind !== undefined)
      yield { startPfn: pfn(frame), count: end - frame, kinds: [one.kind, other.kind] };
    frame = end;
  }
}

type Told = { readonly kind: PageKind | undefined; readonly end: number; readonly isAtEnd: boolean };

class Cursor {
  readonly #runs: Iterator<MemoryRun>;
  #run: MemoryRun | undefined;

  constructor(runs: Iterable<MemoryRun>) {
    this.#runs = runs[Symbol.iterator]();
    this.#run = this.#next();
  }

  /** Frames are asked for in ascending order. `end`: up to where the answer holds. */
  at(frame: number): Told {
    while (this.#run !== undefined && this.#run.startPfn + this.#run.count <= frame) this.#run = this.#next();
    if (this.#run === undefined) return { kind: undefined, end: Number.POSITIVE_INFINITY, isAtEnd: true };
    const { startPfn, count, kind } = this.#run;
    if (frame < startPfn) return { kind: undefined, end: startPfn, isAtEnd: false };
    return { kind, end: startPfn + count, isAtEnd: false };
  }

  #next(): MemoryRun | undefined {
    const result = this.#runs.next();
    return result.done === true ? undefined : result.value;
  }
}
