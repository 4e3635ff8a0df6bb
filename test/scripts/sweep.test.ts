/** `kjump sweep`: the tables that it prints, the parts that it can be cut into, and what it says to bad input. */
import { describe, expect, it } from 'vitest';
import { sweepExitCode } from '../../scripts/sweep/judgement.ts';
import type { SweepRow } from '../../scripts/sweep/sweep-rows.ts';
import { kjump } from './memory-io.ts';

const small = ['--devices', 'disk', '--work', '4', '--jobs', '1', '--load', 'reserved'];
const struck = [
  ...small,
  '--table',
  'faults',
  '--variant',
  'hibernate',
  '--fault',
  'image-rots,other-machine',
];

type Swept = { readonly rows: readonly SweepRow[] };
const rowsOf = async (...args: string[]): Promise<readonly SweepRow[]> => {
  const { stdout } = await kjump(['sweep', ...args, '--json']);
  return (JSON.parse(stdout) as Swept).rows;
};
const nameOf = ({ fault, where, attempt }: SweepRow): string => `${fault}@${where} ${attempt}`;

describe('kjump sweep', () => {
  it('counts how runs without faults end', async () => {
    const args = [
      '--table',
      'runs',
      '--variant',
      'jump-back',
      '--cpus',
      '1',
      '--workload',
      'editor,database',
    ];
    const { code, stdout, stderr } = await kjump(['sweep', ...small, ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "without faults
      processors 1; workloads editor, database
      variant and load     runs  restored  no end  explained  broken
      jump-back reserved      2         2       .          .       .
      all                     2         2       .          .       .

      laws: all hold, but those that a fault may break (explained)
      "
    `);
  });

  it('counts how every fault ends, place by place', async () => {
    const { code, stdout, stderr } = await kjump(['sweep', ...struck]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "every fault at every place: hibernate reserved
      fault           runs   lost  no end  explained  broken
      image-rots         3      3       .          .       .
      other-machine      1      1       .          .       .
      all                4      4       .          .       .

      laws: all hold, but those that a fault may break (explained)
      "
    `);
  });

  it('tries other chances from the second time on', async () => {
    const rows = await rowsOf(...struck, '--tries', '2');
    const rotten = rows.filter(({ where }) => where === 'image.check:data');
    expect(rotten.map(({ attempt, verdict }) => ({ attempt, verdict }))).toEqual([
      { attempt: 1, verdict: 'lost' },
      { attempt: 2, verdict: 'lost' },
    ]);
    expect(rows.every(({ broken }) => broken.length === 0)).toBe(true);
  });

  it('cut into shards has the same rows', async () => {
    const whole = await rowsOf(...struck);
    const [one, other] = [
      await rowsOf(...struck, '--shard', '1/2'),
      await rowsOf(...struck, '--shard', '2/2'),
    ];
    expect([...one, ...other].map(nameOf).sort()).toEqual(whole.map(nameOf).sort());
    expect(one.length).toBeGreaterThan(0);
    expect(other.length).toBeGreaterThan(0);
  });

  it('in threads has the same rows in the same order', async () => {
    const args = struck.filter((each, index) => each !== '--jobs' && struck[index - 1] !== '--jobs');
    expect(await rowsOf(...args, '--jobs', '2')).toEqual(await rowsOf(...struck));
  });

  it('stops runs at the limit, and says so with 3', async () => {
    const { code, stdout } = await kjump(['sweep', ...struck, '--limit', '20']);
    expect(code).toBe(3);
    expect(stdout).toContain('ends with nothing at the step limit');
  });

  it.each([
    [['--variant', 'sideways'], '--variant: expected one of jump-back'],
    [['--fault', 'flood'], '--fault: expected some of unfreezable-task'],
    [['--load', 'somehow'], '--load: expected some of reserved, on-demand'],
    [['--cpus', 'two'], '--cpus: expected whole numbers such as 1,2,8, found two'],
    [['--shard', '3/2'], '--shard: expected I/N, as in 2/4, found 3/2'],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await kjump(['sweep', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe('the exit code of a sweep', () => {
  const box = { variant: 'jump-back', load: 'reserved', cpus: 1, workload: 'editor' } as const;
  const fine: SweepRow = {
    ...box,
    end: 'ended',
    verdict: 'restored',
    steps: 9,
    broken: [],
    explained: [],
    ignoredCount: 0,
  };
  const path = { path: 'kexec-jump' };

  it.each<[string, Partial<SweepRow>, number]>([
    ['0 when all is well', {}, 0],
    ['0 when a fault breaks what it may break', { fault: 'panic', verdict: 'hung', explained: ['a-law'] }, 0],
    ['1 when a run without a fault misses its goal', { verdict: 'lost' }, 1],
    ['1 when a law is broken', { fault: 'panic', broken: [{ law: 'a-law', text: 'it is' }] }, 1],
    ['1 when a wait has no end', { fault: 'panic', verdict: undefined }, 1],
    ['1 when an event is taken by no chart', { fault: 'panic', ignoredCount: 1 }, 1],
    ['3 when a run was stopped at the limit', { end: 'limit', verdict: undefined }, 3],
  ])('is %s', (_text, change, code) => {
    expect(sweepExitCode(path, [fine, { ...fine, ...change }])).toBe(code);
  });
});
