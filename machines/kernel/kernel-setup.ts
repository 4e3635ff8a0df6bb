/**
 * What the charts of all kernels have in common: their record, their recipes and guards. A, B and C run the same code
 * (kernel/kexec_core.c:kernel_kexec), so they share the chart of it (kernel-kexec.ts); they differ in how they come to life and in
 * what their user space wants.
 */
import { setup } from 'xstate';
import { assert } from '../../kernels/assert.ts';
import { callbackNames, kernelNames, type LoadPurpose, loadPurposes } from '../../kernels/machine.ts';
import { below, firstRecord, flag, item, list, oneOf, type RecordOf } from '../../kernels/shape.ts';
import { print, recipe } from '../recipe.ts';
import type {
  CallbackName,
  ChartEvent,
  Command,
  Emission,
  KernelName,
  StateMeta,
  StateTag,
} from '../vocabulary.ts';
import type { BareCommand, PlainCommand, PlainMessage } from './plain-words.ts';

/** The lists of drivers/base/power/main.c that a device is on (linux.md B.3). */
const deviceAt = oneOf('active', 'prepared', 'frozen', 'late', 'noirq', 'shutDown');
export type DeviceAt = (typeof deviceAt)['values'][number];

export type KernelSize = { readonly cpuCount: number; readonly deviceCount: number };

export const kernelContextShape = ({ cpuCount, deviceCount }: KernelSize) => ({
  kernel: oneOf(...kernelNames),
  /**
   * dpm lists in registration order, parents first; a device without a driver in this kernel is on none. Refused: moved to the list
   * of frozen devices by dpm_suspend, whose callback then failed; it counts as not suspended.
   */
  devices: list(deviceCount, { at: deviceAt, driven: flag, refused: flag }),
  /** The device that was asked last, and for what. */
  device: below(deviceCount),
  asked: oneOf('none', ...callbackNames),
  cpus: list(cpuCount, { present: flag, takenDown: flag }),
  cpu: below(cpuCount),
  imageLoaded: flag,
  crashLoaded: flag,
  purpose: oneOf(...loadPurposes),
  bootedBy: oneOf('boot', 'crash', 'jump', 'plain'),
  hasVmcore: flag,
  failed: flag,
  /** Positive error number of what failed; 0 when nothing did. */
  errno: below(134),
  /** What the panic was about, if there was one. */
  panicBy: oneOf('sysrq', 'exception', 'watchdog'),
  freezer: flag,
  /** Quirks: U2 of linux.md A1.10; row 8 of A1.8; no writable old memory in 6.12 (A2.3). */
  leavesFrozen: flag,
  misreports: flag,
  loadsDumpByKexec: flag,
  /** B saved what it was to save; then it switches the machine off instead of jumping back. */
  hasSaved: flag,
  powersOff: flag,
});
export type KernelContext = RecordOf<ReturnType<typeof kernelContextShape>>;

/** Branches that a quirk can have the charts take. */
export type KernelSwitch = 'leavesFrozen' | 'loadsDumpByKexec';

export type KernelInput = KernelSize & {
  readonly kernel: KernelName;
  readonly driven: readonly boolean[];
  readonly usesCpus: number;
  readonly freezer: boolean;
  readonly leavesFrozen: boolean;
  readonly misreports: boolean;
  readonly loadsDumpByKexec: boolean;
  readonly powersOff: boolean;
};

/** XState calls the factory without input whenever it needs an initial snapshot: a kernel of one processor and one device. */
export function kernelContext(kernel: KernelName, input: KernelInput | undefined): KernelContext {
  const context = firstRecord(kernelContextShape(input ?? { cpuCount: 1, deviceCount: 1 }));
  context.kernel = kernel;
  context.freezer = input?.freezer ?? true;
  context.leavesFrozen = input?.leavesFrozen ?? false;
  context.misreports = input?.misreports ?? false;
  context.loadsDumpByKexec = input?.loadsDumpByKexec ?? false;
  context.powersOff = input?.powersOff ?? false;
  for (const [index, device] of context.devices.entries()) device.driven = input?.driven[index] ?? true;
  for (const [index, cpu] of context.cpus.entries()) cpu.present = index < (input?.usesCpus ?? 1);
  return context;
}

type Order = 'parents-first' | 'children-first';
type Me = KernelContext;

function nextAt(me: Me, at: DeviceAt, order: Order): number {
  const last = me.devices.length - 1;
  for (let step = 0; step <= last; step += 1) {
    const index = order === 'parents-first' ? step : last - step;
    const device = item(me.devices, index);
    if (device.driven && device.at === at) return index;
  }
  return -1;
}

const nextCpuDown = (me: Me): number =>
  me.cpus.findIndex((cpu, index) => index > 0 && cpu.present && !cpu.takenDown);
const nextCpuUp = (me: Me): number => me.cpus.findIndex((cpu) => cpu.takenDown);

const deviceRecipes = {
  askDevice: recipe<Me, ChartEvent, { callback: CallbackName; at: DeviceAt; order: Order }>(
    (me, _event, out, { callback, at, order }) => {
      me.device = nextAt(me, at, order);
      me.asked = callback;
      out.tell({ kernel: me.kernel, device: me.device }, { type: `device.${callback}` });
    },
  ),
  moveDevice: recipe<Me, ChartEvent, { to: DeviceAt }>((me, event, _out, { to }) => {
    if (event.type === 'device.answered' || event.type === 'device.failed')
      item(me.devices, event.device).at = to;
  }),
  /**
   * dpm_suspend moves a device on before it asks, so one that fails stands among the frozen ones (log e8: the next attempt does not
   * ask it to freeze, but does for freeze_late). The later phases do the same, but undo themselves at once and pass over it: there
   * it is left where it was, which comes to the same.
   */
  noteRefused: recipe<Me, ChartEvent>((me) => {
    const device = item(me.devices, me.device);
    device.at = 'frozen';
    device.refused = true;
  }),
  /** device_resume passes over what is not suspended. */
  passRefused: recipe<Me, ChartEvent>((me) => {
    for (const device of me.devices) {
      if (device.at === 'frozen' && device.refused) device.at = 'prepared';
      device.refused = false;
    }
  }),
};

const cpuRecipes = {
  takeCpuDown: recipe<Me, ChartEvent>((me, _event, out) => {
    me.cpu = nextCpuDown(me);
    out.order({ type: 'cpu.offline', kernel: me.kernel, cpu: me.cpu });
  }),
  noteCpuDown: recipe<Me, ChartEvent>((me) => {
    item(me.cpus, me.cpu).takenDown = true;
  }),
  bringCpuUp: recipe<Me, ChartEvent>((me, _event, out) => {
    me.cpu = nextCpuUp(me);
    out.order({ type: 'cpu.online', kernel: me.kernel, cpu: me.cpu });
  }),
  noteCpuBack: recipe<Me, ChartEvent>((me) => {
    item(me.cpus, me.cpu).takenDown = false;
  }),
  /** What did not come back is offline: a later attempt does not take it down again. */
  noteCpuLost: recipe<Me, ChartEvent>((me) => {
    const cpu = item(me.cpus, me.cpu);
    cpu.takenDown = false;
    cpu.present = false;
  }),
};

const noteRecipes = {
  noteFailure: recipe<Me, ChartEvent>((me, event) => {
    me.failed = true;
    me.errno = 'errno' in event ? -event.errno : 16;
  }),
  notePanic: recipe<Me, ChartEvent, { by: Me['panicBy'] }>((me, _event, _out, { by }) => {
    me.panicBy = by;
  }),
  noteNoImage: recipe<Me, ChartEvent>((me) => {
    me.failed = true;
    me.errno = 22;
  }),
  noteNoFailure: recipe<Me, ChartEvent>((me) => {
    me.failed = false;
    me.errno = 0;
  }),
  noteLoaded: recipe<Me, ChartEvent>((me) => {
    if (me.purpose === 'crash') me.crashLoaded = true;
    else me.imageLoaded = true;
  }),
  notePurpose: recipe<Me, ChartEvent>((me, event) => {
    if (event.type === 'load.ask') me.purpose = event.purpose;
  }),
  notePurposeOf: recipe<Me, ChartEvent, { purpose: LoadPurpose }>((me, _event, _out, { purpose }) => {
    me.purpose = purpose;
  }),
  noteSaved: recipe<Me, ChartEvent, { is: boolean }>((me, _event, _out, { is }) => {
    me.hasSaved = is;
  }),
  notePurposeBack: recipe<Me, ChartEvent>((me) => {
    me.purpose = 'back';
  }),
  noteBootedBy: recipe<Me, ChartEvent>((me, event) => {
    assert(event.type === 'control.arrived', 'chart.boot: a kernel comes to life when control arrives');
    if (event.by !== 'return' && event.by !== 'reentry') me.bootedBy = event.by;
  }),
  noteVmcore: recipe<Me, ChartEvent>((me, event) => {
    me.hasVmcore = event.type === 'vmcore.opened';
  }),
};

const outwardRecipes = {
  order: recipe<Me, ChartEvent, { type: PlainCommand }>((me, _event, out, { type }) => {
    // The distributive type above admits exactly the commands that carry nothing but their kernel.
    out.order({ type, kernel: me.kernel } as Command);
  }),
  orderLoad: recipe<Me, ChartEvent>((me, _event, out) => {
    out.order({ type: 'kexec.load', kernel: me.kernel, purpose: me.purpose });
  }),
  orderBare: recipe<Me, ChartEvent, { type: BareCommand }>((_me, _event, out, { type }) => {
    out.order({ type });
  }),
  tellOperator: recipe<Me, ChartEvent, { type: PlainMessage }>((_me, _event, out, { type }) => {
    out.tell('operator', { type });
  }),
  setBootNext: recipe<Me, ChartEvent, { boot: 'original' | 'restore' }>((me, _event, out, { boot }) => {
    out.order({ type: 'bootNext.set', kernel: me.kernel, boot });
  }),
  tellKeepFailed: recipe<Me, ChartEvent>((me, _event, out) => {
    out.tell('operator', { type: 'keep.failed', errno: -me.errno });
  }),
  tellLoadFailed: recipe<Me, ChartEvent>((me, _event, out) => {
    out.tell('operator', { type: 'load.failed', errno: -me.errno });
  }),
  tellJumpFailed: recipe<Me, ChartEvent>((me, _event, out) => {
    out.tell('operator', { type: 'jump.failed', errno: -me.errno });
  }),
};

type Asked = { readonly context: KernelContext };

export const kernelSetup = setup({
  types: {} as {
    context: KernelContext;
    events: ChartEvent;
    input: KernelInput | undefined;
    emitted: Emission;
    meta: StateMeta;
    tags: StateTag;
  },
  actions: { print, ...deviceRecipes, ...cpuRecipes, ...noteRecipes, ...outwardRecipes },
  guards: {
    someDeviceAt: ({ context }: Asked, { at }: { at: DeviceAt }) => nextAt(context, at, 'parents-first') >= 0,
    someCpuUp: ({ context }: Asked) => nextCpuDown(context) >= 0,
    someCpuDown: ({ context }: Asked) => nextCpuUp(context) >= 0,
    imageIsLoaded: ({ context }: Asked) => context.imageLoaded,
    crashImageIsLoaded: ({ context }: Asked) => context.crashLoaded,
    freezerIsOff: ({ context }: Asked) => !context.freezer,
    leavesDevicesFrozen: ({ context }: Asked) => context.leavesFrozen,
    toolMisreports: ({ context }: Asked) => context.misreports,
    somethingFailed: ({ context }: Asked) => context.failed,
    /** The image was loaded without --load-preserve-context. */
    contextIsLost: ({ context }: Asked) => context.purpose === 'plain',
    ownsTheMachine: ({ context }: Asked) => context.bootedBy === 'plain',
    bootedByCrash: ({ context }: Asked) => context.bootedBy === 'crash',
    savedAndPowersOff: ({ context }: Asked) => context.hasSaved && context.powersOff,
    loadsDumpByKexec: ({ context }: Asked) => context.loadsDumpByKexec,
    vmcoreIsThere: ({ context }: Asked) => context.hasVmcore,
  },
  delays: {
    /** freeze_timeout_msecs, kernel/power/process.c, default 20 s. */
    freezeTimeout: 20_000,
    /** nmi_shootdown_cpus, arch/x86/kernel/reboot.c: at most 1,000 ms for the other processors (linux.md A3.2 row 4). */
    nmiTimeout: 1_000,
  },
});
