/**
 * What stands in the holes of a state's log lines: from the event that led there, the chart's own record, and the plan.
 * Lines without holes need no entry.
 */
import { assert } from '../kernels/assert.ts';
import type { LineValues } from '../kernels/box.ts';
import { callbackLineValues } from '../kernels/devices/device-type.ts';
import { deviceTypeOf } from '../kernels/devices/index.ts';
import { errnoName, errorText } from '../kernels/linux/errno.ts';
import {
  type AddressMap,
  addressesOf,
  imageLimitBytes,
  linkedImage,
  startKernelMap,
} from '../kernels/linux/kernel-address.ts';
import { kernelBuild } from '../kernels/linux/kernel-banner.ts';
import type { MessageName } from '../kernels/linux/messages/index.ts';
import { structuresOf } from '../kernels/linux/structures/index.ts';
import type { CallbackName } from '../kernels/machine.ts';
import { item } from '../kernels/shape.ts';
import type { KernelContext } from './kernel/kernel-setup.ts';
import type { LineSource } from './system/world.ts';

type Source = LineSource & { readonly me: KernelContext };
type Fill = (source: Source) => LineValues;

/** The freezer's elapsed time is that of the log; the box freezes as fast (log a3: 0.000 seconds). */
const values: { readonly [Name in MessageName]?: Fill } = {
  'freezer.done': () => ({ seconds: '0.000' }),
  // freeze_timeout_msecs and one look later (linux.md A4.1 row 8 shows 20.00x).
  'freezer.failed': ({ me, machine }) => ({ seconds: '20.001', count: refusing(machine, me) }),
  'freezer.aborted': ({ me, machine }) => ({ seconds: '0.000', count: refusing(machine, me) }),
  'device.prepareFailed': (source) => deviceValues(source, 'prepare'),
  'device.notPrepared': (source) => deviceValues(source, 'prepare'),
  'device.callbackFailed': (source) => deviceValues(source, callbackUnderWay(source.me)),
  // A planned failure returns at once.
  'device.returned': (source) => ({ ...deviceValues(source, callbackUnderWay(source.me)), microseconds: 0 }),
  'device.failed': (source) => deviceValues(source, callbackUnderWay(source.me)),
  'device.timeout': (source) => deviceValues(source, callbackUnderWay(source.me)),
  'cpu.offline': ({ me }) => ({ cpu: me.cpu }),
  'cpu.downFailed': ({ me, event }) => ({ cpu: me.cpu, errno: errnoOf(event) }),
  'cpu.booting': ({ me }) => ({ cpu: me.cpu, apic: me.cpu }),
  'cpu.up': ({ me }) => ({ cpu: me.cpu }),
  'cpu.notAlive': ({ me }) => ({ cpu: me.cpu }),
  'cpu.failed': ({ me, event }) => ({ cpu: me.cpu, errno: errnoOf(event) }),
  // The first callback of the list that can fail on x86 going down (linux.md B.8), as %pS prints it; the size is that of our build.
  'syscore.failed': () => ({ symbol: 'timekeeping_suspend+0x0/0x200' }),
  // The sleep state of an ordinary power-off.
  'acpi.preparing': () => ({ state: 5 }),
  'panic.notSyncing': (source) => ({ reason: panicReason(source) }),
  'panic.end': (source) => ({ reason: panicReason(source) }),
  'panic.cpu': ({ me, plan }) => ({
    cpu: 0,
    uid: 0,
    // The watchdog is a timer: it fires while nobody runs.
    ...(me.panicBy === 'watchdog' ? { pid: 0, command: 'swapper/0' } : { pid: 1, command: 'init' }),
    kdump: me.crashLoaded ? 'Kdump: loaded ' : '',
    taint: 'Not tainted',
    release: structuresOf(plan).release,
    build: kernelBuild,
  }),
  'panic.hardware': () => ({ name: 'kexec-jump box' }),
  'panic.kernelOffset': ({ me, plan }) => ({ offset: offsetText(addressesOf(plan.layout, me.kernel)) }),
  'tool.kexecFailed': ({ me }) => ({ reason: errorText(errnoName(me.errno)) }),
  // A left-over errno of the tool (linux.md A1.8 row 8, log a1).
  'tool.kexecMisreported': () => ({ reason: errorText('EBADF') }),
};

/** arch/x86/kernel/setup.c:dump_kernel_offset: from where the image was linked to, and the room that it has for itself. */
function offsetText({ kernelOffsetBytes }: AddressMap): string {
  if (kernelOffsetBytes === 0) return 'disabled';
  const hex = (address: bigint | number): string => `0x${address.toString(16)}`;
  const last = startKernelMap + BigInt(imageLimitBytes - 1);
  return `${hex(kernelOffsetBytes)} from ${hex(linkedImage)} (relocation range: ${hex(startKernelMap)}-${hex(last)})`;
}

export function lineValues(line: MessageName, source: LineSource): LineValues {
  // Only the kernels' charts print, and both have this context.
  return values[line]?.({ ...source, me: source.context as KernelContext }) ?? {};
}

const errnoOf = (event: LineSource['event']): number => ('errno' in event ? event.errno : 0);

/** A task that has done its work sits in a wait, and is frozen like the others. */
const refusing = (machine: LineSource['machine'], me: KernelContext): number =>
  machine.kernels[me.kernel].tasks.filter(({ state }) => state === 'running' || state === 'done').length;

/** sysrq_handle_crash; oops_end with panic_on_oops; dpm_watchdog_handler (all 6.12). */
function panicReason({ plan, me }: Source): string {
  switch (me.panicBy) {
    case 'sysrq':
      return 'sysrq triggered crash';
    case 'exception':
      return 'Fatal exception';
    case 'watchdog': {
      const { driver, device } = deviceTypeOf(item(plan.devices, me.device));
      return `${driver} ${device}: unrecoverable failure`;
    }
  }
}

function deviceValues({ plan, event, me }: Source, callback: CallbackName): LineValues {
  const type = deviceTypeOf(item(plan.devices, me.device));
  return { ...callbackLineValues(type, callback), errno: errnoOf(event), ...verbs[callback] };
}

function callbackUnderWay(me: KernelContext): CallbackName {
  assert(me.asked !== 'none', 'line: no device was asked');
  return me.asked;
}

/** pm_verb and the phase's name, as pm_dev_err prints them (linux.md B.1, B.6). */
const verbs: Readonly<Record<CallbackName, { readonly verb: string; readonly variant: string }>> = {
  prepare: { verb: 'freeze', variant: '' },
  freeze: { verb: 'freeze', variant: '' },
  freezeLate: { verb: 'freeze', variant: ' late' },
  freezeNoirq: { verb: 'freeze', variant: ' noirq' },
  thawNoirq: { verb: 'recover', variant: ' noirq' },
  thawEarly: { verb: 'recover', variant: ' early' },
  restoreNoirq: { verb: 'restore', variant: ' noirq' },
  restoreEarly: { verb: 'restore', variant: ' early' },
  restore: { verb: 'restore', variant: '' },
  complete: { verb: 'restore', variant: '' },
  /** Nothing can fail here, and so nothing is printed. */
  shutdown: { verb: 'shut down', variant: '' },
};
