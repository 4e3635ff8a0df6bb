/**
 * A comparison as text. Every row says by a character, not by colour, who has the step:
 *
 *   quiesce                                            65.0 ms          –
 *   < A  console.suspend    suspend_console                 ×2          ·
 *        kdump: no device is asked. A cannot be trusted … (linux.md A3.3)
 *
 * With two columns = both, < only the first, > only the second; with more, the numbers of those that have it.
 */
import type { Output } from '../cli/io.ts';
import { wrap } from '../cli/wrap.ts';
import { durationText } from '../report/quantity-text.ts';
import type { LifelineId } from '../visualize/run/sequence.ts';
import type { ComparedPhase, ComparedStep, Comparison, Reason } from './comparison.ts';
import { figureRows } from './figure-rows.ts';

type Page = Pick<Output, 'paint'> & {
  readonly names: readonly string[];
  readonly columns: number;
  /** Of the marks, and of one column of values. */
  readonly markColumns: number;
  readonly cellColumns: number;
};

const leastCellColumns = 14;
/** Longer names stand in a list of their own, by number. */
const longestHeading = 20;
const byColumns = 9;

export function comparisonText(
  comparison: Comparison,
  title: string,
  out: Pick<Output, 'paint' | 'columns'>,
): string {
  const { names } = comparison;
  const longest = Math.max(...names.map((name) => name.length));
  const isNumbered = longest > longestHeading || names.length > 2;
  const headings = names.map((name, index) => (isNumbered ? `[${index + 1}]` : name));
  const page: Page = {
    paint: out.paint,
    columns: out.columns,
    names,
    markColumns: names.length === 2 ? 1 : names.length,
    cellColumns: Math.max(leastCellColumns, ...headings.map((heading) => heading.length + 2)),
  };
  const legend = isNumbered ? names.map((name, index) => `  [${index + 1}] ${name}`) : [];
  const sections = [
    [...wrap(title, out.columns), ...legend, '', marksText(headings), summaryText(comparison, headings)],
    [
      page.paint('bold', row('', headings, page)),
      ...comparison.phases.flatMap((phase) => phaseLines(phase, page)),
    ],
    figureLines(comparison, headings, page),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function marksText(headings: readonly string[]): string {
  const [first = '', second = ''] = headings;
  if (headings.length === 2) return `= both   < only ${first}   > only ${second}`;
  return headings.length === 1 ? 'one column: nothing to compare' : '= all   1, 12 … only those columns';
}

function summaryText(
  { commonCount, partialCount, names, phases }: Comparison,
  headings: readonly string[],
): string {
  const groups = new Map<string, number>();
  for (const { only } of phases.flatMap(({ steps }) => steps)) {
    const group = only.map((name) => headings[names.indexOf(name)] ?? name).join(' and ');
    if (group !== '') groups.set(group, (groups.get(group) ?? 0) + 1);
  }
  const parts = [...groups].map(([group, count]) => `${count} only in ${group}`);
  const all = headings.length === 2 ? 'both' : 'all';
  return [`${commonCount} of ${commonCount + partialCount} steps in ${all}`, ...parts].join('; ');
}

function phaseLines(phase: ComparedPhase, page: Page): readonly string[] {
  const cells = page.names.map((name) => {
    const ns = phase.ns[name];
    return ns === undefined ? '–' : durationText(ns);
  });
  return [
    page.paint('bold', row(phase.phase, cells, page)),
    ...phase.steps.map((step) => stepLine(step, page)),
    ...phase.reasons.flatMap((reason) => reasonLines(reason, page)),
    '',
  ];
}

function stepLine(step: ComparedStep, page: Page): string {
  const { names, markColumns } = page;
  const cells = names.map((name) => cellText(step, name));
  const head = `${markOf(step, names).padEnd(markColumns)} ${titles[step.by] ?? step.by}`.padEnd(
    byColumns + markColumns + 1,
  );
  const room = labelColumns(page) - head.length;
  const does = step.does.join(' | ');
  const told = `${step.text.padEnd(18)} ${does}`;
  const text = row(`${head}${does !== '' && told.length < room ? told : step.text}`, cells, page);
  return step.only.length === 0
    ? text
    : page.paint(step.only.includes(names[0] ?? '') ? 'cyan' : 'magenta', text);
}

const titles: { readonly [Id in LifelineId]?: string } = { original: 'A', dump: 'B' };

function markOf({ only }: ComparedStep, names: readonly string[]): string {
  if (only.length === 0) return '=';
  if (names.length === 2) return only[0] === names[0] ? '<' : '>';
  return names.map((name, index) => (only.includes(name) ? String(index + 1) : '')).join('');
}

/** Shorter times are those of a message. */
const worthTellingNs = 1_000_000;

function cellText({ counts, ns }: ComparedStep, name: string): string {
  const count = counts[name];
  if (count === undefined) return '·';
  const took = ns[name] ?? 0;
  return took < worthTellingNs ? `×${count}` : `×${count} ${durationText(took).padStart(8)}`;
}

function reasonLines({ path, step, leavesOut, because, source }: Reason, page: Page): readonly string[] {
  const indent = ' '.repeat(page.markColumns + 4);
  const without = step ?? leavesOut;
  const head = without === undefined ? path : `${path} does without ${without}`;
  return wrap(`${head}: ${because} (${source})`, page.columns - indent.length - 2).map((line, index) =>
    page.paint('dim', `${index === 0 ? indent : `${indent}  `}${line}`),
  );
}

function figureLines(
  { names, figures }: Comparison,
  headings: readonly string[],
  page: Page,
): readonly string[] {
  const rows = figureRows.map(({ name, text }) => {
    const cells = names.flatMap((each) => {
      const own = figures[each];
      return own === undefined ? [] : [text(own)];
    });
    const isSame = cells.every((cell) => cell === cells[0]);
    return row(`${(isSame ? '=' : '≠').padEnd(page.markColumns)} ${name}`, cells, page);
  });
  return [page.paint('bold', row('figures', headings, page)), ...rows];
}

const labelColumns = ({ names, cellColumns, columns }: Page): number =>
  Math.max(longestLabel, columns - names.length * cellColumns);

/** Mark, who, and the longest name of an order. */
const longestLabel = 34;

/** A label, and its values at the right; a label that needs it has a line for itself. */
function row(label: string, cells: readonly string[], page: Page): string {
  const values = cells.map((cell) => cell.padStart(page.cellColumns)).join('');
  const room = labelColumns(page);
  return `${label.padEnd(room)}${values}`.trimEnd();
}
