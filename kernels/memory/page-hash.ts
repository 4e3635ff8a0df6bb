/**
 * The hash under which page contents are looked up; equality is always decided by comparing bytes, so a collision costs
 * time and nothing else. Words are read in the byte order of the host: a hash is never stored and never leaves the
 * process.
 *
 * The mixing is that of MurmurHash3_x86_128 (Austin Appleby, public domain; smhasher, MurmurHash3.cpp), cut to two of
 * its four lanes: one takes the even words, the other the odd ones, and each is fed into the other. Both lanes are
 * finished with fmix32 of the same file. Of the 64 bits the result keeps 53, what a number holds exactly.
 */

export type PageHash = (words: Int32Array) => number;

export function pageHash(words: Int32Array): number {
  let even = 0;
  let odd = 0;
  for (let index = 0; index < words.length; index += 2) {
    even ^= Math.imul(rotated(Math.imul(words[index] ?? 0, 0x239b961b), 15), 0xab0e9789);
    even = (Math.imul((rotated(even, 19) + odd) | 0, 5) + 0x561ccd1b) | 0;
    odd ^= Math.imul(rotated(Math.imul(words[index + 1] ?? 0, 0xab0e9789), 16), 0x38b34ae5);
    odd = (Math.imul((rotated(odd, 17) + even) | 0, 5) + 0x0bcaa747) | 0;
  }
  even = finished((even + odd) | 0);
  odd = finished((odd + even) | 0);
  return (even >>> 0) * 2 ** 21 + (odd >>> 11);
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function finished(lane: number): number {
  const once = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}
