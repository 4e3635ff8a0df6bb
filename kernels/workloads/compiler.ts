/**
 * A build: programs read sources that the disk came with, take a lot of memory and give half of it back; object files are written and
 * mostly left to the next sync.
 */
import { pageSizeBytes } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { appendLine, readBlock, syncFiles, writeBlocks } from '../linux/task-files.ts';
import { compute, fillHeap, freeHeap, numberIn, patternOf, type Work } from './heap-work.ts';
import { mixed } from './mixed.ts';
import { taskNameOf, type Workload } from './workload.ts';

const sources = { name: 'sources.tar', blockCount: 160 };
/** Ours: a translation unit takes six units of work, its memory at the start and half of it back before the end. */
const translationUnits = 6;
const takenPages = 60;
const freedPages = 30;
const objectUnits = 12;
const objectBlocks = 4;

export const compiler: Workload = {
  name: 'compiler',
  about: 'a build: memory taken and given back, sources read through the page cache, object files',
  taskNames: ['cc1', 'as', 'ld', 'make'],
  installed: [sources],
  unit: (box, task, unit) => {
    const work = { task, unit };
    const from = Math.floor(unit / translationUnits) * (takenPages - freedPages);
    const step = unit % translationUnits;
    if (step === 0) {
      const source = mixed(unit, readSource(box, work));
      fillHeap(box, { task, unit: source }, { from, count: takenPages });
    }
    if (step === 1) compute(box, work, 0);
    if (step === 4) freeHeap(box, work, { from: from + takenPages - freedPages, count: freedPages });
    if (unit % objectUnits === objectUnits - 1) emitObject(box, work, taskNameOf(compiler, task));
  },
};

/** A number that depends on the source; 0 when it could not be read. */
function readSource(box: Box, { task, unit }: Work): number {
  const content = readBlock(box, task, sources.name, mixed(task, unit) % sources.blockCount);
  return content === undefined ? 0 : numberIn(box, content);
}

function emitObject(box: Box, work: Work, name: string): void {
  const first = (Math.floor(work.unit / objectUnits) * objectBlocks) % 128;
  const sum = compute(box, work, 0);
  const writes = Array.from({ length: objectBlocks }, (_, index) => {
    return {
      block: first + index,
      content: patternOf(box, work, mixed(sum, index)),
      usedBytes: pageSizeBytes,
    };
  });
  writeBlocks(box, work.task, `${name}.o`, writes);
  appendLine(box, work.task, `${name}.out`, `${name}: object ${first / objectBlocks}, ${sum}`);
  if (work.unit % (2 * objectUnits) === 2 * objectUnits - 1) syncFiles(box, work.task);
}
