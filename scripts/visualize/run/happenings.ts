/**
 * What happened in a run, read off its records: who told, ordered, asked and answered whom, where control went, what the kernels
 * printed, what went on beside it.
 *
 * An order and its answer are two happenings with one key. A driver's own calls into its device are left out: what the kernel asks of
 * the driver and what comes back is the news. A message is drawn when it is sent, those of the operator when they arrive, because
 * they belong to the phase that they begin.
 */
import type { ActorName } from '../../../machines/system/actors.ts';
import type { History } from '../../../machines/system/history.ts';
import type { StepRecord } from '../../../machines/system/world.ts';
import { type Marker, markersOf } from '../../report/markers.ts';
import { RunReader } from './run-reader.ts';
import type { DevicesShown, Happening } from './sequence.ts';

export function happeningsOf(history: History, devices: DevicesShown): readonly Happening[] {
  const reader = new RunReader(history, devices);
  const markers = markersOf(history.rules, history.allRecords);
  for (const record of history.allRecords) {
    reader.view.begin(record);
    const own = markers.filter(({ step }) => step === record.step);
    const spoken = own.filter(({ line }) => record.turns.some((turn) => reader.linesOf(turn).includes(line)));
    // What a chart's state does not print, the hardware's work printed, which ended before the chart heard of it.
    for (const marker of own) if (!spoken.includes(marker)) reader.line(marker);
    readPick(reader, record);
    readTurns(reader, record, spoken);
    for (const { by, text } of record.console) if (by === 'none') reader.spoken(text);
    reader.verdict();
    reader.view.end();
  }
  reader.end();
  return reader.happenings;
}

/** What began the step, unless the chart's turn tells it. */
function readPick(reader: RunReader, { pick, kind, turns }: StepRecord): void {
  const [first] = turns;
  if (kind === 'timer' && first) return reader.timer(first);
  if (kind === 'move' && !first) {
    const move = reader.pick;
    // What is urgent is under way anyway, and its end is told by an answer.
    if (move?.kind === 'move' && move.rank === 'background') reader.work(move);
    return;
  }
  const channel = reader.view.history.rules.channels.find(({ name }) => pick === `deliver ${name}`);
  if (!channel || !first) return;
  if (channel.from === 'hardware') reader.control(first, channel.name);
  else if (channel.from === 'operator') reader.asked(first);
}

function readTurns(reader: RunReader, record: StepRecord, markers: readonly Marker[]): void {
  const left: Left = { orders: [...record.commands], messages: [...record.told], lines: [...markers] };
  const strikes = record.notes.filter((note) => note.type === 'fault.struck');
  for (const turn of record.turns) {
    const { actor, event, through, after, ignored } = turn;
    const ordersBefore = left.orders.length;
    if (ignored) reader.ignored(turn);
    else if (record.replies.some(({ to, type }) => to === actor && type === event)) reader.answered(turn);
    for (const state of [...through, after]) readState(reader, { actor, state }, left);
    // A fault strikes when an order is carried out: after it was given, before it is answered.
    if (left.orders.length < ordersBefore) for (const note of strikes.splice(0)) reader.struck(note);
  }
  for (const note of strikes) reader.struck(note);
  for (const line of left.lines) reader.line(line);
}

type Left = {
  readonly orders: StepRecord['commands'][number][];
  readonly messages: StepRecord['told'][number][];
  readonly lines: Marker[];
};

/** What a state gave off when it was entered: its lines come first (machines/chart.ts). */
function readState(
  reader: RunReader,
  { actor, state }: { readonly actor: ActorName; readonly state: string },
  { orders, messages, lines }: Left,
): void {
  const printed = reader.linesOf({ actor, through: [], after: state });
  for (const line of taken(lines, (each) => printed.includes(each.line))) {
    reader.view.enter(actor, state);
    reader.line(line);
  }
  for (const order of taken(orders, (each) => each.by === actor && each.state === state)) reader.order(order);
  for (const message of taken(messages, (each) => each.from === actor && each.state === state))
    reader.told(message);
}

/** The next ones of which it is true, in order. */
function taken<T>(given: T[], isWanted: (each: T) => boolean): readonly T[] {
  const other = given.findIndex((each) => !isWanted(each));
  return given.splice(0, other < 0 ? given.length : other);
}
