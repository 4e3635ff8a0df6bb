/**
 * The timer: the battery-backed clock of the PC (MC146818), from which both kernels read the time of day. It is the one device that
 * loses nothing when it is powered down. Names and times: logs a1 to a4.
 */
import { pnpCallbacks } from './bus-callbacks.ts';
import { type DeviceType, deviceRole } from './device-type.ts';

export const timer: DeviceType = {
  role: deviceRole('timer'),
  about: 'battery-backed clock with an alarm',
  driver: 'rtc_cmos',
  device: '00:05',
  parentName: 'pnp0',
  drivenByDump: true,
  dma: false,
  callbacks: pnpCallbacks({ freeze: 'timer.freeze', restore: 'timer.restore' }),
  losesWhenOff: 'nothing',
};
