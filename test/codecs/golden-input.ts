/**
 * What the tools packed that made test/golden/codecs: text, runs, patterns and bytes that look like chance, repeated from near and
 * far, so that every kind of instruction of every codec is in the streams.
 */
const text = 'PM: hibernation: Creating image: copied pages and zero pages, in this order. ';

export function goldenInput(): Uint8Array {
  const noise = noiseOf(900, 1);
  const lines = Array.from({ length: 20 }, (_, line) => `[    ${line}.${line * 7919}] ${text}`).join('\n');
  return Uint8Array.from([
    ...noise.subarray(700, 720),
    ...noise.subarray(700, 720),
    ...noise,
    ...new Uint8Array(1300),
    // Three bytes out of the noise more than 2 KiB back, each behind seven others.
    ...Array.from({ length: 30 }, (_, order) => [
      ...noiseOf(7, 100 + order),
      ...noise.subarray(order * 10, order * 10 + 3),
    ]).flat(),
    ...Buffer.from(lines),
    ...Array.from({ length: 3000 }, (_, index) => [0x63, 0x80, 0xff, 0xff, index >> 6][index % 5] ?? 0),
    ...noise.subarray(300, 900),
    ...new Uint8Array(12_000).fill(0xcc),
    ...noise.subarray(5, 25),
    ...new Uint8Array(16_000).fill(0x55),
    ...Buffer.from(text),
    ...noise.subarray(100, 500),
    ...Buffer.from('the end'),
  ]);
}

/** The high byte of a linear congruential generator (Numerical Recipes, 7.1). */
export function noiseOf(lengthBytes: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: lengthBytes }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}
