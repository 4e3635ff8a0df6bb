/** `--memory FILE`: the options of a box, with the pages that its A has in memory. Reading a file loads every format, so that comes late. */
import type { BoxOptions } from '../../machines/options/box-options.ts';
import type { Files } from './files.ts';

/** The same options when no file was given. */
export async function withMemory(
  options: BoxOptions,
  path: string | undefined,
  files: Pick<Files, 'open'>,
): Promise<BoxOptions> {
  if (path === undefined) return options;
  const { readMemory } = await import('./read-memory.ts');
  return { ...options, memory: readMemory(options, path, files) };
}
