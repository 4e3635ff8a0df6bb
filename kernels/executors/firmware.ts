/** Firmware and boot loader as far as memory and devices notice: self test, kernel A placed, control handed over. */
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

export function loadOriginal(box: Box): void {
  placeKernel(box, 'original');
  box.reply('firmware', { type: 'firmware.loaded' });
  box.machine.kernels.original.state = 'running';
  box.own('original');
  box.arrive('original', { type: 'control.arrived', by: 'boot' });
}
