/**
 * The power goes in the middle of a command that writes: what the disk has then.
 *
 * The command is carried out to its end on a medium that only remembers what it is told, in order. Chance decides how many of these blocks
 * the real one takes; the cache is left as it was at that moment, for the power cut to lose (devices/disk-cache.ts). What the command does
 * to memory needs no care: memory goes with the power. Nobody is answered, nothing is printed or noted.
 */
import type { BlockPort, Box } from '../box.ts';
import type { Machine } from '../machine.ts';
import type { ContentId } from '../memory/contents.ts';
import { assignRecord, item } from '../shape.ts';

type Cache = Machine['disk']['cache'];
type Told = { readonly block: number; readonly content: ContentId; readonly cacheBefore: Cache };

export function cutInside(box: Box, complete: (box: Box) => void): void {
  const told: Told[] = [];
  complete(deaf(box, remembering(box, told)));
  // The first answer is the middle: both ends are near other places.
  const possible = told.length + 1;
  const answer = box.choose(possible, 'how many blocks reached the medium before the power went');
  const taken = (answer + Math.floor(possible / 2)) % possible;
  for (const { block, content } of told.slice(0, taken)) box.medium.write(block, content);
  if (taken < told.length) assignRecord(box.machine.disk.cache, item(told, taken).cacheBefore);
}

function remembering(box: Box, told: Told[]): BlockPort {
  const written = new Map<number, ContentId>();
  return {
    read: (block) => written.get(block) ?? box.medium.read(block),
    write: (block, content) => {
      written.set(block, content);
      told.push({ block, content, cacheBefore: box.machine.disk.cache.map((slot) => ({ ...slot })) });
    },
    // Commands that write ask for stretches of what was there before.
    runs: (start, count) => box.medium.runs(start, count),
  };
}

const nothing = (): void => {};

const deaf = (box: Box, medium: BlockPort): Box => ({
  plan: box.plan,
  machine: box.machine,
  contents: box.contents,
  memory: box.memory,
  medium,
  choose: (count, about) => box.choose(count, about),
  pickUp: (swapFrame) => box.pickUp(swapFrame),
  reply: nothing,
  arrive: nothing,
  print: nothing,
  show: nothing,
  clock: nothing,
  own: nothing,
  forget: nothing,
  leaveBehind: nothing,
  note: nothing,
});
