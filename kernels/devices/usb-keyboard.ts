/**
 * A keyboard at the first port of the USB controller. FREEZE stops its transfers and leaves the port alone; RESTORE resets the
 * port and sets the device up again, which takes far longer than anything else in the box (drivers/usb/core/hub.c, 6.12).
 */
import { usbCallbacks } from './bus-callbacks.ts';
import { type DeviceType, deviceRole } from './device-type.ts';
import { usbControllerRole } from './usb-controller.ts';

export const usbKeyboard: DeviceType = {
  role: deviceRole('usb-keyboard'),
  about: 'keyboard on USB',
  driver: 'usb',
  device: '1-1',
  parent: usbControllerRole,
  parentName: 'usb1',
  drivenByDump: false,
  dma: false,
  callbacks: usbCallbacks({ freeze: 'usbDevice.freeze', restore: 'usbDevice.restore' }),
  losesWhenOff: 'registers',
};
