export type Quirk = {
  readonly name: string;
  /** Whose fault it is. */
  readonly of: 'kernel' | 'tools';
  readonly about: string;
  readonly effect: string;
  readonly source: string;
};
