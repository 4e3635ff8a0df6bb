/** Two worlds of one box side by side: states, records, messages under way, and pages with their owners. */
import type { PageMap } from '../../kernels/memory/page-map.ts';
import type { Rules, World } from '../../machines/system/world.ts';
import { diskRanges, memoryRanges, type NamedRange } from './memory-ranges.ts';
import { snapshotOf, stateOf } from './snapshot-of.ts';

export type Change = { readonly path: string; readonly before: unknown; readonly after: unknown };
export type PageChange = { readonly start: number; readonly count: number; readonly owner: string };

export type Difference = {
  readonly states: readonly Change[];
  /** Of actors' contexts and of the machine, by path. */
  readonly fields: readonly Change[];
  readonly queues: readonly Change[];
  readonly pages: readonly PageChange[];
  readonly blocks: readonly PageChange[];
};

export function differenceOf(rules: Rules, before: World, after: World): Difference {
  const names = rules.actorOrder;
  return {
    states: names.flatMap((name) => changesOf(name, stateOf(before, name), stateOf(after, name))),
    fields: [
      ...names.flatMap((name) =>
        changesOf(name, snapshotOf(before, name).context, snapshotOf(after, name).context),
      ),
      ...changesOf('machine', before.machine, after.machine),
    ],
    queues: changesOf('queues', before.queues, after.queues),
    pages: pageChanges(before.memory, after.memory, memoryRanges(rules, after)),
    blocks: pageChanges(before.medium, after.medium, diskRanges(rules.plan)),
  };
}

/** Leaves that differ. Worlds share what did not change, so equal parts are mostly the same object. */
function changesOf(path: string, before: unknown, after: unknown): readonly Change[] {
  if (before === after) return [];
  if (!isRecord(before) || !isRecord(after)) return [{ path, before, after }];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => {
    const inner = Array.isArray(before) ? `${path}[${name}]` : `${path}.${name}`;
    return changesOf(inner, before[name], after[name]);
  });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Neighbours of one owner are one entry, whatever they hold. */
function pageChanges(before: PageMap, after: PageMap, owners: readonly NamedRange[]): readonly PageChange[] {
  const changes: { start: number; count: number; owner: string }[] = [];
  for (const { start, count, name } of ownedParts(before, after, owners)) {
    const last = changes.at(-1);
    if (last && last.start + last.count === start && last.owner === name) last.count += count;
    else changes.push({ start, count, owner: name });
  }
  return changes;
}

/** Every run that differs, cut where its owner changes. Runs and owners both ascend. */
function* ownedParts(before: PageMap, after: PageMap, owners: readonly NamedRange[]): Generator<NamedRange> {
  let place = 0;
  for (const { index, count } of before.differences(after)) {
    for (let start = index; start < index + count; ) {
      const owner = owners[place];
      if (owner === undefined) return;
      const ownerEnd = owner.start + owner.count;
      const end = Math.min(index + count, ownerEnd);
      if (start < end) yield { start, count: end - start, name: owner.name };
      start = Math.max(start, end);
      if (start >= ownerEnd) place += 1;
    }
  }
}
