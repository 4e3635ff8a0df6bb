/**
 * Files on the disk. Every write goes to a new file beside its place, is synced and renamed, and then the folder is synced: a power
 * cut leaves the old file or the new one. A write that fails takes its new file away again.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Sink } from '../../image/sink.ts';
import { diskSource } from './disk-source.ts';
import type { Files } from './files.ts';
import { InputError, type InputErrorCode } from './input-error.ts';

export const diskFiles: Files = {
  kindOf: (path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    return stats.isDirectory() ? 'folder' : 'file';
  },
  namesIn: (folder) => tried('file.unreadable', folder, 'a folder', () => readdirSync(folder).sort()),
  read: (path) => tried('file.unreadable', path, 'a file', () => readFileSync(path, 'utf8')),
  open: (path) => tried('file.unreadable', path, 'a file', () => diskSource(path)),
  makeFolder: (path) => {
    tried('file.unwritable', path, 'room for a folder', () => makeFolders(path));
  },
  write: (path, fill) => tried('file.unwritable', path, 'room for a file', () => writeBeside(path, fill)),
  writeSlowly: async (path, fill) => {
    const beside = tried('file.unwritable', path, 'room for a file', () => openBeside(path));
    try {
      const result = await fill(beside.sink);
      tried('file.unwritable', path, 'room for a file', beside.keep);
      return result;
    } catch (error) {
      beside.drop();
      throw asInputError(error, { code: 'file.unwritable', where: path, expected: 'room for a file' });
    }
  },
  remove: (path) => tried('file.unwritable', path, 'a file to remove', () => rmSync(path, { force: true })),
};

/** One by one: Node's own way of making all of them does not end where the system takes none (/proc, Node 20). */
function makeFolders(path: string): void {
  const missing: string[] = [];
  for (let folder = resolve(path); !existsSync(folder); folder = dirname(folder)) missing.unshift(folder);
  for (const folder of missing) mkdirSync(folder);
}

function writeBeside(path: string, fill: (file: Sink) => void): void {
  const beside = openBeside(path);
  try {
    fill(beside.sink);
    beside.keep();
  } catch (error) {
    beside.drop();
    throw error;
  }
}

/** A new file beside the place: `keep` syncs it and gives it the name, `drop` takes it away. */
type Beside = { readonly sink: Sink; readonly keep: () => void; readonly drop: () => void };

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function openBeside(path: string): Beside {
  const beside = `${path}.${process.pid}.new`;
  const file = openSync(beside, 'wx');
  let isOpen = true;
  const close = (): void => {
    if (isOpen) closeSync(file);
    isOpen = false;
    for (const signal of endingSignals) process.off(signal, stop);
  };
  const drop = (): void => {
    close();
    rmSync(beside, { force: true });
  };
  // Whoever stops the program finds nothing half written, either.
  const stop = (signal: NodeJS.Signals): void => {
    drop();
    process.kill(process.pid, signal);
  };
  for (const signal of endingSignals) process.once(signal, stop);
  return {
    sink: sinkOf(file),
    keep: () => {
      fsyncSync(file);
      close();
      renameSync(beside, path);
      syncFolder(dirname(path));
    },
    drop,
  };
}

const sinkOf = (file: number): Sink => ({
  writeAt: (offset, bytes) => {
    for (let done = 0; done < bytes.length; )
      done += writeSync(file, bytes, done, bytes.length - done, offset + done);
  },
  setLength: (bytes) => ftruncateSync(file, bytes),
});

/** The new name is on the disk only when its folder is. */
function syncFolder(path: string): void {
  const folder = openSync(join(path, '.'), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** What the system refuses becomes an error with the path; everything else is our mistake and goes on. */
function tried<Result>(code: InputErrorCode, where: string, expected: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw asInputError(error, { code, where, expected });
  }
}

type Attempt = { readonly code: InputErrorCode; readonly where: string; readonly expected: string };

function asInputError(error: unknown, { code, where, expected }: Attempt): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error;
  const isMissing = error.code === 'ENOENT' && code === 'file.unreadable';
  return new InputError(isMissing ? 'file.missing' : code, { where, expected, found: reasonOf(error) });
}

/** `ENOENT: no such file or directory, open 'x'`: the words between code and system call. */
function reasonOf({ message }: Error): string {
  return /^[A-Z0-9]+: (.*?), /.exec(message)?.[1] ?? message;
}
