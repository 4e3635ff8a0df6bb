/**
 * A recorded boot as a test sees it: its marks, and how it ended, told from what the lab's scripts say (lines `LAB:`). Lines come from
 * test/golden/boots: of each capture the marks and those lines.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { Verdict } from '../../machines/paths/path.ts';

const folder = new URL('../golden/boots/', import.meta.url);

export const recordedNames: readonly string[] = readdirSync(folder).map((file) => file.replace('.log', ''));

export const recordedLines = (name: string): readonly string[] =>
  readFileSync(new URL(`${name}.log`, folder), 'utf8')
    .trimEnd()
    .split('\n');

/**
 * Sections of e8 that are no jumps: load calls that were refused one after the other, with raw numbers that no tool gives, eight at a time
 * or with sysctls set (linux.md A1.2). The same checks are tested call by call (test/kexec/segments.test.ts).
 */
const sectionsLeftOut = [
  'kexec -e with nothing loaded',
  '--load-preserve-context without --mem-max',
  'preserve-context with kexec_file_load',
  'mem-max too small',
  'mem-max larger than memory that can be backed up',
  'kexec -p without crashkernel=',
  'not a kernel',
  'raw kexec_load calls',
  'jump-back-helper with an image loaded',
  'load over a loaded image replaces it',
  'helper without entry',
  'concurrent loads',
  'kexec_load_disabled',
];

/** Up to the end of what was to be shown: after that the lab takes CPU 1 down once more (a3), counts failures, and switches off. */
export function shownLines(lines: readonly string[]): readonly string[] {
  const isEnd = (line: string): boolean => /LAB: poweroff \(end\)/.test(line);
  const lastReturn = lines.findLastIndex((line) => line.includes('==== back in kernel A'));
  const end = lastReturn < 0 ? lines.findIndex(isEnd) : lastReturn;
  const shown = end < 0 ? lines : lines.slice(0, end);
  let isLeftOut = false;
  return shown.filter((line) => {
    const heading = /LAB: ==== (.*)/.exec(line)?.[1];
    if (heading !== undefined) isLeftOut = sectionsLeftOut.includes(heading);
    return !isLeftOut;
  });
}

/** manifest.json: the only one of these that had to be ended by force. */
const endedByForce: readonly string[] = ['a8'];

export function outcomeOf(name: string): Verdict {
  const lines = recordedLines(name);
  const says = (words: RegExp): boolean => lines.some((line) => words.test(line));
  const [, rounds = '0'] = /jump round \d+ of (\d+)/.exec(lines.join('\n')) ?? [];
  const returns = lines.filter((line) => line.includes('==== back in kernel A')).length;
  if (Number(rounds) > 0 && returns === Number(rounds)) return 'restored';
  if (says(/LAB: B: jump back failed|kexec_load failed: Invalid argument/) && says(/LAB: B: /))
    return 'refused';
  if (says(/LAB: B: plain kexec'ed kernel up/)) return 'lost';
  if (says(/LAB: jump fail=.* rc=255/)) return 'aborted';
  return endedByForce.includes(name) ? 'hung' : 'lost';
}
