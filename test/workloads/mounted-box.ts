/** A running kernel with an empty file system mounted, and ways to look at it and to take its power away. */
import type { Box } from '../../kernels/box.ts';
import { diskLayout } from '../../kernels/disk-layout.ts';
import {
  createFile,
  findFile,
  makeFileSystem,
  mountFileSystem,
  writeFile,
} from '../../kernels/linux/file-system.ts';
import { superblockDecoder } from '../../kernels/linux/file-system-format.ts';
import { filesOf } from '../../kernels/linux/file-system-view.ts';
import { type ContentId, poisonContent } from '../../kernels/memory/contents.ts';
import type { PageMap } from '../../kernels/memory/page-map.ts';
import type { SmallBox, SmallBoxOptions } from '../kit/small-box.ts';
import { ask, boot, bootedBox, viewOf } from './running-box.ts';

const blockBytes = 4096;

export function mountedBox(options: SmallBoxOptions = {}): SmallBox {
  const small = bootedBox(options);
  small.run((box) => {
    makeFileSystem(box, []);
    mountFileSystem(box, 'original');
  });
  return small;
}

export const pattern = (box: Pick<Box, 'contents'>, index: number): ContentId =>
  box.contents.made({ rule: 'pattern', seed: 42, index });

/** Writes whole blocks into a file that is made when it is not there. */
export function put(box: Box, name: string, blocks: readonly [block: number, index: number][]): boolean {
  const file = findFile(box, 'original', name) ?? createFile(box, 'original', name);
  const writes = blocks.map(([block, index]) => ({
    block,
    content: pattern(box, index),
    usedBytes: blockBytes,
  }));
  return file !== undefined && writeFile(box, 'original', file, writes);
}

export const fileTexts = (small: SmallBox): string[] =>
  filesOf(viewOf(small)).map(({ name, sizeBytes, blocks }) => `${name} ${sizeBytes} ${blocks.join(',')}`);

export const superblockOf = (small: SmallBox) =>
  small.contents.decode(superblockDecoder, small.medium().get(diskLayout(small.plan.ramBytes).root.start));

/** The power went and came back: memory is poison, the disk's cache is gone, the kernel boots and mounts. */
export function rebootWith(small: SmallBox, medium: PageMap): boolean {
  return ask(small, (box) => {
    for (const { index, count, before } of medium.differences(small.medium())) {
      for (let block = index; block < index + count; block++) box.medium.write(block, before);
    }
    box.memory.fill(small.plan.layout.original.text.start, 20_000, poisonContent);
    for (const slot of box.machine.disk.cache) Object.assign(slot, { used: false, block: 0, holds: 0 });
    boot(box);
    return mountFileSystem(box, 'original');
  });
}
