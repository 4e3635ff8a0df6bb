/** `kjump run`: a box from power-on to its end in the order of its clock, the laws, and a report. */
import type { Plan } from '../../kernels/plan.ts';
import type { BoxOptions } from '../../machines/options/box-options.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { beginBox } from '../../machines/system/begin.ts';
import { inTime } from '../../machines/system/choices.ts';
import { History } from '../../machines/system/history.ts';
import {
  type BoxTable,
  boxOptionsOf,
  boxTable,
  givenBoxOptions,
  imageTable,
  isBoxOption,
  memoryTable,
} from '../cli/box-options.ts';
import { command, type WithCommon } from '../cli/command.ts';
import { writeText } from '../cli/files.ts';
import { withMemory } from '../cli/given-memory.ts';
import { InputError } from '../cli/input-error.ts';
import { exitCodes, type Io } from '../cli/io.ts';
import { optionalText, wholeNumber } from '../cli/options.ts';
import { type Given, type Parsed, typed } from '../cli/parse.ts';
import { runOn } from '../cli/run-on.ts';
import { jsonReport } from '../report/json-report.ts';
import { type RunFacts, runFacts } from '../report/run-facts.ts';
import { textReport } from '../report/text-report.ts';
import { givenPicks, type Picks } from '../saved-run/picks.ts';
import { checkMemory, type SavedRun } from '../saved-run/read.ts';
import { type PicksGiven, readPicks } from '../saved-run/read-picks.ts';
import type { ImageChoice } from '../saved-run/save-image.ts';
import { prepareFolder, saveRun } from '../saved-run/save-run.ts';
import { planDigest } from '../saved-run/trace.ts';

/** No registered path takes a tenth of it. */
const defaultStepLimit = 100_000;

const runTable = {
  ...boxTable,
  ...memoryTable,
  ...imageTable,
  limit: wholeNumber({
    takes: 'STEPS',
    help: `stop there, with exit code 3 (${defaultStepLimit})`,
    otherwise: undefined,
  }),
  picks: optionalText({
    takes: 'FILE',
    help: 'run again what was picked in a saved run (its folder or trace; its options hold, too) or in a JSON list',
  }),
  save: optionalText({ takes: 'DIR', help: 'write trace, logs, console and image there' }),
  out: optionalText({ takes: 'FILE', help: 'write the report there instead of printing it' }),
};

type RunTable = WithCommon<typeof runTable>;

export const run = command({
  name: 'run',
  about: 'Hibernates a box by kexec jump, resumes it, and proves that the state is the same',
  table: runTable,
  notes: [
    'Exit codes: 0 the path reached its goal and no law was broken; 1 it did not (refused, aborted, lost, hung); 2 bad input; 3 stopped at the limit.',
    'Times in the JSON are nanoseconds since the power button was pressed.',
  ],
  run: runBox,
});

async function runBox({ values, given, ...rest }: Parsed<RunTable>, io: Io): Promise<number> {
  const picks = values.picks === undefined ? undefined : readPicks(values.picks, io.files);
  const recorded = picks?.type === 'picks.run' ? picks.saved : undefined;
  // The box's own options are part of this table, under the same names.
  const wanted = givenBoxOptions({ values, given, ...rest } as Parsed<BoxTable>);
  const own = recorded ? { ...recorded.options, ...wanted } : boxOptionsOf(wanted);
  const options = await withMemory(own, values.memory, io.files);
  const limit = values.limit ?? (recorded?.isStopped ? recorded.steps : defaultStepLimit);
  const plan = planOf(options);
  if (recorded) checkBox(plan, options, recorded, given.some(isBoxOption));
  const choice = { format: values.format, codec: values.codec, level: values.level };
  const saver = isAsSaved(choice) ? undefined : await import('../saved-run/save-image.ts');
  saver?.checkImageChoice(choice);
  if (values.save !== undefined) prepareFolder(values.save, io.files);
  const { history, isStopped } = runHistory({ plan, picks, limit }, io);
  const files =
    values.save === undefined
      ? []
      : [
          ...saveRun(values.save, { history, options, isStopped }, io.files, io.version),
          ...((await saver?.saveImage(values.save, history, choice, io)) ?? []),
        ];
  const facts = runFacts(history, options, isStopped);
  const asked = { typed: typed(given.filter(saysWhichRun)), savedIn: values.save };
  const page = values.out === undefined ? io.out : plainPage;
  const report = values.json ? jsonReport(facts, files) : textReport(facts, files, asked, page);
  if (values.out === undefined) io.out.write(report);
  else writeText(io.files, values.out, report);
  return exitCodeOf(facts);
}

/** What a saved run has anyway. Everything else needs formats and codecs, which take a while to load. */
const isAsSaved = ({ format, codec, level }: ImageChoice): boolean =>
  format === 'vmcore-elf' && codec === 'none' && level === 0;

/** The box, and the picks when they were given. */
const saysWhichRun = (option: Given): boolean => option.name === 'picks' || isBoxOption(option);

/** A report in a file. */
const plainPage = { columns: 80, isTerminal: false, paint: (_style: string, text: string) => text };

/** Picks fit one box only: that of the saved run, as this version makes it of the same options. */
function checkBox(plan: Plan, { memory }: BoxOptions, saved: SavedRun, hasOptions: boolean): void {
  checkMemory(saved, memory);
  if (planDigest(plan) === saved.plan) return;
  throw new InputError(hasOptions ? 'picks.other-box' : 'picks.misfit', {
    where: saved.where,
    expected: `a box whose plan has the digest ${saved.plan}`,
    found: planDigest(plan),
  });
}

type RunOrder = {
  readonly plan: Plan;
  readonly picks: PicksGiven | undefined;
  readonly limit: number;
};

function runHistory({ plan, picks, limit }: RunOrder, io: Io): { history: History; isStopped: boolean } {
  const answers = picks?.type === 'picks.run' ? picks.saved.picks : picks?.picks;
  const recorded: Picks | undefined = picks && answers && givenPicks(answers, picks.where);
  const { rules, world } = beginBox(plan);
  const history = new History(rules, world, recorded ? () => recorded : inTime);
  const isStopped = runOn(history, limit, io);
  const left = recorded?.left() ?? 0;
  if (left > 0 && !isStopped) {
    throw new InputError('picks.too-long', {
      where: picks?.where ?? '',
      expected: `the end of the list with the end of the run, after ${history.length} steps`,
      found: `${left} more answers`,
    });
  }
  return { history, isStopped };
}

function exitCodeOf({ isStopped, verdict, path, violations }: RunFacts): number {
  if (isStopped) return exitCodes.limit;
  return verdict === path.goal && violations.length === 0 ? exitCodes.well : exitCodes.no;
}
