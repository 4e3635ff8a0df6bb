/** A thread that does one share of a sweep: each row is a message, and the end of the thread is the end of the share. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Share, SweepPlan } from './sweep-plan.ts';
import { sweepRows } from './sweep-rows.ts';

export type SweepTask = { readonly plan: SweepPlan; readonly share: Share };

// What in-threads.ts gave.
const { plan, share } = workerData as SweepTask;
sweepRows(plan, share, (row) => parentPort?.postMessage(row));
