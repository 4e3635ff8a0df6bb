/** `kjump image forecast`: what a machine will make of an image, or whether an image of it will fit. */
import type { Check, Forecast } from '../../../image/forecast/check.ts';
import { resumeForecast } from '../../../image/forecast/resume-forecast.ts';
import { lastAttempt, readMeminfo } from '../../../image/forecast/save-attempt.ts';
import { defaultReservedBytes, saveForecast } from '../../../image/forecast/save-forecast.ts';
import type { ReadOptions } from '../../../image/formats/image-format.ts';
import { imageFormats } from '../../../image/formats/index.ts';
import { decodeHeaderPage } from '../../../image/formats/swsusp/header-page.ts';
import { ImageError } from '../../../image/image-error.ts';
import { pageSizeBytes } from '../../../image/pfn.ts';
import { readBounded, type Source } from '../../../image/sink.ts';
import { OptionError } from '../../../machines/options/option-error.ts';
import { command, type WithCommon } from '../../cli/command.ts';
import { exitCodes, type Io } from '../../cli/io.ts';
import type { Parsed } from '../../cli/parse.ts';
import { type ForecastValues, forecastTable, givenMachine, logOf } from '../forecast-options.ts';
import { working } from '../pack-on.ts';

export const forecast = command({
  name: 'image forecast',
  about:
    'Says whether a machine will resume from an image and if not why, in the order in which Linux looks; or whether an image will fit',
  table: forecastTable,
  positionals: { takes: 'FILE', most: 1 },
  notes: [
    'FILE is the swap area with the image, the whole device for a swap file, or a stream of /dev/snapshot.',
    'With --saving, FILE is the swap area that the image will go to, and may be left out when --swap-free is given.',
    'willResume in the JSON is true, false, or null where the cause lies in a driver, in the future, or in what was not given.',
    'Exit codes: 0 it will, or it cannot be known; 1 it will not; 2 bad input.',
  ],
  run: tellForecast,
});

async function tellForecast(
  { positionals, values }: Parsed<WithCommon<typeof forecastTable>>,
  io: Io,
): Promise<number> {
  const [path] = positionals;
  const told = values.saving ? saving(io, values, path) : await resuming(io, values, path);
  io.out.write(values.json ? `${JSON.stringify(told.json, null, 2)}\n` : forecastText(told, io));
  return told.forecast.verdict === false ? exitCodes.no : exitCodes.well;
}

type Told = { readonly question: string; readonly forecast: Forecast; readonly json: unknown };

async function resuming(io: Io, values: ForecastValues, path: string | undefined): Promise<Told> {
  if (path === undefined) throw noFile();
  const machine = givenMachine(values, logOf(io.files, values)?.log);
  const where = values.offset === undefined ? {} : { offsetBytes: values.offset };
  const source = io.files.open(path);
  try {
    // One page after the other, as Linux judges them: more threads would not help.
    const { format, ...forecast } = await working(io, 0, async ({ progress }) =>
      resumeForecast(source, machine, { ...where, progress }),
    );
    const { verdict, reason, checks } = forecast;
    const read = readImage(source, format, where);
    return {
      question: 'will resume',
      forecast,
      json: { format, ...read, willResume: verdict, reason, checks },
    };
  } finally {
    source.close();
  }
}

/** What `image info` says of it, as far as it can be read at all. */
function readImage(source: Source, name: string, options: ReadOptions) {
  const format = imageFormats.find((one) => one.name === name);
  try {
    const contents = format?.read(source, options);
    return { pages: contents?.pageCount ?? null, problems: contents?.problems ?? [] };
  } catch (error) {
    if (error instanceof ImageError) return { pages: null, problems: [error.message] };
    throw error;
  }
}

function saving(io: Io, values: ForecastValues, path: string | undefined): Told {
  const log = logOf(io.files, values);
  const meminfo = values.meminfo === undefined ? undefined : io.files.read(values.meminfo);
  const use = meminfo === undefined ? undefined : readMeminfo(meminfo);
  const swapFreeBytes = values['swap-free'];
  const swapFreePages = swapFreeBytes === undefined ? undefined : Math.floor(swapFreeBytes / pageSizeBytes);
  if (path === undefined && swapFreePages === undefined && use === undefined) throw noFile();
  const forecast = saveForecast({
    frameCount: givenMachine(values, log?.log).frameCount,
    use,
    attempt: log === undefined ? undefined : lastAttempt(log.text),
    imageSizeBytes: values['image-size'],
    reservedBytes: values['reserved-size'] ?? defaultReservedBytes,
    swapFreePages: swapFreePages ?? (path === undefined ? use?.swapFreePages : swapPagesOf(io, values, path)),
    isCompressed: values.compressor !== 'none',
  });
  const { verdict, reason, checks } = forecast;
  const willResume = verdict === false ? false : null;
  const json = { format: 'swsusp', pages: null, problems: [], willFit: verdict, willResume, reason, checks };
  return { question: 'will fit', forecast, json };
}

/** All pages of the area but its header, and those that are bad. */
function swapPagesOf(io: Io, { offset = 0 }: ForecastValues, path: string): number {
  const source = io.files.open(path);
  try {
    const header = decodeHeaderPage(readBounded(source, offset, pageSizeBytes));
    return Math.max(0, header.lastPage - header.badPageCount);
  } finally {
    source.close();
  }
}

const noFile = (): OptionError =>
  new OptionError('option.unknown', { option: 'FILE', expected: 'FILE', found: 'nothing' });

const answers = { true: 'yes', false: 'no', null: 'cannot be known' } as const;
const marks: Readonly<Record<Check['result'], string>> = { pass: 'ok', fail: 'NO', unknown: '?', note: '-' };

function forecastText({ question, forecast: { verdict, reason, checks } }: Told, io: Io): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const colour = verdict === false ? 'red' : 'green';
  return [
    `${question}: ${io.out.paint(colour, answers[`${verdict}`])}`,
    reason,
    '',
    ...checks.flatMap((check) => checkLines(check, width)),
    '',
  ].join('\n');
}

function checkLines({ name, result, says, expected, found, log, error }: Check, width: number): string[] {
  const indent = ' '.repeat(width + 6);
  const facts = [
    ...(expected === undefined ? [] : [`expected ${expected}`]),
    ...(found === undefined ? [] : [`found ${found}`]),
  ];
  return [
    `${marks[result].padEnd(3)} ${name.padEnd(width)}  ${says}`,
    ...(facts.length === 0 ? [] : [`${indent}${facts.join(', ')}`]),
    ...(log ?? []).map((line) => `${indent}Linux prints: ${line}`),
    ...(error === undefined ? [] : [`${indent}error ${error}`]),
  ];
}
