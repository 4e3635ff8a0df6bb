/** Firmware and boot loader as far as memory and devices notice: self test, a kernel placed (A, or once C), control handed over. */
import type { Box } from '../box.ts';
import type { CommandOf } from '../commands.ts';
import { resetDevices } from '../devices/set-up-devices.ts';
import { beginWork } from './slow-work.ts';
import { placeKernel } from './start-kernel.ts';

export function switchOn(box: Box, command: CommandOf<'firmware.test'>): void {
  box.machine.power = 'on';
  box.own('firmware');
  beginWork(box, command);
}

export function testMachine(box: Box): void {
  resetDevices(box);
  box.reply('firmware', { type: 'firmware.ready' });
}

export function loadKernel(box: Box): void {
  const kernel = box.machine.bootNext;
  box.machine.bootNext = 'original';
  placeKernel(box, kernel);
  box.reply('firmware', { type: 'firmware.loaded' });
  box.machine.kernels[kernel].state = 'running';
  box.own(kernel);
  box.arrive(kernel, { type: 'control.arrived', by: 'boot' });
}
