/**
 * A run for people: what box it was, what happened when, what became of A's memory, and how to look further. Ends with the verdict.
 * Readable without the manual, and without colour.
 */
import { pageSizeBytes } from '../../image/pfn.ts';
import type { Output } from '../cli/io.ts';
import { sizeText } from '../cli/options.ts';
import { wrap } from '../cli/wrap.ts';
import { type Asked, lookAt, nextSteps } from './next-steps.ts';
import type { PageCounts } from './page-counts.ts';
import { bytesText, countedText, countText, durationText } from './quantity-text.ts';
import type { FaultFacts, GivenFacts, RunFacts } from './run-facts.ts';
import { actorStyle, actorText, timeLine } from './time-line.ts';

export type Page = Pick<Output, 'columns' | 'isTerminal' | 'paint'>;

type Section = { readonly title: string; readonly lines: readonly string[] };

/** Lines longer than this are hard to follow, however wide the terminal is. */
const widestColumns = 120;

export function textReport(facts: RunFacts, files: readonly string[], asked: Asked, output: Page): string {
  const page = { ...output, columns: Math.min(output.columns, widestColumns) };
  const sections: readonly Section[] = [
    {
      title: `time line, ${durationText(facts.silentSinceNs)} in ${countedText(facts.steps, 'step')}`,
      lines: timeLine(facts, page),
    },
    { title: 'boots', lines: bootLines(facts, page) },
    { title: `pages of A at the ${facts.leftBy ?? 'end'}`, lines: pageLines(facts.pages, page) },
    ...memorySections(facts, page),
    { title: 'image', lines: imageLines(facts, page) },
    { title: 'log', lines: markerLines(facts, page) },
    lawSection(facts, asked, page),
    ...(files.length === 0 ? [] : [{ title: 'files', lines: files.map((file) => `  ${file}`) }]),
    { title: 'next', lines: nextLines(facts, asked, page) },
  ];
  const lines = [
    ...headerLines(facts, page),
    ...sections.flatMap((section) => ['', page.paint('bold', section.title), ...section.lines]),
    '',
    ...endLines(facts, page),
  ];
  return `${lines.join('\n')}\n`;
}

function headerLines(
  { plan, options, path, variant, faults, given }: RunFacts,
  page: Page,
): readonly string[] {
  const { cpuCount, taskCount } = plan.size;
  const { region } = plan.layout;
  const withheld =
    region.count > 0
      ? `, ${bytesText(region.count * pageSizeBytes)} at 0x${(region.start * pageSizeBytes).toString(16)} withheld from A`
      : '';
  const facts: readonly (readonly [string, string])[] = [
    [
      'box',
      `${sizeText(plan.ramBytes)} RAM, ${countedText(cpuCount, 'processor')}, ${countedText(plan.devices.length, 'device')}`,
    ],
    [
      'work',
      `${plan.workload}: ${countedText(taskCount, 'task')} of ${countedText(plan.workUnits, 'unit')}, seed ${plan.seed}`,
    ],
    ['memory', given === undefined ? '' : givenText(given)],
    ['load', `${plan.load}${withheld}`],
    [
      'kernel',
      `${plan.kernelVersion}, ${defectText(options.kernel)}; tools ${defectText(options.tools)}; freezer ${plan.freezer ? 'on' : 'off'}`,
    ],
    [
      'between',
      `devices ${plan.devicesBetween === 'quiet' ? 'stay quiet' : 'are powered down'} while B has the machine`,
    ],
    ['quirks', plan.quirks.join(', ')],
    ...faults.map((fault): [string, string] => ['fault', faultText(fault)]),
  ];
  const told = facts.filter(([, text]) => text !== '');
  return [
    `${page.paint('bold', plan.path)} ${plan.variant}: ${variant.about}`,
    ...wrap(`${path.about}.`, page.columns),
    ...told.flatMap(([name, text]) => hanging(`  ${name.padEnd(10)}`, text, page)),
  ];
}

function givenText({ file, format, pages, passedOver }: GivenFacts): string {
  const { low, kernel, region, noRam } = passedOver;
  const reasons: readonly (readonly [number, string])[] = [
    [kernel, "where A's own kernel stands"],
    [region, 'withheld from A'],
    [low, 'in the first MiB'],
    [noRam, 'where the box has no RAM'],
  ];
  const told = reasons.flatMap(([count, where]) => (count === 0 ? [] : [`${countText(count)} ${where}`]));
  const passed = told.length === 0 ? '' : `; passed over: ${told.join(', ')}`;
  return `${countedText(pages, 'page')} of ${file} (${format})${passed}`;
}

function faultText({ name, where, struckAt }: FaultFacts): string {
  const at = where === undefined ? name : `${name} at ${where}`;
  return struckAt === undefined
    ? `${at}: never struck, the place did not come`
    : `${at}: struck in step ${struckAt}`;
}

const defectText = (choice: string): string => (choice === 'corrected' ? 'corrected' : 'with its defects');

function hanging(head: string, text: string, { columns }: Page): readonly string[] {
  const [first = '', ...rest] = wrap(text, columns - head.length);
  return [`${head}${first}`, ...rest.map((line) => ' '.repeat(head.length) + line)];
}

/** In order, with what each cost: a hibernation that goes round by C costs two boots more than a jump straight back. */
function bootLines({ boots }: RunFacts, page: Page): readonly string[] {
  return boots.map(({ kernel, by, firmwareNs, ns }) => {
    const took = ns === null ? 'never up' : `kernel ${durationText(ns)}`;
    const before = by === 'boot' ? `firmware and loader ${durationText(firmwareNs)}, ` : '';
    return `  ${page.paint(actorStyle(kernel), actorText(kernel))} by ${(by === 'boot' ? 'firmware' : by).padEnd(8)}  ${before}${took}`;
  });
}

/** Kinds that the box does not have are not shown. */
function pageLines(
  { total, zero, zeroKept: _, saved, skipped, ...kinds }: PageCounts,
  page: Page,
): readonly string[] {
  const had = Object.entries(kinds).filter(([, count]) => count > 0);
  const kindText = had.map(([kind, count]) => `${kind} ${countText(count)}`).join(', ');
  const savedText = saved + skipped === 0 ? '' : `; saved ${countText(saved)}, skipped ${countText(skipped)}`;
  return [
    ...hanging('  ', `${countText(total)} (${bytesText(total * pageSizeBytes)}): ${kindText}`, page),
    ...hanging('  ', `zero ${countText(zero)}${savedText}`, page),
  ];
}

/** Of a run in which A left. */
function memorySections({ memory, excepted, leftBy }: RunFacts, page: Page): readonly Section[] {
  const { before, after } = memory;
  if (before === null) return [];
  if (leftBy === 'crash') return [{ title: 'memory of A at the crash', lines: [`  ${before}`] }];
  const pages = excepted.reduce((sum, each) => sum + each.pages, 0);
  const butFor =
    after === null || pages === 0 ? '' : `, but for ${countedText(pages, 'page')} that the way itself writes`;
  const afterLine = after === null ? [] : [`  after   ${after}`];
  const why = excepted
    .filter((each) => after !== null && each.pages > 0)
    .flatMap(({ name, pages: count, why }) =>
      hanging('  but for ', `${name} (${countText(count)}): ${why}`, page),
    );
  return [
    {
      title: `memory of A ${page.paint(before === after ? 'green' : 'red', memoryOutcome(memory))}${butFor}`,
      lines: [`  before  ${before}`, ...afterLine, ...why],
    },
  ];
}

function memoryOutcome({ before, after }: RunFacts['memory']): string {
  if (after === null) return 'never came back';
  return before === after ? 'is the same' : 'is not the same';
}

function imageLines({ image }: RunFacts, page: Page): readonly string[] {
  if (image === undefined) return ['  none'];
  const { blocks, lengthBytes, firstBlock, partitionBlocks, kind, generation, damage, state } = image;
  return [
    ...hanging(
      '  ',
      `vmcore-elf of a ${kind}, generation ${generation}: ${countedText(blocks, 'block')} (${bytesText(blocks * pageSizeBytes)}) of a file of ${bytesText(lengthBytes)}, the rest holes`,
      page,
    ),
    ...hanging(
      '  ',
      `on the partition that only B writes: blocks ${countText(firstBlock)} to ${countText(firstBlock + partitionBlocks - 1)} of the disk`,
      page,
    ),
    ...(state === 'consumed' ? ['  used: it was loaded once, and nobody loads it again'] : []),
    ...(damage === undefined ? [] : hanging('  ', page.paint('red', `damaged: ${damage}`), page)),
  ];
}

const leastMarkerColumns = 40;

/** Cut to fit a terminal; whole elsewhere. */
function markerLines({ markers }: RunFacts, { columns, isTerminal, paint }: Page): readonly string[] {
  return markers.map(({ kernel, text, count }) => {
    const more = count > 1 ? ` (${count} such lines)` : '';
    const room = Math.max(leastMarkerColumns, columns - 4 - more.length);
    const shown = isTerminal && text.length > room ? `${text.slice(0, room - 1)}…` : text;
    return `  ${paint(actorStyle(kernel), actorText(kernel))} ${shown}${more}`;
  });
}

function lawSection({ violations, isStopped }: RunFacts, asked: Asked, page: Page): Section {
  if (violations.length === 0) {
    const held = isStopped ? 'no step broke one; those of the end were not asked' : 'all hold';
    return { title: `laws: ${page.paint('green', held)}`, lines: [] };
  }
  const lines = violations.flatMap(({ law, step, text }) => [
    ...hanging('  ', `${law}, step ${step}: ${text}`, page),
    `    look: ${lookAt(step, asked)}`,
  ]);
  return { title: `laws: ${page.paint('red', countedText(violations.length, 'violation'))}`, lines };
}

function nextLines(facts: RunFacts, asked: Asked, page: Page): readonly string[] {
  const steps = nextSteps(facts, asked);
  const width = Math.max(0, ...steps.map(({ command }) => command.length));
  const isNarrow = width + 46 > page.columns;
  return steps.flatMap(({ command, why }) =>
    isNarrow
      ? [`  ${command}`, ...hanging('      ', why, page)]
      : hanging(`  ${command.padEnd(width)}  `, why, page),
  );
}

function endLines(
  { isStopped, steps, verdict, path, violations }: RunFacts,
  { paint }: Page,
): readonly string[] {
  const isWell = verdict === path.goal && violations.length === 0;
  const stopped = isStopped
    ? [`stopped at the limit of ${countedText(steps, 'step')}; the run had not ended`]
    : [];
  return [...stopped, paint(isWell ? 'green' : 'red', `verdict: ${verdict ?? 'none'}`)];
}
