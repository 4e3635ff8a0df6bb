// Which child of a composite stands in which row. Rows follow the longest path from the first child; a transition back to
// something already on the way there is a back edge and does not count. What nothing inside leads to stands just above the
// first thing that it leads to. If some children are too tall to share a row, all stand one below the other. Within a row, the order with the fewest crossings among a few that are tried.
// Promises: the same input gives the same rows; edges of lower rank decide first what is the way and what leads back.
// Source of the method: Sugiyama, Tagawa, Toda, "Methods for visual understanding of hierarchical system structures", 1981.

export interface FlowEdge {
  readonly from: string;
  readonly to: string;
  /** Edges of lower rank are followed first. */
  readonly rank: number;
}

type Rows = readonly (readonly string[])[];

const sweepCount = 6;

export function layersOf(
  children: readonly string[],
  edges: readonly FlowEdge[],
  standsAlone: (child: string) => boolean,
): Rows {
  const flow = walk(
    children,
    edges.filter((edge) => edge.from !== edge.to),
  );
  const depths = depthsOf(flow);
  if (children.some(standsAlone)) return singleFile(flow, depths, standsAlone);
  const levels = [...new Set(depths.values())].sort((left, right) => left - right);
  const rows = levels.map((level) => flow.discovered.filter((child) => depths.get(child) === level));
  return fewestCrossings(rows, flow.forward);
}

interface Flow {
  readonly discovered: readonly string[];
  /** Children in such an order that every forward edge leads to a later one. */
  readonly sorted: readonly string[];
  readonly forward: readonly FlowEdge[];
}

/** Depth first from the first child, then from those that nothing leads to, then from the rest. */
function walk(children: readonly string[], edges: readonly FlowEdge[]): Flow {
  const targets = new Set(edges.map((edge) => edge.to));
  const roots = [...children.slice(0, 1), ...children.filter((child) => !targets.has(child)), ...children];
  const discovered: string[] = [];
  const finished: string[] = [];
  const forward: FlowEdge[] = [];
  const visit = (child: string): void => {
    discovered.push(child);
    const outward = edges.filter((edge) => edge.from === child).sort((left, right) => left.rank - right.rank);
    for (const edge of outward) {
      const leadsBack = discovered.includes(edge.to) && !finished.includes(edge.to);
      if (!leadsBack) forward.push(edge);
      if (!discovered.includes(edge.to)) visit(edge.to);
    }
    finished.push(child);
  };
  for (const root of roots) if (!discovered.includes(root)) visit(root);
  return { discovered, sorted: finished.reverse(), forward };
}

function depthsOf(flow: Flow): ReadonlyMap<string, number> {
  const depths = new Map(flow.sorted.map((child) => [child, 0]));
  const depthOf = (child: string): number => depths.get(child) ?? 0;
  for (const child of flow.sorted) {
    for (const edge of flow.forward.filter((candidate) => candidate.from === child)) {
      depths.set(edge.to, Math.max(depthOf(edge.to), depthOf(child) + 1));
    }
  }
  const deepest = Math.max(...depths.values());
  const first = flow.discovered[0];
  for (const child of flow.sorted) {
    if (child === first || flow.forward.some((edge) => edge.to === child)) continue;
    const next = flow.forward.filter((edge) => edge.from === child).map((edge) => depthOf(edge.to));
    depths.set(child, next.length === 0 ? deepest : Math.max(0, Math.min(...next) - 1));
  }
  return depths;
}

/**
 * One child below the other, each as soon as possible after what leads to it by the best edge; neighbours of the same depth
 * share a row unless one of them stands alone.
 */
function singleFile(
  flow: Flow,
  depths: ReadonlyMap<string, number>,
  standsAlone: (child: string) => boolean,
): Rows {
  const rows: string[][] = [];
  for (const child of followed(flow)) {
    const last = rows.at(-1);
    const fits =
      last !== undefined &&
      ![child, ...last].some((member) => standsAlone(member) || depths.get(member) !== depths.get(child));
    if (fits) last.push(child);
    else rows.push([child]);
  }
  return rows;
}

/** The children so that every forward edge leads to a later one, following the good way as far as it goes. */
function followed(flow: Flow): readonly string[] {
  const placed: string[] = [];
  const isReady = (child: string): boolean =>
    !placed.includes(child) && flow.forward.every((edge) => edge.to !== child || placed.includes(edge.from));
  while (placed.length < flow.discovered.length) {
    const nextOf = [...placed].reverse().flatMap((child) =>
      flow.forward
        .filter((edge) => edge.from === child)
        .sort((left, right) => left.rank - right.rank)
        .map((edge) => edge.to),
    );
    const next = [...nextOf, ...flow.discovered].find(isReady);
    if (next === undefined) break;
    placed.push(next);
  }
  return placed;
}

function fewestCrossings(rows: Rows, edges: readonly FlowEdge[]): Rows {
  const tried = [rows];
  for (let sweep = 0; sweep < sweepCount; sweep += 1) {
    const last = tried.at(-1) ?? rows;
    tried.push(
      sweep % 2 === 0 ? sweptDown(last, edges) : sweptDown([...last].reverse(), turned(edges)).reverse(),
    );
  }
  const counts = tried.map((candidate) => crossingCount(candidate, edges));
  return tried[counts.indexOf(Math.min(...counts))] ?? rows;
}

function turned(edges: readonly FlowEdge[]): readonly FlowEdge[] {
  return edges.map((edge) => ({ ...edge, from: edge.to, to: edge.from }));
}

/** Each row sorted by where, on average, the lines into its members start in the row above; what has no line keeps its place. */
function sweptDown(rows: Rows, edges: readonly FlowEdge[]): (readonly string[])[] {
  const swept: (readonly string[])[] = [];
  for (const row of rows) {
    const above = swept.at(-1) ?? [];
    const placeOf = (child: string, index: number): number => {
      const places = edges
        .filter((edge) => edge.to === child && above.includes(edge.from))
        .map((edge) => (above.indexOf(edge.from) + 0.5) / above.length);
      const fallback = (index + 0.5) / row.length;
      return places.length === 0 ? fallback : places.reduce((sum, place) => sum + place, 0) / places.length;
    };
    const places = new Map(row.map((child, index) => [child, placeOf(child, index)]));
    swept.push([...row].sort((left, right) => (places.get(left) ?? 0) - (places.get(right) ?? 0)));
  }
  return swept;
}

function crossingCount(rows: Rows, edges: readonly FlowEdge[]): number {
  const pairsBelow = rows.slice(1).map((row, index) => {
    const above = rows[index] ?? [];
    return edges
      .filter((edge) => above.includes(edge.from) && row.includes(edge.to))
      .map((edge) => ({ from: above.indexOf(edge.from), to: row.indexOf(edge.to) }));
  });
  const crossings = pairsBelow.map((pairs) =>
    pairs.reduce(
      (sum, left) => sum + pairs.filter((right) => left.from < right.from && left.to > right.to).length,
      0,
    ),
  );
  return crossings.reduce((sum, count) => sum + count, 0);
}
