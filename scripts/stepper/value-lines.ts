/** A value as people read it: in one line when it is plain, else a line for each field; a list of records as a table. */
import { textTable } from './text-table.ts';

/** A record with more fields is told by its first ones. */
const fieldLimit = 60;

export function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value) ?? String(value);
}

export function valueLines(name: string, value: unknown): readonly string[] {
  if (!isRecord(value)) return [`${name} = ${valueText(value)}`];
  const rows = isTable(value) ? tableOf(value) : fieldRows(value);
  const shown = rows.slice(0, fieldLimit);
  const more = rows.length > shown.length ? [`  and ${rows.length - shown.length} more`] : [];
  return [name, ...textTable(shown), ...more];
}

type Fields = Readonly<Record<string, unknown>>;
type Rows = readonly (readonly string[])[];

const isRecord = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const isFlat = (value: unknown): value is Fields =>
  isRecord(value) && !Array.isArray(value) && Object.values(value).every((each) => !isRecord(each));

const isTable = (value: unknown): value is readonly Fields[] =>
  Array.isArray(value) && value.length > 0 && value.every(isFlat);

function fieldRows(value: Fields): Rows {
  return Object.entries(value).flatMap(([name, inner]): Rows => {
    if (isTable(inner)) return groupRows(name, inner);
    if (!isRecord(inner) || Array.isArray(inner)) return [[name, valueText(inner)]];
    return fieldRows(inner).map(([first = '', ...rest]) => [`${name}.${first}`, ...rest]);
  });
}

/** A list within a record: neighbours that are the same in one row, `devices[0-7]  at noirq, driven true`. */
function groupRows(name: string, records: readonly Fields[]): Rows {
  const groups: { readonly text: string; readonly first: number; last: number }[] = [];
  for (const [index, record] of records.entries()) {
    const text = Object.entries(record)
      .map(([field, value]) => `${field} ${valueText(value)}`)
      .join(', ');
    const open = groups.at(-1);
    if (open?.text === text) open.last = index;
    else groups.push({ text, first: index, last: index });
  }
  return groups.map(({ text, first, last }) => [`${name}[${indexesText(first, last)}]`, text]);
}

export const indexesText = (first: number, last: number): string =>
  first === last ? String(first) : `${first}-${last}`;

function tableOf(records: readonly Fields[]): Rows {
  const names = Object.keys(records[0] ?? {});
  return [
    ['', ...names],
    ...records.map((record, index) => [String(index), ...names.map((name) => valueText(record[name]))]),
  ];
}
