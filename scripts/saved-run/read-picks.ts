/** What `--picks` names: a saved run (its folder or its trace), or a bare list of answers as JSON. */
import type { Files } from '../cli/files.ts';
import { InputError } from '../cli/input-error.ts';
import { readSavedRun, type SavedRun } from './read.ts';

export type PicksGiven =
  | { readonly type: 'picks.list'; readonly where: string; readonly picks: readonly number[] }
  | { readonly type: 'picks.run'; readonly where: string; readonly saved: SavedRun };

export function readPicks(path: string, files: Pick<Files, 'kindOf' | 'read'>): PicksGiven {
  if (files.kindOf(path) === 'folder' || !files.read(path).trimStart().startsWith('[')) {
    const saved = readSavedRun(path, files);
    return { type: 'picks.run', where: saved.where, saved };
  }
  return { type: 'picks.list', where: path, picks: listOf(files.read(path), path) };
}

function listOf(text: string, where: string): readonly number[] {
  const malformed = (found: string): InputError =>
    new InputError('picks.malformed', { where, expected: 'a JSON list of whole numbers', found });
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    throw malformed('no JSON');
  }
  if (!Array.isArray(list)) throw malformed(typeof list);
  const index = list.findIndex((answer) => !Number.isSafeInteger(answer) || answer < 0);
  if (index >= 0) throw malformed(`${JSON.stringify(list[index])} at place ${index}`);
  return list;
}
