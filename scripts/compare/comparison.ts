/**
 * Runs side by side, aligned by phase: not by the clock, because the same phase comes at different times. Steps are a union, as in a
 * diff: what every column has, and what only some have, with the reason that the path itself gives.
 */
import type { Lack, Path, Variant } from '../../machines/paths/path.ts';
import { type Phase, phases } from '../../machines/vocabulary.ts';
import type { LifelineId } from '../visualize/run/sequence.ts';
import type { Figures } from './figures.ts';
import { type Share, shareOf } from './share.ts';
import type { Step } from './steps-of-run.ts';
import type { Trace } from './trace-of-run.ts';

export type ComparedRun = {
  readonly name: string;
  readonly path: Path;
  readonly variant: Variant;
  readonly steps: readonly Step[];
  readonly trace: Trace;
  readonly figures: Figures;
};

export type Comparison = {
  readonly names: readonly string[];
  readonly phases: readonly ComparedPhase[];
  readonly figures: Readonly<Record<string, Figures>>;
  /** Steps that all have, and those that only some have. */
  readonly commonCount: number;
  readonly partialCount: number;
  /** How much the first and each of the others have in common. */
  readonly shares: readonly Share[];
  readonly isSame: boolean;
};

export type ComparedPhase = {
  readonly phase: Phase;
  /** The columns that have it, when not all have. */
  readonly only: readonly string[];
  readonly ns: Readonly<Record<string, number>>;
  readonly steps: readonly ComparedStep[];
  readonly reasons: readonly Reason[];
};

export type ComparedStep = {
  readonly by: LifelineId;
  readonly text: string;
  /** What it stands for; several, when it is not the same everywhere. */
  readonly does: readonly string[];
  /** How often, by column; those that do without have none. */
  readonly counts: Readonly<Record<string, number>>;
  readonly ns: Readonly<Record<string, number>>;
  readonly only: readonly string[];
};

/** Why columns do without: what others do there, or a step that Linux has elsewhere. */
export type Reason = Omit<Lack, 'phase'> & {
  readonly path: string;
  /** Undefined: it holds for every variant of the path. */
  readonly variant: string | undefined;
  readonly columns: readonly string[];
};

export function compareRuns(runs: readonly ComparedRun[]): Comparison {
  const compared = phases.flatMap((phase) => comparedPhase(phase, runs));
  const steps = compared.flatMap((each) => each.steps);
  const partialCount = steps.filter(({ only }) => only.length > 0).length;
  const [first, ...rest] = runs.map(({ figures }) => JSON.stringify(figures));
  const [one, ...others] = runs;
  return {
    names: runs.map(({ name }) => name),
    phases: compared,
    figures: Object.fromEntries(runs.map(({ name, figures }) => [name, figures])),
    commonCount: steps.length - partialCount,
    partialCount,
    shares: one === undefined ? [] : others.map((other) => shareOf(one, other)),
    isSame: partialCount === 0 && rest.every((each) => each === first),
  };
}

function comparedPhase(phase: Phase, runs: readonly ComparedRun[]): readonly ComparedPhase[] {
  const having = runs.filter(({ steps }) => steps.some((step) => step.phase === phase));
  if (having.length === 0) return [];
  const steps = union(having.map((run) => run.steps.filter((step) => step.phase === phase)));
  const compared = steps.map((step) => comparedStep(step, runs));
  const times = runs.flatMap(({ name, figures }) => {
    const ns = figures.phaseNs[phase];
    return ns === undefined ? [] : [[name, ns]];
  });
  return [
    {
      phase,
      only: having.length === runs.length ? [] : having.map(({ name }) => name),
      ns: Object.fromEntries(times),
      steps: compared,
      reasons: reasonsIn(phase, compared, runs),
    },
  ];
}

/** One of each key, in the order of every run: what is new stands before the next step that is known already, as in a diff. */
function union(lists: readonly (readonly Step[])[]): readonly Step[] {
  const all: Step[] = [];
  for (const list of lists) {
    const placeOf = (step: Step): number => all.findIndex(({ key }) => key === step.key);
    for (const [index, step] of list.entries()) {
      if (placeOf(step) >= 0) continue;
      const next = list.slice(index + 1).find((each) => placeOf(each) >= 0);
      all.splice(next === undefined ? all.length : placeOf(next), 0, step);
    }
  }
  return all;
}

function comparedStep({ key, by, text }: Step, runs: readonly ComparedRun[]): ComparedStep {
  const found = runs.flatMap(({ name, steps }) => {
    const own = steps.find((step) => step.key === key);
    return own === undefined ? [] : [{ name, own }];
  });
  return {
    by,
    text,
    does: [...new Set(found.map(({ own }) => own.does))].filter((does) => does !== ''),
    counts: Object.fromEntries(found.map(({ name, own }) => [name, own.count])),
    ns: Object.fromEntries(found.map(({ name, own }) => [name, own.ns])),
    only: found.length === runs.length ? [] : found.map(({ name }) => name),
  };
}

/** Each once, with the columns it holds for: a path may stand in several. */
function reasonsIn(
  phase: Phase,
  steps: readonly ComparedStep[],
  runs: readonly ComparedRun[],
): readonly Reason[] {
  const reasons = new Map<string, Reason>();
  for (const { name, path, variant } of runs) {
    const own = (variant.lacks ?? []).map((lack) => ({ lack, variant: variant.name }));
    const all = [...path.lacks.map((lack) => ({ lack, variant: undefined })), ...own];
    for (const { lack, variant: of } of all) {
      const { phase: where, ...rest } = lack;
      if ((where !== undefined && where !== phase) || !isConcerned(lack, steps, name)) continue;
      const key = [path.name, of, lack.step, lack.leavesOut, lack.because].join(' ');
      const columns = [...(reasons.get(key)?.columns ?? []), name];
      reasons.set(key, { path: path.name, variant: of, ...rest, columns });
    }
  }
  return [...reasons.values()];
}

/** What Linux does elsewhere is told wherever the column has the phase at all; everything else where it has less than others. */
function isConcerned(lack: Lack, steps: readonly ComparedStep[], name: string): boolean {
  const missing = steps.filter(({ counts }) => counts[name] === undefined);
  if (lack.leavesOut !== undefined) return missing.length < steps.length;
  return missing.some((step) => isAbout(lack, step));
}

/** Whether it gives a reason for this step. */
export const isAbout = (
  { by, step }: Pick<Lack, 'by' | 'step'>,
  { by: taker, text }: Pick<ComparedStep, 'by' | 'text'>,
): boolean => (by === undefined || by === taker) && (step === undefined || step === text);
