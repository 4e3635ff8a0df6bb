/**
 * Some states of a chart as a chart of their own, framed by the innermost composite around them all.
 *
 * Promises: every transition out of a state that is shown is there; where it leads to a state that is not, a connector stands for that
 * state, one for each, named by its path and by where it is drawn. What comes in from outside is one connector for each state it comes
 * to: it names where from. Ids of states and transitions that are shown stay what they are.
 * Leaves out: the frames' own actions and transitions to other places, and what triggers a transition that comes in from outside:
 * these are shown where their states are.
 */
import { assert } from '../../../kernels/assert.ts';
import { ancestorsOf } from './ancestors.ts';
import type { ChartEdge, ChartGraph, ChartNode } from './chart-graph.ts';
import { nodePath } from './node-title.ts';
import { requireEntry } from './require-entry.ts';

/** Where a state that is not shown can be found. */
export type WhereDrawn = (stateId: string) => string;

export function chartExcerpt(
  graph: ChartGraph,
  shownIds: readonly string[],
  whereDrawn: WhereDrawn,
): ChartGraph {
  assert(shownIds.length > 0, 'chart-excerpt: something is shown');
  if (shownIds.includes(graph.root)) return graph;
  const scene = sceneOf(graph, shownIds, whereDrawn);
  const own = graph.edges.flatMap((edge) => edgesShown(edge, scene));
  const outside = new Set(own.flatMap(({ source, targets }) => [source, ...targets]));
  const exits = graph.nodes.filter(({ id }) => outside.has(exitOf(id))).map((node) => exitNode(node, scene));
  const entries = entriesOf(graph, scene);
  const edges = [...own, ...entries.map(({ edge }) => edge)];
  const copied = graph.nodes
    .filter((node) => isConnector(node) && outside.has(node.id))
    .map((node) => ({ ...node, parent: scene.outermost }));
  const connectors = [...copied, ...exits, ...entries.map(({ node }) => node)];
  const kept = graph.nodes.filter(({ id, kind, parent }) =>
    kind === 'initial' && parent !== null && scene.frames.has(parent)
      ? edges.some(({ source }) => source === id)
      : isShown(scene, id),
  );
  const nodes = kept.map((node) =>
    scene.frames.has(node.id)
      ? frameNode(node, { outermost: scene.outermost, kept, edges, connectors })
      : node,
  );
  return { root: scene.outermost, nodes: [...nodes, ...connectors], edges };
}

/** Stands for states that are not in the graph: a part of a chart has such, and a part of that keeps those that it needs. */
export const isConnector = ({ elsewhere, foldedCount }: ChartNode): boolean =>
  elsewhere !== undefined && foldedCount === 0;

interface Scene {
  readonly nodes: ReadonlyMap<string, ChartNode>;
  readonly inside: ReadonlySet<string>;
  /** Composites around what is shown, from the outermost of them down. */
  readonly frames: ReadonlySet<string>;
  readonly outermost: string;
  readonly whereDrawn: WhereDrawn;
}

function sceneOf(graph: ChartGraph, shownIds: readonly string[], whereDrawn: WhereDrawn): Scene {
  const around = new Map(graph.nodes.map(({ id }) => [id, ancestorsOf(graph, id)]));
  const aroundOf = (id: string): readonly string[] => requireEntry(around, id, 'chart-excerpt');
  const wanted = new Set(shownIds);
  const inside = new Set(
    graph.nodes
      .map(({ id }) => id)
      .filter((id) => wanted.has(id) || aroundOf(id).some((each) => wanted.has(each))),
  );
  const [first = [], ...rest] = shownIds.map(aroundOf);
  const outermost = first.find((id) => rest.every((chain) => chain.includes(id))) ?? graph.root;
  const frames = new Set(
    shownIds.flatMap((id) => {
      const chain = aroundOf(id).filter((each) => !inside.has(each));
      return chain.slice(0, chain.indexOf(outermost) + 1);
    }),
  );
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  return { nodes, inside, frames, outermost, whereDrawn };
}

const isShown = ({ inside, frames }: Scene, id: string): boolean => inside.has(id) || frames.has(id);

/** Transitions of what is shown. */
function edgesShown(edge: ChartEdge, scene: Scene): readonly ChartEdge[] {
  const { inside, frames, nodes } = scene;
  const source = requireEntry(nodes, edge.source, 'chart-excerpt');
  if (inside.has(edge.source)) {
    const isKept = (id: string): boolean =>
      isShown(scene, id) || isConnector(requireEntry(nodes, id, 'chart-excerpt'));
    return [{ ...edge, targets: edge.targets.map((target) => (isKept(target) ? target : exitOf(target))) }];
  }
  if (source.kind === 'initial') {
    const isFrames = source.parent !== null && frames.has(source.parent);
    return isFrames && edge.targets.some((target) => isShown(scene, target)) ? [edge] : [];
  }
  const targets = edge.targets.filter((target) => inside.has(target));
  const isKept = frames.has(edge.source) || isConnector(source);
  return targets.length > 0 && isKept ? [{ ...edge, targets }] : [];
}

const exitOf = (stateId: string): string => `to:${stateId}`;
const entryOf = (stateId: string): string => `from:${stateId}`;

/** Below the outermost frame names are those inside it. */
function nameOf(node: ChartNode, { nodes, outermost }: Scene): string {
  const frame = requireEntry(nodes, outermost, 'chart-excerpt').path;
  const isBelow = node.path.length > frame.length && frame.every((key, index) => node.path[index] === key);
  return isBelow ? node.path.slice(frame.length).join('.') : nodePath(node);
}

const bare = {
  kind: 'atomic',
  children: [],
  initialChild: null,
  entry: [],
  exit: [],
  tags: [],
  meta: undefined,
  foldedCount: 0,
} as const;

function exitNode(node: ChartNode, scene: Scene): ChartNode {
  const { outermost, whereDrawn } = scene;
  const elsewhere = [whereDrawn(node.id)];
  return { ...node, ...bare, id: exitOf(node.id), key: nameOf(node, scene), parent: outermost, elsewhere };
}

interface Entry {
  readonly node: ChartNode;
  readonly edge: ChartEdge;
}

function entriesOf(graph: ChartGraph, scene: Scene): readonly Entry[] {
  return graph.nodes.flatMap((target): readonly Entry[] => {
    if (!scene.inside.has(target.id)) return [];
    const comesIn = ({ source, targets }: ChartEdge): boolean => {
      const from = requireEntry(scene.nodes, source, 'chart-excerpt');
      const isOutside = !isShown(scene, source) && from.kind !== 'initial' && !isConnector(from);
      return isOutside && targets.includes(target.id);
    };
    const [first, ...rest] = graph.edges.filter(comesIn);
    if (first === undefined) return [];
    const sources = new Set([first, ...rest].map(({ source }) => source));
    const id = entryOf(target.id);
    const from = graph.nodes.filter((node) => sources.has(node.id));
    const node = {
      ...target,
      ...bare,
      id,
      key: 'from',
      parent: scene.outermost,
      elsewhere: fromLines(from, scene),
    };
    const trigger = { type: 'initial' } as const;
    const plain = { trigger, guard: null, actions: [], alternative: 0, reenter: false };
    return [{ node, edge: { ...first, ...plain, id, source: id, targets: [target.id] } }];
  });
}

/** One line for each place. */
function fromLines(sources: readonly ChartNode[], scene: Scene): readonly string[] {
  const byPlace = new Map<string, string[]>();
  for (const node of sources) {
    const place = scene.whereDrawn(node.id);
    byPlace.set(place, [...(byPlace.get(place) ?? []), nameOf(node, scene)]);
  }
  return [...byPlace].map(([place, names]) => `${names.join(', ')} ${place}`);
}

interface Frame {
  readonly outermost: string;
  readonly kept: readonly ChartNode[];
  readonly edges: readonly ChartEdge[];
  readonly connectors: readonly ChartNode[];
}

/** The outermost frame holds the connectors too; regions of which only some are shown are no regions. */
function frameNode(node: ChartNode, { outermost, kept, edges, connectors }: Frame): ChartNode {
  const isOutermost = node.id === outermost;
  const children = node.children.filter((child) => kept.some(({ id }) => id === child));
  const hasStart = edges.some(
    ({ trigger, targets }) => trigger.type === 'initial' && targets[0] === node.initialChild,
  );
  return {
    ...node,
    kind: 'compound',
    key: isOutermost ? nodePath(node) : node.key,
    parent: isOutermost ? null : node.parent,
    children: isOutermost ? [...children, ...connectors.map(({ id }) => id)] : children,
    initialChild: hasStart ? node.initialChild : null,
    entry: [],
    exit: [],
  };
}
