/** A path: one way of suspending or dumping, as the operator at the keyboard takes it. One file and one registry line each. */
import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import type { Shape } from '../../kernels/shape.ts';
import type { KernelName, Phase } from '../vocabulary.ts';

export const verdicts = ['restored', 'dumped', 'lost', 'refused', 'aborted', 'hung'] as const;
export type Verdict = (typeof verdicts)[number];

/** What the operator ended with; undefined while the end has not come. */
export const verdictOf = (operator: AnyMachineSnapshot): Verdict | undefined =>
  verdicts.find((verdict) => operator.hasTag(verdict));

export type Variant = {
  readonly name: string;
  readonly about: string;
  /** The operator's chart: what people and their scripts do, and what they see. */
  readonly operator: AnyStateMachine;
  readonly operatorShape: Shape;
  /** B switches the machine off when it has saved, and a kernel C brings A back: a third kernel takes part. */
  readonly goesOff?: boolean;
  /** What other variants and paths do and this one does not, beyond what its path lacks. */
  readonly lacks?: readonly Lack[];
};

/** What other paths do and this one does not, and why: the comparison says it beside the steps that only others have. */
export type Lack = {
  /** Undefined: in every phase. */
  readonly phase?: Phase;
  /** Only what this one of their kernels does there. */
  readonly by?: KernelName;
  /** One order that others give there (`kexec.load crash`); undefined: all that others do. */
  readonly step?: string;
  /** What Linux does on other roads, by its own name, whether or not a path of the box has it. */
  readonly leavesOut?: string;
  readonly because: string;
  readonly source: string;
};

export type Path = {
  readonly name: string;
  readonly about: string;
  /** Where the order of steps was read. */
  readonly source: string;
  /** The verdict that this path is taken for. */
  readonly goal: Verdict;
  /** Whether A needs a reserved region whatever the load. */
  readonly needsRegion: boolean;
  /** A is given up: the kernel that it starts gets the whole machine. */
  readonly handsOver?: boolean;
  readonly lacks: readonly Lack[];
  readonly variants: readonly [Variant, ...Variant[]];
};
