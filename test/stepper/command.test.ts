import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rootFolder } from '../architecture/source-files.ts';
import { kjump } from '../scripts/memory-io.ts';
import { answers, quickBox, stepped } from './stepped.ts';

describe('kjump step', () => {
  it('reads commands from a pipe and ends with exit code 0 at its end', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', join(rootFolder, 'scripts/kjump.ts'), 'step', ...quickBox],
      { input: 'where\r\nc jump.ask\nwhere', encoding: 'utf8', cwd: rootFolder },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe(
      'step 0, 0.000000 s, nobody executes: operator idle, firmware off, original off, dump absent',
    );
    expect(lines.at(-1)).toMatch(/^step \d+, [\d.]+ s, original executes: operator jumping, /);
  });

  it('where prints one line, and nothing else is printed', async () => {
    expect((await stepped(['where', 'quit'])).stdout).toBe(
      'step 0, 0.000000 s, nobody executes: operator idle, firmware off, original off, dump absent\n',
    );
  });

  it("takes run's options of the box", async () => {
    const { stdout } = await stepped(
      ['p plan.path', 'p plan.size.cpuCount'],
      ['--path', 'kdump', '--cpus', '3', '--ram', '256M'],
    );
    expect(stdout).toBe('plan.path = kdump\nplan.size.cpuCount = 3\n');
  });

  it('with --json answers every line with one line of JSON: verb, branch, step, time', async () => {
    const [where, step, stop] = await answers('where', 's', 'b jump.left');
    expect(where).toEqual({
      verb: 'where',
      branch: 'main',
      step: 0,
      timeNs: 0,
      owner: 'nobody',
      states: { operator: 'idle', firmware: 'off', original: 'off', dump: 'absent' },
    });
    expect(step).toMatchObject({
      verb: 's',
      step: 1,
      timeNs: 1_000_000,
      steps: 1,
      reasons: [],
      last: { step: 1 },
    });
    expect(stop).toMatchObject({ verb: 'b', number: 1, kind: 'break', text: 'jump.left' });
  });

  it('tells the same story byte for byte when the same lines come again', async () => {
    const lines = [
      'n 3',
      'c jump.left',
      'info memory',
      'diff 20',
      'inject panic@syscore.suspend',
      'goto 20',
      'c',
      'info console 5',
    ];
    expect(await stepped(lines)).toEqual(await stepped(lines));
  });

  it('says in its help what it reads', async () => {
    const { code, stdout } = await kjump(['step', '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('Reads commands from standard input');
  });
});
