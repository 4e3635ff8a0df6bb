/** One line of `npm run bench`: a ratio names its peer, measured in the same run, and a target is what is promised. */
export type BenchmarkRow = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: { readonly bound: 'at most' | 'at least'; readonly value: number };
  readonly peer?: { readonly name: string; readonly value: number; readonly unit: string };
};
