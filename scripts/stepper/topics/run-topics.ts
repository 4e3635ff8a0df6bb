/** The run: the step in full, logs and console, laws, faults, breakpoints, branches. */
import { dmesgLine } from '../../../kernels/linux/format-dmesg.ts';
import { recordsOf } from '../../../kernels/linux/printk.ts';
import type { KernelName } from '../../../kernels/machine.ts';
import { faults } from '../../../machines/faults/index.ts';
import { violationsOf } from '../../../machines/laws/index.ts';
import { momentView } from '../../../machines/laws/moment-view.ts';
import { possiblePicks } from '../../../machines/system/picks.ts';
import { countedText } from '../../report/quantity-text.ts';
import type { Answer } from '../answer.ts';
import { readCount } from '../read-argument.ts';
import type { Session } from '../session.ts';
import { stepData } from '../step-data.ts';
import { shownStepLines } from '../step-lines.ts';
import { StepperError } from '../stepper-error.ts';
import { textTable } from '../text-table.ts';
import { branchesAnswer } from '../verbs/branching.ts';
import { stopsAnswer } from '../verbs/stopping.ts';
import type { Topic } from './topic.ts';

export const runTopics: readonly Topic[] = [
  { name: 'step', takes: '', about: 'the step that led here, in full', tell: tellStep },
  {
    name: 'log',
    takes: 'a|b [N]',
    about: 'the last N lines of the log in the memory of A or of B (10)',
    tell: tellLog,
  },
  {
    name: 'console',
    takes: '[N]',
    about: 'the last N lines that the serial console showed (10)',
    tell: tellConsole,
  },
  { name: 'laws', takes: '', about: 'every law, and which are broken', tell: tellLaws },
  { name: 'faults', takes: '[NAME]', about: 'what may go wrong, and where', tell: tellFaults },
  { name: 'breakpoints', takes: '', about: 'breakpoints and watchpoints', tell: stopsAnswer },
  { name: 'forks', takes: '', about: 'branches', tell: branchesAnswer },
];

function tellStep(session: Session): Answer {
  const { record } = session;
  return { lines: shownStepLines(session), data: record ? { record: stepData(record) } : {} };
}

const defaultLineCount = 10;
const kernelsByLetter: Readonly<Record<string, KernelName>> = {
  a: 'original',
  b: 'dump',
  c: 'restore',
};

function tellLog(session: Session, argument: string): Answer {
  const [letter = '', count = ''] = argument.toLowerCase().split(' ');
  const kernel = kernelsByLetter[letter];
  if (kernel === undefined) {
    throw new StepperError('verb.usage', { where: 'info log', expected: 'a or b', found: argument });
  }
  const { machine } = session.world;
  // A kernel that never ran has no log, and where its log would be stands something else.
  const hasLog = machine.kernels[kernel].logged > 0;
  const records = hasLog ? recordsOf(momentView(session.rules, session.world), kernel) : [];
  const lines = records.slice(-countOf(count)).map((record) => dmesgLine(record).trimEnd());
  return {
    lines: lines.length === 0 ? ['the log is empty'] : lines,
    data: { kernel, total: records.length, lines },
  };
}

function tellConsole({ history, position }: Session, argument: string): Answer {
  const shown = history.allRecords
    .slice(0, position)
    .flatMap((record) => record.console.map(({ text }) => text.trimEnd()));
  const lines = shown.slice(-countOf(argument));
  return {
    lines: lines.length === 0 ? ['the console has shown nothing'] : lines,
    data: { total: shown.length, lines },
  };
}

const countOf = (text: string): number => (text === '' ? defaultLineCount : readCount('info', text));

/** Laws of single steps are asked about what is known of the branch, those of a whole run when its end is known. */
function tellLaws({ history, laws, look, rules }: Session): Answer {
  const violations = violationsOf(history, { laws });
  const isWhole = possiblePicks(rules, history.worldAt(history.length)).length === 0;
  const rows = laws.map((law) => {
    const broken = violations.filter((violation) => violation.law === law.name);
    const isAsked = isWhole || law.atEnd === undefined;
    const verdict = broken.length > 0 ? 'broken' : isAsked ? 'holds' : 'at the end';
    return { name: law.name, says: law.says, verdict };
  });
  return {
    lines: [
      ...textTable(
        rows.map(({ name, verdict, says }) => [name, verdict, says]),
        look.columns(),
      ),
      ...violations.map(({ law, step, text }) =>
        look.paint('red', `law ${law} is broken, step ${step}: ${text}`),
      ),
    ],
    data: { laws: rows, violations },
  };
}

function tellFaults({ rules, world, look }: Session, argument: string): Answer {
  const { strikes } = world.machine;
  const planned = rules.plan.faults.map((fault, index) => ({
    ...fault,
    struck: strikes[index]?.struck ?? false,
  }));
  const known = faults
    .filter(({ name }) => name.includes(argument))
    .map(({ name, about, places }) => ({ name, about, places: places(rules.plan) }));
  const rows = known.map(({ name, about, places }) => [name, countedText(places.length, 'place'), about]);
  const [only] = known;
  return {
    lines: [
      ...planned.map(
        ({ name, where, struck }) =>
          `planned: ${where === undefined ? name : `${name}@${where}`}, ${struck ? 'has struck' : 'not yet'}`,
      ),
      ...(only && known.length === 1
        ? [`${only.name}: ${only.about}`, `  ${only.places.join(' ')}`]
        : textTable(rows, look.columns())),
    ],
    data: { planned, faults: known },
  };
}
