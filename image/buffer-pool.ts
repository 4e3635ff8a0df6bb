/**
 * Buffers that are used again: a batch of pages is a MiB, and hundreds of them a second would wait for the garbage collector with all
 * their memory. Whoever takes one may give it back when nobody looks at it any more; one that is not given back is garbage as usual.
 */
export class BufferPool {
  readonly #free: Uint8Array[] = [];
  readonly #kept: number;

  constructor(kept: number) {
    this.#kept = kept;
  }

  /** What is in it is left from before. */
  take(sizeBytes: number): Uint8Array {
    const index = this.#free.findIndex(({ buffer }) => buffer.byteLength >= sizeBytes);
    const [found] = index < 0 ? [] : this.#free.splice(index, 1);
    return found === undefined
      ? Buffer.allocUnsafeSlow(sizeBytes)
      : new Uint8Array(found.buffer, 0, sizeBytes);
  }

  give(bytes: Uint8Array): void {
    if (this.#free.length < this.#kept) this.#free.push(bytes);
  }
}
