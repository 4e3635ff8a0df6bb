/** Stretches laid over each other: which one is on top where. Takes n log n steps however they overlap, so that no file can make it hang. */

export type Stretched = { readonly start: number; readonly end: number };

/** A part of a stretch that nothing covers. */
export type Visible<Item> = { readonly start: number; readonly end: number; readonly item: Item };

/** Later ones lie on top. The parts come ascending and apart; empty stretches have none. */
export function overlay<Item extends Stretched>(items: readonly Item[]): readonly Visible<Item>[] {
  const sorted = items
    .map((item, order) => ({ item, order }))
    .filter(({ item }) => item.end > item.start)
    .sort((one, other) => one.item.start - other.item.start);
  const parts: Visible<Item>[] = [];
  const open = new LatestFirst<Item>();
  let at = 0;
  for (let index = 0; index < sorted.length || open.top !== undefined; ) {
    if (open.top === undefined) at = sorted[index]?.item.start ?? at;
    for (let next = sorted[index]; next !== undefined && next.item.start <= at; next = sorted[index]) {
      open.add(next);
      index += 1;
    }
    const top = open.top;
    if (top === undefined) break;
    if (top.end <= at) open.removeTop();
    else {
      const end = Math.min(top.end, sorted[index]?.item.start ?? top.end);
      addPart(parts, { start: at, end, item: top });
      at = end;
    }
  }
  return parts;
}

/** A stretch that goes on behind the beginning of one below it stays one part. */
function addPart<Item>(parts: Visible<Item>[], part: Visible<Item>): void {
  const last = parts.at(-1);
  if (last?.item === part.item && last.end === part.start)
    parts[parts.length - 1] = { ...last, end: part.end };
  else parts.push(part);
}

type Ordered<Item> = { readonly item: Item; readonly order: number };

/** The stretches that are open at one place, the latest of them on top: a heap. */
class LatestFirst<Item> {
  /** Each is later than the two at twice its index plus one and two. */
  readonly #heap: Ordered<Item>[] = [];

  get top(): Item | undefined {
    return this.#heap[0]?.item;
  }

  add(entry: Ordered<Item>): void {
    this.#heap.push(entry);
    for (let index = this.#heap.length - 1; index > 0; ) {
      const parent = (index - 1) >> 1;
      if (!this.#isLater(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  removeTop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    for (let index = 0; ; ) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const later = this.#isLater(right, left) ? right : left;
      if (!this.#isLater(later, index)) return;
      this.#swap(index, later);
      index = later;
    }
  }

  #isLater(index: number, other: number): boolean {
    return (this.#heap[index]?.order ?? -1) > (this.#heap[other]?.order ?? -1);
  }

  #swap(index: number, other: number): void {
    const [one, two] = [this.#heap[index], this.#heap[other]];
    if (one === undefined || two === undefined) return;
    this.#heap[index] = two;
    this.#heap[other] = one;
  }
}
