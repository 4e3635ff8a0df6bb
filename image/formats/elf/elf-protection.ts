/**
 * What notices a change in an ELF dump: nothing but its own structure. A dump has no checksum; fields of the headers contradict each
 * other or the file when they change, but for a few that only say how memory is to be shown.
 */
import type { Source } from '../../sink.ts';
import type { ProtectedRange } from '../image-format.ts';
import { fileHeaderSizeBytes, programHeaderSizeBytes } from './headers.ts';
import { readVmcore } from './vmcore.ts';

export function* elfProtection(source: Source): Generator<ProtectedRange> {
  const { segments } = readVmcore(source);
  yield { offset: 0, length: 7, kind: 'structural', what: 'signature, class, byte order' };
  yield { offset: 7, length: 9, kind: 'unprotected', what: 'system and padding' };
  yield { offset: 16, length: 8, kind: 'structural', what: 'type, machine, version' };
  yield { offset: 24, length: 8, kind: 'unprotected', what: 'entry' };
  yield { offset: 32, length: 8, kind: 'structural', what: 'place of the program headers' };
  yield { offset: 40, length: 12, kind: 'unprotected', what: 'section headers, flags' };
  yield { offset: 52, length: 6, kind: 'structural', what: 'sizes and number of headers' };
  yield { offset: 58, length: 6, kind: 'unprotected', what: 'section headers' };
  for (const index of segments.keys()) {
    const offset = fileHeaderSizeBytes + index * programHeaderSizeBytes;
    yield { offset, length: programHeaderSizeBytes, kind: 'unprotected', what: 'a program header' };
  }
  const end = fileHeaderSizeBytes + segments.length * programHeaderSizeBytes;
  if (end < source.length)
    yield { offset: end, length: source.length - end, kind: 'unprotected', what: 'notes and memory' };
}
