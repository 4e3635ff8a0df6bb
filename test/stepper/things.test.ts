import { beforeAll, describe, expect, it } from 'vitest';
import { planOf } from '../../machines/options/plan-of.ts';
import { answers, type JsonAnswer, stepped, told } from './stepped.ts';

/** Of A when it has left: B has not been started. */
const values = {
  owner: 'purgatory',
  'machine.owner': 'purgatory',
  'machine.devices.gpu.power': 'quiet',
  'devices[1].power': 'quiet',
  'tasks.editor.state': 'frozen',
  'kernels.original.tasks.0.state': 'frozen',
  'original.state': 'kexec.leaving',
  'original.imageLoaded': true,
  'original.context.devices.gpu.at': 'noirq',
  'original/gpu.state': 'frozenNoirq',
  'plan.load': 'reserved',
  'queues.hardware > dump[0].type': 'control.arrived',
};

/** The frame of the first task's structure in this box. */
const taskFrame = planOf({ ramBytes: 2 ** 28, devices: ['disk', 'gpu', 'console', 'timer'], tasks: 1 }).layout
  .original.tasks.start;

describe('a thing', () => {
  let seen: readonly JsonAnswer[] = [];

  beforeAll(async () => {
    seen = await answers('c jump.left', ...Object.keys(values).map((thing) => `p ${thing}`));
  });

  it.each(Object.entries(values))('%s can be looked at', (thing, value) => {
    expect(seen.find((answer) => answer.thing === thing)?.value).toEqual(value);
  });

  it('is told by its fields', async () => {
    expect(
      await told(
        'goto 2',
        'p tasks',
        'p clock',
        'p operator',
        'p original.cpus',
        'p work.command',
        'p faults',
      ),
    ).toMatchInlineSnapshot(`
      "over 2 steps
         2  0.001005  deliver operator > firmware
            firmware <- power.press: off -> testing
              orders firmware.test
      tasks
           state   refuses  done  heapPages  errors
        0  absent  false    0     0          0
      clock
        nowNs                                                    1005000
        since.work.complete processor                            1005000
        since.timer operator watchdog in kexec-jump.switchingOn  1000000
        kernels.original.skippedNs                               0
        kernels.original.asleepSinceNs                           0
        kernels.original.sleptNs                                 0
        kernels.original.asleepAtNs                              0
        kernels.dump.skippedNs                                   0
        kernels.dump.asleepSinceNs                               0
        kernels.dump.sleptNs                                     0
        kernels.dump.asleepAtNs                                  0
        kernels.restore.skippedNs                                0
        kernels.restore.asleepSinceNs                            0
        kernels.restore.sleptNs                                  0
        kernels.restore.asleepAtNs                               0
      operator
        state           switchingOn
        saved           unknown
        attempts        0
        rounds          2
        attemptsWanted  8
      original.cpus
           present  takenDown
        0  true     false
      work.command = firmware.test
      faults
        syscoreFails     false
        skipsSwap        false
        forgetsRegister  false
        refusesLoad      no
        dumpHasNoRoom    false
        movesMemoryMap   false
        outOfMemory      false
        otherBuild       false"
    `);
  });

  it('may be a page, with its owner, its content and its bytes', async () => {
    const lines = await told('goto 16', `p page ${taskFrame}`, 'p block 0');
    expect(lines.split('\n').filter((line) => !line.includes('content'))).toMatchInlineSnapshot(`
      [
        "over 16 steps",
        "  16  5.763254  deliver original > operator",
        "      operator <- load.answered: loading -> working",
        "page 0x1d7c, address 0x1d7c000: A: task structures",
        "  *",
        "  0001d7c020  00 ce d7 01 80 88 ff ff 00 00 00 00 00 00 00 00  ................",
        "  *",
        "  0001d7c330  30 c3 d7 01 80 88 ff ff 30 c3 d7 01 80 88 ff ff  0.......0.......",
        "  *",
        "  0001d7c380  00 cc d7 01 80 88 ff ff 00 cc d7 01 80 88 ff ff  ................",
        "  *",
        "  0001d7c400  90 01 00 00 90 01 00 00 00 00 00 00 00 00 00 00  ................",
        "  *",
        "  0001d7c430  00 00 00 00 00 00 00 00 00 c0 d7 01 80 88 ff ff  ................",
        "  *",
        "  0001d7c5d0  00 00 00 00 00 00 00 00 65 64 69 74 6f 72 00 00  ........editor..",
        "  *",
        "  0001d7cc60  00 00 00 00 00 00 00 00 00 b0 d8 01 80 88 ff ff  ................",
        "  *",
        "  0001d7cd00  04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  ................",
        "  *",
        "  and more",
        "block 0: partition table",
        "  zeros",
      ]
    `);
  });

  it('is watched in both directions, at the same steps', async () => {
    const [, , left, booted, , home] = await answers('c jump.ask', 'watch owner', 'c', 'c', 'c', 'rc');
    expect(left.reasons).toEqual(['watchpoint 1: owner: original -> purgatory']);
    expect(booted.reasons).toEqual(['watchpoint 1: owner: purgatory -> dump']);
    expect(home).toMatchObject({ step: booted.step, reasons: booted.reasons });
  });

  it('may be a page that is watched', async () => {
    const [, journey] = await answers(`watch page ${taskFrame}`, 'c');
    const change = new RegExp(
      `^watchpoint 1: page ${taskFrame}: zeros -> content \\d+, sha-256 [0-9a-f]{12}$`,
    );
    expect(journey.reasons).toEqual([expect.stringMatching(change)]);
  });

  it('is asked when it last changed, up to where one stands', async () => {
    const [journey, loaded, at, early, never, place] = await answers(
      'c jump.left',
      'when original.imageLoaded',
      'when owner',
      'goto 5',
      'when original.imageLoaded',
      'when power.press',
    );
    expect(loaded).toMatchObject({ text: 'original.imageLoaded: false -> true' });
    expect(at).toMatchObject({ changed: journey.step, text: 'owner: original -> purgatory' });
    expect(early.step).toBe(5);
    expect(never.changed).toBeNull();
    expect(place).toMatchObject({ changed: 2, text: 'firmware hears power.press' });
  });

  it.each([
    ['machine.devces', 'Did you mean devices?'],
    ['devices.gpux.power', 'Did you mean gpu?'],
    ['owner.name', 'expected no further field'],
    ['machin', 'Did you mean machine?'],
    ['page 0x10000000', 'page: expected a number below 0x'],
    ['page x', 'page: expected a number below 0x'],
    ['', 'p: expected a thing'],
  ])('that does not exist is told, with what does: %s', async (thing, help) => {
    const { stderr } = await stepped([`p ${thing}`]);
    expect(stderr).toContain(help);
  });
});
