/**
 * Shares as text: both directions in a small table, and with `--share` the lists behind it.
 *
 *   in common, power-on and work apart               steps         functions
 *     of kdump, none has                      0 of 34    0 %    0 of 21    0 %
 *
 *   save  = 10   < 0   > 0
 *   = B             → image.write     writes a stretch of /proc/vmcore
 */
import type { Output } from '../cli/io.ts';
import { wrap } from '../cli/wrap.ts';
import { isCounted, type Overlap, type PhaseOverlap, type Share } from './share.ts';
import type { Unit } from './trace-of-run.ts';

type Page = Pick<Output, 'paint' | 'columns'>;

const cellColumns = 18;

export function shareSummary(
  shares: readonly Share[],
  page: Page,
  headingOf: (name: string) => string = (name) => name,
): readonly string[] {
  const room = Math.max(30, page.columns - 2 * cellColumns);
  const row = (label: string, steps: string, functions: string): readonly string[] => {
    const cells = `${steps.padStart(cellColumns)}${functions.padStart(cellColumns)}`;
    return label.length <= room ? [`${label.padEnd(room)}${cells}`] : [label, `${' '.repeat(room)}${cells}`];
  };
  if (shares.length === 0) return [];
  const [head = ''] = row('in common, power-on and work apart', 'steps', 'functions');
  return [
    page.paint('bold', head),
    ...shares.flatMap(({ steps, functions, ...names }) => {
      const [one, other] = [headingOf(names.one), headingOf(names.other)];
      return [
        ...row(`  of ${one}, ${other} has`, shareText(steps, 'onlyOne'), shareText(functions, 'onlyOne')),
        ...row(`  of ${other}, ${one} has`, shareText(steps, 'onlyOther'), shareText(functions, 'onlyOther')),
      ];
    }),
  ];
}

function shareText({ common, ...only }: Overlap, side: 'onlyOne' | 'onlyOther'): string {
  const all = common + only[side];
  const percent = all === 0 ? '–' : `${Math.round((100 * common) / all)} %`;
  return `${common} of ${all} ${percent.padStart(6)}`;
}

/** All that `--share` shows. */
export function sharesText(shares: readonly Share[], title: string, page: Page): string {
  const sections = shares.flatMap((share) => [shareSummary([share], page), shareLists(share, page)]);
  return `${[wrap(title, page.columns), ...sections].map((lines) => lines.join('\n').trimEnd()).join('\n\n')}\n`;
}

/** Steps and functions by phase: common, only here, only there. */
function shareLists(share: Share, page: Page): readonly string[] {
  const { one, other, steps, functions } = share;
  return [
    page.paint('bold', 'steps: states of charts, and → orders to the hardware'),
    `= both   < only ${one}   > only ${other}`,
    '',
    ...steps.phases.flatMap((phase) => [
      ...phaseHead(phase, page),
      ...unitsByMark(phase).flatMap(({ mark, units }) => units.map((unit) => stepLine(mark, unit, page))),
      '',
    ]),
    page.paint('bold', 'functions: of Linux and purgatory, and programs, that these states stand for'),
    '',
    ...functions.phases.flatMap((phase) => [
      ...phaseHead(phase, page),
      ...unitsByMark(phase).flatMap(({ mark, units }) => functionLines(mark, units, page)),
      '',
    ]),
  ];
}

function phaseHead({ name, common, onlyOne, onlyOther }: PhaseOverlap, { paint }: Page): readonly string[] {
  const counts = `= ${common.length}   < ${onlyOne.length}   > ${onlyOther.length}`;
  return [`${paint('bold', name)}  ${counts}${isCounted(name) ? '' : ' (not counted)'}`];
}

type Marked = { readonly mark: '=' | '<' | '>'; readonly units: readonly Unit[] };

const unitsByMark = ({ common, onlyOne, onlyOther }: PhaseOverlap): readonly Marked[] => [
  { mark: '=', units: common },
  { mark: '<', units: onlyOne },
  { mark: '>', units: onlyOther },
];

const byColumns = 14;
/** Of a state or an order: what most names need, and on a wide page the longest. */
const textColumns = { narrow: 28, wide: 38 };
const widePage = 110;

/** What a state stands for is cut where the page ends. */
function stepLine(mark: Marked['mark'], { by, kind, text, does }: Unit, page: Page): string {
  const head = `${mark} ${by.join(' ').padEnd(byColumns)}${kind === 'order' ? '→ ' : '  '}${text}`;
  const room = byColumns + 4 + textColumns[page.columns < widePage ? 'narrow' : 'wide'];
  const line = `${head.padEnd(room)}  ${does}`;
  return painted(mark, line.length <= page.columns ? line : `${line.slice(0, page.columns - 1)}…`, page);
}

/** Many to a line. */
function functionLines(mark: Marked['mark'], units: readonly Unit[], page: Page): readonly string[] {
  if (units.length === 0) return [];
  // No line ends within a name.
  const names = units.map(({ text }) => text.replaceAll(' ', '\u00a0')).join(', ');
  return wrap(names, page.columns - 2).map((line) =>
    painted(mark, `${mark} ${line.replaceAll('\u00a0', ' ')}`, page),
  );
}

const painted = (mark: Marked['mark'], line: string, { paint }: Page): string =>
  mark === '=' ? line : paint(mark === '<' ? 'cyan' : 'magenta', line);
