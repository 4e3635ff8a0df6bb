/** Files as commands see them. Failures are InputErrors that name the path. */
import type { Sink, Source } from '../../image/sink.ts';

export type OpenSource = Source & { readonly close: () => void };

export type Files = {
  readonly kindOf: (path: string) => 'file' | 'folder' | undefined;
  readonly namesIn: (folder: string) => readonly string[];
  readonly read: (path: string) => string;
  /** Bytes of a file or a disk, read when asked. Whoever opens it closes it. */
  readonly open: (path: string) => OpenSource;
  /** With the folders above it; nothing happens when it is there. */
  readonly makeFolder: (path: string) => void;
  /** Written beside, synced, renamed: whoever looks finds the old file or the new one, never half of one. */
  readonly write: (path: string, fill: (file: Sink) => void) => void;
  /** The same, for what takes long: nothing is there before the promise is kept, and nothing is left when it is broken. */
  readonly writeSlowly: <Result>(path: string, fill: (file: Sink) => Promise<Result>) => Promise<Result>;
  readonly remove: (path: string) => void;
};

export const writeText = (files: Files, path: string, text: string): void =>
  files.write(path, (file) => file.writeAt(0, new TextEncoder().encode(text)));
