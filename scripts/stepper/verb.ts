/** A verb of the stepper: one entry in the registry (verbs/index.ts); help, completion and abbreviations follow from it. */
import type { Answer } from './answer.ts';
import type { Session } from './session.ts';

export const verbGroups = ['going', 'stopping', 'looking', 'branching', 'files', 'other'] as const;
export type VerbGroup = (typeof verbGroups)[number];

export type Verb = {
  readonly name: string;
  /** As gdb has them; besides, every beginning that only one verb has stands for it. */
  readonly aliases: readonly string[];
  /** What stands behind it: `[N]`. */
  readonly takes: string;
  readonly about: string;
  readonly group: VerbGroup;
  /** An empty line on a terminal does it again. */
  readonly isRepeated: boolean;
  readonly run: (session: Session, argument: string) => Answer;
  /** Whole arguments that may stand behind it. */
  readonly completions?: (session: Session, argument: string) => readonly string[];
};
