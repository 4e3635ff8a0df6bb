/** The real input and output of this process. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { diskFiles } from './disk-files.ts';
import type { Io, LineHelp, Output } from './io.ts';

/** What is not a terminal has no width: as wide as a terminal at least is. */
const plainColumns = 80;

export const realIo = (): Io => ({
  out: outputOf(process.stdout),
  err: outputOf(process.stderr),
  input: {
    isTerminal: process.stdin.isTTY === true,
    lines: () => createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY }),
    ...(process.stdin.isTTY && {
      edit: async (help: LineHelp) => (await import('./line-editor.ts')).editLines(help),
    }),
  },
  files: diskFiles,
  clockMs: () => performance.now(),
  version: versionOf(dirname(fileURLToPath(import.meta.url))),
});

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    columns: stream.isTTY === true ? stream.columns || plainColumns : plainColumns,
    // Looks at the stream itself, at NO_COLOR and at FORCE_COLOR.
    paint: (style, text) => styleText(style, text, { stream }),
  };
}

/** The package is above this file, how far depends on whether it was built. */
function versionOf(folder: string): string {
  const path = join(folder, 'package.json');
  if (existsSync(path)) {
    // Our own file: what it holds is known.
    return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
  }
  return versionOf(dirname(folder));
}
