/** The same options and picks give the same story, byte for byte: in another process, and on another Node. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskFiles } from '../../scripts/cli/disk-files.ts';
import { needs, run } from '../kit/needs.ts';
import { kjump, memoryIo } from './memory-io.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kjump-replay-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Saves a run in this process, and its replay in another one, which prints nothing to standard error. */
async function replayOn(node: string, ...options: readonly string[]): Promise<void> {
  const [first, again] = [join(folder, 'first'), join(folder, 'again')];
  const memory = memoryIo();
  const io = { ...memory.io, files: diskFiles, version: versionOf(node) };
  await kjump(['run', ...options, '--save', first], { ...memory, io });
  const { status, stderr } = run(node, [
    '--import',
    'tsx',
    'scripts/kjump.ts',
    'run',
    '--picks',
    first,
    '--save',
    again,
  ]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(readdirSync(again)).toEqual(readdirSync(first));
  for (const name of readdirSync(first)) {
    const isSame = readFileSync(join(again, name)).equals(readFileSync(join(first, name)));
    expect({ name, isSame }).toEqual({ name, isSame: true });
  }
}

/** The version of this program stands in the trace. */
const versionOf = (node: string): string =>
  run(node, ['--import', 'tsx', 'scripts/kjump.ts', '--version']).stdout.trim();

const small = ['--ram', '256M', '--load', 'reserved', '--workload', 'database', '--tasks', '2'];

describe('a run replayed from its picks', () => {
  it('in another process leaves the same files, byte for byte', async () => {
    await replayOn(process.execPath, ...small);
  });

  it('on another version of Node leaves the same files, byte for byte', async (context) => {
    const node = needs(context, 'other-node');
    expect(run(node, ['--version']).stdout.trim()).not.toBe(process.version);
    await replayOn(node, ...small);
  });
});
