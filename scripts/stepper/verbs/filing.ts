/** Files: a run saved as it was stepped, and lines obeyed from a file. */
import { possiblePicks } from '../../../machines/system/picks.ts';
import { writeText } from '../../cli/files.ts';
import { traceText } from '../../saved-run/save-run.ts';
import type { Answer } from '../answer.ts';
import { readSomething } from '../read-argument.ts';
import { replaysFrom } from '../replays-from.ts';
import type { Session } from '../session.ts';
import { StepperError } from '../stepper-error.ts';
import type { Verb } from '../verb.ts';

const filing = { group: 'files', isRepeated: false } as const;

export const filingVerbs: readonly Verb[] = [
  {
    ...filing,
    name: 'save',
    aliases: [],
    takes: 'FILE',
    about: 'writes the run up to here; run --picks FILE and step --picks FILE make it again',
    run: save,
  },
  {
    ...filing,
    name: 'source',
    aliases: [],
    takes: 'FILE',
    about: 'obeys the lines of FILE',
    run: (session, argument) => {
      const path = readSomething('source', argument, 'a file');
      const obeys = session.files.read(path).split('\n');
      return { lines: [], data: { file: path }, obeys };
    },
  },
];

/** A fault that was planned on the way strikes at the first chance when the run is made again: then the file would tell another run. */
function save(session: Session, argument: string): Answer {
  const path = readSomething('save', argument, 'a file');
  const history = session.history.fork();
  const { faults } = history.rules.plan;
  const options = { ...session.options, faults };
  if (faults.length > session.options.faults.length && !replaysFrom(options, history)) {
    throw new StepperError('fault.past', {
      where: 'save',
      expected: 'a run that comes out the same from the start',
      found: 'a fault that was planned on the way, and whose place had been passed before',
      help: 'Plan it at a place that only comes later.',
    });
  }
  const isStopped = possiblePicks(history.rules, history.world).length > 0;
  writeText(session.files, path, traceText({ history, options, isStopped }, session.version));
  return { lines: [`${history.length} steps in ${path}`], data: { file: path, steps: history.length } };
}
