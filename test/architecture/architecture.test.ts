import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow, layers, rootFolder, sourceFiles } from './source-files.ts';

/** Tables of facts may be longer than code (style): one entry a line, nothing else in them. */
const tables = ['kernels/linux/messages/kernel-6-12.ts'];
const lineLimit = 300;

describe('the house', () => {
  it.each(sourceFiles.map((file) => [file.path, file] as const))(
    '%s imports only from its own layer or from below',
    (_path, file) => {
      const above = layers.slice(layers.indexOf(file.layer) + 1);
      const wrong = file.imports.filter(
        ({ name, isOwn }) =>
          isOwn && (above.some((layer) => name.startsWith(`${layer}/`)) || name.startsWith('test/')),
      );
      expect(wrong).toEqual([]);
    },
  );

  it('has no file of more than 300 lines, tables of facts apart', () => {
    const long = sourceFiles.filter(({ path, lines }) => lines.length > lineLimit && !tables.includes(path));
    expect(long.map(({ path, lines }) => `${path}: ${lines.length}`)).toEqual([]);
  });

  it('has no cycle of imports, not even of types', () => {
    expect(cycles()).toEqual([]);
  });

  it('asks no clock, chance, environment, disk or process below scripts/', () => {
    const banned =
      /\b(Date\.now|new Date\(|Math\.random|performance\.now|setTimeout|setInterval|process\.(?:env|argv|exit|std|hr|nextTick|cwd|on)|crypto\.randomUUID|randomBytes)|from 'node:(fs|os|process|child_process|worker_threads|http|net|readline|timers)/;
    const wrong = sourceFiles.filter(
      ({ layer, text }) => layer !== 'scripts' && banned.test(withoutComments(text)),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('uses no package at run time but xstate, immer and zstd', () => {
    const packages = new Set(
      sourceFiles.flatMap(({ imports }) =>
        imports.filter(({ isOwn, name }) => !isOwn && !name.startsWith('node:')).map(({ name }) => name),
      ),
    );
    expect([...packages].sort()).toEqual(['@bokuweb/zstd-wasm', 'immer', 'xstate']);
  });

  it('lets charts see only types of kernels/, names of callbacks and shapes apart', () => {
    const charts = sourceFiles.filter(({ path }) =>
      /^machines\/(original|dump|device|firmware|kernel\/|paths\/)/.test(path),
    );
    const allowed = ['kernels/shape.ts', 'kernels/assert.ts', 'kernels/machine.ts'];
    const wrong = charts.flatMap(({ path, text }) =>
      [...text.matchAll(/^import (?!type)[^;]*from '([^']*kernels\/[^']*)'/gm)]
        .filter((match) => !allowed.some((name) => (match[1] ?? '').endsWith(name)))
        .filter((match) => !/import \{ type [^,}]*\}/.test(match[0]))
        .map((match) => `${path}: ${match[1]}`),
    );
    expect(wrong).toEqual([]);
  });

  it('names no path of a machine and nothing outside the repository', () => {
    const wrong = [...sourceFiles.map(({ path }) => path), ...filesBelow('test')].filter((path) =>
      /['"`](\/(home|work|root|tmp)\/)/.test(readFileSync(join(rootFolder, path), 'utf8')),
    );
    expect(wrong).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
}

/** Every import counts, type imports too: depth first, a file met again on its own way is a cycle. */
function cycles(): string[] {
  const imports = new Map(
    sourceFiles.map(({ path, imports: all }) => [
      path,
      all.filter(({ isOwn }) => isOwn).map(({ name }) => name),
    ]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) {
      found.push([...way.slice(way.indexOf(path)), path].join(' -> '));
      return;
    }
    if (done.has(path)) return;
    for (const next of imports.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return found;
}
