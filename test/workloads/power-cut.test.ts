import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Box } from '../../kernels/box.ts';
import { loseCache } from '../../kernels/devices/disk-cache.ts';
import { syncFileSystem } from '../../kernels/linux/file-system-pages.ts';
import type { ContentId } from '../../kernels/memory/contents.ts';
import type { PageMap } from '../../kernels/memory/page-map.ts';
import { item } from '../../kernels/shape.ts';
import type { SmallBox } from '../kit/small-box.ts';
import { fileTexts, mountedBox, put, rebootWith } from './mounted-box.ts';

describe('a power cut', () => {
  const overwrite = (box: Box): void => {
    put(box, 'a', [
      [0, 11],
      [1, 12],
      [2, 13],
    ]);
    put(box, 'b', [[1, 14]]);
    put(box, 'new', [[0, 15]]);
  };

  function boxBeforeSync(cacheBlockCount: number) {
    const small = mountedBox({ size: { cacheBlockCount } });
    small.run((box) => {
      put(box, 'a', [
        [0, 1],
        [1, 2],
      ]);
      put(box, 'b', [[0, 3]]);
      syncFileSystem(box, 'original');
    });
    const before = { files: fileTexts(small), medium: small.medium() };
    small.run(overwrite);
    return { small, before, after: fileTexts(small) };
  }

  type Write = { readonly block: number; readonly content: ContentId };

  /** Runs the sync and gives what reached the medium, in order; what was flushed together in one list, what was not in the last. */
  function recordSync(small: SmallBox): Write[][] {
    const batches: Write[][] = [[]];
    small.run((box) => {
      const { cache } = box.machine.disk;
      const write = (block: number, content: ContentId): void => {
        batches.at(-1)?.push({ block, content });
        box.medium.write(block, content);
        if (cache.filter(({ used }) => used).length === 1) batches.push([]);
      };
      syncFileSystem({ ...box, medium: { ...box.medium, write } }, 'original');
      const unflushed = cache.filter(({ used }) => used);
      // A slot's plain number is the id of a content.
      for (const { block, holds } of unflushed) batches.at(-1)?.push({ block, content: holds as ContentId });
    });
    return batches;
  }

  const withWrites = (medium: PageMap, writes: readonly Write[]): PageMap =>
    medium.change((draft) => {
      for (const { block, content } of writes) draft.set(block, content);
    });

  test('after any write of a sync leaves the old files or the new ones', () => {
    const { small, before, after } = boxBeforeSync(0);
    const writes = recordSync(small).flat();
    expect(writes.length).toBeGreaterThan(12);
    const outcomes = writes.map((_, count) => {
      rebootWith(small, withWrites(before.medium, writes.slice(0, count)));
      const files = fileTexts(small);
      expect([before.files, after]).toContainEqual(files);
      return String(files) === String(after);
    });
    expect(outcomes.indexOf(true)).toBeGreaterThan(1);
    expect(outcomes.slice(outcomes.indexOf(true))).not.toContain(false);
  });

  test('leaves the old files or the new ones whatever part of the cache was lost', () => {
    const { small, before, after } = boxBeforeSync(64);
    const batches = recordSync(small);
    // Four homes of the sync before are flushed with the descriptor and its six copies; six new homes are not flushed.
    expect(batches.map((batch) => batch.length)).toEqual([11, 1, 6]);
    const base = withWrites(before.medium, []);
    fc.assert(
      fc.property(fc.nat(batches.length - 1), fc.array(fc.boolean(), { maxLength: 20 }), (cut, reached) => {
        const flushed = batches.slice(0, cut).flat();
        const partly = item(batches, cut).filter((_, index) => reached[index] === true);
        rebootWith(small, withWrites(base, [...flushed, ...partly]));
        const files = fileTexts(small);
        expect([before.files, after]).toContainEqual(files);
        if (cut === 2) expect(files).toEqual(after);
      }),
      { numRuns: 100 },
    );
  });

  test('after a sync loses nothing, whatever the disk still had in its cache', () => {
    const { small, after } = boxBeforeSync(64);
    small.run((box) => {
      syncFileSystem(box, 'original');
      loseCache(box);
    });
    const isReplayed = rebootWith(small, small.medium());
    expect(isReplayed).toBe(true);
    expect(fileTexts(small)).toEqual(after);
  });

  test('shows the same files before the mount as after it', () => {
    const { small, after } = boxBeforeSync(64);
    small.run((box) => {
      syncFileSystem(box, 'original');
      loseCache(box);
      box.machine.kernels.original.mounted = false;
    });
    expect(fileTexts(small)).toEqual(after);
  });

  test('in a write of the journal is found by its checksum', () => {
    const { small, before, after } = boxBeforeSync(0);
    const writes = recordSync(small).flat();
    const [descriptor, , ...rest] = writes;
    const untilCommit = rest.slice(0, 6);
    const withoutOneCopy = [...(descriptor ? [descriptor] : []), ...untilCommit];
    rebootWith(small, withWrites(before.medium, withoutOneCopy));
    expect(fileTexts(small)).toEqual(before.files);
    rebootWith(small, withWrites(before.medium, writes.slice(0, 8)));
    expect(fileTexts(small)).toEqual(after);
  });
});
