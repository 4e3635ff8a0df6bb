/**
 * The figures of a run that paths are compared by: what it took, what it cost, what it left.
 *
 * Everything is measured on the box: worlds, records and the medium; nothing is asked of the path. Left out, because the box has none:
 * network connections, and what a user would lose that is no task, file or log.
 */
import { pageSizeBytes } from '../../image/pfn.ts';
import { blockSizeBytes } from '../../kernels/disk-layout.ts';
import { displacedPages, memoryOfOriginal } from '../../machines/laws/excepted.ts';
import { common, frameCount, rangesOfFrames } from '../../machines/laws/frame-ranges.ts';
import { momentView } from '../../machines/laws/moment-view.ts';
import { type Verdict, verdictOf } from '../../machines/paths/path.ts';
import type { History } from '../../machines/system/history.ts';
import type { StepRecord, World } from '../../machines/system/world.ts';
import type { Phase } from '../../machines/vocabulary.ts';
import { type RunFacts, worldsOf } from '../report/run-facts.ts';

export type Figures = {
  readonly verdict: Verdict | 'none';
  readonly reachesGoal: boolean;
  readonly lawsBroken: readonly string[];
  readonly steps: number;
  /** From power-on until the operator is done. */
  readonly totalNs: number;
  /** How long no task of A could run, once the first had. */
  readonly standstillNs: number;
  readonly phaseNs: { readonly [Name in Phase]?: number };
  /** Withheld from A for as long as it runs. */
  readonly reservedBytes: number;
  /** Of A's own memory, taken to hold what B displaces. */
  readonly backupBytes: number;
  readonly imageBlocks: number;
  readonly imageBytes: number;
  /** What reached the medium while B had the machine. */
  readonly writtenByDumpBytes: number;
  readonly deviceCallbacks: Readonly<Record<string, number>>;
  readonly deviceCallbackCount: number;
  /** At the moment B gets the machine; null: it never did. */
  readonly handover: Handover | null;
  readonly survives: Survivors;
};

export type Handover = {
  readonly cpusUnplugged: number;
  readonly cpusStopped: number;
  readonly devicesQuiet: number;
  readonly devices: number;
};

export type Survivors = {
  /** A is not booted anew. */
  readonly kernel: boolean;
  /** Every page of A but the excepted ones is as it was; null: A never left. */
  readonly memory: boolean | null;
  readonly tasks: number;
  readonly tasksOf: number;
  readonly mount: boolean;
  readonly log: 'in memory' | 'in the image' | 'lost';
};

export function figuresOf(history: History, facts: RunFacts): Figures {
  const { rules, world, allRecords: records } = history;
  const { plan } = rules;
  const callbacks = deviceCallbacks(records);
  return {
    verdict: facts.verdict ?? 'none',
    reachesGoal: facts.verdict === facts.path.goal,
    lawsBroken: [...new Set(facts.violations.map(({ law }) => law))],
    steps: facts.steps,
    totalNs: endOfOperator(history),
    standstillNs: standstillNs(history),
    phaseNs: phaseNs(facts),
    reservedBytes: plan.layout.region.count * pageSizeBytes,
    backupBytes: backupFrames(history) * pageSizeBytes,
    imageBlocks: facts.image?.blocks ?? 0,
    imageBytes: (facts.image?.blocks ?? 0) * blockSizeBytes,
    writtenByDumpBytes: writtenByDump(history) * blockSizeBytes,
    deviceCallbacks: callbacks,
    deviceCallbackCount: Object.values(callbacks).reduce((sum, count) => sum + count, 0),
    handover: handoverOf(history),
    survives: survivorsOf(world, facts, records),
  };
}

/** When the operator came to an end; work that goes on after that is nobody's concern. */
function endOfOperator(history: History): number {
  for (const { actors, clock } of worldsOf(history)) {
    if (verdictOf(actors.operator) !== undefined) return clock.nowNs;
  }
  return history.world.clock.nowNs;
}

function standstillNs(history: History): number {
  let sum = 0;
  let hasRun = false;
  let before: World | undefined;
  for (const world of worldsOf(history)) {
    if (before !== undefined && hasRun && !mayTasksRun(before)) sum += world.clock.nowNs - before.clock.nowNs;
    hasRun ||= mayTasksRun(world);
    before = world;
  }
  return sum;
}

/** A executes and takes interrupts, and its tasks are there and not frozen. One that has done its work only waits. */
function mayTasksRun({ machine }: World): boolean {
  const { state, tasks } = machine.kernels.original;
  const isExecuting =
    machine.owner === 'original' && state === 'running' && machine.cpus[0]?.interrupts === true;
  return isExecuting && tasks.some((task) => task.state === 'running' || task.state === 'done');
}

function phaseNs({ phases }: RunFacts): Figures['phaseNs'] {
  const sums: { [Name in Phase]?: number } = {};
  for (const { name, startNs, endNs } of phases) sums[name] = (sums[name] ?? 0) + endNs - startNs;
  return sums;
}

/** Frames of A that hold, until the jump, what is to stand where B will be. */
function backupFrames({ rules, world }: History): number {
  const loaded = world.kept['image.loaded/original'];
  const image = loaded?.machine.kernels.original.image;
  if (loaded === undefined || image === undefined || !image.loaded) return 0;
  const sources = displacedPages(image, momentView(rules, loaded).readPage).map(({ source }) => source);
  return frameCount(common(memoryOfOriginal(rules.plan), rangesOfFrames(sources)));
}

function writtenByDump(history: History): number {
  let sum = 0;
  let before: World | undefined;
  for (const world of worldsOf(history)) {
    if (before?.machine.owner === 'dump') {
      for (const { count } of before.medium.differences(world.medium)) sum += count;
    }
    before = world;
  }
  return sum;
}

function deviceCallbacks(records: readonly StepRecord[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { told } of records) {
    for (const { from, to, type } of told) {
      if (from.includes('/') || !to.includes('/')) continue;
      const name = type.replace('device.', '');
      counts[name] = (counts[name] ?? 0) + 1;
    }
  }
  return counts;
}

function handoverOf(history: History): Handover | null {
  for (const { machine } of worldsOf(history)) {
    if (machine.owner !== 'purgatory' && machine.owner !== 'dump') continue;
    return {
      cpusUnplugged: machine.cpus.filter(({ state }) => state === 'offline').length,
      cpusStopped: machine.cpus.filter(({ state }) => state === 'halted').length,
      devicesQuiet: machine.devices.filter(({ dma, interrupts }) => !dma && !interrupts).length,
      devices: machine.devices.length,
    };
  }
  return null;
}

function survivorsOf({ machine }: World, facts: RunFacts, records: readonly StepRecord[]): Survivors {
  const boots = records.flatMap(({ commands }) =>
    commands.filter(({ by, type }) => by === 'original' && type === 'kernel.start'),
  );
  const kernel = machine.power === 'on' && boots.length === 1 && facts.verdict !== 'hung';
  const { tasks, mounted } = machine.kernels.original;
  const { before, after } = facts.memory;
  const isImageWhole = facts.image !== undefined && facts.image.damage === undefined;
  return {
    kernel,
    memory: before === null && kernel ? null : kernel && before === after,
    tasks: kernel ? tasks.filter(({ state, errors }) => state !== 'absent' && errors === 0).length : 0,
    tasksOf: tasks.length,
    mount: kernel && mounted,
    log: kernel ? 'in memory' : isImageWhole ? 'in the image' : 'lost',
  };
}
