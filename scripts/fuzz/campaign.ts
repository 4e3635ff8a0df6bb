/**
 * Inputs with numbers, one after the other, given to a target: what it took, what it refused and with which code, and what it should
 * not have done. A hang cannot be seen from here; who runs campaigns in a thread watches `onInput` (watch.ts).
 */
import { setImmediate } from 'node:timers/promises';
import { ImageError } from '../../image/image-error.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { mutated } from './mutation.ts';

export type CampaignPlan = {
  readonly seed: number;
  /** Number of the first input. */
  readonly from: number;
  readonly count: number;
};

export type CampaignWatch = {
  readonly clockMs: () => number;
  /** The most memory that the process ever had. */
  readonly peakBytes: () => number;
  /** Before each input. */
  readonly onInput: (inputIndex: number) => void;
};

export type Finding = {
  readonly inputIndex: number;
  readonly kind: 'error' | 'slow' | 'memory' | 'hang' | 'crash';
  readonly message: string;
};

export type CampaignResult = {
  readonly inputs: number;
  readonly taken: number;
  /** By code of the ImageError. */
  readonly refused: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
};

/** What an input may take: the wall time of the best of several tries, and memory beyond what the process had before. */
export const slowMs = 1000;
export const memoryLimitBytes = 2 ** 28;
const tries = 3;
/** The event loop turns now and then: node:zlib lets go of what failed only there. */
const turnEvery = 256;

export async function campaign(
  target: FuzzTarget,
  { seed, from, count }: CampaignPlan,
  watch: CampaignWatch,
): Promise<CampaignResult> {
  const seeds = await target.seeds();
  for (const bytes of seeds) await target.run(bytes);
  const refused: Record<string, number> = {};
  const findings: Finding[] = [];
  let taken = 0;
  let peakBytes = watch.peakBytes();
  for (let inputIndex = from; inputIndex < from + count; inputIndex += 1) {
    if (inputIndex % turnEvery === 0) await setImmediate();
    watch.onInput(inputIndex);
    const { bytes } = mutated(seeds, seed, inputIndex);
    const { outcome, milliseconds } = await timed(target, bytes, watch.clockMs);
    if (outcome === undefined) taken += 1;
    else if (outcome instanceof ImageError) refused[outcome.code] = (refused[outcome.code] ?? 0) + 1;
    else findings.push({ inputIndex, kind: 'error', message: String(outcome) });
    if (milliseconds > slowMs)
      findings.push({ inputIndex, kind: 'slow', message: `${Math.round(milliseconds)} ms` });
    const grownBytes = watch.peakBytes() - peakBytes;
    if (grownBytes <= memoryLimitBytes) continue;
    peakBytes += grownBytes;
    findings.push({ inputIndex, kind: 'memory', message: `${grownBytes} bytes more than before` });
  }
  return { inputs: count, taken, refused, findings };
}

/** A machine that does other work as well makes one try slow, not three. */
async function timed(
  target: FuzzTarget,
  bytes: Uint8Array,
  clockMs: () => number,
): Promise<{ readonly outcome: unknown; readonly milliseconds: number }> {
  let outcome: unknown;
  let milliseconds = Number.POSITIVE_INFINITY;
  for (let rest = tries; rest > 0 && milliseconds > slowMs; rest -= 1) {
    const startMs = clockMs();
    outcome = await outcomeOf(target, bytes);
    milliseconds = Math.min(milliseconds, clockMs() - startMs);
  }
  return { outcome, milliseconds };
}

/** What was thrown, if anything. */
export async function outcomeOf(target: FuzzTarget, bytes: Uint8Array): Promise<unknown> {
  try {
    await target.run(bytes);
    return undefined;
  } catch (error) {
    return error ?? new Error('something undefined was thrown');
  }
}
