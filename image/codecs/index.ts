/** The registry of codecs: one module each, one line here. */
import type { Codec, CodecName } from './codec.ts';
import { lz4 } from './lz4.ts';
import { lzo } from './lzo/index.ts';
import { none } from './none.ts';
import { snappy } from './snappy.ts';
import { zlib } from './zlib.ts';
import { zstd } from './zstd/index.ts';

export const codecs: Readonly<Record<CodecName, Codec>> = { none, zlib, lzo, lz4, snappy, zstd };
