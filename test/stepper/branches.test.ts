import { describe, expect, it } from 'vitest';
import { kjump, memoryIo, textOf } from '../scripts/memory-io.ts';
import { answers, quickBox, stepped, told } from './stepped.ts';

describe('branches', () => {
  it('pick makes something else happen next; what was known to come stays in its branch', async () => {
    const [, , picks, picked, forks, back, same] = await answers(
      'c jump.left',
      'rs',
      'info picks',
      'pick 2',
      'forks',
      'switch main',
      's',
    );
    expect(picks.picks.map(({ key }: { key: string }) => key)).toEqual([
      'deliver original/disk > original',
      'timer operator watchdog in kexec-jump.jumping',
    ]);
    expect(picked).toMatchObject({
      branch: 'pick-1',
      last: { pick: 'timer operator watchdog in kexec-jump.jumping' },
    });
    expect(forks.branches.map(({ name, known }: { name: string; known: number }) => [name, known])).toEqual([
      ['main', 53],
      ['pick-1', 53],
    ]);
    expect(back).toMatchObject({ branch: 'main', step: 52 });
    expect(same).toMatchObject({ step: 53, last: { pick: 'deliver original/disk > original' } });
  });

  it('pick at the end of what is known needs no branch', async () => {
    const [, picked] = await answers('goto 5', 'pick 1');
    expect(picked).toMatchObject({ branch: 'main', step: 6 });
  });

  it('inject plans a fault from here on, in a branch of its own', async () => {
    const [, , injected, end, main] = await answers(
      'goto end',
      'goto 20',
      'inject device-fails@freeze:gpu',
      'c',
      'switch main',
    );
    expect(injected).toMatchObject({ branch: 'device-fails-1', step: 20, place: 'freeze:gpu' });
    expect(end).toMatchObject({ edge: 'end', ending: { verdict: 'aborted', violations: [] } });
    expect(main).toMatchObject({ branch: 'main', step: 20 });
  });

  it('inject says when the place was passed already', async () => {
    const [, injected] = await answers('c original kexec.leaving', 'inject device-fails@freeze:gpu');
    expect(injected.passed).toBeLessThan(injected.step);
  });

  it('fork and switch keep several side by side, each where it was left', async () => {
    expect(
      await told('goto 12', 'fork', 's 2', 'fork aside', 'switch main', 'forks', 'switch fork-1', 'where'),
    ).toMatchInlineSnapshot(`
      "over 12 steps
        12  3.965207  task.work editor
            changes 1 page of memory
      branch fork-1: step 12 of fork-1, 3.965207 s, original executes: operator loading, firmware handedOver, original loading.asking, dump absent
        13      4.115207  task.work editor
        14      4.265207  task.work editor
      branch aside: step 14 of aside, 4.265207 s, original executes: operator loading, firmware handedOver, original loading.asking, dump absent
      branch main: step 12, 3.965207 s, original executes: operator loading, firmware handedOver, original loading.asking, dump absent
      * main: step 12, known up to 12
        fork-1: step 14, known up to 14
        aside: step 14, known up to 14
      branch fork-1: step 14 of fork-1, 4.265207 s, original executes: operator loading, firmware handedOver, original loading.asking, dump absent
      step 14 of fork-1, 4.265207 s, original executes: operator loading, firmware handedOver, original loading.asking, dump absent"
    `);
  });

  it('diff shows what a step changed: states, records, messages, and pages with their owners', async () => {
    expect((await told('c jump.left', 'diff')).split('\n').slice(11)).toMatchInlineSnapshot(`
      [
        "main@52, 6.204967 -> main@53, 6.204972",
        "states",
        "  original  kexec.freezingNoirq.asking -> kexec.leaving",
        "records",
        "  original.devices[0].at                  late -> noirq",
        "  machine.owner                           original -> purgatory",
        "  machine.cpus[0].interrupts              true -> false",
        "  machine.kernels.original.state          running -> away",
        "  machine.kernels.original.syscoreAsleep  false -> true",
        "  machine.kernels.original.logged         45 -> 46",
        "  machine.kernels.dump.state              absent -> running",
        "messages under way",
        "  queues.original/disk > original  [{"type":"device.answered","device":0}] -> nothing",
        "  queues.hardware > dump           nothing -> [{"type":"control.arrived","by":"jump"}]",
        "memory: 13 pages",
        "  A: kernel data            3  0x1a00 0x1a11 0x1a15",
        "  A: log buffer             4  0x1d20-0x1d21 0x1d2d 0x1d59",
        "  A: task structures        1  0x1d7c",
        "  A: what it left behind    1  0x1d7e",
        "  kexec of A: control page  1  0x1da8",
        "  kexec of A: swap page     1  0x1da9",
        "  A: struct pages           2  0xfa76 0xfdfe",
      ]
    `);
  });

  it('diff compares steps and branches', async () => {
    const [, , , , same, own, other] = await answers(
      'goto 30',
      'fork aside',
      'goto 40',
      'switch main',
      'diff 30 aside@30',
      'diff 30',
      'diff main aside',
    );
    const nothing = { states: [], fields: [], queues: [], pages: [], blocks: [] };
    expect(same).toMatchObject({ before: 'main@30', after: 'aside@30', ...nothing });
    expect(own).toMatchObject({ before: 'main@30', after: 'main@30', ...nothing });
    expect(other).toMatchObject({ before: 'main@30', after: 'aside@40' });
    expect(other.states).not.toEqual([]);
  });
});

describe('files', () => {
  it('what is saved is made again by run --picks and opened at its end by step --picks', async () => {
    const lines = ['goto 20', 'inject device-fails@freeze:gpu', 'c', 'where', 'save saved.ndjson'];
    const memory = memoryIo({ lines });
    const { stdout } = await stepped(lines, quickBox, memory);
    const where = stdout.split('\n').find((line) => line.includes(' executes: '));
    const files = { 'saved.ndjson': textOf(memory.files.get('saved.ndjson')) };

    const ran = await kjump(['run', '--picks', 'saved.ndjson', '--json'], memoryIo({ files }));
    expect(JSON.parse(ran.stdout)).toMatchObject({ verdict: 'aborted' });

    const opened = await stepped([], ['--picks', 'saved.ndjson'], memoryIo({ files, lines: ['where'] }));
    expect(opened.stdout.trimEnd()).toBe(where?.replace(' of device-fails-1', ''));
  });

  it('a run saved in the middle is opened in the middle, and goes on in time', async () => {
    const memory = memoryIo({ lines: ['c jump.left', 'save middle.ndjson'] });
    await stepped([], quickBox, memory);
    const files = { 'middle.ndjson': textOf(memory.files.get('middle.ndjson')) };
    const opened = await stepped(
      [],
      ['--picks', 'middle.ndjson', '--json'],
      memoryIo({ files, lines: ['info step', 'c'] }),
    );
    const [here, end] = opened.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(here.record.notes).toEqual([{ type: 'jump.left', kernel: 'original' }]);
    expect(end.ending).toEqual({ verdict: 'restored', violations: [] });
  });

  it('a bare list of picks is opened at its end', async () => {
    const files = { 'picks.json': '[0,0,0]' };
    const { stdout } = await stepped(
      [],
      [...quickBox, '--picks', 'picks.json'],
      memoryIo({ files, lines: ['where'] }),
    );
    expect(stdout).toMatch(/^step \d+, /);
  });

  it('save refuses a run that would not come out the same, because the place of a fault had been passed', async () => {
    const { stderr } = await stepped([
      'c jump.left',
      'inject device-fails@freeze:gpu',
      'c',
      'save lost.ndjson',
    ]);
    expect(stderr).toContain('save: expected a run that comes out the same from the start');
  });

  it('source obeys the lines of a file, comments and empty lines apart, up to the first that cannot be obeyed', async () => {
    const files = { 'lines.txt': '# to the jump\n\nc jump.ask\nwhere\n', 'bad.txt': 's\nfrobnicate\ns\n' };
    const memory = memoryIo({ files, lines: ['source lines.txt', 'source bad.txt', 'where'] });
    const { stdout, stderr } = await stepped([], quickBox, memory);
    const stood = stdout.split('\n').filter((line) => line.includes(' executes: '));
    const steps = stood.map((line) => Number(/^step (\d+)/.exec(line)?.[1]));
    expect(steps).toEqual([steps[0], Number(steps[0]) + 1]);
    expect(stderr).toContain('found frobnicate');
  });

  it('a file that names itself is not followed for ever', async () => {
    const memory = memoryIo({ files: { loop: 'source loop\n' }, lines: ['source loop'] });
    expect((await stepped([], quickBox, memory)).stderr).toContain('files of lines at most 8 deep');
  });
});
