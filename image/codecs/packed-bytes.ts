/** What an LZ77 codec writes: bytes one after the other, into a buffer that is large enough for the worst case. */

/** Below so many bytes a loop is faster than a call. */
const longBytes = 32;

export class PackedBytes {
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

  write(byte: number): void {
    this.#output[this.#length] = byte;
    this.#length += 1;
  }

  write16(value: number): void {
    this.write(value);
    this.write(value >>> 8);
  }

  /** Sets bits in a byte that was written, `back` bytes before the end. */
  amend(back: number, bits: number): void {
    const place = this.#length - back;
    this.#output[place] = (this.#output[place] ?? 0) | bits;
  }

  copyLiterals(at: number, count: number): void {
    const input = this.#input;
    const output = this.#output;
    const to = this.#length;
    this.#length = to + count;
    if (count >= longBytes) output.set(input.subarray(at, at + count), to);
    else for (let index = 0; index < count; index += 1) output[to + index] = input[at + index] ?? 0;
  }
}
