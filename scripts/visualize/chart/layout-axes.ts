// Where the boxes of a column of rows stand from left to right. Boxes that follow each other are strung on a chain with one axis, so
// that the line between them is straight; chains are then pushed together from the left, and those with room move
// towards what they are connected to.
// Promises: boxes of a row keep their order and their distance; a chain never crosses another.
// Source of the method: Brandes and Köpf, "Fast and simple horizontal coordinate assignment", 2001 (chains are its blocks).

import { cellSpacing } from './layout-sizes.ts';

export interface Link {
  readonly from: string;
  readonly to: string;
  /** Links of lower rank are made straight first. */
  readonly rank: number;
}

export interface Extent {
  readonly left: number;
  readonly right: number;
}

type Rows = readonly (readonly string[])[];

/** Links from one row to the next that are drawn straight, at most one into and out of each box. */
export function straightLinks<AnyLink extends Link>(
  rows: Rows,
  links: readonly AnyLink[],
): readonly AnyLink[] {
  return rows.slice(1).flatMap((row, index) => {
    const above = rows[index] ?? [];
    const chosen: AnyLink[] = [];
    const candidates = links
      .filter((link) => above.includes(link.from) && row.includes(link.to))
      .sort((left, right) => left.rank - right.rank);
    for (const link of candidates) {
      const isFree = chosen.every(
        (other) =>
          (above.indexOf(link.from) - above.indexOf(other.from)) *
            (row.indexOf(link.to) - row.indexOf(other.to)) >
          0,
      );
      if (isFree) chosen.push(link);
    }
    return chosen;
  });
}

/** The x of every box's axis; the leftmost reach of any box is at 0. */
export function axesOf(
  rows: Rows,
  extents: ReadonlyMap<string, Extent>,
  straight: readonly Link[],
  links: readonly Link[],
): ReadonlyMap<string, number> {
  const chains = chainsOf(rows, straight);
  const neighbours = neighboursOf(rows, extents, chains);
  const places = packed([...new Set(chains.values())], rows, { extents, chains, neighbours });
  const settled = [...places.keys()].reverse().reduce((known, chain) => {
    return moved(known, chain, { chains, neighbours, links });
  }, places);
  return new Map([...chains].map(([child, chain]) => [child, settled.get(chain) ?? 0]));
}

/** Each chain is named after its first box. A row that nothing straight leads into is hung under the first box of the row above. */
function chainsOf(rows: Rows, straight: readonly Link[]): ReadonlyMap<string, string> {
  const chains = new Map<string, string>();
  rows.forEach((row, index) => {
    const above = rows[index - 1]?.[0];
    row.forEach((child, place) => {
      const link = straight.find((candidate) => candidate.to === child);
      const isHanging = place === 0 && above !== undefined && !straight.some(({ from }) => from === above);
      const head = link?.from ?? (isHanging ? above : child);
      chains.set(child, chains.get(head) ?? child);
    });
  });
  return chains;
}

/** Two chains side by side in some row, and how far apart their axes must be at least. */
interface Neighbours {
  readonly left: string;
  readonly right: string;
  readonly distance: number;
}

function neighboursOf(
  rows: Rows,
  extents: ReadonlyMap<string, Extent>,
  chains: ReadonlyMap<string, string>,
): readonly Neighbours[] {
  return rows.flatMap((row) =>
    row.slice(1).map((child, index) => {
      const before = row[index] ?? child;
      const reach = (extents.get(before)?.right ?? 0) + (extents.get(child)?.left ?? 0);
      return {
        left: chains.get(before) ?? before,
        right: chains.get(child) ?? child,
        distance: reach + cellSpacing,
      };
    }),
  );
}

interface Strung {
  readonly extents: ReadonlyMap<string, Extent>;
  readonly chains: ReadonlyMap<string, string>;
  readonly neighbours: readonly Neighbours[];
}

/** As far to the left as the distances allow. One round settles at least one chain, so there are at most as many rounds as chains. */
function packed(names: readonly string[], rows: Rows, strung: Strung): ReadonlyMap<string, number> {
  const places = new Map(names.map((name) => [name, 0]));
  for (const child of rows.flat()) {
    const chain = strung.chains.get(child) ?? child;
    places.set(chain, Math.max(places.get(chain) ?? 0, strung.extents.get(child)?.left ?? 0));
  }
  names.forEach(() => {
    for (const { left, right, distance } of strung.neighbours) {
      places.set(right, Math.max(places.get(right) ?? 0, (places.get(left) ?? 0) + distance));
    }
  });
  return places;
}

/** Moves a chain to the right, at most up to its neighbour, towards the mean of what it is linked with. */
function moved(
  places: ReadonlyMap<string, number>,
  chain: string,
  strung: Omit<Strung, 'extents'> & { readonly links: readonly Link[] },
): ReadonlyMap<string, number> {
  const placeOf = (name: string | undefined): number => places.get(name ?? '') ?? 0;
  const ends = strung.links.flatMap(({ from, to }) => {
    const [first, second] = [strung.chains.get(from), strung.chains.get(to)];
    if (first === second || (first !== chain && second !== chain)) return [];
    return [placeOf(first === chain ? second : first)];
  });
  if (ends.length === 0) return places;
  const limits = strung.neighbours
    .filter(({ left }) => left === chain)
    .map(({ right, distance }) => placeOf(right) - distance);
  const wished = Math.round(ends.reduce((sum, end) => sum + end, 0) / ends.length);
  const place = Math.max(placeOf(chain), Math.min(wished, ...limits));
  return new Map([...places, [chain, place]]);
}
