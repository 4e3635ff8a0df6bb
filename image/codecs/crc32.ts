/**
 * CRC-32 as in zlib, gzip and Ethernet (polynomial 0xedb88320, reflected; check value of "123456789" is 0xcbf43926).
 *
 * `before` is the CRC of the bytes that came earlier, so a long stretch can be summed in pieces.
 * node:zlib has it since Node 20.15 and 22.2, so every supported Node has it.
 */
import { crc32 as zlibCrc32 } from 'node:zlib';

export const crc32 = (bytes: Uint8Array, before = 0): number => zlibCrc32(bytes, before);
