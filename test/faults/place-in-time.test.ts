/** `PLACE#N`: a fault that strikes not the first time that the run comes to its place, but the Nth. */
import { describe, expect, it } from 'vitest';
import { placeInTime } from '../../machines/faults/places.ts';
import { OptionError } from '../../machines/options/option-error.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { beginBox } from '../../machines/system/begin.ts';
import { inTime } from '../../machines/system/choices.ts';
import { History, runToEnd } from '../../machines/system/history.ts';

const small = {
  ramBytes: 2 ** 28,
  cpus: 1,
  devices: ['disk', 'gpu'],
  tasks: 1,
  work: 4,
  noConsoleSuspend: true,
};

function countOfFreezes(where: string): number {
  const { rules, world } = beginBox(
    planOf({ ...small, variant: 'try-again', attempts: 4, faults: [{ name: 'syscore-fails', where }] }),
    true,
  );
  const history = new History(rules, world, inTime);
  expect(runToEnd(history, 5_000)).toBe('ended');
  const printed = history.allRecords.flatMap((record) => record.printed);
  return printed.filter(({ kernel, line }) => kernel === 'original' && line === 'syscore.failed').length;
}

describe('a place in time', () => {
  it('is the first passage unless it says which', () => {
    expect(placeInTime('freeze:gpu')).toEqual({ place: 'freeze:gpu', time: 1 });
    expect(placeInTime('tasks.freeze#6')).toEqual({ place: 'tasks.freeze', time: 6 });
    expect(placeInTime('tasks.freeze#0')).toEqual({ place: 'tasks.freeze#0', time: 1 });
  });

  it('that never comes again is never struck: the first jump goes well', () => {
    expect(countOfFreezes('syscore.suspend')).toBe(1);
    expect(countOfFreezes('syscore.suspend#2')).toBe(0);
  });

  it('strikes in the second round, in the kernel it names', () => {
    const faults = [{ name: 'device-fails', where: 'dump/freeze:disk#2' }];
    const { rules, world } = beginBox(planOf({ ...small, variant: 'rounds', rounds: 2, faults }), true);
    const history = new History(rules, world, inTime);
    runToEnd(history, 5_000);
    const struck = history.allRecords.flatMap(({ notes }) =>
      notes.filter(({ type }) => type === 'fault.struck'),
    );
    expect(struck).toHaveLength(1);
    const arrivals = history.allRecords.flatMap(({ notes }) =>
      notes.filter(({ type }) => type === 'jump.arrived'),
    );
    expect(arrivals.length).toBeGreaterThanOrEqual(2);
  });

  it('has to be a place of the box', () => {
    const make = () => planOf({ ...small, faults: [{ name: 'wakeup', where: 'nowhere#2' }] });
    expect(make).toThrow(OptionError);
  });
});
