/** While A is away, nothing changes on the disk but the partition that B saves to. */
import { diskLayout, type Partition } from '../../kernels/disk-layout.ts';
import type { ContentId } from '../../kernels/memory/contents.ts';
import type { Plan } from '../../kernels/plan.ts';
import type { World } from '../system/world.ts';
import type { Law, SeenStep } from './law.ts';

export const othersPartitionsUntouched: Law = {
  name: 'others-partitions-untouched',
  says: 'While A is away, mounted file systems and swap in use stay as A left them; B writes to its own partition only',
  verifies:
    "in every step of relocation, purgatory and B, the blocks outside of B's partition as the disk would give them",
  leavesOut:
    "the way from the disk's cache to the medium, which changes nothing; a power cut, which is nobody's write",
  source: 'linux.md A1.13, A2.5 rows 1 and 2, E row 2; design section 5',
  atStep: (seen) => {
    const isAway = awayOwners.has(seen.before.machine.owner);
    if (!isAway || seen.after.machine.power === 'off') return [];
    const changed = changedBlocks(seen);
    const [first] = changed;
    if (first === undefined) return [];
    return [
      `blocks that change while A is away: ${changed.length}, from block ${placeOf(seen.rules.plan, first)} on`,
    ];
  },
};

const awayOwners: ReadonlySet<World['machine']['owner']> = new Set([
  'relocation',
  'purgatory',
  'dump',
] as const);

function changedBlocks({ rules, before, after }: SeenStep): readonly number[] {
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
function blockOf({ machine, medium }: World, block: number): ContentId {
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
