/** An attempt that was given up leaves A as if nothing had been tried. */
import { diskUsable } from '../../kernels/devices/disk-cache.ts';
import { diskLayout } from '../../kernels/disk-layout.ts';
import { isSwapHeader } from '../../kernels/linux/swap-area.ts';
import { verdictOf } from '../paths/path.ts';
import { committedImage } from './committed-image.ts';
import { isFirstOriginalSettled } from './kernel-facts.ts';
import type { Law, SeenRun } from './law.ts';
import { momentView } from './moment-view.ts';

export const abortLeavesARunning: Law = {
  name: 'abort-leaves-a-running',
  says: 'An abort leaves A running with its data, swap usable, and no image that would resume',
  verifies:
    'after an operator who saw an abort: A, its tasks, its file system and disk, the swap header, the committed image',
  leavesOut:
    'contents of memory and files, which same-as-twin compares; single devices (devices-come-back); the image of an earlier round that went well',
  source: 'linux.md A1.10; design section 5',
  atEnd: (seen) => {
    if (verdictOf(seen.world.actors.operator) !== 'aborted') return [];
    return problems(seen).map((text) => ({ text: `after an abort ${text}` }));
  },
};

/** The image was committed after the last thing that A was asked for. */
function isOfLastOrder({ records }: SeenRun): boolean {
  const ordered = records.findLastIndex(({ told }) => told.some(({ type }) => orders.has(type)));
  return records.slice(ordered + 1).some(({ notes }) => notes.some(({ type }) => type === 'image.committed'));
}

const orders: ReadonlySet<string> = new Set(['load.ask', 'jump.ask', 'keep.ask']);

function problems(seen: SeenRun): readonly string[] {
  const { rules, world } = seen;
  const { original } = world.machine.kernels;
  const view = momentView(rules, world);
  const image = committedImage(rules, world);
  const resumes = image.type === 'image.whole' && image.saved.commit.kind === 'jump' && isOfLastOrder(seen);
  const idle = original.tasks.filter(({ state }) => state !== 'running' && state !== 'done').length;
  return [
    ...(isFirstOriginalSettled(seen) ? [] : ['A does not work']),
    ...(idle === 0 ? [] : [`${idle} tasks of A neither run nor are done`]),
    ...(original.mounted ? [] : ['the file system of A is not mounted']),
    ...(diskUsable(view, 'original') ? [] : ['A cannot use its disk']),
    ...(isSwapHeader(view.contents.bytes(view.medium.read(diskLayout(rules.plan.ramBytes).swap.start)))
      ? []
      : ['the swap area has no header']),
    ...(resumes ? ['an image that would resume is committed'] : []),
  ];
}
