/**
 * The console: the first serial port, a 16550A, on which both kernels print. Whether a kernel holds its output back is not a matter
 * of the device but of printk (`consoleSuspended`). Names and times: logs a1 to a4.
 */
import { pnpCallbacks } from './bus-callbacks.ts';
import { type DeviceType, deviceRole } from './device-type.ts';

export const serialConsole: DeviceType = {
  role: deviceRole('console'),
  about: 'serial port that the kernels print on',
  driver: 'serial',
  device: '00:04',
  parentName: 'pnp0',
  drivenByDump: true,
  dma: false,
  callbacks: pnpCallbacks({ freeze: 'serialConsole.freeze', restore: 'serialConsole.restore' }),
  losesWhenOff: 'registers',
};
