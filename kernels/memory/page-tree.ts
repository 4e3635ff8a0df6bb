/**
 * The tree behind a page map, and how it is read: 64 children to a node, and a subtree in which every index holds the
 * same content is that content's id alone, at any height. A tree has the one shortest shape for what it holds, so equal
 * maps have equal trees. A node that a finished map can reach is never written again; `page-map.ts` says who may write
 * before that.
 *
 * 16 GiB (2^22 pages), drawn; `id` is a subtree of one content:
 *
 *   root, 16 children of 2^18 pages      id  id  node  id  …
 *   node, 64 children of 2^12 pages      id  node  node  id  …
 *   node, 64 children of 64 pages        node  id  id  id  …
 *   leaf, 64 pages                       id  id  id  id  …
 *
 * Why 64: measured against 16, 32, 128 and 512 it is best or near it both in the time that one write takes and in the
 * memory that the write leaves behind.
 */
import { assert } from '../assert.ts';
import type { ContentId } from './contents.ts';

/** One draft's right to write into the nodes that it made, and into no others. */
export class Owner {}

export type PageNode = { readonly owner: Owner; readonly children: Subtree[] };
export type Subtree = ContentId | PageNode;

/** `span` is how many indexes such a root can cover: the smallest power of 64, from 64 on, that is not below `size`. */
export type PageTree = { readonly size: number; readonly span: number; readonly root: Subtree };

export type Run = { readonly start: number; readonly count: number; readonly id: ContentId };
export type Difference = {
  readonly index: number;
  readonly count: number;
  readonly before: ContentId;
  readonly after: ContentId;
};

export const fanOut = 64;

export function spanFor(size: number): number {
  let span = fanOut;
  while (span < size) span *= fanOut;
  return span;
}

/** A node has only the children that its size needs. */
export function childCountOf(size: number, base: number, childSpan: number): number {
  return Math.min(fanOut, Math.ceil((size - base) / childSpan));
}

/** The child of a subtree; a subtree of one content has that content everywhere. */
export function childAt(subtree: Subtree, slot: number): Subtree {
  const child = typeof subtree === 'number' ? subtree : subtree.children[slot];
  assert(child !== undefined, 'page-tree: a slot beyond its node');
  return child;
}

export function contentAt(root: Subtree, span: number, index: number): ContentId {
  let subtree = root;
  let childSpan = span;
  let rest = index;
  while (typeof subtree !== 'number') {
    childSpan /= fanOut;
    const slot = Math.floor(rest / childSpan);
    rest -= slot * childSpan;
    subtree = childAt(subtree, slot);
  }
  return subtree;
}

/** The maximal runs of one content within [start, end), in order. */
export function* runsOf(tree: PageTree, start: number, end: number): Generator<Run> {
  const path = [{ children: [tree.root], base: 0, childSpan: tree.span, slot: 0 }];
  let runStart = start;
  let id: ContentId | undefined;
  for (let node = path.at(-1); node !== undefined && start < end; node = path.at(-1)) {
    while (id !== undefined && node.children[node.slot] === id) node.slot++;
    const child = node.children[node.slot];
    const base = node.base + node.slot * node.childSpan;
    node.slot++;
    if (child === undefined || base >= end) {
      path.pop();
    } else if (typeof child !== 'number') {
      const childSpan = node.childSpan / fanOut;
      const slot = Math.max(0, Math.floor((start - base) / childSpan));
      path.push({ children: child.children, base, childSpan, slot });
    } else {
      if (id !== undefined) yield { start: runStart, count: base - runStart, id };
      runStart = Math.max(start, base);
      id = child;
    }
  }
  if (id !== undefined) yield { start: runStart, count: end - runStart, id };
}

/** Where two trees of one size differ, in order, neighbours of one kind joined. */
export function* differencesOf(tree: PageTree, other: PageTree): Generator<Difference> {
  let open: Difference | undefined;
  for (const next of differingSubtrees(tree, other)) {
    const { before, after } = next;
    const joins = open?.before === before && open.after === after && open.index + open.count === next.index;
    if (open !== undefined && !joins) yield open;
    open =
      open !== undefined && joins
        ? { index: open.index, count: open.count + next.count, before, after }
        : next;
  }
  if (open !== undefined) yield open;
}

/** What two trees share is not looked at: a shared node is the same object, a shared content the same number. */
function* differingSubtrees(tree: PageTree, other: PageTree): Generator<Difference> {
  const stack = [{ before: tree.root, after: other.root, base: 0, span: tree.span }];
  for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
    const { before, after, base, span } = pair;
    if (before === after) continue;
    if (typeof before === 'number' && typeof after === 'number') {
      yield { index: base, count: Math.min(tree.size, base + span) - base, before, after };
      continue;
    }
    const childSpan = span / fanOut;
    const childCount = childCountOf(tree.size, base, childSpan);
    const left = childrenOf(before, childCount);
    const right = childrenOf(after, childCount);
    for (let slot = childCount - 1; slot >= 0; slot--) {
      if (left[slot] === right[slot]) continue;
      const childBase = base + slot * childSpan;
      stack.push({
        before: childAt(before, slot),
        after: childAt(after, slot),
        base: childBase,
        span: childSpan,
      });
    }
  }
}

/** All of them at once, for reading: a third faster than asking for each child, in the difference of two maps. */
function childrenOf(subtree: Subtree, childCount: number): readonly Subtree[] {
  return typeof subtree === 'number' ? new Array<Subtree>(childCount).fill(subtree) : subtree.children;
}

/** How many nodes a subtree has: what it costs in memory, some 560 bytes each. */
export function nodeCountOf(subtree: Subtree): number {
  if (typeof subtree === 'number') return 0;
  return subtree.children.reduce((count: number, child) => count + nodeCountOf(child), 1);
}
