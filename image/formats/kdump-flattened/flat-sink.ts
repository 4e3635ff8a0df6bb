/** A sink that any format may write to, and that itself only ever writes at its end: every write becomes a record. */
import { bytesOfText } from '../../bytes.ts';
import type { Sink } from '../../sink.ts';
import { flatHeaderSizeBytes, flatMagic, recordHeaderSizeBytes } from './open-flat.ts';

export type FlatSink = Sink & {
  /** Writes the end mark; returns the length of the file. */
  finish(): number;
};

export function flatSink(sink: Sink): FlatSink {
  let end = flatHeaderSizeBytes;
  let furthest = 0;
  let length = 0;
  const header = new Uint8Array(flatHeaderSizeBytes);
  header.set(bytesOfText(flatMagic));
  header.set(pair(1n, 1n), flatMagic.length);
  sink.writeAt(0, header);
  const append = (bytes: Uint8Array): void => {
    sink.writeAt(end, bytes);
    end += bytes.length;
  };
  const writeAt = (offset: number, bytes: Uint8Array): void => {
    if (bytes.length === 0) return;
    append(pair(BigInt(offset), BigInt(bytes.length)));
    append(bytes);
    furthest = Math.max(furthest, offset + bytes.length);
  };
  return {
    writeAt,
    setLength: (bytes) => {
      length = bytes;
    },
    finish: () => {
      // A file that ends with a hole gets its length by its last byte.
      if (length > furthest) writeAt(length - 1, Uint8Array.of(0));
      append(pair(-1n, -1n));
      sink.setLength(end);
      return end;
    },
  };
}

function pair(first: bigint, second: bigint): Uint8Array {
  const bytes = new Uint8Array(recordHeaderSizeBytes);
  const view = new DataView(bytes.buffer);
  view.setBigInt64(0, first);
  view.setBigInt64(8, second);
  return bytes;
}
