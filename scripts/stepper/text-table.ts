/** Rows as aligned columns, two blanks between them. */
import { wrap } from '../cli/wrap.ts';

const indent = '  ';
/** A last column that would be narrower is not wrapped: it could not be read. */
const leastLastColumns = 24;

/** The last column is as long as it likes, or wrapped where a terminal ends. */
export function textTable(
  rows: readonly (readonly string[])[],
  columns = Number.POSITIVE_INFINITY,
): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.slice(0, -1).entries()) {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    }
  }
  return rows.flatMap((row) => {
    const before = row.slice(0, -1).map((cell, index) => `${cell.padEnd(widths[index] ?? 0)}  `);
    const head = indent + before.join('');
    const [first = '', ...rest] = wrapped(row.at(-1) ?? '', columns - head.length);
    return [`${head}${first}`.trimEnd(), ...rest.map((line) => `${' '.repeat(head.length)}${line}`)];
  });
}

const wrapped = (text: string, columns: number): readonly string[] =>
  columns === Number.POSITIVE_INFINITY || columns < leastLastColumns ? [text] : wrap(text, columns);
