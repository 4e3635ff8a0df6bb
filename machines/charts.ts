/**
 * `kexec-jump/charts`: every chart by name, as plain XState machines that stock tools accept. Paths are the operator's charts.
 */
import type { AnyStateMachine } from 'xstate';
import { device } from './device.ts';
import { dump } from './dump.ts';
import { firmware } from './firmware.ts';
import { original } from './original.ts';
import { paths } from './paths/index.ts';

export { device, dump, firmware, original };

export const charts: Readonly<Record<string, AnyStateMachine>> = {
  original,
  dump,
  device,
  firmware,
  ...Object.fromEntries(paths.map((path) => [path.name, path.variants[0].operator])),
};
