/** The last acts of a kernel: the jump into the capture kernel, the restart, the power-off (linux.md A3.2 rows 5 to 7, 12; A4.5). */
import type { Pfn } from '../../image/pfn.ts';
import { assert } from '../assert.ts';
import type { Box } from '../box.ts';
import type { CommandOf } from '../commands.ts';
import { translate } from '../linux/page-tables.ts';
import { readPageOf } from './read-page.ts';
import { powerOff, reset, tripleFault } from './reset.ts';

/** machine_kexec with the crash image: the segments are in place, nothing is moved, nothing is pushed but 0. */
export function jumpToCapture(box: Box, { kernel }: CommandOf<'crash.jump'>): void {
  const { machine } = box;
  const { crashImage } = machine.kernels[kernel];
  assert(crashImage.loaded, 'crash.jump: the chart asks first whether a crash image is loaded');
  machine.kernels[kernel].state = 'stopped';
  box.note({ type: 'crash.left', kernel });
  box.own('relocation');
  const entry = BigInt(crashImage.entry) * 4096n + BigInt(crashImage.entryOffset);
  if (translate(crashImage.identityRoot as Pfn, entry, readPageOf(box)).type !== 'page-tables.mapped')
    return tripleFault(box);
  machine.kernels.dump.state = 'running';
  box.own('purgatory');
  box.arrive('dump', { type: 'control.arrived', by: 'crash' });
}

/** panic()'s endless loop: nothing of this kernel goes on, and nobody else executes. */
export function haltKernel(box: Box, { kernel }: CommandOf<'kernel.halt'>): void {
  box.machine.kernels[kernel].state = 'stopped';
  box.own('nobody');
}

export function setBootNext(box: Box, { boot }: CommandOf<'bootNext.set'>): void {
  box.machine.bootNext = boot;
}

export function powerOffMachine(box: Box): void {
  powerOff(box);
}

export function restartMachine(box: Box): void {
  reset(box);
}
