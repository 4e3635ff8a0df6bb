import type { ChartNode } from './chart-graph.ts';

/** What is known of a state, one fact to a line: its path, its description, its tags and its `meta`, field by field as it is. */
export function nodeTitle(node: ChartNode): string {
  const tags = node.tags.length === 0 ? [] : [`tags: ${node.tags.join(', ')}`];
  const description = node.description === null ? [] : [node.description];
  return [nodePath(node), ...description, ...tags, ...metaLines(node.meta), ...elsewhereLines(node)].join(
    '\n',
  );
}

/** The names from the outermost state to this one; the outermost state is named by its id. */
export function nodePath(node: ChartNode): string {
  return node.path.length === 0 ? node.id : node.path.join('.');
}

/** What a state says about what is inside it and not shown, and about where to find it. */
export function elsewhereLines({ foldedCount, elsewhere = [] }: ChartNode): readonly string[] {
  const inside = foldedCount === 1 ? '1 state inside' : `${foldedCount} states inside`;
  return [...(foldedCount === 0 ? [] : [inside]), ...elsewhere];
}

export function metaLines(meta: unknown): readonly string[] {
  if (meta === undefined || meta === null) return [];
  if (typeof meta !== 'object') return [`meta: ${valueText(meta)}`];
  return Object.entries(meta).map(([name, value]) => `${name}: ${valueText(value)}`);
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(valueText).join(', ');
  return JSON.stringify(value) ?? String(value);
}
