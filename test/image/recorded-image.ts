/**
 * Recorded images, unpacked for one test file, and sources over them with other bytes here and there.
 * They are too large to be kept in memory twice: each is unpacked into a file of its own that goes away in the end.
 */
import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Source } from '../../image/sink.ts';
import { needs, run, type Skippable } from '../kit/needs.ts';

export type RecordedName =
  | 'b2-vmcore.elf'
  | 'b2-d31-zlib.kdump'
  | 'c1-swsusp-lzo.swap.img'
  | 'c2-nocompress.swap.img'
  | 'c3-swsusp-lz4.swap.img'
  | 'd1-uswsusp.img';

export type RecordedImages = {
  /** Skips the test where there is none. */
  readonly open: (context: Skippable, name: RecordedName) => Source;
  /** For tools that read it themselves. */
  readonly path: (context: Skippable, name: RecordedName) => string;
  /** A path for what a test writes: gone with the rest. */
  readonly newPath: (name: string) => string;
  readonly close: () => void;
};

export function recordedImages(): RecordedImages {
  const folder = mkdtempSync(join(tmpdir(), 'recorded-image-'));
  const opened = new Map<RecordedName, { readonly file: number; readonly source: Source }>();
  const open: RecordedImages['open'] = (context, name) => {
    const known = opened.get(name);
    if (known !== undefined) return known.source;
    const packed = join(needs(context, 'artefacts'), 'images', `${name}.zst`);
    const path = join(folder, name);
    const { status, stderr } = run(needs(context, 'zstd'), ['-dq', '--sparse', packed, '-o', path]);
    if (status !== 0) throw new Error(`zstd: ${stderr}`);
    const file = openSync(path, 'r');
    const source = sourceOfFile(file);
    opened.set(name, { file, source });
    return source;
  };
  return {
    open,
    path: (context, name) => {
      open(context, name);
      return join(folder, name);
    },
    newPath: (name) => join(folder, name),
    close: () => {
      for (const { file } of opened.values()) closeSync(file);
      rmSync(folder, { recursive: true });
    },
  };
}

function sourceOfFile(file: number): Source {
  return {
    length: fstatSync(file).size,
    readAt: (offset, length) => {
      const bytes = new Uint8Array(length);
      readSync(file, bytes, 0, length, offset);
      return bytes;
    },
  };
}

export type Patch = { readonly offset: number; readonly bytes: Uint8Array };

/** The same source, with other bytes at some places. */
export function patched(source: Source, patches: readonly Patch[]): Source {
  return {
    length: source.length,
    readAt: (offset, length) => {
      const bytes = source.readAt(offset, length).slice();
      for (const patch of patches) {
        const from = Math.max(offset, patch.offset);
        const to = Math.min(offset + length, patch.offset + patch.bytes.length);
        if (from < to) bytes.set(patch.bytes.subarray(from - patch.offset, to - patch.offset), from - offset);
      }
      return bytes;
    },
  };
}

/** The same source, ending earlier. */
export const cut = (source: Source, length: number): Source => ({ length, readAt: source.readAt });
