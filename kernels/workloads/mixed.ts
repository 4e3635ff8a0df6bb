/**
 * A number that looks like chance and follows from others: the only source of variety in workloads. The mixing is that of fmix32 in
 * MurmurHash3 (Austin Appleby, public domain), once for each word.
 */
export function mixed(...words: readonly number[]): number {
  let hash = 0;
  for (const word of words) {
    hash = Math.imul(hash ^ word ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) + 0x9e3779b9;
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}
