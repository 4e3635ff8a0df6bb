/** The world outside, in memory: commands run against it as they do against the real one. */
import { type MemoryFile, memoryFile } from '../../image/memory-file.ts';
import type { Files } from '../../scripts/cli/files.ts';
import { InputError } from '../../scripts/cli/input-error.ts';
import type { Io, Output } from '../../scripts/cli/io.ts';
import { main } from '../../scripts/cli/main.ts';

export type MemoryIo = {
  readonly io: Io;
  readonly files: Map<string, MemoryFile>;
  readonly stdout: () => string;
  readonly stderr: () => string;
};

export type MemoryIoOptions = {
  readonly isTerminal?: boolean;
  readonly columns?: number;
  /** What stands on standard input. */
  readonly lines?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
};

export function memoryIo(options: MemoryIoOptions = {}): MemoryIo {
  const { isTerminal = false, columns = 80, lines = [] } = options;
  const files = new Map<string, MemoryFile>();
  for (const [path, text] of Object.entries(options.files ?? {})) {
    const file = memoryFile();
    file.writeAt(0, new TextEncoder().encode(text));
    files.set(path, file);
  }
  const [out, err]: [string[], string[]] = [[], []];
  const output = (into: string[]): Output => ({
    write: (text) => void into.push(text),
    isTerminal,
    columns,
    // Not the codes of a terminal, so that a snapshot shows where colour is.
    paint: (style, text) => (isTerminal ? `<${style}>${text}</${style}>` : text),
  });
  // Each look at the clock is a second later than the one before: progress is shown at every step.
  let nowMs = 0;
  const clockMs = (): number => {
    nowMs += 1000;
    return nowMs;
  };
  const input = {
    isTerminal,
    lines: async function* () {
      yield* lines;
    },
  };
  const io = {
    out: output(out),
    err: output(err),
    input,
    files: filesIn(files),
    clockMs,
    version: '0.0.0-test',
  };
  return { io, files, stdout: () => out.join(''), stderr: () => err.join('') };
}

export type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string };

export async function kjump(args: readonly string[], memory: MemoryIo = memoryIo()): Promise<Outcome> {
  const code = await main(args, memory.io);
  return { code, stdout: memory.stdout(), stderr: memory.stderr() };
}

export const textOf = (file: MemoryFile | undefined): string =>
  file === undefined ? '' : new TextDecoder().decode(file.readAt(0, file.length));

function filesIn(files: Map<string, MemoryFile>): Files {
  const folders = new Set<string>();
  const isFolder = (path: string): boolean =>
    folders.has(path) || [...files.keys()].some((name) => name.startsWith(`${path}/`));
  return {
    kindOf: (path) => {
      if (files.has(path)) return 'file';
      return isFolder(path) ? 'folder' : undefined;
    },
    namesIn: (folder) =>
      [...files.keys()]
        .filter((name) => name.startsWith(`${folder}/`))
        .map((name) => name.slice(folder.length + 1)),
    read: (path) => {
      if (files.has(path)) return textOf(files.get(path));
      throw new InputError('file.missing', { where: path, expected: 'a file', found: 'nothing' });
    },
    open: (path) => {
      const file = files.get(path);
      if (file === undefined)
        throw new InputError('file.missing', { where: path, expected: 'a file', found: 'nothing' });
      return {
        length: file.length,
        readAt: file.readAt,
        dataStretches: file.dataStretches,
        close: () => undefined,
      };
    },
    makeFolder: (path) => void folders.add(path),
    write: (path, fill) => {
      const file = memoryFile();
      fill(file);
      files.set(path, file);
    },
    writeSlowly: async (path, fill) => {
      const file = memoryFile();
      const result = await fill(file);
      files.set(path, file);
      return result;
    },
    remove: (path) => void files.delete(path),
  };
}
