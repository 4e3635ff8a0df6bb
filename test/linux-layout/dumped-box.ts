/** A box that ran to its end and was saved: its dump as a file for other people's tools, and what the box says of it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type BoxOptions, defaultOptions } from '../../machines/options/box-options.ts';
import { diskFiles } from '../../scripts/cli/disk-files.ts';
import { runBox } from '../../scripts/compare/run-box.ts';
import { type RunFacts, runFacts } from '../../scripts/report/run-facts.ts';
import { prepareFolder, saveRun } from '../../scripts/saved-run/save-run.ts';

export type DumpedBox = { readonly vmcore: string; readonly folder: string; readonly facts: RunFacts };

const root = mkdtempSync(join(tmpdir(), 'kexec-jump-layout-'));
afterAll(() => rmSync(root, { recursive: true }));

const known = new Map<string, DumpedBox>();

/** The same options give the same files, made once for each file of tests. */
export function dumpedBox(given: Partial<BoxOptions>): DumpedBox {
  const key = JSON.stringify(given);
  const before = known.get(key);
  if (before !== undefined) return before;
  const options = { ...defaultOptions, cpus: 2, ...given };
  const { history, isStopped } = runBox(options, {
    err: { isTerminal: false, columns: 80, paint: (text) => text, write: () => undefined },
    clockMs: () => 0,
  });
  const folder = join(root, String(known.size));
  prepareFolder(folder, diskFiles);
  saveRun(folder, { history, options, isStopped }, diskFiles, 'test');
  const dumped = { vmcore: join(folder, 'vmcore.elf'), folder, facts: runFacts(history, options, isStopped) };
  known.set(key, dumped);
  return dumped;
}

/** The log of A as the saved run has it. */
export const savedLog = ({ folder }: DumpedBox): string =>
  readFileSync(join(folder, 'dmesg-a.txt'), 'latin1');

export const scratchFile = (name: string): string => join(root, name);
