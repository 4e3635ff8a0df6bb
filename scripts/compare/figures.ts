/**
 * The figures of a run that paths are compared by: what it took, what it cost, what it left.
 *
 * Everything is measured on the box: worlds, records and the medium; nothing is asked of the path. Left out, because the box has none:
 * network connections, and what a user would lose that is no task, file, packet or log.
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
import { bootsOfRun, type KernelBoot } from '../report/boots-of-run.ts';
import { type RunFacts, worldsOf } from '../report/run-facts.ts';
import { type PagesMoved, pagesMoved } from './pages-moved.ts';
import { offNsBetween, type Round, roundsOfRun } from './rounds-of-run.ts';

export type Figures = PagesMoved & {
  readonly verdict: Verdict | 'none';
  readonly reachesGoal: boolean;
  readonly lawsBroken: readonly string[];
  readonly steps: number;
  /** From power-on until the operator is done. */
  readonly totalNs: number;
  /** How long no task of A could run, once the first had. */
  readonly standstillNs: number;
  /** Of both, what the machine was without power, once it had been switched on. */
  readonly offNs: number;
  readonly boots: readonly KernelBoot[];
  readonly rounds: readonly Round[];
  readonly phaseNs: { readonly [Name in Phase]?: number };
  /** Withheld from A for as long as it runs. */
  readonly reservedBytes: number;
  /** Of A's own memory, taken to hold what B displaces. */
  readonly backupBytes: number;
  readonly imageBlocks: number;
  readonly imageBytes: number;
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
  /** Of the quiet ones: without power, so that their registers may be lost. */
  readonly devicesPoweredDown: number;
  readonly devices: number;
  readonly tasksFrozen: number;
};

export type Survivors = {
  /** A runs at the end, and was not booted anew. */
  readonly kernel: boolean;
  /** Every page of A but the excepted ones is as it was; null: A never left. */
  readonly memory: boolean | null;
  readonly tasks: number;
  readonly tasksOf: number;
  readonly mount: boolean;
  readonly log: 'in memory' | 'in the image' | 'lost';
  /** What tasks had done, and held, when A was last there, if they do not go on. */
  readonly workLost: number;
  readonly heapLostBytes: number;
  /** Arrived while nobody took them. */
  readonly packetsDropped: number;
};

export function figuresOf(history: History, facts: RunFacts): Figures {
  const { rules, allRecords: records } = history;
  const { plan } = rules;
  const callbacks = deviceCallbacks(records);
  return {
    verdict: facts.verdict ?? 'none',
    reachesGoal: facts.verdict === facts.path.goal,
    lawsBroken: [...new Set(facts.violations.map(({ law }) => law))],
    steps: facts.steps,
    totalNs: history.worldAt(endPosition(history)).clock.nowNs,
    standstillNs: standstillNs(history),
    offNs: offNsBetween(history, firstWithPower(history), endPosition(history)),
    boots: bootsOfRun(history),
    rounds: roundsOfRun(history),
    phaseNs: phaseNs(facts),
    reservedBytes: plan.layout.region.count * pageSizeBytes,
    backupBytes: backupFrames(history) * pageSizeBytes,
    imageBlocks: facts.image?.blocks ?? 0,
    imageBytes: (facts.image?.blocks ?? 0) * blockSizeBytes,
    ...pagesMoved(history),
    deviceCallbacks: callbacks,
    deviceCallbackCount: Object.values(callbacks).reduce((sum, count) => sum + count, 0),
    handover: handoverOf(history),
    survives: survivorsOf(history, facts),
  };
}

/** Where the operator came to an end; work that goes on after that is nobody's concern. */
function endPosition(history: History): number {
  for (let position = 0; position < history.length; position += 1) {
    if (verdictOf(history.worldAt(position).actors.operator) !== undefined) return position;
  }
  return history.length;
}

function firstWithPower(history: History): number {
  for (let position = 0; position < history.length; position += 1) {
    if (history.worldAt(position).machine.power === 'on') return position;
  }
  return history.length;
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
      devicesPoweredDown: machine.devices.filter(({ power }) => power === 'off').length,
      devices: machine.devices.length,
      tasksFrozen: machine.kernels.original.tasks.filter(({ state }) => state === 'frozen').length,
    };
  }
  return null;
}

function survivorsOf(history: History, facts: RunFacts): Survivors {
  const { machine } = history.world;
  const ownBoots = bootsOfRun(history).filter(({ kernel }) => kernel === 'original');
  const isThere = machine.owner === 'original' && machine.kernels.original.state === 'running';
  const kernel = isThere && ownBoots.length === 1 && facts.verdict !== 'hung';
  const { tasks, mounted } = machine.kernels.original;
  const { before, after } = facts.memory;
  const isImageWhole = facts.image !== undefined && facts.image.damage === undefined;
  const lost = kernel ? { workLost: 0, heapLostBytes: 0 } : heldByTasks(history);
  return {
    kernel,
    memory: before === null && kernel ? null : kernel && before === after,
    tasks: kernel ? tasks.filter(({ state, errors }) => state !== 'absent' && errors === 0).length : 0,
    tasksOf: tasks.length,
    mount: kernel && mounted,
    log: kernel ? 'in memory' : isImageWhole ? 'in the image' : 'lost',
    ...lost,
    packetsDropped: machine.packetsDropped,
  };
}

/** When the first A was last there to work; a fresh boot begins its tasks anew. */
function heldByTasks(history: History): Pick<Survivors, 'workLost' | 'heapLostBytes'> {
  const [, next] = bootsOfRun(history).filter(({ kernel }) => kernel === 'original');
  let last: World | undefined;
  for (const world of worldsOf(history)) {
    if (next !== undefined && world.clock.nowNs >= next.atNs) break;
    if (world.machine.owner === 'original') last = world;
  }
  const tasks = last?.machine.kernels.original.tasks ?? [];
  return {
    workLost: tasks.reduce((sum, { done }) => sum + done, 0),
    heapLostBytes: tasks.reduce((sum, { heapPages }) => sum + heapPages, 0) * pageSizeBytes,
  };
}
