/**
 * `kexec-jump/charts`: every chart by name, as plain XState machines that stock tools accept. Paths and their variants are the
 * operator's charts.
 */
import type { AnyStateMachine } from 'xstate';
import { device } from './device.ts';
import { dump } from './dump.ts';
import { firmware } from './firmware.ts';
import { original } from './original.ts';
import { paths } from './paths/index.ts';
import { restore } from './restore.ts';

export { device, dump, firmware, original, restore };

export const charts: Readonly<Record<string, AnyStateMachine>> = {
  original,
  dump,
  restore,
  device,
  firmware,
  ...Object.fromEntries(
    paths.flatMap(({ variants }) => variants.map(({ operator }) => [operator.id, operator])),
  ),
};
