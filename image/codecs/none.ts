/** Bytes as they are: what a dump has where packing gains nothing. */
import { codecOf, tooLong } from './codec.ts';

export const none = codecOf('none', 'not packed', {
  compressInto: copyInto,
  decompressInto: copyInto,
  worstCaseBytes: (lengthBytes) => lengthBytes,
});

function copyInto(input: Uint8Array, output: Uint8Array): number {
  if (input.length > output.length) throw tooLong(0, output.length);
  output.set(input);
  return input.length;
}
