/**
 * Names of places where faults strike. A command has several: the most precise comes first. Commands that only B gives have no
 * `dump/`; interrupts belong to whoever executes.
 */
import type { Box } from '../../kernels/box.ts';
import type { Command, CommandType } from '../../kernels/commands.ts';
import { isDrivenBy } from '../../kernels/devices/device-type.ts';
import { deviceTypeOf } from '../../kernels/devices/index.ts';
import { type CallbackName, callbackNames, type KernelName, kernelNames } from '../../kernels/machine.ts';
import type { Plan } from '../../kernels/plan.ts';
import { item } from '../../kernels/shape.ts';

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
  if ('kernel' in command) return [placeOf(command.kernel, type)];
  const isInterrupts = type === 'interrupts.disable' || type === 'interrupts.enable';
  return [isInterrupts && machine.owner === 'dump' ? placeOf('dump', type) : type];
}

/** `PLACE#N`: not the first time that the run comes there, but the Nth. */
export type PlaceInTime = { readonly place: string; readonly time: number };

export function placeInTime(where: string): PlaceInTime {
  const [, place = where, time = '1'] = /^(.*)#([1-9]\d{0,2})$/.exec(where) ?? [];
  return { place, time: Number(time) };
}

const placeOf = (kernel: KernelName, name: CommandType | CallbackName): string =>
  kernel === 'dump' ? `dump/${name}` : name;

/** Callbacks of every device, for each kernel those that it has a driver for: `freeze:gpu`, `dump/freeze:disk`. */
export const devicePlaces = (
  plan: Plan,
  callbacks: readonly CallbackName[],
  suits: (role: Plan['devices'][number]) => boolean = () => true,
): readonly string[] =>
  kernelNames.flatMap((kernel) =>
    callbacks.flatMap((callback) =>
      plan.devices
        .filter((role) => suits(role) && isDrivenBy(deviceTypeOf(role), kernel))
        .map((role) => `${placeOf(kernel, callback)}:${role}`),
    ),
  );

/** One place for each processor that A takes down and up again; B has one processor. */
export const cpuPlaces = ({ size }: Plan, type: 'cpu.offline' | 'cpu.online'): readonly string[] =>
  Array.from({ length: size.cpuCount - 1 }, (_, index) => `${type}:${index + 1}`);

export const ofBothKernels = (names: readonly (CommandType | CallbackName)[]): readonly string[] =>
  kernelNames.flatMap((kernel) => names.map((name) => placeOf(kernel, name)));

/** What a kernel with user space orders, from its first driver on; device callbacks without their device: the first one asked. */
export function kernelPlaces(plan: Plan): readonly string[] {
  const cpus: readonly CommandType[] = plan.size.cpuCount > 1 ? ['cpu.offline', 'cpu.online'] : [];
  const freezer: readonly CommandType[] = plan.freezer ? ['tasks.freeze', 'tasks.thaw'] : [];
  return [...ofBothKernels([...freezer, ...kernelCommands, ...callbackNames]), ...cpus, ...saveCommands];
}

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
  'processor.restore',
  'syscore.resume',
  'interrupts.enable',
  'console.resume',
] as const satisfies readonly CommandType[];

/** B's alone. */
const saveCommands = [
  'vmcore.open',
  'image.write',
  'image.flush',
  'image.commit',
] as const satisfies readonly CommandType[];
