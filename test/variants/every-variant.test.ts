/**
 * Every variant of the jump, with both loads, on 1, 2 and 8 processors, is restored and breaks no law, on the smallest box that has room for
 * it. Workloads take turns here, because a run takes a second; all of them on every box are the first table of `kjump sweep`.
 */
import { describe, expect, it } from 'vitest';
import { item } from '../../kernels/shape.ts';
import { workloads } from '../../kernels/workloads/index.ts';
import { kexecJump } from '../../machines/paths/kexec-jump.ts';
import type { SweepPlan } from '../../scripts/sweep/sweep-plan.ts';
import { type SweepRow, sweepRows } from '../../scripts/sweep/sweep-rows.ts';

const plan: SweepPlan = {
  // A reserved B of 128 MiB can be loaded as pages only into twice as much (variant kept-b).
  common: { ramBytes: 2 ** 29, devices: ['disk', 'network-card'], tasks: 1, work: 8, seed: 1 },
  path: kexecJump.name,
  variants: kexecJump.variants.map(({ name }) => name),
  loads: ['reserved', 'on-demand'],
  cpus: [1, 2, 8],
  workloads: workloads.map(({ name }) => name),
  faultCpus: 2,
  faultWorkload: '',
  faults: [],
  hasRuns: true,
  hasFaults: false,
  passes: 1,
  tries: 1,
  stepLimit: 20_000,
};

/** With each number of processors another workload, and another again with the next variant: every pair is met. */
const workloadFor = (variantIndex: number, cpuIndex: number): string =>
  item(plan.workloads, (variantIndex + cpuIndex) % plan.workloads.length);

const boxes = plan.variants.flatMap((variant, variantIndex) =>
  plan.cpus.map((cpus, cpuIndex) => ({ variant, cpus, workload: workloadFor(variantIndex, cpuIndex) })),
);

describe.each(plan.loads)('loaded %s', (load) => {
  it.each(boxes)('$variant on $cpus processors under $workload is restored, and breaks no law', (box) => {
    const rows: SweepRow[] = [];
    const { variant, cpus, workload } = box;
    const one = { ...plan, variants: [variant], loads: [load], cpus: [cpus], workloads: [workload] };
    sweepRows(one, { index: 0, count: 1 }, (row) => rows.push(row));
    expect(rows).toEqual([
      expect.objectContaining({
        end: 'ended',
        verdict: 'restored',
        broken: [],
        explained: [],
        ignoredCount: 0,
      }),
    ]);
  });
});
