import { describe, expect, it } from 'vitest';
import { OptionError } from '../../machines/options/option-error.ts';
import { StepperError } from '../../scripts/stepper/stepper-error.ts';
import { type KitErrorCode, kitErrorCodes } from '../kit/kit-error.ts';
import { assertBox, box, matchers, TestBox } from '../kit/testing.ts';

/** Small and quick, and no packets: nothing happens while nothing happens. */
const quick = { ramBytes: 2 ** 28, devices: ['disk', 'gpu', 'console', 'timer'], tasks: 1, work: 4 };

/** Smaller still: two devices fewer, and nobody works. */
const tiny = { ramBytes: 2 ** 28, devices: ['disk'], tasks: 1, work: 0 };

describe('a box', () => {
  it('begins switched off', () => {
    const machine = box(quick);
    expect([machine.position, machine.state('original'), machine.verdict]).toEqual([0, 'off', undefined]);
    expect(machine.possible()).toEqual(['timer operator soon in kexec-jump.idle']);
  });

  it('steps, goes back and goes to a position; behind the last step nothing can happen', () => {
    const machine = box(quick);
    expect(machine.step()).toBe(true);
    expect(machine.goto(20).back(3).position).toBe(17);
    expect(machine.back(100).position).toBe(0);
    const end = machine.until('end').position;
    expect(machine.step()).toBe(false);
    expect([machine.position, machine.verdict]).toEqual([end, 'restored']);
  });

  it('runs until an actor is in a state; no step when it is already', () => {
    const machine = box(quick).until('original kexec.freezing');
    expect(machine.state('original')).toBe('kexec.freezing.asking');
    const { position } = machine;
    expect(machine.until('original kexec').position).toBe(position);
    expect(machine.isIn('original kexec.freezing')).toBe(true);
    expect(machine.isIn('original kexec.freezingLate')).toBe(false);
  });

  it('runs until a state that is only passed through', () => {
    const machine = box(quick).until('original kexec.takingCpusDown.deciding');
    expect(machine.record?.turns[0]?.through).toContain('kexec.takingCpusDown.deciding');
  });

  it('runs until a step does something: every place of the stepper', () => {
    const machine = box(quick);
    expect(machine.until('jump.left').record?.notes).toEqual([{ type: 'jump.left', kernel: 'original' }]);
    const { position } = machine;
    expect(machine.until('jump.left').position).toBeGreaterThan(position);
    expect(machine.until('/OOM killer enabled/').console().join('\n')).toContain('OOM killer enabled');
  });

  it('forks: two boxes with one past', () => {
    const machine = box(quick).goto(20);
    const fork = machine.fork();
    fork.inject('device-fails@freeze:gpu').until('end');
    machine.until('end');
    expect([machine.verdict, fork.verdict]).toEqual(['restored', 'aborted']);
    expect(fork.goto(20).world.machine.devices).toBe(machine.goto(20).world.machine.devices);
  });

  it('takes another of the possible picks', () => {
    const machine = box(quick).until('jump.left').back();
    const timer = machine.possible().find((pick) => pick.startsWith('timer operator watchdog')) ?? '';
    expect(machine.take(timer).state('operator')).toBe('hung');
  });

  it('is made again from its picks: the same story', () => {
    const machine = box(quick).goto(20).inject('device-fails@freeze:gpu').until('end');
    const again = box({ ...quick, faults: [{ name: 'device-fails', where: 'freeze:gpu' }] }).replay(
      machine.picks(),
    );
    expect(again.until('end').story()).toEqual(machine.story());
  });

  it('takes no notice of what is known beyond: story, console, picks and laws end where it stands', () => {
    const machine = box(quick).until('end').goto(10);
    expect(machine.story()).toHaveLength(10);
    expect(machine.violations()).toEqual([]);
    expect(machine.picks().length).toBeLessThanOrEqual(10);
  });
});

describe('matchers', () => {
  const machine = box(quick).until('original kexec.freezing');

  it('say what was expected and found, then the last steps and what may happen next', () => {
    const { pass, message } = matchers.toBeInState(machine, 'original running');
    expect(pass).toBe(false);
    const lines = message().split('\n');
    expect(lines[0]).toBe('expected original running, found kexec.freezing.asking');
    expect(lines[1]).toBe('The last steps:');
    expect(lines).toHaveLength(11);
    expect(lines.at(-2)).toMatch(
      /original <- device.answered: kexec.preparing.asking -> kexec.freezing.asking/,
    );
    expect(lines.at(-1)).toBe(
      'May happen next: deliver original > original/timer; timer operator watchdog in kexec-jump.jumping',
    );
  });

  it('turned round by not say so', () => {
    expect(matchers.toBeInState(machine, 'original kexec').message()).toMatch(
      /^expected not original kexec, found kexec.freezing.asking\n/,
    );
    expect(matchers.toObeyLaws(machine).message()).toMatch(/^expected not no broken law, found\nnone\n/);
  });

  it('toTellStory and toPrint want the lines in order, others between them', () => {
    const told = ['load.ask', 'kexec.load', 'jump.ask'];
    expect(matchers.toTellStory(machine, told).pass).toBe(true);
    const turned = matchers.toTellStory(machine, [...told].reverse());
    expect(turned.pass).toBe(false);
    expect(turned.message()).toMatch(
      /^expected in the story, in this order: "kexec.load", found all before it and not that\n/,
    );
    expect(matchers.toPrint(machine, ['Freezing user space', 'OOM killer disabled']).pass).toBe(true);
    expect(
      matchers.toPrint(machine, ['OOM killer disabled', 'Freezing user space processes completed']).pass,
    ).toBe(false);
  });

  it('toHaveVerdict tells that there is none yet', () => {
    expect(matchers.toHaveVerdict(machine, 'restored').message()).toMatch(
      /^expected the verdict restored, found none yet\n/,
    );
  });

  it('toObeyLaws names the law and the step', () => {
    const broken = box({ ...quick, quirks: ['leaves-devices-frozen'] }).until('original kexec.freezing');
    broken.inject('device-fails@freeze:gpu').until('end');
    expect(matchers.toObeyLaws(broken).message()).toMatch(/found\nfrozen-devices-resume at step \d+: /);
  });

  it('throw when there is no test runner to tell', () => {
    expect(() => assertBox(machine).toBeInState('original kexec')).not.toThrow();
    expect(() => assertBox(machine).toBeInState('original running')).toThrow(
      'expected original running, found',
    );
    for (const name of Object.keys(matchers)) expect(assertBox(machine)).toHaveProperty(name);
  });
});

describe('what a box does not have or what does not happen is told', () => {
  const provocations: Readonly<Record<KitErrorCode, () => unknown>> = {
    'actor.unknown': () => box(tiny).state('orginal'),
    'place.form': () => box(tiny).isIn('original'),
    'place.unreached': () => box(tiny).goto(60).until('original booting.starting'),
    'position.beyond': () => box(tiny).goto(10_000),
    'pick.impossible': () => box(tiny).take('power.cut'),
    'picks.left': () => box(tiny).replay(Array.from({ length: 1000 }, () => 0)),
  };

  it.each(kitErrorCodes)('%s', (code) => {
    expect(provocations[code]).toThrow(expect.objectContaining({ name: 'KitError', code }));
  });

  it('a place that was never reached ends with the last steps', () => {
    expect(() => box(tiny).until('end').until('original kexec')).toThrow(
      /original kexec was never reached.\nThe last steps:\n[\s\S]*Nothing can happen any more./,
    );
  });

  it('states, places, faults and options that do not exist are told with those that do', () => {
    expect(() => box(tiny).isIn('original kexec.freezin')).toThrow(StepperError);
    expect(() => box(tiny).until('jmp.left')).toThrow('Did you mean jump.left?');
    expect(() => box(tiny).inject('device-fails@freeze:toaster')).toThrow(OptionError);
    expect(() => box({ path: 'nowhere' })).toThrow('--path: expected one of');
  });

  it('and a box is a TestBox, for whoever writes helpers', () => {
    expect(box(tiny)).toBeInstanceOf(TestBox);
  });
});
