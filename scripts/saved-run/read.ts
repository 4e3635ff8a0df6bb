/**
 * Reads a saved run back: what box it was and what was picked, which is enough to run it again; everything else in the folder follows
 * from that. Nothing in the file is believed before its form was checked.
 */
import { join } from 'node:path';
import type { Plan } from '../../kernels/plan.ts';
import { type BoxOptions, defaultOptions, type GivenMemory } from '../../machines/options/box-options.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { beginBox } from '../../machines/system/begin.ts';
import { History, runToEnd } from '../../machines/system/history.ts';
import type { Files } from '../cli/files.ts';
import { InputError } from '../cli/input-error.ts';
import { givenPicks } from './picks.ts';
import { planDigest, traceFormat, traceName } from './trace.ts';

export type SavedRun = {
  /** The file it was read from. */
  readonly where: string;
  readonly options: BoxOptions;
  readonly plan: string;
  readonly steps: number;
  readonly isStopped: boolean;
  readonly picks: readonly number[];
  /** What `run --memory` was given: not in the folder, so whoever runs it again gives it again. */
  readonly memory: { readonly file: string; readonly digest: string } | undefined;
};

/** From the folder of a saved run, or from the trace in it. */
export function readSavedRun(path: string, files: Pick<Files, 'kindOf' | 'read'>): SavedRun {
  const where = files.kindOf(path) === 'folder' ? join(path, traceName) : path;
  return parseTrace(files.read(where), where);
}

export function parseTrace(text: string, where: string): SavedRun {
  const [first = ''] = text.split('\n', 1);
  const header = jsonOf(first);
  if (!isRecord(header) || header['format'] !== traceFormat) {
    throw new InputError('trace.not-ours', {
      where,
      expected: `a first line with the format "${traceFormat}"`,
      found: first === '' ? 'nothing' : shortened(first),
    });
  }
  const { options, plan, steps, isStopped, picks } = header;
  const damaged = (expected: string, found: unknown): InputError =>
    new InputError('trace.damaged', {
      where,
      expected,
      found: shortened(JSON.stringify(found) ?? 'nothing'),
    });
  if (typeof plan !== 'string') throw damaged('a digest of the plan', plan);
  if (!isCount(steps)) throw damaged('the number of steps', steps);
  if (typeof isStopped !== 'boolean') throw damaged('whether the run was stopped', isStopped);
  if (!Array.isArray(picks) || !picks.every(isCount)) throw damaged('the list of picks', picks);
  const { memory: given, ...boxOptions } = isRecord(options) ? options : {};
  if (!isRecord(options) || !isBoxOptions(boxOptions)) throw damaged('the options of a box', options);
  const memory = memoryOf(given);
  if (given !== undefined && memory === undefined) throw damaged('a file and the digest of its pages', given);
  return { where, options: { ...defaultOptions, ...boxOptions }, plan, steps, isStopped, picks, memory };
}

/** Throws unless a run that was made with a file is given the same pages again. */
export function checkMemory({ memory, where }: SavedRun, given: GivenMemory | undefined): void {
  if (memory === undefined || given?.pages.digest === memory.digest) return;
  throw new InputError(given === undefined ? 'memory.wanted' : 'memory.other', {
    where,
    expected: `the pages of ${memory.file}, whose digest is ${memory.digest}`,
    found: given === undefined ? 'no --memory' : `${given.file} with ${given.pages.digest}`,
  });
}

/** The run again, as far as it went. */
export function historyOfSaved(saved: SavedRun): History {
  checkMemory(saved, saved.options.memory);
  const history = replayedHistory(planOf(saved.options), saved);
  runToEnd(history, saved.steps);
  return history;
}

/** A box that is given the picks of a saved run. Refuses when this program makes another box of the options. */
export function replayedHistory(plan: Plan, saved: SavedRun): History {
  if (planDigest(plan) !== saved.plan) {
    throw new InputError('picks.misfit', {
      where: saved.where,
      expected: `a box whose plan has the digest ${saved.plan}`,
      found: planDigest(plan),
    });
  }
  const { rules, world } = beginBox(plan);
  const picks = givenPicks(saved.picks, saved.where);
  return new History(rules, world, () => picks);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

function memoryOf(value: unknown): SavedRun['memory'] {
  if (!isRecord(value) || !isRecord(value['pages'])) return undefined;
  const { file } = value;
  const { digest } = value['pages'];
  return typeof file === 'string' && typeof digest === 'string' ? { file, digest } : undefined;
}

/** Every field known and of its kind; whether names and numbers fit is for planOf to say. */
function isBoxOptions(value: unknown): value is Partial<BoxOptions> {
  if (!isRecord(value)) return false;
  const known: Readonly<Record<string, unknown>> = { ...defaultOptions, variant: '', devices: [''] };
  return Object.entries(value).every(([name, field]) => {
    const like = known[name];
    if (name === 'faults') return Array.isArray(field) && field.every(isFault);
    if (Array.isArray(like)) return Array.isArray(field) && field.every((each) => typeof each === 'string');
    return Object.hasOwn(known, name) && typeof field === typeof like;
  });
}

const isFault = (value: unknown): boolean =>
  isRecord(value) &&
  typeof value['name'] === 'string' &&
  (value['where'] === undefined || typeof value['where'] === 'string');

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
