/** A sweep in several threads: each takes every so-manieth piece, and the rows are put in the order in which one thread would find them. */
import { startThread } from '../cli/start-thread.ts';
import type { Share, SweepPlan } from './sweep-plan.ts';
import { type Report, type SweepRow, sweepRows } from './sweep-rows.ts';
import type { SweepTask } from './thread.ts';

export async function sweep(
  plan: SweepPlan,
  { share, jobs }: { readonly share: Share; readonly jobs: number },
  report: Report,
): Promise<readonly SweepRow[]> {
  const rows: SweepRow[] = [];
  const take: Report = (row) => {
    rows.push(row);
    report(row);
  };
  if (jobs === 1) sweepRows(plan, share, take);
  else
    await Promise.all(
      Array.from({ length: jobs }, (_, job) => inThread(plan, partOf(share, job, jobs), take)),
    );
  return inOrder(plan, rows);
}

/** Of every `count`th piece, every `jobs`th. */
const partOf = ({ index, count }: Share, job: number, jobs: number): Share => ({
  index: index + count * job,
  count: count * jobs,
});

function inThread(plan: SweepPlan, share: Share, report: Report): Promise<void> {
  const task: SweepTask = { plan, share };
  const thread = startThread(import.meta.url, 'thread', task);
  return new Promise((resolve, reject) => {
    // The thread sends nothing but rows.
    thread.on('message', (row) => report(row as SweepRow));
    thread.on('error', reject);
    thread.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a thread of the sweep ended with ${code}`));
    });
  });
}

/** Runs first; then box by box, faults in the order of their registry, places by name, attempts by number. */
function inOrder(plan: SweepPlan, rows: readonly SweepRow[]): readonly SweepRow[] {
  const keyOf = (row: SweepRow): readonly (number | string)[] => [
    row.fault === undefined ? 0 : 1,
    plan.variants.indexOf(row.variant),
    plan.loads.indexOf(row.load),
    plan.cpus.indexOf(row.cpus),
    plan.workloads.indexOf(row.workload),
    plan.faults.indexOf(row.fault ?? ''),
    row.where ?? '',
    row.attempt ?? 0,
  ];
  return rows
    .map((row) => ({ row, key: keyOf(row) }))
    .sort((one, other) => compareKeys(one.key, other.key))
    .map(({ row }) => row);
}

function compareKeys(one: readonly (number | string)[], other: readonly (number | string)[]): number {
  const at = one.findIndex((part, index) => part !== other[index]);
  const [left = 0, right = 0] = [one[at], other[at]];
  return left < right ? -1 : left > right ? 1 : 0;
}
