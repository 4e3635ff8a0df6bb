/** What `kjump image convert` did, as text in the manner of makedumpfile's report, and as JSON. */
import { type Filtered, pagesByKind } from '../../image/filter/filter-memory.ts';
import type { VerifyReport, WriteReport } from '../../image/formats/image-format.ts';
import type { PageKind } from '../../image/memory-image.ts';
import type { ImageInput } from './image-input.ts';
import { kindText } from './page-kinds.ts';

export type Converted = {
  readonly input: ImageInput;
  readonly target: string;
  readonly to: string;
  readonly codec: string;
  readonly report: WriteReport;
  readonly filtered: Filtered;
  readonly lost: VerifyReport['lost'];
  /** From reading, finding and salvaging. */
  readonly notes: readonly string[];
};

export function convertJson({ input, to, codec, report, filtered, lost, notes, target }: Converted): unknown {
  return {
    format: input.format.name,
    to,
    codec,
    file: target,
    pages: filtered.pageCount,
    storedPages: report.storedPages,
    zeroPages: report.zeroPages,
    kinds: pagesByKind(filtered.memory.runs()),
    undecided: filtered.undecided,
    lengthBytes: report.lengthBytes,
    lost: lost.map(({ startPfn, count }) => ({ startPfn, count })),
    problems: input.contents.problems,
    notes: [...notes, ...report.notes],
  };
}

export function convertText({ input, to, codec, report, filtered, lost, notes, target }: Converted): string {
  // The keys of the record are its key type, which Object.entries forgets.
  const kinds = Object.entries(filtered.counts) as [PageKind, number][];
  const rows: [string, string][] = [
    ['pages of the image', String(filtered.pageCount)],
    ...kinds
      .filter(([kind]) => kind !== 'stored' && kind !== 'zero')
      .map(([kind, count]): [string, string] => [kindText(kind), String(count)]),
    ['written with data', String(report.storedPages)],
    ['written as zeros', String(report.zeroPages)],
    ['bytes', String(report.lengthBytes)],
  ];
  if (filtered.undecided > 0) rows.push(['kept, without a struct page to go by', String(filtered.undecided)]);
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    `${input.path} (${input.format.name}) -> ${target} (${to}${codec === 'none' ? '' : `, ${codec}`})`,
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value.padStart(14)}`),
    ...[...input.contents.problems, ...notes, ...report.notes].map((note) => `  ${note}`),
    ...(lost.length === 0 ? [] : [lostText(lost)]),
    '',
  ].join('\n');
}

/** Runs beyond these many are only counted. */
const toldRuns = 20;

function lostText(lost: VerifyReport['lost']): string {
  const told = lost.slice(0, toldRuns).map(({ startPfn, count }) => {
    const end = startPfn + count - 1;
    return count === 1 ? hex(startPfn) : `${hex(startPfn)}-${hex(end)}`;
  });
  const rest = lost.length > toldRuns ? ` and ${lost.length - toldRuns} more runs` : '';
  return `  lost frames: ${told.join(' ')}${rest}`;
}

const hex = (frame: number): string => `0x${frame.toString(16)}`;
