/**
 * A world, or a moment that was kept of one, as what executors read: memory by frame, medium by block. Read only: what has happened
 * does not change.
 */
import type { Pfn } from '../../image/pfn.ts';
import { assert } from '../../kernels/assert.ts';
import type { Box, Run } from '../../kernels/box.ts';
import { readPageOf } from '../../kernels/executors/read-page.ts';
import type { ReadPage } from '../../kernels/kexec/entry-list.ts';
import type { Moment, Rules } from '../system/world.ts';

/** What worlds and kept moments have in common. */
export type Viewed = Pick<Moment, 'machine' | 'memory' | 'medium'>;

export type MomentView = Pick<Box, 'plan' | 'contents' | 'machine' | 'memory' | 'medium'> & {
  readonly readPage: ReadPage;
};

export function momentView({ plan, contents }: Rules, { machine, memory, medium }: Viewed): MomentView {
  const box: Omit<MomentView, 'readPage'> = {
    plan,
    contents,
    machine,
    memory: {
      read: (frame) => memory.get(frame),
      // Page maps know indices only; in this one they are frame numbers.
      runs: (start, count) => memory.runs(start, start + count) as Iterable<Run<Pfn>>,
      write: refuse,
      fill: refuse,
    },
    medium: {
      read: (block) => medium.get(block),
      runs: (start, count) => medium.runs(start, start + count),
      write: refuse,
    },
  };
  return { ...box, readPage: readPageOf(box) };
}

function refuse(): void {
  assert(false, 'moment: what has happened is not written');
}
