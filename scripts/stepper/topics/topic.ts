/** What `info` can show: one entry in the registry (topics/index.ts). */
import type { Answer } from '../answer.ts';
import type { Session } from '../session.ts';

export type Topic = {
  readonly name: string;
  /** What stands behind it. */
  readonly takes: string;
  readonly about: string;
  readonly tell: (session: Session, argument: string) => Answer;
};
