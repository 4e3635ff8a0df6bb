/** A path: one way of suspending or dumping, as the operator at the keyboard takes it. One file and one registry line each. */
import type { AnyStateMachine } from 'xstate';
import type { Shape } from '../../kernels/shape.ts';

export const verdicts = ['restored', 'dumped', 'lost', 'refused', 'aborted', 'hung'] as const;
export type Verdict = (typeof verdicts)[number];

export type Variant = {
  readonly name: string;
  readonly about: string;
  /** The operator's chart: what people and their scripts do, and what they see. */
  readonly operator: AnyStateMachine;
  readonly operatorShape: Shape;
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
  readonly variants: readonly [Variant, ...Variant[]];
};
