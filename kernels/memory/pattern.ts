/**
 * The rule `pattern`: a page that looks like data, for memory whose bytes nobody reads but everybody has to carry over
 * (kernel text, page cache, heaps of a workload).
 *
 * The first 16 bytes name the page in ASCII: seed and index, 8 hex digits each. The rest is noise: the words of the
 * generator sfc32 (Chris Doty-Humphrey, PractRand 0.95, public domain; shifts 9 and 3, rotation 21, three seeds, 15
 * words thrown away). So no two patterns are equal, and no compressor gains anything on them.
 *
 * Words lie in the byte order of the host. That is little-endian wherever Node runs but for s390x and AIX, where the
 * same run would give other bytes; nothing here is tested there.
 */
import { assert } from '../assert.ts';

export type PatternRule = { readonly rule: 'pattern'; readonly seed: number; readonly index: number };

const nameSizeBytes = 16;
const discardedWords = 15;
/** The third seed of sfc32, any number: the golden ratio in 32 bits. */
const thirdSeed = 0x9e3779b9;

/** Seed and index are unsigned 32-bit numbers; the page is aligned to words. */
export function writePattern({ seed, index }: PatternRule, page: Uint8Array): void {
  assert(seed === seed >>> 0, 'pattern.seed: not an unsigned 32-bit number');
  assert(index === index >>> 0, 'pattern.index: not an unsigned 32-bit number');
  const name = seed.toString(16).padStart(8, '0') + index.toString(16).padStart(8, '0');
  for (let offset = 0; offset < nameSizeBytes; offset++) page[offset] = name.charCodeAt(offset);
  const noise = page.subarray(nameSizeBytes);
  writeNoise(seed, index, new Int32Array(noise.buffer, noise.byteOffset, noise.byteLength / 4));
}

function writeNoise(seed: number, index: number, noise: Int32Array): void {
  let first = seed | 0;
  let second = index | 0;
  let third = thirdSeed | 0;
  for (let counter = 1; counter <= discardedWords + noise.length; counter++) {
    const word = (first + second + counter) | 0;
    first = second ^ (second >>> 9);
    second = (third + (third << 3)) | 0;
    third = (((third << 21) | (third >>> 11)) + word) | 0;
    if (counter > discardedWords) noise[counter - discardedWords - 1] = word;
  }
}
