/**
 * One step as people read it: the pick, then turn by turn who heard what, through which states it went, and what it gave off; then
 * the console, what was noted, and how much memory changed.
 */
import type { Note } from '../../kernels/box.ts';
import type { Plan } from '../../kernels/plan.ts';
import type { SeenStep } from '../../machines/laws/law.ts';
import type { StepRecord, TurnRecord } from '../../machines/system/world.ts';
import { changedCount } from './changed-count.ts';
import { commandText } from './command-text.ts';
import { cut, hanging } from './hanging.ts';
import type { Look, Session } from './session.ts';
import { timeText } from './time-text.ts';
import { type TurnPart, turnPartsOf } from './turn-parts.ts';

/** A boot prints sixty lines; `info console` shows all. */
const shownConsoleLines = 6;

/** The step that led to where the session stands; the turns that `si` has not come to are left out. */
export function shownStepLines(session: Session): readonly string[] {
  if (session.record === undefined) return ['at the start: nothing has happened yet'];
  const { turnsSeen, look } = session;
  const seen = session.seenAt(session.position);
  if (turnsSeen === undefined) return stepLines(seen, look);
  const parts = turnPartsOf(seen.record).slice(0, turnsSeen);
  return [headLine(seen.record, look), ...parts.flatMap((part) => turnLines(seen.rules.plan, part, look))];
}

export function stepLines(seen: SeenStep, look: Look): readonly string[] {
  const { record, rules } = seen;
  return [
    headLine(record, look),
    ...turnPartsOf(record).flatMap((part) => turnLines(rules.plan, part, look)),
    ...consoleLines(record, look),
    ...record.notes.map((note) => `      note ${noteText(rules.plan, note)}`),
    ...changeLines(seen, look),
  ];
}

/** `  41  0.431005  deliver original > original/gpu` */
export const headLine = ({ step, nowNs, pick }: StepRecord, { paint }: Look): string =>
  `${String(step).padStart(4)}  ${timeText(nowNs)}  ${paint('bold', pick)}`;

export function turnLines(plan: Plan, { turn, ordered, told }: TurnPart, look: Look): readonly string[] {
  const { paint } = look;
  const deeds = [
    ...ordered.map(({ text }) => `orders ${commandText(plan, text)}`),
    ...told.map(({ to, type }) => `tells ${to} ${type}`),
  ];
  const [head = '', ...rest] = hanging(turnText(turn), 6, look.columns());
  return [
    turn.ignored ? paint('yellow', head) : head,
    ...rest,
    ...deeds.flatMap((deed) => hanging(deed, 8, look.columns())).map((line) => paint('dim', line)),
  ];
}

/** `original/gpu <- device.freeze: prepared -> freezing` */
export function turnText({ actor, event, before, through, after, ignored }: TurnRecord): string {
  const heard = `${actor} <- ${eventText(event)}`;
  if (ignored) return `${heard}: ${after} (ignored)`;
  return `${heard}: ${[before, ...through, after].join(' -> ')}`;
}

/** XState names a timer `xstate.after.DELAY.STATE`. */
export const eventText = (event: string): string => event.replace(/^xstate\.after\.([^.]*)\..*/, 'after $1');

export function noteText({ devices }: Plan, note: Note): string {
  const { type, ...facts } = note;
  const values = Object.entries(facts).map(([name, value]) =>
    name === 'device' ? (devices[Number(value)] ?? value) : name === 'frame' ? hex(Number(value)) : value,
  );
  return [type, ...values].join(' ');
}

export const hex = (number: number): string => `0x${number.toString(16)}`;

function consoleLines({ console: shown }: StepRecord, { paint, columns }: Look): readonly string[] {
  const lines = shown
    .slice(0, shownConsoleLines)
    .map(({ text }) => paint('cyan', cut(`      | ${text.trimEnd()}`, columns())));
  const left = shown.length - lines.length;
  return left > 0
    ? [...lines, paint('dim', `      | and ${left} more lines: info console ${shown.length}`)]
    : lines;
}

function changeLines({ before, after }: SeenStep, { paint }: Look): readonly string[] {
  const changes = [
    countText(changedCount(before.memory, after.memory), 'page of memory', 'pages of memory'),
    countText(changedCount(before.medium, after.medium), 'block of the disk', 'blocks of the disk'),
  ].filter((text) => text !== undefined);
  return changes.length === 0 ? [] : [paint('dim', `      changes ${changes.join(' and ')}`)];
}

const countText = (count: number, one: string, many: string): string | undefined =>
  count === 0 ? undefined : `${count} ${count === 1 ? one : many}`;
