/** What a sweep goes through, as plain data: threads get it as it is. */
import type { LoadKind } from '../../kernels/plan.ts';
import type { BoxOptions } from '../../machines/options/box-options.ts';

export type SweepPlan = {
  /** What all boxes have in common. */
  readonly common: Partial<BoxOptions>;
  readonly path: string;
  readonly variants: readonly string[];
  readonly loads: readonly LoadKind[];
  readonly cpus: readonly number[];
  readonly workloads: readonly string[];
  /** Boxes in which faults strike; none: no such table. */
  readonly faultCpus: number;
  readonly faultWorkload: string;
  readonly faults: readonly string[];
  readonly hasRuns: boolean;
  readonly hasFaults: boolean;
  /** At how many of the times that a run comes to a place the fault strikes: the first ones, and the last. */
  readonly passes: number;
  /** How often each strike is tried, with other answers of chance from the second on. */
  readonly tries: number;
  readonly stepLimit: number;
};

/** The part of the work that one shard, or one thread of it, does: every `count`th piece. */
export type Share = { readonly index: number; readonly count: number };

export type BoxChoice = {
  readonly variant: string;
  readonly load: LoadKind;
  readonly cpus: number;
  readonly workload: string;
};

/** Of the table of runs without faults. The variants of one box come one after the other: they are compared with the same twin. */
export const runBoxes = ({ variants, loads, cpus, workloads }: SweepPlan): readonly BoxChoice[] =>
  loads.flatMap((load) =>
    cpus.flatMap((count) =>
      workloads.flatMap((workload) => variants.map((variant) => ({ variant, load, cpus: count, workload }))),
    ),
  );

/** Of the table of faults. */
export const faultBoxes = ({ variants, loads, faultCpus, faultWorkload }: SweepPlan): readonly BoxChoice[] =>
  variants.flatMap((variant) =>
    loads.map((load) => ({ variant, load, cpus: faultCpus, workload: faultWorkload })),
  );

export const optionsOf = (
  { common, path }: SweepPlan,
  { variant, load, cpus, workload }: BoxChoice,
): Partial<BoxOptions> => ({ ...common, path, variant, load, cpus, workload });
