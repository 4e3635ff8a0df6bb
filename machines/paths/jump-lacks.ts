/** What single variants of a jump do without that other variants do: the comparison says it beside the steps that only others have. */
import type { Lack } from './path.ts';

/** B jumps back in one go. */
export const staysOn: readonly Lack[] = [
  { phase: 'off', because: 'the machine stays on: B jumps straight back into A', source: 'linux.md A1.9' },
  {
    by: 'restore',
    because: 'no third kernel: the memory of A never leaves the machine',
    source: 'linux.md A1.9',
  },
];

/** B is never entered again. */
const visitedOnce: readonly Lack[] = (['return', 'resume', 'thaw'] as const).map((phase) => ({
  phase,
  by: 'dump',
  because: 'B is visited once: nobody goes back into it',
  source: 'linux.md A1.9 row 8',
}));

/** B boots whenever it is loaded. */
export const keepsNothing: readonly Lack[] = [
  'keep.ask',
  'kept.save',
  'keep.answered',
  'kexec.load kept',
].map((step) => ({
  phase: 'load',
  step,
  because: 'B is not kept: it is loaded as a kernel that has to boot, or it still stands where it was',
  source: 'linux.md A1.9 row 8',
}));

/** There and back once. */
export const jumpBackLacks: readonly Lack[] = [...staysOn, ...visitedOnce, ...keepsNothing];
