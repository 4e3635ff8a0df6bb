/**
 * The display: QEMU's standard VGA with the driver bochs-drm. Its register file includes the picture, so saving the registers
 * saves the framebuffer with them; B has no driver for it and the picture of A stays, unless the power goes.
 *
 * The picture is made when the display is set up and does not follow what is printed later: kernel A prints on the serial line.
 * Leaves out: the other 16 MiB of video memory. The logs show 0000:00:02.0 without a driver; its times are theirs.
 */
import { pciCallbacks } from './bus-callbacks.ts';
import { type DeviceType, deviceRole, type SetUpBy } from './device-type.ts';

/** VGA text mode has 80 columns; 25 rows of them, without attributes, fit the half page that a register file has for it. */
const columns = 80;
const rows = 25;

export const gpu: DeviceType = {
  role: deviceRole('gpu'),
  about: 'display with a framebuffer that nobody but A repaints',
  driver: 'bochs-drm',
  device: '0000:00:02.0',
  parentName: 'pci0000:00',
  drivenByDump: false,
  dma: false,
  callbacks: pciCallbacks({
    freeze: 'gpu.freeze',
    freezeNoirq: 'gpu.freezeNoirq',
    thawNoirq: 'gpu.thawNoirq',
    restoreNoirq: 'gpu.restoreNoirq',
    restore: 'gpu.restore',
  }),
  losesWhenOff: 'registers',
  hooks: { paint },
};

/** After power-on the screen is dark; firmware and kernels each show their own. */
function paint(screen: Uint8Array, setUpBy: SetUpBy): void {
  if (setUpBy === 'nobody') return;
  for (let row = 0; row < rows; row++) {
    const line = `${setUpBy}, row ${row}`.padEnd(columns);
    for (let column = 0; column < columns; column++) screen[row * columns + column] = line.charCodeAt(column);
  }
}
