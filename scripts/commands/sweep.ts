/** `kjump sweep`: how everything ends, counted: every variant without faults, and every fault at every place. */
import { availableParallelism } from 'node:os';
import { deviceTypes } from '../../kernels/devices/index.ts';
import type { LoadKind } from '../../kernels/plan.ts';
import { workloads } from '../../kernels/workloads/index.ts';
import { faults } from '../../machines/faults/index.ts';
import { defaultOptions } from '../../machines/options/box-options.ts';
import { OptionError } from '../../machines/options/option-error.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { pathNamed, paths } from '../../machines/paths/index.ts';
import { command, type WithCommon } from '../cli/command.ts';
import type { Io } from '../cli/io.ts';
import { name, names, oneOfWords, optionalText, size, wholeNumber } from '../cli/options.ts';
import type { Parsed } from '../cli/parse.ts';
import { progressOn } from '../cli/progress.ts';
import { sweep as sweepThrough } from '../sweep/in-threads.ts';
import { sweepExitCode } from '../sweep/judgement.ts';
import { faultBoxes, optionsOf, runBoxes, type Share, type SweepPlan } from '../sweep/sweep-plan.ts';
import { sweepText } from '../sweep/text-tables.ts';

/** Several times what the longest run of a small box takes. */
const defaultStepLimit = 20_000;
/** The least that takes part in a jump, a device that B drives, one that it does not, and one that writes by itself. */
const smallDevices = ['disk', 'gpu', 'network-card'];
const loads = ['reserved', 'on-demand'] as const satisfies readonly LoadKind[];

const sweepTable = {
  table: oneOfWords(['both', 'runs', 'faults'], {
    takes: 'WHICH',
    help: 'runs without faults, faults at every place, or both',
  }),
  path: name({
    takes: 'NAME',
    help: 'the way of suspending',
    words: paths.map((path) => path.name),
    otherwise: 'kexec-jump',
  }),
  variant: names({ takes: 'NAME,…', help: 'of the path', otherwise: 'all of them' }),
  load: names({ takes: 'KIND,…', help: 'how B is loaded', words: loads, otherwise: 'both' }),
  cpus: names({ takes: 'N,…', help: 'processors', otherwise: '1,2,8; 2 for faults' }),
  workload: names({
    takes: 'NAME,…',
    help: 'what the tasks of A do',
    words: workloads.map((workload) => workload.name),
    otherwise: `all; ${defaultOptions.workload} for faults`,
  }),
  fault: names({ takes: 'NAME,…', help: 'only these; --list names faults', otherwise: 'all of them' }),
  passes: wholeNumber({
    takes: 'N',
    help: 'strike at so many of the times that a run comes to a place: the first ones and the last',
    otherwise: 2,
  }),
  tries: wholeNumber({
    takes: 'N',
    help: 'strike so often at each, from the second time on with other answers of chance',
    otherwise: 1,
  }),
  seed: wholeNumber({ takes: 'N', help: 'another seed, other work and other chances', otherwise: 1 }),
  ram: size({ takes: 'SIZE', help: 'memory of the box', otherwise: 2 ** 29 }),
  devices: names({
    takes: 'NAME,…',
    help: 'devices',
    words: deviceTypes.map(({ role }) => role),
    otherwise: smallDevices.join(','),
  }),
  tasks: wholeNumber({ takes: 'N', help: 'tasks of A', otherwise: 1 }),
  work: wholeNumber({ takes: 'N', help: 'units of work of each task', otherwise: 16 }),
  limit: wholeNumber({ takes: 'STEPS', help: 'stop a run there', otherwise: defaultStepLimit }),
  shard: optionalText({ takes: 'I/N', help: 'only the Ith of N parts of the work' }),
  jobs: wholeNumber({ takes: 'N', help: 'threads (one for each processor)', otherwise: undefined }),
};

type SweepTable = WithCommon<typeof sweepTable>;

export const sweep = command({
  name: 'sweep',
  about: 'Runs every variant on many boxes, and every fault at every place, and counts how they end',
  table: sweepTable,
  notes: [
    'explained: runs in which a law is broken that the fault may break (linux.md E: the system has no defence); broken: any other.',
    'Exit codes: 0 every run came to an end that the laws allow; 1 one did not; 2 bad input; 3 runs were stopped at the limit.',
  ],
  run: sweepBoxes,
});

async function sweepBoxes({ values, given }: Parsed<SweepTable>, io: Io): Promise<number> {
  const plan = sweepPlan(
    values,
    given.some((each) => each.name === 'workload'),
  );
  for (const box of [...runBoxes(plan), ...faultBoxes(plan)]) planOf(optionsOf(plan, box));
  const share = shareOf(values.shard);
  const jobs = Math.max(1, values.jobs ?? availableParallelism());
  const progress = progressOn(io);
  let count = 0;
  const rows = await sweepThrough(plan, { share, jobs }, ({ variant, load, fault, where }) => {
    count += 1;
    progress.show(() => `run ${count}: ${variant} ${load} ${fault === undefined ? '' : `${fault}@${where}`}`);
  });
  progress.done();
  io.out.write(values.json ? `${JSON.stringify({ plan, rows }, null, 2)}\n` : sweepText(plan, rows, io.out));
  return sweepExitCode(plan, rows);
}

type Values = Parsed<SweepTable>['values'];

function sweepPlan(values: Values, hasWorkload: boolean): SweepPlan {
  const variants = pathNamed(values.path)?.variants.map((variant) => variant.name) ?? [];
  const cpus = values.cpus?.map(cpuCount) ?? [1, 2, 8];
  const known = workloads.map((workload) => workload.name);
  const [firstWorkload] = hasWorkload ? (values.workload ?? []) : [];
  const wanted = values.fault ?? faults.map((fault) => fault.name);
  return {
    common: {
      ramBytes: values.ram,
      devices: values.devices ?? smallDevices,
      tasks: values.tasks,
      work: values.work,
      seed: values.seed,
    },
    path: values.path,
    variants: values.variant ?? variants,
    loads: chosen('--load', values.load, loads),
    cpus,
    workloads: values.workload ?? known,
    faultCpus: values.cpus === undefined ? 2 : (cpus[0] ?? 2),
    faultWorkload: firstWorkload ?? defaultOptions.workload,
    faults: chosen(
      '--fault',
      wanted,
      faults.map((fault) => fault.name),
    ),
    hasRuns: values.table !== 'faults' && (values.table === 'runs' || values.fault === undefined),
    hasFaults: values.table !== 'runs',
    passes: values.passes,
    tries: values.tries,
    stepLimit: values.limit,
  };
}

function chosen<Word extends string>(
  option: string,
  given: readonly string[] | undefined,
  words: readonly Word[],
): readonly Word[] {
  const strange = given?.find((each) => !words.some((word) => word === each));
  if (strange !== undefined)
    throw new OptionError('option.unknown', {
      option,
      expected: `some of ${words.join(', ')}`,
      found: strange,
    });
  return given === undefined ? words : words.filter((word) => given.includes(word));
}

function cpuCount(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new OptionError('option.number', {
    option: '--cpus',
    expected: 'whole numbers such as 1,2,8',
    found: text,
  });
}

/** `2/4`: the second of four. */
function shareOf(text: string | undefined): Share {
  if (text === undefined) return { index: 0, count: 1 };
  const [, part = '', whole = ''] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const [index, count] = [Number(part) - 1, Number(whole)];
  if (index >= 0 && index < count) return { index, count };
  throw new OptionError('option.number', { option: '--shard', expected: 'I/N, as in 2/4', found: text });
}
