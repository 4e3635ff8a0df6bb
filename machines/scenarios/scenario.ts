/** A boot that was recorded on a real machine, as a box. What happened there follows from options alone: the run is timed. */
import type { BoxOptions } from '../options/box-options.ts';

export type Scenario = {
  readonly name: string;
  readonly about: string;
  /** The recording, and what was done there. */
  readonly source: string;
  /** What is to be seen in it. */
  readonly shows: string;
  readonly options: Partial<BoxOptions>;
};
