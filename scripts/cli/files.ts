/** Files as commands see them. Failures are InputErrors that name the path. */
import type { Sink } from '../../image/sink.ts';

export type Files = {
  readonly kindOf: (path: string) => 'file' | 'folder' | undefined;
  readonly namesIn: (folder: string) => readonly string[];
  readonly read: (path: string) => string;
  /** With the folders above it; nothing happens when it is there. */
  readonly makeFolder: (path: string) => void;
  /** Written beside, synced, renamed: whoever looks finds the old file or the new one, never half of one. */
  readonly write: (path: string, fill: (file: Sink) => void) => void;
  readonly remove: (path: string) => void;
};

export const writeText = (files: Files, path: string, text: string): void =>
  files.write(path, (file) => file.writeAt(0, new TextEncoder().encode(text)));
