import { codecs } from '../../image/codecs/index.ts';

/** One way to provoke each code that codecs have: packed bytes in hex, unpacked to at most a page. */
const unpacked = (name: keyof typeof codecs, hex: string) => (): Uint8Array =>
  codecs[name].decompress(Buffer.from(hex, 'hex'), 4096);

export const codecProvocations = {
  'codec.ends-early': unpacked('lzo', '14aabb'),
  'codec.too-long': unpacked('snappy', '8120'),
  'codec.too-far-back': unpacked('lz4', '40aabbccdd050000'),
  'codec.trailing-bytes': unpacked('lzo', '11000000'),
  'codec.damaged': unpacked('zlib', '789c630000000100ff'),
  'codec.unsupported': unpacked('lzo', '110115aabbccdd110000'),
  'codec.no-room': () => codecs.lz4.compressInto(new Uint8Array(9), new Uint8Array(9)),
};
