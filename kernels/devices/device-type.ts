/**
 * A kind of device, as data: what it is called, what its driver answers to the PM core, and what is special about it.
 *
 * Everything that all devices have in common stands elsewhere and is written once: the bytes of the registers in
 * `register-file.ts`, the effects of callbacks in `callback-effects.ts`, probing and reset in `set-up-devices.ts`. Those files ask
 * a device through this type and never by its name. A new device is one file beside this one and one line in `index.ts`.
 *
 * Names are those the PM core prints: `<driver> <device>: PM: calling <symbol> @ <pid>, parent: <parentName>` (linux.md B.6).
 */
import type { Box, LineValues, Move } from '../box.ts';
import { type LatencyName, latencyNs } from '../latencies.ts';
import type { TimedLine } from '../linux/boot-description.ts';
import type { CallbackName, DeviceRecord, KernelName } from '../machine.ts';
import type { Plan } from '../plan.ts';
import type { DeviceRole } from './device-role.ts';

export type SetUpBy = DeviceRecord['setUpBy'];

/** The symbol the PM core prints: the callback of the bus, which calls the driver (linux.md B.3, callback lookup). */
export type DeviceCallback = { readonly symbol: string; readonly latency: LatencyName };
export type DeviceCallbacks = { readonly [Name in CallbackName]?: DeviceCallback };

export type DeviceType = {
  readonly role: DeviceRole;
  readonly about: string;
  readonly driver: string;
  readonly device: string;
  /** The device it hangs on: frozen after this one, restored before it. A root has none. */
  readonly parent?: DeviceRole;
  /** What the log calls the parent; for a root, the bus. */
  readonly parentName: string;
  /** The initramfs of B has a driver for it. What B does not drive stays as it is while B runs. */
  readonly drivenByDump: boolean;
  /** It reads and writes memory by itself once it is set up. */
  readonly dma: boolean;
  readonly callbacks: DeviceCallbacks;
  readonly losesWhenOff: 'registers' | 'nothing';
  /** What its driver prints when it finds it. */
  readonly probeLines?: (plan: Plan) => readonly TimedLine[];
  readonly hooks?: DeviceHooks;
  /** What it does unasked. */
  readonly moves?: readonly Move[];
};

/** What a device does beyond the common. */
export type DeviceHooks = {
  readonly whenFrozen?: (box: Box) => void;
  /** Fills the part of the register file that a display shows. */
  readonly paint?: (screen: Uint8Array, setUpBy: SetUpBy) => void;
};

// The only way to make a role: what the compiler cannot see is that a registered type stands behind it.
export const deviceRole = (name: string): DeviceRole => name as DeviceRole;

export const isDrivenBy = (type: DeviceType, kernel: KernelName): boolean =>
  kernel === 'original' || type.drivenByDump;

export function callbackNs(type: DeviceType, callback: CallbackName): number {
  const latency = type.callbacks[callback]?.latency;
  return latency === undefined ? 0 : latencyNs(latency);
}

/**
 * Values for the `device.*` messages about one callback. A failure may be planned for a callback that the driver does not have:
 * then the symbol is made up after the driver, as a driver that has it would call it.
 */
export const callbackLineValues = (type: DeviceType, callback: CallbackName): LineValues => ({
  driver: type.driver,
  device: type.device,
  parent: type.parentName,
  callback: type.callbacks[callback]?.symbol ?? madeUpSymbol(type, callback),
  microseconds: Math.round(callbackNs(type, callback) / 1000),
});

const madeUpSymbol = (type: DeviceType, callback: CallbackName): string =>
  `${type.driver.replaceAll('-', '_')}_${callback.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
