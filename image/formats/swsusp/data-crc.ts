/**
 * The CRC of a compressed image: crc32_le of the kernel, started with 0 and not inverted at the end, over the unpacked bytes.
 * zlib inverts before and after; inverting both once more gives what Linux stores (linux.md C.1.5).
 */
import { crc32 } from '../../codecs/crc32.ts';

export const dataCrc = (bytes: Uint8Array, before = 0): number => ~crc32(bytes, ~before >>> 0) >>> 0;
