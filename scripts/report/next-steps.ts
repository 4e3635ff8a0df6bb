/** What somebody may want to type next. A test sees to it that only registered commands are named. */
import { faults } from '../../machines/faults/index.ts';
import { paths } from '../../machines/paths/index.ts';
import type { RunFacts } from './run-facts.ts';

export type NextStep = { readonly command: string; readonly why: string };

export type Asked = {
  /** The box as it was typed: `--load on-demand --cpus 4`; empty for the default. */
  readonly typed: string;
  readonly savedIn: string | undefined;
};

const mostSteps = 3;

export function nextSteps(facts: RunFacts, asked: Asked): readonly NextStep[] {
  const isWell = facts.verdict === facts.path.goal && facts.violations.length === 0;
  const steps = isWell ? [...afterSuccess(facts, asked)] : [...afterFailure(facts, asked)];
  return steps.slice(0, mostSteps);
}

/** Where to look in the stepper: `goto` shows the world after that step. */
export const lookAt = (step: number, { typed }: Asked): string =>
  `echo goto ${step} | ${call('step', typed)}`;

const call = (name: string, ...words: readonly string[]): string =>
  ['kjump', name, ...words.filter((word) => word !== '')].join(' ');

function* afterSuccess({ plan, orders, leftBy }: RunFacts, { typed, savedIn }: Asked): Generator<NextStep> {
  if (savedIn !== undefined) yield { command: call('visualize', 'run', savedIn), why: 'see this run' };
  if (plan.load === 'reserved' && leftBy === 'jump') {
    yield { command: call('run', '--load on-demand'), why: 'B is swapped into the memory of A' };
  }
  for (const { name, about, places } of faults) {
    const place = places(plan).find((each) => orders.has(each));
    if (place === undefined || leftBy === undefined) continue;
    yield { command: call('run', typed, `--fault ${name}@${place}`), why: about };
    break;
  }
  const other = paths.find((each) => each.goal === 'dumped' && each.name !== plan.path) ?? paths[0];
  yield { command: call('run', `--path ${other.name}`), why: other.about };
  yield { command: call('step', typed), why: 'walk through it, backwards too' };
}

function* afterFailure(facts: RunFacts, asked: Asked): Generator<NextStep> {
  const struckAt = facts.faults.find((fault) => fault.struckAt !== undefined)?.struckAt;
  const step = facts.violations[0]?.step ?? struckAt ?? facts.steps;
  yield { command: lookAt(step, asked), why: `the box after step ${step}` };
  if (asked.savedIn === undefined) {
    yield { command: call('run', asked.typed, '--save DIR'), why: 'keep the trace, the logs and the image' };
  } else {
    yield { command: call('visualize', 'run', asked.savedIn), why: 'see this run' };
  }
  if (facts.options.faults.length > 0) yield { command: call('run'), why: 'the same without a fault' };
}
