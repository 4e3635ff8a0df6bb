/**
 * Purgatory: checks what was loaded, writes the way back behind B's command line, and starts B (linux.md A1.6, A3.2 row 8).
 * Everything is read where it stands in memory now; a mismatch is an endless loop that nobody hears of without a console.
 */
import { type Pfn, pageSizeBytes, pfn } from '../../image/pfn.ts';
import { assert } from '../assert.ts';
import type { Box } from '../box.ts';
import { mapOfLinux } from '../firmware-map.ts';
import { pushedWord } from '../kexec/control-page.ts';
import { commandLineWithEntry, purgatoryLayout, verify } from '../kexec/purgatory.ts';
import { lowMemory } from '../kexec/range-of-dump-kernel.ts';
import { zeroWord } from '../kexec/word.ts';
import {
  bootParametersDecoder,
  encodeBootParameters,
  parametersFrameOf,
  startedImage,
} from './boot-parameters.ts';
import { readPageOf } from './read-page.ts';

export function verifyImage(box: Box): void {
  const image = startedImage(box);
  const pageAt = (offset: number): Uint8Array =>
    box.contents.bytes(box.memory.read(pfn(image.purgatoryFrame + offset / pageSizeBytes)));
  const result = verify(pageAt(purgatoryLayout.dataPage), pageAt(purgatoryLayout.statePage), readPageOf(box));
  for (const line of result.lines) box.show(line);
  if (result.type !== 'purgatory.matched') return box.reply('dump', { type: 'purgatory.mismatched' });
  appendWayBack(box, image.swapFrame as Pfn);
  copyLowMemory(box, image.lowCopyFrame);
  box.reply('dump', { type: 'purgatory.matched' });
}

/** crashdump_backup_memory of kexec-tools' purgatory: the capture kernel may use low memory, so A's is put aside (linux.md D.6). */
function copyLowMemory(box: Box, copyFrame: number): void {
  const low = lowMemory(mapOfLinux(box.plan.firmwareMap).map);
  if (copyFrame === 0 || low === undefined) return;
  const start = Math.ceil(low.start / pageSizeBytes);
  const end = Math.floor(low.endExclusive / pageSizeBytes);
  for (let frame = start; frame < end; frame += 1) {
    box.memory.write(pfn(copyFrame + frame - start), box.memory.read(pfn(frame)));
  }
}

/** The word on the stack is the jump-back entry; a crash and a plain kexec push 0, and nothing is appended. */
function appendWayBack(box: Box, swapFrame: Pfn): void {
  const isKept = box.machine.kernels.original.state === 'away';
  const entry = !isKept ? zeroWord : pushedWord(box.contents.bytes(box.memory.read(swapFrame)), 0);
  const at = parametersFrameOf(box);
  const { commandLine, map } = box.contents.decode(bootParametersDecoder, box.memory.read(at));
  const page = encodeBootParameters({ commandLine: commandLineWithEntry(commandLine, entry), map });
  assert(page.length === pageSizeBytes, 'purgatory: boot parameters are one page');
  box.memory.write(at, box.contents.intern(page));
}
