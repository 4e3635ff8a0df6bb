/**
 * Names of places where faults strike. A command has several: the most precise comes first. What A orders stands bare; before what B or
 * C orders stands `dump/` or `restore/`. Commands that name no kernel are given by one only and have no prefix; interrupts belong to
 * whoever executes. Some commands have parts: the middle of a write, one part of what is read.
 */
import type { Box } from '../../kernels/box.ts';
import type { Command, CommandType } from '../../kernels/commands.ts';
import { isDrivenBy } from '../../kernels/devices/device-type.ts';
import { deviceTypeOf } from '../../kernels/devices/index.ts';
import { type CallbackName, callbackNames, type KernelName } from '../../kernels/machine.ts';
import { cpuCountOf, type Plan } from '../../kernels/plan.ts';
import { item } from '../../kernels/shape.ts';
import { kernelsOf, variantOf } from '../paths/variant-of.ts';

/** All names of the place that a command is. */
export function placesOf(
  { plan, machine }: Pick<Box, 'plan' | 'machine'>,
  command: Command,
): readonly string[] {
  const { type } = command;
  if (type === 'device.call') {
    const place = placeOf(command.kernel, command.callback);
    return [`${place}:${item(plan.devices, command.device)}`, place];
  }
  if ('cpu' in command) {
    const place = placeOf(command.kernel, type);
    return [`${place}:${command.cpu}`, place];
  }
  const isInterrupts = type === 'interrupts.disable' || type === 'interrupts.enable';
  const kernel = 'kernel' in command ? command.kernel : isInterrupts ? machine.owner : 'original';
  const place = kernel === 'dump' || kernel === 'restore' ? placeOf(kernel, type) : type;
  return [...partsOf(command).map((part) => `${place}:${part}`), place];
}

/** `image.write:inside`: after the disk has taken some of the blocks. `image.check:map`: what C is about to read. */
function partsOf(command: Command): readonly string[] {
  if (command.type === 'kexec.load') return command.purpose === 'kept' ? keptParts : [];
  if (command.type === 'image.check') return imageParts;
  return writingCommands.some((type) => type === command.type) ? ['inside'] : [];
}

export const keptParts = ['kept-header', 'kept-pages'] as const;
export const imageParts = ['commit', 'map', 'data'] as const;

/** Whoever orders these has the disk write more than a block, or a block and a flush. */
const writingCommands = [
  'userSpace.sync',
  'image.write',
  'image.flush',
  'image.commit',
  'image.consume',
  'kept.save',
] as const satisfies readonly CommandType[];

/** `PLACE#N`: not the first time that the run comes there, but the Nth. */
export type PlaceInTime = { readonly place: string; readonly time: number };

export function placeInTime(where: string): PlaceInTime {
  const [, place = where, time = '1'] = /^(.*)#([1-9]\d{0,2})$/.exec(where) ?? [];
  return { place, time: Number(time) };
}

/** `inside` of `dump/userSpace.sync:inside`. */
export const partOf = (place: string): string => place.split(':')[1] ?? '';

const placeOf = (kernel: KernelName, name: CommandType | CallbackName): string =>
  kernel === 'original' ? name : `${kernel}/${name}`;

/** Callbacks of every device, for each kernel those that it has a driver for: `freeze:gpu`, `dump/freeze:disk`. */
export const devicePlaces = (
  plan: Plan,
  callbacks: readonly CallbackName[],
  suits: (role: Plan['devices'][number]) => boolean = () => true,
): readonly string[] =>
  kernelsOf(plan).flatMap((kernel) =>
    callbacks.flatMap((callback) =>
      plan.devices
        .filter((role) => suits(role) && isDrivenBy(deviceTypeOf(role), kernel))
        .map((role) => `${placeOf(kernel, callback)}:${role}`),
    ),
  );

/** One place for each processor that a kernel takes down and up again: all but the boot processor. */
export const cpuPlaces = (plan: Plan, type: 'cpu.offline' | 'cpu.online'): readonly string[] =>
  kernelsOf(plan).flatMap((kernel) =>
    Array.from(
      { length: cpuCountOf(plan, kernel) - 1 },
      (_, index) => `${placeOf(kernel, type)}:${index + 1}`,
    ),
  );

export const ofAllKernels = (plan: Plan, names: readonly (CommandType | CallbackName)[]): readonly string[] =>
  kernelsOf(plan).flatMap((kernel) => names.map((name) => placeOf(kernel, name)));

/** What a kernel with user space orders, from its first driver on; device callbacks without their device: the first one asked. */
export function kernelPlaces(plan: Plan): readonly string[] {
  const cpus: readonly CommandType[] = plan.size.cpuCount > 1 ? ['cpu.offline', 'cpu.online'] : [];
  const freezer: readonly CommandType[] = plan.freezer ? ['tasks.freeze', 'tasks.thaw'] : [];
  return [
    ...ofAllKernels(plan, [...freezer, ...kernelCommands, ...callbackNames]),
    ...cpus,
    ...saveCommands,
    ...(variantOf(plan).goesOff ? [...offCommands, ...restoreCommands] : []),
    'kept.save',
  ];
}

/** The disk is at work in the middle of them. */
export const insidePlaces = (plan: Plan): readonly string[] =>
  writingCommands
    .filter((type) => type !== 'image.consume' || variantOf(plan).goesOff)
    .map((type) => `${type}:inside`);

/** The power button is pressed a second time: the machine was off in between. */
export const afterTheNight = (plan: Plan, names: readonly string[]): readonly string[] =>
  variantOf(plan).goesOff ? names.map((name) => `${name}#2`) : [];

/** C's life, and the first steps of the A that comes back. */
export function restorePlaces(plan: Plan): readonly string[] {
  if (!variantOf(plan).goesOff) return [];
  const boot = ['kernel.start', 'kernel.probe', 'userSpace.start', 'kexec.load', 'kexec.jump'] as const;
  return [
    ...boot.map((type) => placeOf('restore', type)),
    ...restoreCommands,
    'image.consume:inside',
    ...returnCommands,
    'restoreNoirq',
    'complete',
  ];
}

const returnCommands = [
  'processor.restore',
  'syscore.resume',
  'interrupts.enable',
  'console.resume',
] as const satisfies readonly CommandType[];

const kernelCommands = [
  'kernel.probe',
  'userSpace.start',
  'kexec.load',
  'userSpace.sync',
  'console.suspend',
  'interrupts.disable',
  'syscore.suspend',
  'processor.save',
  'kexec.jump',
  ...returnCommands,
] as const satisfies readonly CommandType[];

/** B's alone. */
const saveCommands = [
  'vmcore.open',
  'image.write',
  'image.flush',
  'image.commit',
] as const satisfies readonly CommandType[];
const offCommands = ['dump/bootNext.set', 'dump/machine.powerOff'] as const;

/** C's alone. */
const restoreCommands = [
  'image.check',
  'image.load',
  'image.consume',
] as const satisfies readonly CommandType[];
