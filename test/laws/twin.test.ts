import { describe, expect, it } from 'vitest';
import { differencesOf, visibleState } from '../../kernels/visible-state.ts';
import { momentView } from '../../machines/laws/moment-view.ts';
import { twinOf } from '../../machines/laws/twin-of.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { verdictOf } from '../../machines/paths/path.ts';
import { endOf, historyOf } from './sabotaged-run.ts';

const options = { ramBytes: 2 ** 28, tasks: 3, work: 12, workload: 'compiler' } as const;

describe('the twin of a run', () => {
  it('is the same box, left alone until all work is done', () => {
    const { rules, world } = twinOf(planOf({ ...options, load: 'on-demand' }));
    expect(verdictOf(world.actors.operator)).toBe('restored');
    expect(world.kept).toEqual({});
    expect(world.machine.kernels.original.tasks.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    expect(rules.plan).toMatchObject({ path: 'none', load: 'on-demand', workload: 'compiler', seed: 1 });
  });

  it('has none of the faults that are planned for the run', () => {
    const plan = { ...planOf(options), faults: [{ name: 'anything' }] };
    expect(twinOf(plan).rules.plan).toMatchObject({ faults: [], size: { faultCount: 0 } });
  });

  it('is run once for each plan', () => {
    const plan = planOf(options);
    expect(twinOf(plan)).toBe(twinOf(plan));
  });

  it('ends in the visible state of a run of the path none', () => {
    const history = endOf(historyOf({ ...options, path: 'none' }));
    const twin = twinOf(history.rules.plan);
    const states = [history, twin].map(({ rules, world }) => visibleState(momentView(rules, world)));
    const [one, other] = states;
    expect(one && other && differencesOf(one, other)).toEqual([]);
  });
});

describe('what has happened', () => {
  it('is not written', () => {
    const { rules, world } = twinOf(planOf(options));
    const { memory, medium } = momentView(rules, world);
    const frame = rules.plan.layout.original.data.start;
    expect(() => memory.write(frame, memory.read(frame))).toThrow('what has happened is not written');
    expect(() => memory.fill(frame, 1, memory.read(frame))).toThrow('what has happened is not written');
    expect(() => medium.write(0, medium.read(0))).toThrow('what has happened is not written');
  });
});
