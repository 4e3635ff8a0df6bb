/**
 * Somebody at a desk: programs that take memory now and then, change little of it, save a document, write to their terminal, and
 * sometimes to the kernel's log (through /dev/kmsg, as systemd does).
 */
import { pageSizeBytes } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { appendLine, syncFiles, writeBlocks } from '../linux/task-files.ts';
import { compute, fillHeap, patternOf, type Work } from './heap-work.ts';
import { mixed } from './mixed.ts';
import { taskNameOf, type Workload } from './workload.ts';

/** A buffer is opened every `bufferUnits`, and so on; ours, so that a run of 24 units does each thing at least twice. */
const bufferUnits = 6;
const bufferPages = 24;
const thinkUnits = 6;
const printUnits = 12;
const saveUnits = 12;
const logUnits = 12;

export const editor: Workload = {
  name: 'editor',
  about: 'a desktop: memory, one document for each program, output, lines in the log',
  taskNames: ['editor', 'browser', 'mailer', 'shell'],
  installed: [],
  unit: (box, task, unit) => {
    const work = { task, unit };
    const name = taskNameOf(editor, task);
    const buffer = Math.floor(unit / bufferUnits);
    if (unit % bufferUnits === 0) fillHeap(box, work, { from: buffer * bufferPages, count: bufferPages });
    if (unit % thinkUnits === 4) compute(box, work, 1 + ((buffer * bufferPages) % 480));
    if (unit % printUnits === 2)
      appendLine(box, task, `${name}.out`, `${name}: step ${unit}, ${compute(box, work, 1)}`);
    if (unit % saveUnits === saveUnits - 1) save(box, work, name);
    if (unit % logUnits === logUnits - 3)
      box.print('original', 'user.log', { text: `${name}: step ${unit}` });
  },
};

/** The document is as long as what was ever saved; the newest change is in two of its blocks. */
function save(box: Box, work: Work, name: string): void {
  const block = (Math.floor(work.unit / saveUnits) * 2) % 96;
  const sum = compute(box, work, 1);
  const writes = [0, 1].map((index) => ({
    block: block + index,
    content: patternOf(box, work, mixed(sum, index)),
    usedBytes: pageSizeBytes,
  }));
  writeBlocks(box, work.task, `${name}.txt`, writes);
  syncFiles(box, work.task);
}
