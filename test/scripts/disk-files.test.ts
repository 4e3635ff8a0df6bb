/** Files on a real disk: whole or not there. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskFiles } from '../../scripts/cli/disk-files.ts';
import { writeText } from '../../scripts/cli/files.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kjump-files-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('a file on the disk', () => {
  it('is written whole, and replaces an older one', () => {
    const path = join(folder, 'report.txt');
    writeText(diskFiles, path, 'older and longer');
    writeText(diskFiles, path, 'newer');
    expect(diskFiles.read(path)).toBe('newer');
    expect(readdirSync(folder)).toEqual(['report.txt']);
  });

  it('stays as it was when writing fails half way, and nothing is left beside it', () => {
    const path = join(folder, 'report.txt');
    writeText(diskFiles, path, 'older');
    const failing = (): void =>
      diskFiles.write(path, (file) => {
        file.writeAt(0, new Uint8Array(100));
        throw new Error('out of ideas');
      });
    expect(failing).toThrow('out of ideas');
    expect(readFileSync(path, 'utf8')).toBe('older');
    expect(readdirSync(folder)).toEqual(['report.txt']);
  });

  it('has holes where nothing was written', () => {
    const path = join(folder, 'image');
    diskFiles.write(path, (file) => {
      file.writeAt(2 ** 32, Uint8Array.of(1, 2, 3));
      file.setLength(2 ** 33);
    });
    const { size, blocks } = statSync(path);
    expect(size).toBe(2 ** 33);
    expect(blocks * 512).toBeLessThan(2 ** 20);
  });

  it('has a kind, and a folder has names', () => {
    writeText(diskFiles, join(folder, 'b'), '');
    diskFiles.makeFolder(join(folder, 'a', 'deep'));
    expect(['b', 'a', 'c'].map((name) => diskFiles.kindOf(join(folder, name)))).toEqual([
      'file',
      'folder',
      undefined,
    ]);
    expect(diskFiles.namesIn(folder)).toEqual(['a', 'b']);
    diskFiles.remove(join(folder, 'b'));
    expect(diskFiles.namesIn(folder)).toEqual(['a']);
  });
});

describe('what the system refuses is an error with the path and what to do', () => {
  it('a file that is not there', () => {
    const path = join(folder, 'nowhere');
    expect(() => diskFiles.read(path)).toThrow(code('file.missing'));
    expect(() => diskFiles.read(path)).toThrow(
      `${path}: expected a file, found no such file or directory; check the path`,
    );
  });

  it('a folder that is to be read as a file', () => {
    expect(() => diskFiles.read(folder)).toThrow(code('file.unreadable'));
  });

  it('a file below a file', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => writeText(diskFiles, join(folder, 'file', 'below'), '')).toThrow(code('file.unwritable'));
    expect(() => diskFiles.makeFolder(join(folder, 'file', 'below'))).toThrow(code('file.unwritable'));
  });
});
