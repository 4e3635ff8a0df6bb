/** A difference as people read it: neighbours that changed alike in one row, pages by owner, of each part the first rows. */
import { countedText } from '../report/quantity-text.ts';
import type { Change, Difference, PageChange } from './difference.ts';
import { hex } from './step-lines.ts';
import { textTable } from './text-table.ts';
import { indexesText, valueText } from './value-lines.ts';

/** Of each part; all of it is in `--json`. */
const toldRows = 24;
/** Of each owner. */
const toldRanges = 4;

export function differenceLines({ states, fields, queues, pages, blocks }: Difference): readonly string[] {
  return [
    ...part('states', changeRows(states)),
    ...part('records', changeRows(fields)),
    ...part('messages under way', changeRows(queues)),
    ...part(pagesTitle('memory', 'page', pages), pageRows(pages)),
    ...part(pagesTitle('disk', 'block', blocks), pageRows(blocks)),
  ];
}

type Rows = readonly (readonly string[])[];

function part(title: string, rows: Rows): readonly string[] {
  if (rows.length === 0) return [];
  const left = rows.length - toldRows;
  return [title, ...textTable(rows.slice(0, toldRows)), ...(left > 0 ? [`  and ${left} more`] : [])];
}

/** `original.devices[0].at` to `[7].at`, changed alike, are one row. */
function changeRows(changes: readonly Change[]): Rows {
  const groups: { readonly key: string; readonly change: Change; readonly first: number; last: number }[] =
    [];
  const rows: (() => readonly string[])[] = [];
  for (const change of changes) {
    const text = `${shown(change.before)} -> ${shown(change.after)}`;
    const [, head, number = '', tail] = /^([^[]*)\[(\d+)\](.*)$/.exec(change.path) ?? [];
    const index = Number(number);
    const key = `${head} ${tail} ${text}`;
    const open = groups.find((group) => group.key === key && group.last === index - 1);
    if (head !== undefined && open) {
      open.last = index;
      continue;
    }
    const group = { key, change, first: index, last: index };
    if (head !== undefined) groups.push(group);
    rows.push(() => [
      head === undefined ? change.path : `${head}[${indexesText(group.first, group.last)}]${tail}`,
      text,
    ]);
  }
  return rows.map((row) => row());
}

const shown = (value: unknown): string => (value === undefined ? 'nothing' : valueText(value));

const pagesTitle = (space: string, unit: string, changes: readonly PageChange[]): string =>
  `${space}: ${countedText(sum(changes), unit)}`;

const sum = (changes: readonly PageChange[]): number =>
  changes.reduce((total, { count }) => total + count, 0);

function pageRows(changes: readonly PageChange[]): Rows {
  const owners = [...new Set(changes.map(({ owner }) => owner))];
  return owners.map((owner) => {
    const owned = changes.filter((change) => change.owner === owner);
    const ranges = owned.slice(0, toldRanges).map(({ start, count }) => {
      return count === 1 ? hex(start) : `${hex(start)}-${hex(start + count - 1)}`;
    });
    const left = owned.length - ranges.length;
    return [owner, String(sum(owned)), [...ranges, ...(left > 0 ? [`and ${left} more`] : [])].join(' ')];
  });
}
