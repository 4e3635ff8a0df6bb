/**
 * A box for tests of one executor, move or device: real records, real contents, real page maps, no charts. What executors tell the
 * outside (replies, lines, notes, arrivals, questions to chance) is kept in lists.
 *
 * Every recipe runs through `run`, which is one step: afterwards the records must still fit their shapes. With `recipes: 'immer'`
 * the machine is a draft during a step, as in the full box; with `'bare'` it is mutated in place, as in a packed search.
 * The kernels' own set-up is left out: nothing is running, no device has registers, memory is poison and the disk is blank.
 */
import { createDraft, current, finishDraft, isDraft } from 'immer';
import { type Pfn, pageSizeBytes, pfn } from '../../image/pfn.ts';
import type { Box, LineValues, Move, Note, ReplyAddress, Run } from '../../kernels/box.ts';
import type { Arrival, Reply } from '../../kernels/commands.ts';
import type { DeviceRole } from '../../kernels/devices/device-role.ts';
import { deviceTypes } from '../../kernels/devices/index.ts';
import { type FirmwareMap, firmwareMap, mapOfLinux, usableRanges } from '../../kernels/firmware-map.ts';
import { defectsOf } from '../../kernels/kexec/defects.ts';
import { memoryLayout } from '../../kernels/linux/memory-layout.ts';
import type { MessageName } from '../../kernels/linux/messages/index.ts';
import { type KernelName, type Machine, machineShape, newMachine, type Size } from '../../kernels/machine.ts';
import { type ContentId, Contents, poisonContent, zeroContent } from '../../kernels/memory/contents.ts';
import { PageMap } from '../../kernels/memory/page-map.ts';
import type { Plan } from '../../kernels/plan.ts';
import { assignRecord, shapeProblems } from '../../kernels/shape.ts';
import { defaultOptions } from '../../machines/options/box-options.ts';
import { kexecOrderOf } from '../../machines/options/kexec-order.ts';
import { readLeftBehind, writeLeftBehind } from '../../machines/system/left-behind.ts';

export type SmallBoxOptions = {
  readonly devices?: readonly DeviceRole[];
  readonly size?: Partial<Size>;
  readonly ramBytes?: number;
  readonly diskBlockCount?: number;
  /** `reserved` (the default) has a region of 80 MiB, so that the memories of A and B do not overlap. */
  readonly plan?: Partial<
    Omit<Plan, 'size' | 'devices' | 'ramBytes' | 'memoryEnd' | 'layout' | 'firmwareMap'>
  >;
  readonly recipes?: 'bare' | 'immer';
  /** What chance answers, in this order; afterwards always 0. */
  readonly picks?: readonly number[];
};

export type SmallBox = {
  readonly plan: Plan;
  readonly contents: Contents;
  readonly replies: { readonly to: ReplyAddress; readonly reply: Reply }[];
  readonly arrivals: { readonly at: 'firmware' | KernelName; readonly arrival: Arrival }[];
  readonly lines: { readonly kernel: KernelName; readonly line: MessageName; readonly values: LineValues }[];
  readonly shown: string[];
  readonly notes: Note[];
  readonly questions: string[];
  readonly clocks: { readonly kernel: KernelName; readonly event: 'start' | 'sleep' | 'wake' }[];
  readonly forgotten: KernelName[];
  /** The records after the last step. Not to be kept over a step of a bare box: there it is the same object. */
  machine(): Machine;
  /** Memory and medium as values: two of them can be compared. */
  memory(): PageMap;
  medium(): PageMap;
  run(recipe: (box: Box) => void): void;
};

const defaultSize: Size = {
  cpuCount: 2,
  deviceCount: 0,
  taskCount: 2,
  cacheBlockCount: 4,
  packetCount: 8,
  faultCount: 0,
};
const mebibyte = 2 ** 20;
const regionBytes = 80 * mebibyte;
/** Firmware keeps the last pages of RAM; the region ends this far below. */
const aboveRegionBytes = 16 * mebibyte;

export function smallBox(options: SmallBoxOptions = {}): SmallBox {
  const plan = smallPlan(options);
  const contents = new Contents();
  const memory = PageMap.filled(plan.memoryEnd / pageSizeBytes, poisonContent).draft();
  const medium = PageMap.filled(options.diskBlockCount ?? 2 ** 24, zeroContent).draft();
  const records = recordsOf(plan, options.recipes ?? 'bare');
  const lists: Kept = {
    replies: [],
    arrivals: [],
    lines: [],
    shown: [],
    notes: [],
    questions: [],
    clocks: [],
    forgotten: [],
  };
  const picks = [...(options.picks ?? [])];
  const ports: Omit<Box, 'machine' | 'own' | 'leaveBehind' | 'pickUp'> = {
    plan,
    contents,
    memory: {
      read: (frame) => memory.get(frame),
      write: (frame, content) => memory.set(frame, content),
      fill: (start, count, content) => memory.fill(start, count, content),
      runs: (start, count) => framesOf(memory.done().runs(start, start + count)),
    },
    medium: {
      read: (block) => medium.get(block),
      write: (block, content) => medium.set(block, content),
      runs: (start, count) => medium.done().runs(start, start + count),
    },
    reply: (to, reply) => void lists.replies.push({ to, reply }),
    arrive: (at, arrival) => void lists.arrivals.push({ at, arrival }),
    print: (kernel, line, values = {}) => void lists.lines.push({ kernel, line, values }),
    show: (text) => void lists.shown.push(text),
    note: (event) => void lists.notes.push(event),
    clock: (kernel, event) => void lists.clocks.push({ kernel, event }),
    forget: (kernel) => void lists.forgotten.push(kernel),
    choose: (count, about) => {
      const pick = picks.shift() ?? 0;
      if (pick >= count) throw new Error(`pick ${pick} of ${count}: ${about}`);
      lists.questions.push(about);
      return pick;
    },
  };
  return {
    plan,
    contents,
    ...lists,
    machine: () => records.machine,
    memory: () => memory.done(),
    medium: () => medium.done(),
    run: (recipe) =>
      records.step((machine) => {
        const own = (owner: Machine['owner']): void => {
          machine.owner = owner;
        };
        const kept = { plan, contents, memory: ports.memory };
        const leaveBehind = (kernel: KernelName): void =>
          writeLeftBehind(kept, {
            kernel,
            record: structuredClone(isDraft(machine) ? current(machine) : machine).kernels[kernel],
            timeNs: 0,
            sleptNs: 0,
            asleepAtNs: 0,
            actors: {},
            queues: {},
          });
        const pickUp = (swapFrame: Pfn): KernelName | undefined => {
          const left = readLeftBehind(kept, swapFrame);
          if (left !== undefined) assignRecord(machine.kernels[left.kernel], left.record);
          return left?.kernel;
        };
        recipe({ ...ports, machine, own, leaveBehind, pickUp });
      }),
  };
}

/** Lets everything that is under way end, in the order of the list; limited, because a move may start another. */
export function settle(small: SmallBox, moves: readonly Move[]): void {
  for (let step = 0; step < 1000; step++) {
    const next = possibleMoves(small, moves).find(({ rank }) => rank === 'urgent');
    if (next === undefined) return;
    small.run((box) => next.move.run(box, next.index));
  }
  throw new Error('settle: more than 1000 moves, and still something is under way');
}

export type PossibleMove = {
  readonly move: Move;
  readonly index: number;
  readonly rank: 'urgent' | 'patient' | 'background';
};

export function possibleMoves({ plan, machine }: SmallBox, moves: readonly Move[]): readonly PossibleMove[] {
  const possible: PossibleMove[] = [];
  for (const move of moves) {
    for (let index = 0; index < move.count(plan); index++) {
      const rank = move.rank(machine(), index, plan);
      if (rank !== undefined) possible.push({ move, index, rank });
    }
  }
  return possible;
}

type Kept = Omit<SmallBox, 'plan' | 'contents' | 'machine' | 'memory' | 'medium' | 'run'>;

type Records = { readonly machine: Machine; step(recipe: (machine: Machine) => void): void };

function recordsOf({ size }: Plan, recipes: 'bare' | 'immer'): Records {
  const shape = machineShape(size);
  const records = {
    machine: newMachine(size),
    step(recipe: (machine: Machine) => void): void {
      if (recipes === 'bare') recipe(records.machine);
      else {
        const draft = createDraft(records.machine);
        recipe(draft);
        records.machine = finishDraft(draft);
      }
      const problems = shapeProblems(shape, records.machine, 'machine');
      if (problems.length > 0) throw new Error(`a recipe left its shape: ${problems.join('; ')}`);
    },
  };
  return records;
}

function smallPlan(options: SmallBoxOptions): Plan {
  const devices = options.devices ?? deviceTypes.map((type) => type.role);
  const size = { ...defaultSize, ...options.size, deviceCount: devices.length };
  const ramBytes = options.ramBytes ?? 256 * mebibyte;
  const map = firmwareMap({ ramBytes });
  const load = options.plan?.load ?? 'reserved';
  const regionCount = load === 'reserved' ? regionBytes / pageSizeBytes : 0;
  const ramFrames = ramBytes / pageSizeBytes;
  const region = {
    start: pfn(ramFrames - regionCount - aboveRegionBytes / pageSizeBytes),
    count: regionCount,
  };
  return {
    path: 'kexec-jump',
    variant: 'jump-back',
    rounds: 1,
    attempts: 1,
    kexec: kexecOrderOf(defaultOptions, defectsOf()),
    dumpCpuCount: 1,
    workload: 'idle',
    seed: 1,
    workUnits: 4,
    devicesBetween: 'quiet',
    freezer: true,
    kernelVersion: '6.12',
    kernelLayout: '6.12',
    kaslr: false,
    noConsoleSuspend: false,
    pmPrintTimes: false,
    quirks: [],
    defects: defectsOf(),
    commandLine: '',
    faults: [],
    memory: null,
    ...options.plan,
    load,
    size,
    devices,
    ramBytes,
    firmwareMap: map,
    memoryEnd: memoryEndOf(map, ramBytes),
    layout: memoryLayout({ ...size, ramEnd: lastFrameOf(map), ram: framesOfRam(map), region, load }),
  };
}

/** RAM ends with pages that firmware keeps, so the usable ranges end before it; above 4 GiB they end behind the hole. */
const memoryEndOf = (map: FirmwareMap, ramBytes: number): number =>
  Math.max(ramBytes, ...usableRanges(map).map((range) => range.endExclusive));

const framesOfRam = (map: FirmwareMap) =>
  usableRanges(mapOfLinux(map).map).map(({ start, endExclusive }) => ({
    start: pfn(Math.ceil(start / pageSizeBytes)),
    count: Math.floor((endExclusive - start) / pageSizeBytes),
  }));

/** A's RAM ends where firmware's pages begin. */
const lastFrameOf = (map: FirmwareMap): number =>
  Math.floor(Math.max(...usableRanges(map).map((range) => range.endExclusive)) / pageSizeBytes);

/** Page maps count plain numbers; of memory they are frames. */
function* framesOf(runs: Iterable<{ start: number; count: number; id: ContentId }>): Iterable<Run<Pfn>> {
  for (const { start, count, id } of runs) yield { start: pfn(start), count, id };
}
