/**
 * One reason for every frame that is left out: a byte for each, in pieces of a section (32,768 frames) that exist only where a reason
 * stands, so that a terabyte costs what is left out of it.
 */
import { type AbsenceReason, absenceReasons, type MemoryRun, type PageKind } from '../memory-image.ts';
import { pfn } from '../pfn.ts';

const pieceFrames = 32_768;

export class FrameReasons {
  readonly #pieces = new Map<number, Uint8Array>();

  at(frame: number): AbsenceReason | undefined {
    const code = this.#pieces.get(Math.floor(frame / pieceFrames))?.[frame % pieceFrames] ?? 0;
    return absenceReasons[code - 1];
  }

  /** The first reason stays: false when there was one. */
  set(frame: number, reason: AbsenceReason): boolean {
    const index = Math.floor(frame / pieceFrames);
    const piece = this.#pieces.get(index) ?? new Uint8Array(pieceFrames);
    if (piece[frame % pieceFrames] !== 0) return false;
    this.#pieces.set(index, piece);
    piece[frame % pieceFrames] = absenceReasons.indexOf(reason) + 1;
    return true;
  }

  /** A run of stored frames, cut where reasons begin and end. */
  *applied({ startPfn, count, kind }: MemoryRun): Generator<MemoryRun> {
    let from: number = startPfn;
    let current: PageKind | undefined;
    const end = startPfn + count;
    for (let frame: number = startPfn; frame < end; ) {
      const piece = this.#pieces.get(Math.floor(frame / pieceFrames));
      const pieceEnd = Math.min(end, (Math.floor(frame / pieceFrames) + 1) * pieceFrames);
      const next = piece === undefined ? pieceEnd : endOfSame(piece, frame, pieceEnd);
      const found = this.at(frame) ?? kind;
      if (found !== current) {
        if (current !== undefined) yield { startPfn: pfn(from), count: frame - from, kind: current };
        from = frame;
        current = found;
      }
      frame = next;
    }
    if (current !== undefined) yield { startPfn: pfn(from), count: end - from, kind: current };
  }
}

function endOfSame(piece: Uint8Array, frame: number, end: number): number {
  const code = piece[frame % pieceFrames];
  let next = frame + 1;
  while (next < end && piece[next % pieceFrames] === code) next += 1;
  return next;
}
