/** Charts and what passes between them. */
import type { SeenStep } from '../../../machines/laws/law.ts';
import { inTime } from '../../../machines/system/choices.ts';
import { step } from '../../../machines/system/step.ts';
import type { Answer } from '../answer.ts';
import { doesOf, phaseOf } from '../chart-states.ts';
import { guardsOfStep } from '../guards-of-step.ts';
import { hanging } from '../hanging.ts';
import { guardsAt, readsText, type SeenGuard } from '../seen-guard.ts';
import type { Session } from '../session.ts';
import { snapshotOf, stateOf } from '../snapshot-of.ts';
import { textTable } from '../text-table.ts';
import type { Topic } from './topic.ts';

export const chartTopics: readonly Topic[] = [
  {
    name: 'actors',
    takes: '[NAME]',
    about: 'every actor, its state, its phase, and what the state stands for',
    tell: tellActors,
  },
  { name: 'channels', takes: '', about: 'who may send to whom, and what is under way', tell: tellChannels },
  {
    name: 'guards',
    takes: '[ACTOR]',
    about:
      'which guards the last step asked, which block a transition now, and the fields that made them say so',
    tell: tellGuards,
  },
];

function tellActors({ rules, world, look }: Session, argument: string): Answer {
  const actors = rules.actorOrder
    .filter((name) => name.includes(argument))
    .map((name) => {
      const machine = rules.actors.get(name)?.machine;
      const state = stateOf(world, name);
      const phase = machine && phaseOf(machine, state);
      return {
        name,
        state,
        phase,
        does: machine ? doesOf(machine, state) : '',
        tags: [...snapshotOf(world, name).tags],
      };
    });
  const rows = actors.map(({ name, state, phase, does }) => [name, state, phase ?? '-', does]);
  return {
    lines: textTable([['actor', 'state', 'phase', 'does'], ...rows], look.columns()),
    data: { actors },
  };
}

function tellChannels({ rules, world }: Session): Answer {
  const channels = rules.channels.map(({ name, capacity }) => {
    return { name, capacity, holds: (world.queues[name] ?? []).map(({ type }) => type) };
  });
  const busy = channels.filter(({ holds }) => holds.length > 0);
  const lines = textTable(
    busy.map(({ name, holds, capacity }) => [name, `${holds.length} of ${capacity}`, holds.join(', ')]),
  );
  return {
    lines: [...lines, `${channels.length - busy.length} of ${channels.length} channels are empty`],
    data: { channels },
  };
}

function tellGuards(session: Session, argument: string): Answer {
  const { rules, world, position } = session;
  const isAsked = ({ actor }: SeenGuard): boolean => argument === '' || actor === argument;
  const asked = position === 0 ? [] : guardsOfStep(session.seenAt(position)).filter(isAsked);
  const blocked = rules.actorOrder
    .flatMap((name) => guardsAt(name, snapshotOf(world, name)))
    .filter((guard) => !guard.holds && isAsked(guard));
  const next = nextSeen(session);
  const coming = next === undefined ? [] : guardsOfStep(next).filter(isAsked);
  const part = (title: string, guards: readonly SeenGuard[]): readonly string[] =>
    guards.length === 0 ? [] : [title, ...guards.flatMap((guard) => guardLines(session, guard))];
  const lines = [
    ...part('asked by the step that led here', asked),
    ...part('says no to a transition now', blocked),
    ...part('will be asked by the next step', coming),
  ];
  return {
    lines: lines.length === 0 ? ['no guard was asked, none says no, none is asked next'] : lines,
    data: { asked, blocked, coming },
  };
}

/** The step that `s` would make, without making it. */
function nextSeen({ rules, world, history, position }: Session): SeenStep | undefined {
  if (position < history.length) {
    const record = history.allRecords[position];
    return record && { rules, before: world, after: history.worldAt(position + 1), record };
  }
  const next = step(rules, world, inTime(rules, world));
  return next && { rules, before: world, after: next.world, record: next.record };
}

function guardLines(
  { look }: Session,
  { actor, state, event, guard, params, holds, reads, target }: SeenGuard,
): readonly string[] {
  const named = Object.entries(params).map(([name, value]) => `${name}: ${String(value)}`);
  const asked = named.length === 0 ? guard : `${guard}(${named.join(', ')})`;
  const verdict = holds ? look.paint('green', 'yes') : look.paint('red', 'no');
  const on = event === '' ? '' : ` on ${event}`;
  const told = `${actor} ${state}${on}: ${asked} ${verdict}, ${holds ? 'to' : 'not to'} ${target}`;
  const because = reads.length === 0 ? [] : hanging(`because ${readsText(reads)}`, 6, look.columns());
  return [...hanging(told, 2, look.columns()), ...because.map((line) => look.paint('dim', line))];
}
