/** What a verb gives back: lines for people, data for programs. */
export type Data = Readonly<Record<string, unknown>>;

export type Answer = {
  readonly lines: readonly string[];
  readonly data: Data;
  /** Lines to be obeyed next, in order: what a file held. */
  readonly obeys?: readonly string[];
  readonly isLast?: boolean;
};
