/**
 * Inputs made of valid ones: bits flipped, cut off, put together out of two, numbers set to extremes, stretches repeated, taken out or
 * filled. One to four changes on top of each other. All of it follows from the choices.
 */
import { seededChoices } from '../../machines/system/choices.ts';

export type Mutated = { readonly bytes: Uint8Array; readonly changes: readonly string[] };

type Pick = (count: number) => number;
type Change = (bytes: Uint8Array, pick: Pick, other: Uint8Array) => Uint8Array;

const mostChanges = 4;
const mostFlips = 8;
/** A stretch that is repeated or put in is at most so long: inputs stay near the size of the seeds. */
const mostStretchBytes = 4096;

/** The input with this number: the same for the same seeds, seed and number, whatever was made before. */
export function mutated(seeds: readonly Uint8Array[], seed: number, inputIndex: number): Mutated {
  const { choose } = seededChoices(Math.imul(seed, 0x9e3779b1) + inputIndex);
  const pick: Pick = (count) => choose(count, 'a change');
  const pickSeed = (): Uint8Array => seeds[pick(seeds.length)] ?? new Uint8Array();
  const names = Object.keys(changes) as (keyof typeof changes)[];
  let bytes = pickSeed();
  const done: string[] = [];
  for (let rest = 1 + pick(mostChanges); rest > 0; rest -= 1) {
    const name = names[pick(names.length)] ?? 'flip bits';
    bytes = changes[name](bytes, pick, pickSeed());
    done.push(name);
  }
  return { bytes, changes: done };
}

const changes = {
  'flip bits': (bytes, pick) => {
    const changed = bytes.slice();
    for (let rest = 1 + pick(mostFlips); rest > 0; rest -= 1) flip(changed, pick(bytes.length * 8 + 1));
    return changed;
  },
  'cut off': (bytes, pick) => bytes.slice(0, pick(bytes.length + 1)),
  splice: (bytes, pick, other) =>
    joined(bytes.subarray(0, pick(bytes.length + 1)), other.subarray(pick(other.length + 1))),
  'set a number': (bytes, pick) => setNumber(bytes, pick),
  repeat: (bytes, pick) => {
    const [from, to] = stretch(bytes, pick);
    return joined(bytes.subarray(0, to), bytes.subarray(from));
  },
  'take out': (bytes, pick) => {
    const [from, to] = stretch(bytes, pick);
    return joined(bytes.subarray(0, from), bytes.subarray(to));
  },
  fill: (bytes, pick) => {
    const [from, to] = stretch(bytes, pick);
    return bytes.slice().fill([0x00, 0xff, 0x80, 0x01][pick(4)] ?? 0, from, to);
  },
  'put chance in': (bytes, pick) => {
    const [from, to] = stretch(bytes, pick);
    const chance = Uint8Array.from({ length: Math.min(to - from, 64) }, () => pick(256));
    return joined(joined(bytes.subarray(0, from), chance), bytes.subarray(from + chance.length));
  },
} satisfies Readonly<Record<string, Change>>;

/** Sizes, counts and places at their extremes, in every width and both orders of bytes. */
function setNumber(bytes: Uint8Array, pick: Pick): Uint8Array {
  const widthBytes = [1, 2, 4, 8][pick(4)] ?? 1;
  if (bytes.length < widthBytes) return bytes;
  const top = 2n ** BigInt(8 * widthBytes);
  const extremes = [0n, 1n, top / 2n - 1n, top / 2n, top - 1n, top / 256n, BigInt(bytes.length), 4096n];
  const value = BigInt.asUintN(8 * widthBytes, extremes[pick(extremes.length)] ?? 0n);
  const changed = bytes.slice();
  const isBigEndian = pick(4) === 0;
  // Fields are mostly aligned.
  const at = pick(2) === 0 ? pick(bytes.length - widthBytes + 1) : alignedPlace(bytes, pick, widthBytes);
  for (let index = 0; index < widthBytes; index += 1) {
    const place = isBigEndian ? widthBytes - 1 - index : index;
    changed[at + place] = Number((value >> BigInt(8 * index)) & 0xffn);
  }
  return changed;
}

const alignedPlace = (bytes: Uint8Array, pick: Pick, widthBytes: number): number =>
  pick(Math.floor(bytes.length / widthBytes)) * widthBytes;

function stretch(bytes: Uint8Array, pick: Pick): readonly [from: number, to: number] {
  const from = pick(bytes.length + 1);
  return [from, from + pick(Math.min(bytes.length - from, mostStretchBytes) + 1)];
}

export function flip(bytes: Uint8Array, bit: number): void {
  const at = bit >>> 3;
  if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(one.length + other.length);
  bytes.set(one);
  bytes.set(other, one.length);
  return bytes;
}
