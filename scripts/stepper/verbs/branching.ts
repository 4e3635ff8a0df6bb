/** What if: other picks, faults, branches side by side, and what differs between them. */
import { faultNamed, faults } from '../../../machines/faults/index.ts';
import { injectFault } from '../../../machines/system/inject-fault.ts';
import { plannedFault } from '../../cli/options.ts';
import type { Answer } from '../answer.ts';
import { differenceAnswer } from '../difference-answer.ts';
import { hanging } from '../hanging.ts';
import { namedIn } from '../known-names.ts';
import { nextPicks } from '../next-picks.ts';
import { pickAnother } from '../pick-another.ts';
import { readNothing, readSomething } from '../read-argument.ts';
import type { Session } from '../session.ts';
import type { Verb } from '../verb.ts';
import { placeData, whereLine } from '../where.ts';

const branching = { group: 'branching', isRepeated: false } as const;
const branches = ({ branchNames }: Session): readonly string[] => branchNames;

export const branchingVerbs: readonly Verb[] = [
  {
    ...branching,
    name: 'pick',
    aliases: [],
    takes: 'N',
    about:
      'makes another of the possible picks happen next (info picks); what was known to come stays in its branch',
    run: pickAnother,
    completions: ({ rules, world }) => nextPicks(rules, world).map(({ number }) => String(number)),
  },
  {
    ...branching,
    name: 'inject',
    aliases: [],
    takes: 'FAULT[@PLACE]',
    about: 'from here on this fault is planned, in a branch of its own (info faults)',
    run: inject,
    completions: ({ rules }) =>
      faults.flatMap(({ name, places }) => places(rules.plan).map((place) => `${name}@${place}`)),
  },
  {
    ...branching,
    name: 'fork',
    aliases: ['checkpoint'],
    takes: '[NAME]',
    about: 'another branch with the same past; the steps go on there',
    run: (session, argument) => {
      const fork = session.history.fork();
      const told = argument === '' ? { stem: 'fork' } : { stem: 'fork', name: argument };
      return branchAnswer(session, session.addBranch(fork, told));
    },
  },
  {
    ...branching,
    name: 'forks',
    aliases: ['branches', 'checkpoints'],
    takes: '',
    about: 'all branches',
    run: (session, argument) => {
      readNothing('forks', argument);
      return branchesAnswer(session);
    },
  },
  {
    ...branching,
    name: 'switch',
    aliases: ['checkout'],
    takes: 'NAME',
    about: 'to another branch, where it was left',
    run: (session, argument) => {
      session.switchTo(readSomething('switch', argument, 'the name of a branch'));
      return branchAnswer(session, argument);
    },
    completions: branches,
  },
  {
    ...branching,
    name: 'diff',
    aliases: [],
    takes: '[A] [B]',
    about:
      'what differs between two steps or branches (120, fork-1, main@120); without A the step before, without B here',
    run: differenceAnswer,
    completions: branches,
  },
];

function branchAnswer(session: Session, branch: string): Answer {
  const told = `branch ${branch}: ${whereLine(session)}`;
  return { lines: hanging(told, 0, session.look.columns()), data: { branch, ...placeData(session) } };
}

export function branchesAnswer(session: Session): Answer {
  const rows = session.branchNames.map((name) => {
    const history = session.historyOf(name);
    const planned = history.rules.plan.faults.map(({ name: fault, where }) =>
      where === undefined ? fault : `${fault}@${where}`,
    );
    return {
      name,
      isHere: name === session.branch,
      step: history.position,
      known: history.length,
      faults: planned,
    };
  });
  return {
    lines: rows.map(({ name, isHere, step, known, faults: planned }) => {
      const told = planned.length === 0 ? '' : `, faults ${planned.join(' ')}`;
      return `${isHere ? '*' : ' '} ${name}: step ${step}, known up to ${known}${told}`;
    }),
    data: { branches: rows },
  };
}

function inject(session: Session, argument: string): Answer {
  const fault = plannedFault(readSomething('inject', argument, 'a fault and where it strikes'), 'inject');
  const branch = session.addBranch(injectFault(session.history, fault), { stem: fault.name });
  const place = fault.where ?? faultNamed(fault.name)?.places(session.rules.plan)[0] ?? '';
  const passed = lastStepAt(session, place);
  const again = passed === undefined ? '' : `; step ${passed} was there already, it strikes the next time`;
  return {
    lines: [`branch ${branch}: ${fault.name} strikes at ${place}${again}`],
    data: { branch, fault, place, ...(passed !== undefined && { passed }), ...placeData(session) },
  };
}

/** The last step that ordered what this place stands for. */
function lastStepAt(session: Session, place: string): number | undefined {
  for (let at = session.position; at > 0; at -= 1) {
    if (namedIn(session.seenAt(at), place) !== undefined) return at;
  }
  return undefined;
}
