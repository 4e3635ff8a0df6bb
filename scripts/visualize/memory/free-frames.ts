/**
 * How many frames A could hand out, from its frame bitmap: read where its pages are, which during a jump on demand may be among the backup
 * pages. Undefined when some of it holds poison.
 */
import { pfn } from '../../../image/pfn.ts';
import type { ListMove } from '../../../kernels/kexec/entry-list.ts';
import { kernelNames } from '../../../kernels/machine.ts';
import { poisonContent } from '../../../kernels/memory/contents.ts';
import type { Rules, World } from '../../../machines/system/world.ts';
import { zeroBits } from '../../report/page-counts.ts';
import { isInPlace } from './memory-parts.ts';

export function freeFramesOfOriginal(
  { plan, contents }: Rules,
  world: World,
  moves: readonly ListMove[],
): number | undefined {
  const isAway = kernelNames.some((kernel) => kernel !== 'original' && isInPlace(plan, world, kernel));
  const placeOf = new Map(isAway ? moves.map(({ destination, source }) => [destination, source]) : []);
  const { start, count } = plan.layout.original.bitmap;
  let free = 0;
  for (let page = 0; page < count; page += 1) {
    const frame = pfn(start + page);
    const id = world.memory.get(placeOf.get(frame) ?? frame);
    if (id === poisonContent) return undefined;
    free += contents.decode(zeroBits, id);
  }
  return free;
}
