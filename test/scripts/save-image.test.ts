import { describe, expect, it } from 'vitest';
import { formatOf } from '../../image/formats/index.ts';
import { sourceOf } from '../../image/sink.ts';
import { kjump, memoryIo } from './memory-io.ts';

const small = ['run', '--ram', '256M', '--work', '4', '--tasks', '1', '--save', 'out'];

async function saved(...choice: readonly string[]) {
  const memory = memoryIo();
  const { code, stdout } = await kjump([...small, '--json', ...choice], memory);
  const file = (name: string) => {
    const bytes = memory.files.get(`out/${name}`);
    return bytes && sourceOf(bytes.readAt(0, bytes.length));
  };
  return { code, files: JSON.parse(stdout).files as string[], file };
}

describe('run --save', () => {
  it('writes the image in the format, packed and filtered as asked for, beside the one that B wrote', async () => {
    const { code, files, file } = await saved(
      '--format',
      'kdump-compressed',
      '--codec',
      'lzo',
      '--level',
      '31',
    );
    expect(code).toBe(0);
    expect(files).toEqual(expect.arrayContaining(['out/vmcore.elf', 'out/vmcore.kdump']));
    const [elf, kdump] = [file('vmcore.elf'), file('vmcore.kdump')];
    if (elf === undefined || kdump === undefined) throw new Error('both are there');
    expect(formatOf(kdump).name).toBe('kdump-compressed');
    const [whole, kept] = [formatOf(elf).read(elf), formatOf(kdump).read(kdump)];
    const stored = [...kept.memory.runs()].filter(({ kind }) => kind === 'stored');
    expect(stored.length).toBeGreaterThan(3);
    for (const { startPfn } of stored)
      expect(kept.memory.readPage(startPfn)).toEqual(whole.memory.readPage(startPfn));
    expect(stored.reduce((sum, { count }) => sum + count, 0)).toBeLessThan(whole.pageCount / 4);
  });

  it('writes a hibernation image that can be read again', async () => {
    const { file } = await saved('--format', 'swsusp', '--codec', 'lz4');
    const image = file('swap.img');
    expect(image && formatOf(image).name).toBe('swsusp');
  });

  it.each([
    [['--format', 'swsusp', '--codec', 'zlib'], 'expected a codec of swsusp: lzo, lz4, none'],
    [['--level', '32'], 'expected 0 to 31'],
    [['--codec', 'zlib'], 'expected a codec of vmcore-elf: none'],
  ])('refuses %j before the run', async (choice, says) => {
    const memory = memoryIo();
    const { code, stderr } = await kjump([...small, ...choice], memory);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
    expect([...memory.files.keys()]).toEqual([]);
  });
});
