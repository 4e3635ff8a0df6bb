/** A thread that runs one campaign: the number of the input at hand stands in shared memory, so that a hang is found out of it. */
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../kernels/assert.ts';
import { type CampaignPlan, campaign } from './campaign.ts';
import type { FuzzTarget } from './fuzz-target.ts';

export type ThreadTask = {
  /** The module whose `fuzzTargets` has the target. */
  readonly targetsUrl: string;
  readonly target: string;
  readonly plan: CampaignPlan;
  readonly atInput: Int32Array;
};

// What watch.ts gave.
const { targetsUrl, target: name, plan, atInput } = workerData as ThreadTask;
// What a module exports cannot be seen before it is there; whoever names it knows.
const { fuzzTargets } = (await import(targetsUrl)) as { readonly fuzzTargets: readonly FuzzTarget[] };
const target = fuzzTargets.find((each) => each.name === name);
assert(target !== undefined, `fuzz.target: ${targetsUrl} has no target ${name}`);
const result = await campaign(target, plan, {
  clockMs: () => performance.now(),
  // Kilobytes (getrusage, ru_maxrss).
  peakBytes: () => process.resourceUsage().maxRSS * 1024,
  onInput: (inputIndex) => Atomics.store(atInput, 0, inputIndex),
});
parentPort?.postMessage(result);
