/**
 * A comparison as text. Every row says by a character, not by colour, who has the step:
 *
 *   quiesce                                            65.0 ms          –
 *   < A  console.suspend    suspend_console                 ×2          ·
 *        kdump: no device is asked. A cannot be trusted … (linux.md A3.3)
 *
 * With two columns = both, < only the first, > only the second; with more, the last digit of each that has it, at its place. Where the page
 * is too narrow for all columns of values, steps have marks only, and times and figures stand in tables below.
 */
import type { Output } from '../cli/io.ts';
import { wrap } from '../cli/wrap.ts';
import { durationText } from '../report/quantity-text.ts';
import type { ComparedPhase, ComparedStep, Comparison, Reason } from './comparison.ts';
import { brokenLawLines, figureRows } from './figure-rows.ts';
import { shareSummary } from './share-text.ts';
import { takerText } from './taker-text.ts';
import { type ColumnPage, columnPage, legendOf, type Row, row, tableLines } from './text-columns.ts';

type Page = ColumnPage & {
  readonly names: readonly string[];
  readonly markColumns: number;
  /** Whether the values of all columns stand beside the steps. */
  readonly isWide: boolean;
};

const byColumns = 9;
/** Mark, who, and the longest name of an order. */
const longestLabel = 34;

export function comparisonText(
  comparison: Comparison,
  title: string,
  out: Pick<Output, 'paint' | 'columns'>,
): string {
  const { names, phases } = comparison;
  const columns = columnPage(names, out, longestLabel);
  const page: Page = {
    ...columns,
    names,
    markColumns: names.length === 2 ? 1 : names.length,
    isWide: columns.blocks.length === 1,
  };
  const headingOf = (name: string): string => page.headings[names.indexOf(name)] ?? name;
  const head = [...wrap(title, out.columns), ...legendOf(names, page), '', marksText(page)];
  const heading = page.isWide ? [page.paint('bold', row('', page.headings, page))] : [];
  const sections = [
    [...head, ...wrap(summaryText(comparison, page), out.columns)],
    shareSummary(comparison.shares, out, headingOf),
    [...heading, ...phases.flatMap((phase) => phaseLines(phase, page))],
    page.isWide
      ? []
      : tableLines(
          'phases',
          phases.map((phase) => phaseRow(phase, page)),
          page,
        ),
    tableLines('figures', figureRowsOf(comparison, page), page),
    brokenLawLines(comparison.figures, headingOf).flatMap((line) => wrap(line, out.columns)),
  ];
  const shown = sections.filter((lines) => lines.length > 0);
  return `${shown.map((lines) => lines.join('\n').trimEnd()).join('\n\n')}\n`;
}

function marksText({ headings }: Page): string {
  const [first = '', second = ''] = headings;
  if (headings.length === 2) return `= both   < only ${first}   > only ${second}`;
  return headings.length === 1 ? 'one column: nothing to compare' : '= all   1·3 … only those columns';
}

function summaryText({ commonCount, partialCount, phases }: Comparison, page: Page): string {
  const groups = new Map<string, number>();
  for (const { only } of phases.flatMap(({ steps }) => steps)) {
    const group = only.map((name) => page.headings[page.names.indexOf(name)] ?? name).join(' ');
    if (group !== '') groups.set(group, (groups.get(group) ?? 0) + 1);
  }
  const parts = [...groups].map(([group, count]) => `${count} only in ${group}`);
  const all = page.names.length === 2 ? 'both' : 'all';
  return [`${commonCount} of ${commonCount + partialCount} steps in ${all}`, ...parts].join('; ');
}

function phaseLines(phase: ComparedPhase, page: Page): readonly string[] {
  const { label, cells } = phaseRow(phase, page);
  return [
    page.paint('bold', page.isWide ? row(label, cells, page) : label),
    ...phase.steps.map((step) => stepLine(step, page)),
    ...reasonLines(phase.reasons, page),
    '',
  ];
}

function phaseRow({ phase, ns }: ComparedPhase, { names }: Page): Row {
  const cells = names.map((name) => {
    const own = ns[name];
    return own === undefined ? '–' : durationText(own);
  });
  return { label: phase, cells };
}

function stepLine(step: ComparedStep, page: Page): string {
  const { names, markColumns, isWide } = page;
  const head = `${markOf(step, names).padEnd(markColumns)} ${takerText(step.by)}`.padEnd(
    byColumns + markColumns + 1,
  );
  const room = (isWide ? page.labelColumns : page.columns + 1) - head.length;
  const does = step.does.join(' | ');
  const told = `${step.text.padEnd(18)} ${does}`;
  const label = `${head}${does !== '' && told.length < room ? told : step.text}`;
  const text = isWide
    ? row(
        label,
        names.map((name) => cellText(step, name)),
        page,
      )
    : label;
  return step.only.length === 0
    ? text
    : page.paint(step.only.includes(names[0] ?? '') ? 'cyan' : 'magenta', text);
}

function markOf({ only }: ComparedStep, names: readonly string[]): string {
  if (only.length === 0) return '=';
  if (names.length === 2) return only[0] === names[0] ? '<' : '>';
  return names.map((name, index) => (only.includes(name) ? String((index + 1) % 10) : '·')).join('');
}

/** Shorter times are those of a message. */
const worthTellingNs = 1_000_000;

function cellText({ counts, ns }: ComparedStep, name: string): string {
  const count = counts[name];
  if (count === undefined) return '·';
  const took = ns[name] ?? 0;
  return took < worthTellingNs ? `×${count}` : `×${count} ${durationText(took).padStart(8)}`;
}

type ToldReason = { readonly who: Set<string>; readonly without: Set<string>; readonly why: string };

/** One reason may stand for several variants of a path and for several steps. */
function reasonLines(reasons: readonly Reason[], page: Page): readonly string[] {
  const told = new Map<string, ToldReason>();
  for (const { path, variant, step, leavesOut, because, source } of reasons) {
    const without = step ?? leavesOut;
    const why = `${because} (${source})`;
    const key = `${path} ${variant === undefined} ${without === undefined} ${why}`;
    const reason = told.get(key) ?? { who: new Set(), without: new Set(), why };
    reason.who.add(variant === undefined ? path : `${reason.who.size === 0 ? `${path}:` : ''}${variant}`);
    if (without !== undefined) reason.without.add(without);
    told.set(key, reason);
  }
  const indent = ' '.repeat(Math.min(page.markColumns, 4) + 4);
  return [...told.values()].flatMap(({ who, without, why }) => {
    const lack = without.size === 0 ? '' : ` does without ${[...without].join(', ')}`;
    const text = `${[...who].join(', ')}${lack}: ${why}`;
    return wrap(text, page.columns - indent.length - 2).map((line, index) =>
      page.paint('dim', `${index === 0 ? indent : `${indent}  `}${line}`),
    );
  });
}

function figureRowsOf({ figures }: Comparison, { names }: Page): readonly Row[] {
  return figureRows.flatMap(({ name, text }) => {
    const found = names.map((each) => {
      const own = figures[each];
      return own && text(own);
    });
    if (found.every((cell) => cell === undefined)) return [];
    const isSame = found.every((cell) => cell === found[0]);
    return [{ label: `${isSame ? '=' : '≠'} ${name}`, cells: found.map((cell) => cell ?? '–') }];
  });
}
