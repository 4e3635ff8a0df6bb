/**
 * The moments of a run at which its memory is worth a look: before and after the load, each kernel that runs in A's stead as it is about to give
 * the machine away, the power off, A again. Of moments of one kind it is the first.
 */
import type { KernelName } from '../../../kernels/machine.ts';
import type { History } from '../../../machines/system/history.ts';
import type { World } from '../../../machines/system/world.ts';
import { executorTitle } from '../run/lifelines.ts';
import { executorOf } from '../run/run-view.ts';

export type MemoryMoment = { readonly title: string; readonly world: World };

/** `loadedAt`: the step of the load; undefined when nothing was ever loaded. */
export type MemoryMoments = {
  readonly loaded: World | undefined;
  readonly unloaded: World | undefined;
  readonly moments: readonly MemoryMoment[];
};

export function memoryMoments(history: History): MemoryMoments {
  const isLoad = (index: number): boolean =>
    history.allRecords[index]?.notes.some(
      (note) => note.type === 'image.loaded' && note.kernel === 'original',
    ) ?? false;
  const index = history.allRecords.findIndex((_record, each) => isLoad(each));
  if (index < 0) {
    const moments = [{ title: 'at the end', world: history.world }];
    return { loaded: undefined, unloaded: undefined, moments };
  }
  const [unloaded, loaded] = [history.worldAt(index), history.worldAt(index + 1)];
  const moments = new Map<string, World>([
    ['before load', unloaded],
    ['after load', loaded],
  ]);
  let before = placeOf(loaded);
  for (let position = index + 2; position <= history.length; position += 1) {
    const world = history.worldAt(position);
    const place = placeOf(world);
    // A kernel is shown as it was when it had done its work: in the last world that it had.
    if (place !== before && before !== undefined && isSecond(before)) {
      add(moments, `${executorTitle[before]} runs`, history.worldAt(position - 1));
    }
    if (world.machine.power === 'off') add(moments, 'power off', world);
    else if (place === 'original' && before !== place) add(moments, titleOfReturn(world), world);
    before = place;
  }
  if (before !== undefined && isSecond(before)) add(moments, `${executorTitle[before]} runs`, history.world);
  return { loaded, unloaded, moments: [...moments].map(([title, world]) => ({ title, world })) };
}

type Place = ReturnType<typeof executorOf>;

const placeOf = ({ machine }: World): Place => executorOf(machine.owner);

const isSecond = (place: Exclude<Place, undefined>): place is Exclude<KernelName, 'original'> =>
  place !== 'firmware' && place !== 'original';

/** The image is still loaded: it is the same life of A. */
const titleOfReturn = ({ machine }: World): string =>
  machine.kernels.original.tasks.some(({ state }) => state !== 'absent') ? 'A is back' : 'A boots anew';

function add(moments: Map<string, World>, title: string, world: World): void {
  if (!moments.has(title)) moments.set(title, world);
}
