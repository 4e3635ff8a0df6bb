/** Every codec twice: damaged packed bytes are to be unpacked, and any bytes are to come back from being packed. */
import type { Codec } from '../../image/codecs/codec.ts';
import { codecs } from '../../image/codecs/index.ts';
import { seededChoices } from '../../machines/system/choices.ts';
import { FuzzFinding, type FuzzTarget } from './fuzz-target.ts';

/** Twice the largest seed: what unpacks to more must be refused. */
const limitBytes = 16_384;

export const codecTargets: readonly FuzzTarget[] = Object.values(codecs).flatMap((codec) => [
  unpacking(codec),
  packing(codec),
]);

function unpacking(codec: Codec): FuzzTarget {
  return {
    name: `${codec.name}-unpack`,
    seeds: async () => shapes.map((bytes) => codec.compress(bytes)),
    run: (bytes) => {
      const unpacked = codec.decompress(bytes, limitBytes);
      if (unpacked.length > limitBytes)
        throw new FuzzFinding(`${unpacked.length} bytes, more than the limit`);
    },
  };
}

function packing(codec: Codec): FuzzTarget {
  return {
    name: `${codec.name}-pack`,
    seeds: async () => shapes,
    run: (bytes) => {
      const packed = codec.compress(bytes);
      if (packed.length > codec.worstCaseBytes(bytes.length))
        throw new FuzzFinding('longer than the worst case');
      const back = codec.decompress(packed, bytes.length);
      if (Buffer.compare(back, bytes) !== 0) throw new FuzzFinding('other bytes came back');
    },
  };
}

const { choose } = seededChoices(1);
const noise = Uint8Array.from({ length: 8192 }, () => choose(256, 'a byte'));
const text = Buffer.from('PM: hibernation: Creating image: need to copy 7571 pages\n'.repeat(60));

const shapes: readonly Uint8Array[] = [
  new Uint8Array(),
  Uint8Array.of(1),
  new Uint8Array(4096),
  noise.subarray(0, 4096),
  noise.subarray(0, 20),
  Uint8Array.from(text),
  Uint8Array.from(
    { length: 4096 },
    (_, index) => [0x00, 0x00, 0x88, 0xff, 0xff, index >> 8][index % 8] ?? 0x80,
  ),
  Uint8Array.from([...noise.subarray(0, 300), ...new Uint8Array(4000), ...noise.subarray(0, 300), ...text]),
];
