import { describe, expect, it } from 'vitest';
import { paths } from '../../machines/paths/index.ts';
import { memoryIo } from '../scripts/memory-io.ts';
import { quickBox, stepped } from './stepped.ts';

const variants = paths.flatMap((path) => path.variants.map(({ name }) => ({ path, variant: name })));

describe('every path and variant', () => {
  it.each(variants)(
    '$path.name $variant is stepped to its end and back, and on again to the same',
    async ({ path, variant }) => {
      const memory = memoryIo({
        lines: ['goto end', 'where', 'goto start', 'n', 'goto end', 'where', 'info laws'],
      });
      const { stdout, stderr } = await stepped(
        [],
        [...quickBox, '--path', path.name, '--variant', variant],
        memory,
      );
      const ends = stdout
        .split('\n')
        .filter((line) => line.includes(' executes: ') && !line.startsWith('branch'));
      expect(stderr).toBe('');
      expect(ends).toHaveLength(2);
      expect(ends[1]).toBe(ends[0]);
      expect(stdout).toContain('no law is broken');
    },
  );
});
