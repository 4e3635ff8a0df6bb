/** Ways to tamper with a run, for tests of laws. */
import { frameOf, type Pfn, pageSizeBytes, pfn, physical } from '../../image/pfn.ts';
import type { Box } from '../../kernels/box.ts';
import type { Command } from '../../kernels/commands.ts';
import { deviceRole } from '../../kernels/devices/device-type.ts';
import { bootParameters, parameterOf } from '../../kernels/executors/boot-parameters.ts';
import { readPageOf } from '../../kernels/executors/read-page.ts';
import { headOf } from '../../kernels/executors/relocation.ts';
import { entriesPerPage, walkEntryList } from '../../kernels/kexec/entry-list.ts';
import { readFrameWord, wordSizeBytes, writeFrameWord } from '../../kernels/kexec/word.ts';
import { memparse } from '../../kernels/linux/memparse.ts';
import { deviceIndexOf, type Machine } from '../../kernels/machine.ts';
import type { ContentId } from '../../kernels/memory/contents.ts';
import type { Plan } from '../../kernels/plan.ts';
import { item } from '../../kernels/shape.ts';
import type { Sabotage } from './sabotaged-run.ts';

export const deviceOf = (machine: Machine, plan: Plan, role: string): Machine['devices'][number] =>
  item(machine.devices, deviceIndexOf(plan.devices, deviceRole(role)) ?? -1);

/** Before the first such command, and once. */
export function once(type: Command['type'], tamper: (box: Box) => void): Sabotage {
  return onceIf((command) => command.type === type, tamper);
}

function onceIf(isMeant: (command: Command) => boolean, tamper: (box: Box) => void): Sabotage {
  let isDone = false;
  return (box, command, carryOut) => {
    if (!isDone && isMeant(command)) {
      isDone = true;
      tamper(box);
    }
    carryOut();
  };
}

export const dropped =
  (type: string): Sabotage =>
  (_box, command, carryOut) => {
    if (command.type !== type) carryOut();
  };

/** Every time, in the place of what would have been done. */
export const instead =
  (type: Command['type'], act: (box: Box) => void): Sabotage =>
  (box, command, carryOut) => {
    if (command.type === type) act(box);
    else carryOut();
  };

/** What happens to the flush after the commit, and to another command that may follow. */
export function afterCommit(
  flush: (box: Box, carryOut: () => void) => void,
  also?: Command['type'],
): Sabotage {
  let isCommitted = false;
  return (box, command, carryOut) => {
    if (command.type === 'image.commit') isCommitted = true;
    const isMeant = command.type === 'image.flush' || command.type === also;
    if (isMeant && isCommitted) flush(box, carryOut);
    else carryOut();
  };
}

/** A frame of the kernel's data, which B does not check and A has something in. */
export const dataFrame = ({ layout }: Plan): Pfn => pfn(layout.original.data.start + 10);

/** On the way back, because on the way there purgatory would notice. */
export const flippedBit = (): Sabotage =>
  onceIf((command) => command.type === 'kexec.jump' && command.kernel === 'dump', flipBitInList);

/** One bit of the entry that says where the page of `dataFrame` is. */
function flipBitInList(box: Box): void {
  const { image } = box.machine.kernels.original;
  for (const move of walkEntryList(headOf(image), readPageOf(box))) {
    if (move.type !== 'list.move' || move.destination !== dataFrame(box.plan)) continue;
    for (let page = pfn(image.listFrame); ; ) {
      const bytes = box.contents.bytes(box.memory.read(page)).slice();
      for (let index = 0; index < entriesPerPage; index += 1) {
        const word = readFrameWord(bytes, index * wordSizeBytes);
        if (word?.frame !== move.source || word.lowBits !== 8) continue;
        writeFrameWord(bytes, index * wordSizeBytes, { frame: pfn(word.frame ^ 2), lowBits: 8 });
        box.memory.write(page, box.contents.intern(bytes));
        return;
      }
      page = readFrameWord(bytes, pageSizeBytes - wordSizeBytes)?.frame ?? pfn(0);
    }
  }
}

/** B is told of one range of memory less: the last one, by the count in the file header. */
export function shortenHeaders(box: Box): void {
  const place = parameterOf(bootParameters(box, 'dump').commandLine, 'elfcorehdr');
  const page = frameOf(physical(memparse(place ?? '').value));
  const bytes = box.contents.bytes(box.memory.read(page)).slice();
  const view = new DataView(bytes.buffer);
  view.setUint16(programHeaderCountOffset, view.getUint16(programHeaderCountOffset, true) - 1, true);
  box.memory.write(page, box.contents.intern(bytes));
}

/** image/formats/elf/headers.ts */
const programHeaderCountOffset = 56;

/** A content that nobody else has. */
export const strangePage = (box: Box): ContentId => box.contents.made({ rule: 'pattern', seed: 7, index: 7 });
