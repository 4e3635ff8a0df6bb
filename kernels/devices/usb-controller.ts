/**
 * The USB controller of QEMU's `pc` machine, a UHCI at function 2 of the PIIX3. It walks a schedule in memory and so masters the
 * bus, but here it writes nothing unasked. No log has it: names are those of Linux 6.12 (drivers/usb/host/uhci-pci.c).
 * Between the PM core and its driver stand the PCI callbacks, as for every function.
 */
import { pciCallbacks } from './bus-callbacks.ts';
import { type DeviceType, deviceRole } from './device-type.ts';

export const usbControllerRole = deviceRole('usb-controller');

export const usbController: DeviceType = {
  role: usbControllerRole,
  about: 'USB controller with two ports',
  driver: 'uhci_hcd',
  device: '0000:00:01.2',
  parentName: 'pci0000:00',
  drivenByDump: false,
  dma: true,
  callbacks: pciCallbacks({
    freeze: 'usbController.freeze',
    freezeNoirq: 'usbController.freezeNoirq',
    thawNoirq: 'usbController.thawNoirq',
    restoreNoirq: 'usbController.restoreNoirq',
    restore: 'usbController.restore',
  }),
  losesWhenOff: 'registers',
};
