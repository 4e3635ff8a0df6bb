/**
 * What an LZ77 stream unpacks to, filled from the front by literals and by matches, each checked before anything is copied: the
 * one place where these codecs write unpacked bytes.
 */
import { endsEarly, tooFarBack, tooLong } from './codec.ts';

/** Below so many bytes a loop is faster than a call. */
const longBytes = 32;

export class UnpackedBytes {
  readonly #input: Uint8Array;
  readonly #output: Uint8Array;
  #length = 0;

  constructor(input: Uint8Array, output: Uint8Array) {
    this.#input = input;
    this.#output = output;
  }

  get length(): number {
    return this.#length;
  }

  /** `count` bytes of the input, from `at` on; returns where the input goes on. */
  copyLiterals(at: number, count: number): number {
    const input = this.#input;
    const output = this.#output;
    const to = this.#length;
    if (at + count > input.length) throw endsEarly(at, `${count} literal bytes`);
    if (to + count > output.length) throw tooLong(at, output.length);
    this.#length = to + count;
    if (count >= longBytes) output.set(input.subarray(at, at + count), to);
    else for (let index = 0; index < count; index += 1) output[to + index] = input[at + index] ?? 0;
    return at + count;
  }

  /** Repeats what lies `distance` back; a distance below the length repeats what the copy itself wrote. `at` is for errors. */
  copyMatch(distance: number, length: number, at: number): void {
    const output = this.#output;
    const to = this.#length;
    const from = to - distance;
    if (from < 0 || distance <= 0) throw tooFarBack(at, distance, to);
    if (to + length > output.length) throw tooLong(at, output.length);
    this.#length = to + length;
    if (length >= longBytes && distance >= length) output.copyWithin(to, from, from + length);
    else if (length >= longBytes && distance === 1) output.fill(output[from] ?? 0, to, to + length);
    else for (let index = 0; index < length; index += 1) output[to + index] = output[from + index] ?? 0;
  }
}
