/** While A is away, nothing changes on the disk but the partition that B saves to: not by B, not by C, not by whoever boots in between. */
import { diskLayout, type Partition } from '../../kernels/disk-layout.ts';
import type { ContentId } from '../../kernels/memory/contents.ts';
import type { Plan } from '../../kernels/plan.ts';
import type { Rules, World } from '../system/world.ts';
import type { Law, SeenStep } from './law.ts';
import type { Viewed } from './moment-view.ts';

export const othersPartitionsUntouched: Law = {
  name: 'others-partitions-untouched',
  says: 'While A is away, mounted file systems and swap in use stay as A left them; B writes to its own partition only',
  verifies:
    "in every step of relocation, purgatory, B and C, and over all the time until A goes on, the blocks outside of B's partition as the disk would give them",
  leavesOut:
    "the way from the disk's cache to the medium, which changes nothing; a power cut, which is nobody's write",
  source: 'linux.md A1.13, A2.5 rows 1 and 2, E row 2; design section 5',
  atStep: (seen) => [...whileAway(seen), ...overTheAbsence(seen)],
};

function whileAway(seen: SeenStep): readonly string[] {
  const isAway = awayOwners.has(seen.before.machine.owner);
  if (!isAway || seen.after.machine.power === 'off') return [];
  const changed = changedBlocks(seen.rules, seen.before, seen.after);
  const [first] = changed;
  if (first === undefined) return [];
  return [
    `blocks that change while A is away: ${changed.length}, from block ${placeOf(seen.rules.plan, first)} on`,
  ];
}

/** What A remembers of its disk when it goes on. */
function overTheAbsence({ rules, after, record }: SeenStep): readonly string[] {
  if (!record.notes.some((note) => note.type === 'jump.arrived' && note.kernel === 'original')) return [];
  const left = after.kept['jump.left/original'];
  const arrived = after.kept['jump.arrived/original'];
  if (left === undefined || arrived === undefined) return [];
  const changed = changedBlocks(rules, left, arrived);
  const [first] = changed;
  if (first === undefined) return [];
  const place = placeOf(rules.plan, first);
  return [
    `blocks that changed between the departure and the return of A: ${changed.length}, from block ${place} on`,
  ];
}

const awayOwners: ReadonlySet<World['machine']['owner']> = new Set([
  'relocation',
  'purgatory',
  'dump',
  'restore',
] as const);

function changedBlocks(rules: Rules, before: Viewed, after: Viewed): readonly number[] {
  const { dump } = diskLayout(rules.plan.ramBytes);
  const candidates = new Set<number>();
  for (const { index, count } of before.medium.differences(after.medium)) {
    for (let block = index; block < index + count; block += 1) candidates.add(block);
  }
  for (const { machine } of [before, after]) {
    for (const { used, block } of machine.disk.cache) if (used) candidates.add(block);
  }
  return [...candidates]
    .filter((block) => !holds(dump, block) && blockOf(before, block) !== blockOf(after, block))
    .sort((one, other) => one - other);
}

/** As the disk would give it: from its own cache, else from the medium. */
function blockOf({ machine, medium }: Viewed, block: number): ContentId {
  const cached = machine.disk.cache.find((slot) => slot.used && slot.block === block);
  // A slot's plain number is the id of a content: records hold numbers, so that they can be packed.
  return cached === undefined ? medium.get(block) : (cached.holds as ContentId);
}

function placeOf({ ramBytes }: Plan, block: number): string {
  const { root, swap } = diskLayout(ramBytes);
  if (holds(root, block)) return `${block - root.start} of A's file system`;
  return holds(swap, block) ? `${block - swap.start} of A's swap` : `${block} of the disk, in no partition`;
}

const holds = ({ start, count }: Partition, block: number): boolean =>
  block >= start && block < start + count;
