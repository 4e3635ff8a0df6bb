/**
 * The trace of a run, trace.ndjson: JSON lines, the first one saying what the run was, then one for each step.
 *
 *   {"format":"kxj-trace/1","version":"0.1.0","options":{…},"plan":"<sha-256>","steps":540,"isStopped":false,"verdict":"restored","picks":[…]}
 *   {"step":1,"nowNs":1000000,"pick":"timer operator soon in kexec-jump.idle","kind":"timer",…}
 *
 * `options` and `picks` (every answer that the run was given) are enough to run it again, and `plan` tells whether it will be the same
 * box: a digest of all that follows from the options, layout and latencies of the version that ran it included.
 * A step line is the step record, but for memory: which frames were written, as [start, count], and not what stood there.
 * Fields may be added; whoever renames one takes another format name.
 */
import { createHash } from 'node:crypto';
import { latencies } from '../../kernels/latencies.ts';
import type { Plan } from '../../kernels/plan.ts';
import type { BoxOptions } from '../../machines/options/box-options.ts';
import type { Verdict } from '../../machines/paths/path.ts';
import type { StepRecord, WriteRecord } from '../../machines/system/world.ts';

export const traceFormat = 'kxj-trace/1';
export const traceName = 'trace.ndjson';

export type TraceHeader = {
  readonly format: typeof traceFormat;
  /** Of the program that wrote it. */
  readonly version: string;
  readonly options: BoxOptions;
  readonly plan: string;
  readonly steps: number;
  /** Stopped at a limit: the picks end where the run was stopped. */
  readonly isStopped: boolean;
  readonly verdict: Verdict | 'none';
  readonly picks: readonly number[];
};

export const planDigest = (plan: Plan): string =>
  createHash('sha256')
    .update(JSON.stringify([plan, latencies]))
    .digest('hex');

export function* traceLines(header: TraceHeader, records: readonly StepRecord[]): Generator<string> {
  yield `${JSON.stringify(header)}\n`;
  for (const record of records) {
    const { step, nowNs, pick, kind, ...rest } = record;
    const facts = { step, nowNs, pick, kind, ...rest, writes: record.writes.map(writeFacts) };
    yield `${JSON.stringify(facts)}\n`;
  }
}

function writeFacts({ by, before, after }: WriteRecord) {
  const frames: [start: number, count: number][] = [];
  for (const { index, count } of before.differences(after)) {
    const last = frames.at(-1);
    if (last !== undefined && last[0] + last[1] === index) last[1] += count;
    else frames.push([index, count]);
  }
  return { by, frames };
}
