/**
 * A memory stick at the second port of the USB controller; nothing in the box is stored on it. Over a power-down it is the device
 * that users lose file systems on: Linux resets the port and believes that it is the same stick (Documentation/driver-api/usb/persist.rst).
 */
import { usbCallbacks } from './bus-callbacks.ts';
import { type DeviceType, deviceRole } from './device-type.ts';
import { usbControllerRole } from './usb-controller.ts';

export const usbStorage: DeviceType = {
  role: deviceRole('usb-storage'),
  about: 'memory stick on USB',
  driver: 'usb',
  device: '1-2',
  parent: usbControllerRole,
  parentName: 'usb1',
  drivenByDump: false,
  dma: false,
  callbacks: usbCallbacks({ freeze: 'usbDevice.freeze', restore: 'usbDevice.restore' }),
  losesWhenOff: 'registers',
};
