import { readMachineLog } from '../../image/forecast/machine-log.ts';
import { snapshotStream } from '../../image/formats/snapshot-stream/index.ts';
import { swsusp } from '../../image/formats/swsusp/index.ts';
import { openSwsusp } from '../../image/formats/swsusp/open-swsusp.ts';
import type { MemoryFile } from '../../image/memory-file.ts';
import { streamImage, swapImage } from './sample-snapshot.ts';

type Change = readonly [offset: number, ...bytes: number[]];

async function changed(image: Promise<MemoryFile>, ...changes: readonly Change[]): Promise<MemoryFile> {
  const file = await image;
  for (const [offset, ...bytes] of changes) file.writeAt(offset, Uint8Array.from(bytes));
  return file;
}

/** Page 1 of an image is the first map page, page 2 the info page, page 3 the first packed unit or the frame list. */
const [map, info, first] = [4096, 8192, 12_288];

/** One way to provoke each code that hibernation images and forecasts have. */
export const swsuspProvocations = {
  'snapshot.no-info': async () => snapshotStream.read(await changed(streamImage(), [24, 0])),
  'snapshot.bad-counts': async () => swsusp.read(await changed(swapImage(), [info + 416, 0xff, 0xff])),
  'snapshot.bad-frame': async () => swsusp.read(await changed(swapImage('none'), [first + 8, 0, 0])),
  'swsusp.no-image': async () => swsusp.read(await changed(swapImage(), [4086, 0x58], [4076, 0x58])),
  'swsusp.beyond-device': async () => swsusp.read(await changed(swapImage(), [4064, 0xff, 0xff])),
  'swsusp.map-loop': async () => {
    const { damage } = openSwsusp(await changed(swapImage('none'), [map + 4088, 1, 0])).map;
    throw damage ?? new Error('no loop');
  },
  'swsusp.ends-early': async () => swsusp.read(await changed(swapImage(), [map, 0])),
  'swsusp.bad-unit': async () => swsusp.read(await changed(swapImage(), [first, 0, 0, 0, 0, 1])),
  'swsusp.no-room': () => swapImage('none', { 'swap-pages': '100' }),
  'write.bad-setting': () => swapImage('lzo', { 'hardware-signature': 'xyz' }),
  'dmesg.no-boot': () => readMachineLog('nothing that a kernel prints\n'),
  'dmesg.bad-map': () => readMachineLog('BIOS-e820: [mem 0x0000000000100000-0x0000000000000000] usable\n'),
};
