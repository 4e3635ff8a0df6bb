/** Whether bytes are all zeros: a look at the first word, then one comparison in native code. */
const zeros = Buffer.alloc(2 ** 17);

export function isZero(bytes: Uint8Array): boolean {
  if (bytes.length === 0) return true;
  if (bytes[0] !== 0 || bytes[bytes.length >> 1] !== 0) return false;
  for (let at = 0; at < bytes.length; at += zeros.length) {
    const count = Math.min(zeros.length, bytes.length - at);
    if (zeros.compare(bytes, at, at + count, 0, count) !== 0) return false;
  }
  return true;
}
