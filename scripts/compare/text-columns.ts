/** Columns of values beside a label, in blocks of as many as the page is wide enough for; long names stand in a list, by number. */
import type { Output } from '../cli/io.ts';

export type ColumnPage = {
  readonly paint: Output['paint'];
  /** Of the page. */
  readonly columns: number;
  readonly cellColumns: number;
  readonly labelColumns: number;
  readonly headings: readonly string[];
  /** Which columns stand beside each other. */
  readonly blocks: readonly (readonly number[])[];
};

const leastCellColumns = 14;
/** Longer names stand in a list of their own, by number. */
const longestHeading = 20;

/** `leastLabelColumns`: what a label has at least, however many columns there are. */
export function columnPage(
  names: readonly string[],
  { paint, columns }: Pick<Output, 'paint' | 'columns'>,
  leastLabelColumns: number,
): ColumnPage {
  const longest = Math.max(0, ...names.map((name) => name.length));
  const isNumbered = longest > longestHeading || names.length > 2;
  const headings = names.map((name, index) => (isNumbered ? `[${index + 1}]` : name));
  const cellColumns = Math.max(leastCellColumns, ...headings.map((heading) => heading.length + 2));
  const fitting = Math.max(1, Math.floor((columns - leastLabelColumns) / cellColumns));
  const blocks = Array.from({ length: Math.ceil(names.length / fitting) }, (_, block) =>
    names.map((_name, index) => index).slice(block * fitting, (block + 1) * fitting),
  );
  const widest = Math.min(fitting, names.length);
  const labelColumns = Math.max(leastLabelColumns, columns - widest * cellColumns);
  return { paint, columns, cellColumns, labelColumns, headings, blocks };
}

/** `[1] kexec-jump:hibernate`, when the headings are numbers. */
export const legendOf = (names: readonly string[], { headings }: ColumnPage): readonly string[] =>
  names.flatMap((name, index) => (headings[index] === name ? [] : [`  ${headings[index]} ${name}`]));

/** A label, and its values at the right. */
export function row(
  label: string,
  cells: readonly string[],
  { cellColumns, labelColumns }: ColumnPage,
): string {
  const values = cells.map((cell) => cell.padStart(cellColumns)).join('');
  return `${label.padEnd(labelColumns)}${values}`.trimEnd();
}

export type Row = { readonly label: string; readonly cells: readonly string[] };

/** A table under a title, its columns in as many blocks as they need. */
export function tableLines(title: string, rows: readonly Row[], page: ColumnPage): readonly string[] {
  return page.blocks.flatMap((block, index) => {
    const pick = (cells: readonly string[]): readonly string[] => block.map((each) => cells[each] ?? '');
    return [
      ...(index === 0 ? [] : ['']),
      page.paint('bold', row(title, pick(page.headings), page)),
      ...rows.map(({ label, cells }) => row(label, pick(cells), page)),
    ];
  });
}
