// One Mermaid state diagram.
// Promises: every state is declared once, inside its composite and before it is used, under an id that is one word; lines between
// states of one composite stand in it, all others at the end, where they cannot move a state out of its composite;
// no line joins a composite with something inside it (a stub stands for the composite there).
// Leaves out: actions of composites and names of regions (Mermaid has no place for them; the latter stand in comments), history
// as a kind of its own.
// Facts: Mermaid 11.17 `stateDiagram.jison` (a text ends at a line end, a semicolon or a colon, so these are written as
// character codes, `#58;`) and `stateDb.ts` (a state named in two composites moves to the last one, mermaid#5290).

import type { ChartEdge, ChartGraph, ChartNode } from './chart-graph.ts';
import { dotIdOf } from './chart-graph.ts';
import type { DrawingOptions, Highlights } from './chart-options.ts';
import { highlightsOf } from './chart-options.ts';
import { edgeText } from './edge-text.ts';
import { liesInside } from './layout-shapes.ts';
import { elsewhereLines } from './node-title.ts';
import { requireEntry } from './require-entry.ts';

export function mermaidDiagram(graph: ChartGraph, options: DrawingOptions = {}): string {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const sheet: Sheet = { graph, nodes, words: wordsOf(graph), highlights: highlightsOf(graph, options) };
  const root = requireEntry(nodes, graph.root, 'mermaidDiagram');
  const outside = graph.nodes.filter((node) => node.parent === null && node !== root);
  const active = [...sheet.highlights.active].map((id) => `class ${wordOf(id, sheet)} active`);
  const lines = [
    `direction ${options.orientation === 'landscape' ? 'LR' : 'TB'}`,
    // Only a composite can have regions, so a chart that is one parallel state is drawn with its frame.
    ...(root.kind === 'parallel' ? stateLines(root, sheet) : insideLines(root, sheet)),
    ...outside.flatMap((node) => stateLines(node, sheet)),
    ...graph.edges.filter((edge) => blockOf(edge, sheet) === null).flatMap((edge) => edgeLines(edge, sheet)),
    ...(active.length === 0 ? [] : ['classDef active stroke-width:4px,font-weight:bold']),
    ...active,
  ];
  return `stateDiagram-v2\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

interface Sheet {
  readonly graph: ChartGraph;
  readonly nodes: ReadonlyMap<string, ChartNode>;
  /** The id of each state in the diagram. */
  readonly words: ReadonlyMap<string, string>;
  readonly highlights: Highlights;
}

/** Words that mean something else at the start of a line. */
const keywords: ReadonlySet<string> = new Set([
  ...['as', 'class', 'classDef', 'click', 'default', 'direction', 'end', 'fork', 'hide', 'href', 'join'],
  ...['note', 'root', 'scale', 'start', 'state', 'style'],
]);

function wordsOf(graph: ChartGraph): ReadonlyMap<string, string> {
  const taken = new Set(keywords);
  const words = graph.nodes.map((node): [string, string] => {
    let word = (node.path.join('_') || node.id).replace(/\W/g, '_').replace(/^(\d)/, '_$1');
    while (taken.has(word)) word += '_';
    taken.add(word);
    return [node.id, word];
  });
  return new Map(words);
}

function wordOf(id: string, sheet: Sheet): string {
  return requireEntry(sheet.words, id, 'mermaidDiagram');
}

function insideLines(node: ChartNode, sheet: Sheet): readonly string[] {
  const children = node.children.map((child) => requireEntry(sheet.nodes, child, 'mermaidDiagram'));
  if (node.kind === 'parallel') {
    return children.flatMap((region, index) => {
      const inside = region.children.length === 0 ? stateLines(region, sheet) : insideLines(region, sheet);
      return [...(index === 0 ? [] : ['--']), `%% ${oneLine(region.key)}`, ...inside];
    });
  }
  const edges = sheet.graph.edges.filter((edge) => blockOf(edge, sheet) === node.id);
  const ends = children
    .filter(({ kind }) => kind === 'final')
    .map(({ id }) => `${wordOf(id, sheet)} --> [*]`);
  return [
    ...stubLines(node, sheet),
    ...children.flatMap((child) => stateLines(child, sheet)),
    ...startLines(node, sheet),
    ...edges.flatMap((edge) => edgeLines(edge, sheet)),
    ...ends,
  ];
}

function stateLines(node: ChartNode, sheet: Sheet): readonly string[] {
  const word = wordOf(node.id, sheet);
  const title = `state "${written(node.key)}" as ${word}`;
  if (node.children.length > 0) {
    return [`${title} {`, ...insideLines(node, sheet).map((line) => `  ${line}`), '}'];
  }
  const internal = sheet.graph.edges.filter((edge) => edge.source === node.id && edge.targets.length === 0);
  const facts = [
    ...elsewhereLines(node),
    ...(node.entry.length === 0 ? [] : [`entry / ${node.entry.join(', ')}`]),
    ...(node.exit.length === 0 ? [] : [`exit / ${node.exit.join(', ')}`]),
    ...internal.map(edgeText),
  ];
  return [title, ...facts.map((fact) => `${word} : ${written(fact)}`)];
}

function startLines(node: ChartNode, sheet: Sheet): readonly string[] {
  return sheet.graph.edges
    .filter((edge) => edge.source === dotIdOf(node.id))
    .flatMap((edge) =>
      edge.targets.map((target) => `[*] --> ${wordOf(target, sheet)}${labelOf(edge, sheet)}`),
    );
}

/** A composite's own transitions into itself start at one stub inside it; transitions from inside to the composite end at another. */
function stubLines(node: ChartNode, sheet: Sheet): readonly string[] {
  const isInside = (id: string): boolean => liesInside(sheet.nodes, id, node.id);
  const isOwn = (id: string): boolean => id === node.id && node.children.length > 0;
  const leadsIn = sheet.graph.edges.some(
    (edge) => isOwn(edge.source) && edge.targets.some((target) => isOwn(target) || isInside(target)),
  );
  const leadsBack = sheet.graph.edges.some(
    (edge) => edge.targets.some(isOwn) && (isOwn(edge.source) || isInside(edge.source)),
  );
  return [
    ...(leadsIn ? [`state "any state" as ${anyWord(node.id, sheet)}`] : []),
    ...(leadsBack ? [`state "${written(node.key)} again" as ${againWord(node.id, sheet)}`] : []),
  ];
}

function anyWord(id: string, sheet: Sheet): string {
  return `${wordOf(id, sheet)}__any`;
}

function againWord(id: string, sheet: Sheet): string {
  return `${wordOf(id, sheet)}__again`;
}

/** The composite in whose block the line stands: the one that is the parent of both ends; null for the end of the diagram. */
function blockOf(edge: ChartEdge, sheet: Sheet): string | null {
  if (edge.targets.length === 0 || sheet.nodes.get(edge.source)?.kind === 'initial') return 'none';
  const parents = [edge.source, ...edge.targets].map((id) => sheet.nodes.get(id)?.parent ?? null);
  const [parent = null] = parents;
  const isShared = parents.every((each) => each === parent) && parent !== sheet.graph.root;
  return isShared ? parent : null;
}

function edgeLines(edge: ChartEdge, sheet: Sheet): readonly string[] {
  return edge.targets.map((target) => {
    const isSelf = edge.source === target && (sheet.nodes.get(target)?.children.length ?? 0) > 0;
    const leadsIn = isSelf || liesInside(sheet.nodes, target, edge.source);
    const leadsBack = isSelf || liesInside(sheet.nodes, edge.source, target);
    const source = leadsIn ? anyWord(edge.source, sheet) : wordOf(edge.source, sheet);
    const goal = leadsBack ? againWord(target, sheet) : wordOf(target, sheet);
    return `${source} --> ${goal}${labelOf(edge, sheet)}`;
  });
}

function labelOf(edge: ChartEdge, sheet: Sheet): string {
  const text = edgeText(edge);
  const taken = sheet.highlights.taken === edge.id ? '(taken) ' : '';
  return text === '' ? '' : ` : ${taken}${written(text)}`;
}

const characterCodes: Readonly<Record<string, string>> = {
  '#': '#35;',
  ';': '#59;',
  ':': '#58;',
  '"': '#34;',
  '<': '#60;',
  '>': '#62;',
  '\n': ' ',
};

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function written(text: string): string {
  return text.replace(/[#;:"<>\n]/g, (character) => characterCodes[character] ?? character);
}
