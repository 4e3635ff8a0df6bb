/** A box ready to be switched on: rules and first world from a plan. */
import type { AnyMachineSnapshot } from 'xstate';
import { pageSizeBytes } from '../../image/pfn.ts';
import { isDrivenBy } from '../../kernels/devices/device-type.ts';
import { deviceTypeOf } from '../../kernels/devices/index.ts';
import { diskBlockCount } from '../../kernels/disk-layout.ts';
import { execute, executorMoves } from '../../kernels/executors/index.ts';
import { pagesInPlace } from '../../kernels/linux/given-memory.ts';
import { type KernelName, newMachine } from '../../kernels/machine.ts';
import { Contents, zeroContent } from '../../kernels/memory/contents.ts';
import { PageMap } from '../../kernels/memory/page-map.ts';
import { deviceMoves } from '../../kernels/moves/device-moves.ts';
import { taskMoves } from '../../kernels/moves/task-moves.ts';
import { cpuCountOf, type Plan } from '../../kernels/plan.ts';
import { device, deviceShape } from '../device.ts';
import { dump } from '../dump.ts';
import { strikeFaults } from '../faults/index.ts';
import { firmware, firmwareShape } from '../firmware.ts';
import { type KernelSwitch, kernelContextShape } from '../kernel/kernel-setup.ts';
import { lineValues } from '../line-values.ts';
import { original } from '../original.ts';
import { kernelsOf, variantOf } from '../paths/variant-of.ts';
import { executeWith, quirks } from '../quirks/index.ts';
import type { Quirk } from '../quirks/quirk.ts';
import { restore } from '../restore.ts';
import { type Actor, type ActorName, beginActor } from './actors.ts';
import { newClock } from './clock.ts';
import type { Channel, Rules, World } from './world.ts';

/** `contents`: many runs in a row may share one store, which then makes each page of a kernel once. */
export function beginBox(
  plan: Plan,
  checksShapes = false,
  contents = new Contents(),
): { readonly rules: Rules; readonly world: World } {
  const actors = actorsOf(plan);
  const carryOut = executeWith(quirksOf(plan), execute);
  const rules: Rules = {
    plan,
    contents,
    actors: new Map(actors.map((actor) => [actor.name, actor])),
    actorOrder: actors.map(({ name }) => name),
    channels: channelsOf(plan),
    moves: [...executorMoves, ...taskMoves, ...deviceMoves],
    execute: (box, command) => {
      const goesOn = strikeFaults(box, command);
      if (goesOn) carryOut(box, command);
      return goesOn;
    },
    lineValues,
    checksShapes,
  };
  return { rules, world: firstWorld(rules) };
}

function firstWorld({ plan, actors, contents }: Rules): World {
  const snapshots = [...actors.values()].map((actor): [ActorName, AnyMachineSnapshot] => [
    actor.name,
    beginActor(actor),
  ]);
  return {
    step: 0,
    machine: newMachine(plan.size),
    memory: firstMemory(plan, contents),
    medium: PageMap.filled(diskBlockCount(plan.ramBytes), zeroContent),
    // Every actor has an entry: they come from the same list.
    actors: Object.fromEntries(snapshots) as World['actors'],
    queues: {},
    kept: {},
    clock: newClock,
  };
}

/** A machine is delivered with cleared memory, as QEMU does it, or with what it was given; only a power cut leaves poison. */
function firstMemory({ memoryEnd, memory }: Plan, contents: Contents): PageMap {
  const cleared = PageMap.filled(Math.ceil(memoryEnd / pageSizeBytes), zeroContent);
  if (memory === null) return cleared;
  return cleared.change((draft) => {
    for (const { frame, bytes } of pagesInPlace(memory)) draft.set(frame, contents.intern(bytes));
  });
}

function actorsOf(plan: Plan): readonly Actor[] {
  const variant = variantOf(plan);
  return [
    {
      name: 'operator',
      machine: variant.operator,
      input: { rounds: plan.rounds, attempts: plan.attempts },
      shape: variant.operatorShape,
    },
    { name: 'firmware', machine: firmware, input: undefined, shape: firmwareShape },
    ...kernelsOf(plan).flatMap((kernel) => kernelActors(plan, kernel)),
  ];
}

const quirksOf = ({ quirks: names }: Plan): readonly Quirk[] =>
  quirks.filter(({ name }) => names.includes(name));

const kernelCharts = { original, dump, restore } as const satisfies Record<KernelName, unknown>;

function kernelActors(plan: Plan, kernel: KernelName): readonly Actor[] {
  const driven = plan.devices.map((role) => isDrivenBy(deviceTypeOf(role), kernel));
  const size = { cpuCount: plan.size.cpuCount, deviceCount: plan.size.deviceCount };
  const isOn = (name: KernelSwitch): boolean => quirksOf(plan).some(({ switchesOn }) => switchesOn === name);
  const input = {
    ...size,
    kernel,
    driven,
    usesCpus: cpuCountOf(plan, kernel),
    freezer: plan.freezer,
    leavesFrozen: isOn('leavesFrozen'),
    loadsDumpByKexec: isOn('loadsDumpByKexec'),
    misreports: plan.defects.failsAfterSuccess && plan.kexec.jumpsBy[kernel] === 'kexec',
    powersOff: variantOf(plan).goesOff === true,
  };
  const machine = kernelCharts[kernel];
  const devices = plan.devices.flatMap((role, index): Actor[] =>
    driven[index]
      ? [
          {
            name: `${kernel}/${role}`,
            machine: device,
            input: { kernel, device: index },
            shape: deviceShape,
            kernel,
          },
        ]
      : [],
  );
  return [{ name: kernel, machine, input, shape: kernelContextShape(size), kernel }, ...devices];
}

/** All pairs that may talk; nothing else may be sent. Two may wait where two senders or two pieces of news can meet. */
function channelsOf(plan: Plan): readonly Channel[] {
  const channel = (from: string, to: ActorName, capacity: number): Channel => ({
    name: `${from} > ${to}`,
    from,
    to,
    capacity,
  });
  const kernels = kernelsOf(plan);
  return [
    channel('hardware', 'firmware', 1),
    ...kernels.map((kernel) => channel('hardware', kernel, 2)),
    channel('operator', 'firmware', 1),
    channel('operator', 'original', 1),
    ...kernels.map((kernel) => channel(kernel, 'operator', 2)),
    ...kernels.flatMap((kernel) =>
      plan.devices.flatMap((role) =>
        isDrivenBy(deviceTypeOf(role), kernel)
          ? [channel(kernel, `${kernel}/${role}`, 1), channel(`${kernel}/${role}`, kernel, 1)]
          : [],
      ),
    ),
  ];
}
