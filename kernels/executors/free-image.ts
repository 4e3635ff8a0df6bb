/** `kexec -u`: what the loaded image holds is free again (Linux 6.12 kernel/kexec_core.c:kimage_free). Contents stay where they are. */
import { type Pfn, pfn } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { listFramesOf, type ReadPage, walkEntryList } from '../kexec/entry-list.ts';
import { freeFrames } from '../linux/frame-allocator.ts';
import { tableFramesOf } from '../linux/page-tables.ts';
import type { ImageRecord, KernelName } from '../machine.ts';
import { readPageOf } from './read-page.ts';
import { headOf } from './relocation.ts';

export function freeImage(box: Box, kernel: KernelName): void {
  const { image } = box.machine.kernels[kernel];
  if (!image.loaded) return;
  freeFrames(box, kernel, [...framesOf(image, readPageOf(box))]);
  image.loaded = false;
}

function* framesOf(image: ImageRecord, readPage: ReadPage): Generator<Pfn> {
  yield pfn(image.controlFrame);
  yield pfn(image.swapFrame);
  yield* tableFramesOf(pfn(image.identityRoot), readPage);
  yield* listFramesOf(headOf(image), readPage);
  for (const move of walkEntryList(headOf(image), readPage)) if (move.type === 'list.move') yield move.source;
}
