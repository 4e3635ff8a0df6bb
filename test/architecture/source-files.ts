/** The project's own sources as the architecture tests see them: path, text, imports. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

export const rootFolder = fileURLToPath(new URL('../..', import.meta.url));

export const layers = ['image', 'kernels', 'machines', 'scripts'] as const;
export type Layer = (typeof layers)[number];

export type SourceFile = {
  readonly path: string;
  readonly layer: Layer;
  readonly text: string;
  readonly lines: readonly string[];
  /** Paths of imported project files, and names of packages. */
  readonly imports: readonly { readonly name: string; readonly isOwn: boolean }[];
};

export const sourceFiles: readonly SourceFile[] = layers.flatMap((layer) =>
  filesBelow(layer).map((path) => {
    const text = readFileSync(join(rootFolder, path), 'utf8');
    return { path, layer, text, lines: text.split('\n'), imports: importsOf(path, text) };
  }),
);

export function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(rootFolder, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .sort();
}

function importsOf(path: string, text: string): SourceFile['imports'] {
  const names = [...text.matchAll(/(?:^(?:import|export|\}) [^'\n]*from |import\()'([^']+)'/gm)].map(
    (match) => match[1] ?? '',
  );
  return names.map((name) =>
    name.startsWith('.')
      ? { name: normalize(join(dirname(path), name)), isOwn: true }
      : { name, isOwn: false },
  );
}
