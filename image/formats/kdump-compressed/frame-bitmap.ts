/**
 * A bit for each frame, lowest bit first, as both bitmaps of a kdump have them; with ranks, so that the place of a frame among the set
 * bits is found in constant time.
 */
import type { MemoryRun, PageKind } from '../../memory-image.ts';
import { pfn } from '../../pfn.ts';

/** Frames for which one count is kept: 512, a cache line of bits. */
const rankFrames = 512;

export class FrameBitmap {
  readonly bytes: Uint8Array;
  readonly #ranks: Uint32Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#ranks = new Uint32Array(Math.ceil((bytes.length * 8) / rankFrames) + 1);
    for (let index = 1; index < this.#ranks.length; index += 1) {
      const from = ((index - 1) * rankFrames) / 8;
      this.#ranks[index] = (this.#ranks[index - 1] ?? 0) + bitsIn(bytes, from, from + rankFrames / 8);
    }
  }

  has(frame: number): boolean {
    return isSet(this.bytes, frame);
  }

  /** How many frames before this one are set. */
  rank(frame: number): number {
    const index = Math.floor(frame / rankFrames);
    const byte = Math.floor(frame / 8);
    const partial = (this.bytes[byte] ?? 0) & ((1 << (frame & 7)) - 1);
    return (this.#ranks[index] ?? 0) + bitsIn(this.bytes, (index * rankFrames) / 8, byte) + bitCount(partial);
  }

  get setCount(): number {
    return this.#ranks.at(-1) ?? 0;
  }
}

/** For writing: sets the bits of a run. */
export function setFrames(bytes: Uint8Array, startPfn: number, count: number): void {
  let frame = startPfn;
  const end = startPfn + count;
  for (; frame < end && (frame & 7) !== 0; frame += 1) setBit(bytes, frame);
  const wholeBytes = Math.floor((end - frame) / 8);
  if (wholeBytes > 0) bytes.fill(0xff, frame >> 3, (frame >> 3) + wholeBytes);
  for (frame += Math.max(0, wholeBytes) * 8; frame < end; frame += 1) setBit(bytes, frame);
}

/** Runs of frames that the two bitmaps tell alike: set in `kept`, `stored`; else set in `present`, `leftOut`. */
export function* bitmapRuns(present: Uint8Array, kept: Uint8Array, frameCount: number): Generator<MemoryRun> {
  let start = 0;
  let kind: PageKind | undefined;
  for (let frame = 0; frame < frameCount; frame += stepAt(present, kept, frame)) {
    const found = isSet(kept, frame) ? 'stored' : isSet(present, frame) ? 'leftOut' : undefined;
    if (found === kind) continue;
    if (kind !== undefined) yield { startPfn: pfn(start), count: frame - start, kind };
    start = frame;
    kind = found;
  }
  if (kind !== undefined) yield { startPfn: pfn(start), count: frameCount - start, kind };
}

/** Eight frames at a time where all of them are told alike. */
function stepAt(present: Uint8Array, kept: Uint8Array, frame: number): number {
  if ((frame & 7) !== 0) return 1;
  const keptByte = kept[frame >> 3];
  const presentByte = present[frame >> 3];
  return keptByte === 0xff || (keptByte === 0 && (presentByte === 0 || presentByte === 0xff)) ? 8 : 1;
}

const isSet = (bytes: Uint8Array, frame: number): boolean =>
  ((bytes[frame >> 3] ?? 0) & (1 << (frame & 7))) !== 0;

function bitsIn(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let index = from; index < to && index < bytes.length; index += 1) count += bitCount(bytes[index] ?? 0);
  return count;
}

const bitCounts = Uint8Array.from({ length: 256 }, (_, byte) => {
  let count = 0;
  for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1;
  return count;
});

const bitCount = (byte: number): number => bitCounts[byte] ?? 0;

function setBit(bytes: Uint8Array, frame: number): void {
  const index = frame >> 3;
  bytes[index] = (bytes[index] ?? 0) | (1 << (frame & 7));
}
