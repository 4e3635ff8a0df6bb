/**
 * The words that charts use: whom they talk to, what they say, and what every state says of itself.
 */
import type { Arrival, Command, Errno, Reply } from '../kernels/commands.ts';
import type { MessageName } from '../kernels/linux/messages/index.ts';
import type { CallbackName, KernelName, LoadPurpose } from '../kernels/machine.ts';

export type { Arrival, CallbackName, Command, Errno, KernelName, Reply };

/** Named stretches of a path, the same word across paths (design section 2); paths may add their own. */
export const phases = [
  'power-on',
  'load',
  'work',
  'freeze',
  'quiesce',
  'cpus',
  'jump',
  'boot',
  'save',
  'off',
  'load-image',
  'return',
  'resume',
  'thaw',
  'panic',
] as const;
export type Phase = (typeof phases)[number];

/** Facts about a state that laws ask for, whatever the chart is called. */
export const stateTags = [
  /** Not running: not booted yet, switched off, or stopped for good. */
  'off',
  /** Running undisturbed: nothing of a suspend is under way. */
  'settled',
  /** Waits for an answer: must list answer, failure and time-out. */
  'waiting',
  /** Another kernel has the machine. */
  'away',
  /** A device its kernel has frozen. */
  'frozen',
  /** A device prepared for a transition. */
  'prepared',
  /** Stopped for good: nothing leads on. */
  'stuck',
  'restored',
  'dumped',
  'lost',
  'refused',
  'aborted',
  'hung',
] as const;
export type StateTag = (typeof stateTags)[number];

export type StateMeta = {
  /** The Linux function that the state stands for (read in 6.12), or plain words for what is not a function. */
  readonly does: string;
  readonly phase?: Phase;
  /** Names of the log lines printed on entry; the texts stand in the version's message table. */
  readonly lines?: readonly MessageName[];
  /** Why a waiting state lacks an answer, a failure or a time-out. */
  readonly excuse?: string;
};

export type DeviceRequest = { [Name in CallbackName]: { readonly type: `device.${Name}` } }[CallbackName];

export type Message =
  | { readonly type: 'power.press' }
  | { readonly type: 'load.ask'; readonly purpose: LoadPurpose }
  | { readonly type: 'load.answered' }
  | { readonly type: 'load.failed'; readonly errno: Errno }
  | { readonly type: 'jump.ask' }
  | { readonly type: 'jump.returned' }
  | { readonly type: 'jump.failed'; readonly errno: Errno }
  | { readonly type: 'crash.ask' }
  | { readonly type: 'original.up' }
  /** The kernel that a plain kexec started has the machine. */
  | { readonly type: 'dump.up' }
  | { readonly type: 'dump.saved' }
  | { readonly type: 'dump.failed' }
  /** B could not load the way back; B's own jump was given up. */
  | { readonly type: 'dump.refused' }
  | { readonly type: 'dump.stuck' }
  /** B has saved and is about to switch the machine off. */
  | { readonly type: 'dump.off' }
  /** C: nothing that it may load, and it restarts; kexec_load refused, and C runs on; C has the machine and no way on. */
  | { readonly type: 'restore.failed' }
  | { readonly type: 'restore.refused' }
  | { readonly type: 'restore.stuck' }
  /** A keeps B as it was when it left. */
  | { readonly type: 'keep.ask' }
  | { readonly type: 'keep.answered' }
  | { readonly type: 'keep.failed'; readonly errno: Errno }
  | { readonly type: 'device.answered'; readonly device: number }
  | { readonly type: 'device.failed'; readonly device: number; readonly errno: Errno }
  | { readonly type: 'device.aborted'; readonly device: number }
  | { readonly type: 'device.timedOut'; readonly device: number }
  | DeviceRequest;

/** A device means the driver of that device in that kernel. */
export type DeviceAddress = { readonly kernel: KernelName; readonly device: number };
export type Recipient = 'operator' | 'firmware' | KernelName | DeviceAddress;

/** All that can happen to a chart, time-outs apart. */
export type ChartEvent = Message | Reply | Arrival;

/** What a chart gives off: data, carried out by the runner in this order. */
export type Emission =
  | { readonly type: 'order'; readonly command: Command }
  | { readonly type: 'tell'; readonly to: Recipient; readonly message: Message }
  | { readonly type: 'print'; readonly lines: readonly MessageName[] };
