/** What laws ask of a kernel, through tags and records. */
import type { KernelName } from '../../kernels/machine.ts';
import type { StepRecord, World } from '../system/world.ts';
import type { SeenRun } from './law.ts';

/** It executes, or is about to: neither away, nor stopped for good, nor gone. */
export const isLive = ({ machine, actors }: World, kernel: KernelName): boolean =>
  machine.power === 'on' &&
  machine.kernels[kernel].state === 'running' &&
  actors[kernel]?.hasTag('off') === false;

/** Of a world at rest: what waits there hangs. */
export const runsOn = (world: World, kernel: KernelName): boolean =>
  isLive(world, kernel) && world.actors[kernel]?.hasTag('waiting') === false;

/** A works undisturbed: nothing of a suspend is under way. */
export const isOriginalSettled = (world: World): boolean =>
  isLive(world, 'original') && world.actors.original.hasTag('settled');

/** And it is the A that the operator saw first. */
export const isFirstOriginalSettled = ({ world, records }: Pick<SeenRun, 'world' | 'records'>): boolean =>
  isOriginalSettled(world) && loginCount(records) === 1;

/** The medium lost what was written to it, and nobody wrote. */
export const hasRotted = (records: readonly StepRecord[]): boolean =>
  records.some(({ notes }) => notes.some(({ type }) => type === 'medium.damaged'));

/** How many times A's user space came up. */
export const loginCount = (records: readonly StepRecord[]): number =>
  records.filter(({ told }) => told.some(({ type }) => type === 'original.up')).length;
