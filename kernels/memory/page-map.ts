/**
 * What every page of something holds: an immutable map from the indexes 0 to size - 1 to content ids, for memory, disks
 * and whatever else comes in pages. A write gives a new map that shares all but one path with the old one, so keeping
 * every world of a history is cheap; what was never touched costs nothing, up to 2^40 pages.
 *
 * A map knows nothing of what its ids mean. It is opaque to Immer: a class that Immer is not told to draft stands in a
 * world as a leaf, is neither drafted nor frozen, and is replaced as a whole.
 *
 * Many writes in a row go through a draft, which writes in place into the nodes that it made itself. `done` gives up
 * that right and gives the map, so no finished map ever changes.
 */
import { assert } from '../assert.ts';
import type { ContentId } from './contents.ts';
import {
  childAt,
  childCountOf,
  contentAt,
  type Difference,
  differencesOf,
  fanOut,
  nodeCountOf,
  Owner,
  type PageNode,
  type PageTree,
  type Run,
  runsOf,
  type Subtree,
  spanFor,
} from './page-tree.ts';

/** 2^40 pages of 4 KiB are 2^52 bytes: the physical addresses of x86-64 end there (Intel SDM volume 3A, 4.1.4). */
export const pageMapSizeLimit = 2 ** 40;

/** A map as JSON: its runs from index 0 on, each as [count, id]. */
export type PageMapJson = { readonly size: number; readonly runs: readonly (readonly [number, ContentId])[] };

export class PageMap implements PageTree {
  readonly size: number;
  readonly span: number;
  readonly root: Subtree;

  /** For this file; `filled` and `fromJSON` make maps. */
  constructor(tree: PageTree) {
    this.size = tree.size;
    this.span = tree.span;
    this.root = tree.root;
  }

  static filled(size: number, id: ContentId): PageMap {
    assert(
      Number.isInteger(size) && size >= 1 && size <= pageMapSizeLimit,
      'page-map.filled: size is 1 to 2^40',
    );
    return new PageMap({ size, span: spanFor(size), root: id });
  }

  static fromJSON({ size, runs }: PageMapJson): PageMap {
    const [first] = runs;
    assert(first !== undefined, 'page-map.fromJSON: a map has at least one run');
    const draft = PageMap.filled(size, first[1]).draft();
    let start = 0;
    for (const [count, id] of runs) {
      draft.fill(start, count, id);
      start += count;
    }
    assert(start === size, 'page-map.fromJSON: the runs do not add up to the size');
    return draft.done();
  }

  toJSON(): PageMapJson {
    return { size: this.size, runs: Array.from(this.runs(), ({ count, id }) => [count, id] as const) };
  }

  get(index: number): ContentId {
    assertIndex(index, this.size);
    return contentAt(this.root, this.span, index);
  }

  /** This very map when nothing changes; so do `fill` and `change`. */
  set(index: number, id: ContentId): PageMap {
    const draft = this.draft();
    draft.set(index, id);
    return draft.done();
  }

  fill(start: number, count: number, id: ContentId): PageMap {
    const draft = this.draft();
    draft.fill(start, count, id);
    return draft.done();
  }

  change(edit: (draft: PageMapDraft) => void): PageMap {
    const draft = this.draft();
    edit(draft);
    return draft.done();
  }

  draft(): PageMapDraft {
    return new PageMapDraft(this);
  }

  /** The maximal runs of one content within [start, end), in order; the cost follows what was touched there. */
  runs(start = 0, end = this.size): Iterable<Run> {
    assertRange(start, end, this.size);
    return runsOf(this, start, end);
  }

  /** Where another map of the same size holds something else, in order; the cost follows what the two do not share. */
  differences(other: PageMap): Iterable<Difference> {
    assert(this.size === other.size, 'page-map.differences: maps of two sizes');
    return differencesOf(this, other);
  }

  equals(other: PageMap): boolean {
    if (this.size !== other.size) return false;
    return differencesOf(this, other).next().done === true;
  }

  /** What the map costs: nodes of some 560 bytes, most of which it may share with other maps. */
  nodeCount(): number {
    return nodeCountOf(this.root);
  }
}

/** A map being written. After `done` it may be written on; that starts from the map which it gave. */
export class PageMapDraft {
  private base: PageMap;
  private root: Subtree;
  private owner = new Owner();
  /** The two leaves that were written last: a swap of two ranges goes to and fro between two. */
  private newer: Leaf | undefined;
  private older: Leaf | undefined;

  constructor(base: PageMap) {
    this.base = base;
    this.root = base.root;
  }

  get size(): number {
    return this.base.size;
  }

  get(index: number): ContentId {
    assertIndex(index, this.size);
    const leaf = this.recentLeaf(index);
    return leaf === undefined
      ? contentAt(this.root, this.base.span, index)
      : contentAt(leaf, fanOut, index % fanOut);
  }

  set(index: number, id: ContentId): void {
    if (this.get(index) === id) return;
    const leaf = this.recentLeaf(index) ?? this.writableLeaf(index);
    leaf.children[index % fanOut] = id;
    if (shortest(leaf) !== leaf) this.fill(index - (index % fanOut), leaf.children.length, id);
  }

  fill(start: number, count: number, id: ContentId): void {
    const end = start + count;
    assertRange(start, end, this.size);
    this.newer = undefined;
    this.older = undefined;
    if (count > 0) this.root = this.filled(this.root, 0, this.base.span, { start, end, id });
  }

  swap(first: number, second: number): void {
    const id = this.get(first);
    this.set(first, this.get(second));
    this.set(second, id);
  }

  /** The very map that the draft began with, when nothing was changed. */
  done(): PageMap {
    if (this.root === this.base.root) return this.base;
    this.base = new PageMap({ size: this.size, span: this.base.span, root: this.root });
    this.owner = new Owner();
    this.newer = undefined;
    this.older = undefined;
    return this.base;
  }

  private recentLeaf(index: number): PageNode | undefined {
    const base = index - (index % fanOut);
    if (this.newer?.base === base) return this.newer.node;
    return this.older?.base === base ? this.older.node : undefined;
  }

  /** The leaf of an index, with the path to it, made the draft's own. The caller is about to change it. */
  private writableLeaf(index: number): PageNode {
    let node = this.owned(this.root, 0, this.base.span);
    this.root = node;
    for (let span = this.base.span / fanOut; span >= fanOut; span /= fanOut) {
      const base = Math.floor(index / span) * span;
      const slot = Math.floor(index / span) % fanOut;
      const child = this.owned(childAt(node, slot), base, span);
      node.children[slot] = child;
      node = child;
    }
    this.older = this.newer;
    this.newer = { base: index - (index % fanOut), node };
    return node;
  }

  /** The subtree at [base, base + span) with the part of it that lies in the edit's range filled. */
  private filled(subtree: Subtree, base: number, span: number, edit: Edit): Subtree {
    if (subtree === edit.id) return subtree;
    if (edit.start <= base && Math.min(base + span, this.size) <= edit.end) return edit.id;
    const childSpan = span / fanOut;
    const first = Math.max(0, Math.floor((edit.start - base) / childSpan));
    const beyond = Math.min(
      childCountOf(this.size, base, childSpan),
      Math.ceil((edit.end - base) / childSpan),
    );
    let node: PageNode | undefined;
    for (let slot = first; slot < beyond; slot++) {
      const before = childAt(node ?? subtree, slot);
      const after = this.filled(before, base + slot * childSpan, childSpan, edit);
      if (after === before) continue;
      node ??= this.owned(subtree, base, span);
      node.children[slot] = after;
    }
    return node === undefined ? subtree : shortest(node);
  }

  /** A node like this subtree that the draft may write into. */
  private owned(subtree: Subtree, base: number, span: number): PageNode {
    if (typeof subtree === 'number') {
      const childCount = childCountOf(this.size, base, span / fanOut);
      return { owner: this.owner, children: new Array<Subtree>(childCount).fill(subtree) };
    }
    if (subtree.owner === this.owner) return subtree;
    return { owner: this.owner, children: subtree.children.slice() };
  }
}

type Leaf = { readonly base: number; readonly node: PageNode };
type Edit = { readonly start: number; readonly end: number; readonly id: ContentId };

/** A node whose children are all the same content is that content. */
function shortest(node: PageNode): Subtree {
  const { children } = node;
  const first = children[0];
  // Most nodes show at their two ends that they are mixed.
  if (typeof first !== 'number' || children[children.length - 1] !== first) return node;
  for (const child of children) {
    if (child !== first) return node;
  }
  return first;
}

function assertIndex(index: number, size: number): void {
  assert(Number.isInteger(index) && index >= 0 && index < size, 'page-map: an index outside the map');
}

function assertRange(start: number, end: number, size: number): void {
  const isRange =
    Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= size;
  assert(isRange, 'page-map: a range outside the map');
}
