/**
 * Names that a step can be known by: what charts hear, what they order, what kernels print, what is noted, what moves by itself, and
 * the places where faults strike. One name may be several of these: `cpu.offline` is a command and a line of the log.
 */
import type { Note } from '../../kernels/box.ts';
import type { Command } from '../../kernels/commands.ts';
import { commandTypes } from '../../kernels/executors/index.ts';
import { messagesOf } from '../../kernels/linux/messages/index.ts';
import { callbackNames } from '../../kernels/machine.ts';
import type { Plan } from '../../kernels/plan.ts';
import { cpuPlaces, devicePlaces, kernelPlaces, placesOf } from '../../machines/faults/places.ts';
import type { SeenStep } from '../../machines/laws/law.ts';
import type { Rules, StepRecord } from '../../machines/system/world.ts';
import { commandText } from './command-text.ts';
import { noteText } from './step-lines.ts';

const noteTypes: { readonly [Type in Note['type']]: true } = {
  'jump.left': true,
  'jump.arrived': true,
  'jump.resumed': true,
  'dma.landed': true,
  'registers.saved': true,
  'crash.left': true,
  'image.loaded': true,
  'image.committed': true,
  'image.consumed': true,
  'medium.damaged': true,
  'fault.struck': true,
};

/** Without the places of devices and processors, which are many. */
export function namesOf({ actors, moves, plan }: Rules): readonly string[] {
  const heard = [...actors.values()].flatMap(({ machine }) => machine.events);
  return sorted([
    ...heard.filter((name) => name.includes('.') && !name.startsWith('xstate.')),
    ...commandTypes,
    ...Object.keys(messagesOf(plan.kernelVersion)),
    ...Object.keys(noteTypes),
    ...moves.map(({ name }) => name),
  ]);
}

/** `freeze:gpu`, `dump/freeze`, `cpu.offline:1`: where faults strike. */
export const placeNamesOf = (plan: Plan): readonly string[] =>
  sorted([
    ...kernelPlaces(plan),
    ...devicePlaces(plan, callbackNames),
    ...cpuPlaces(plan, 'cpu.offline'),
    ...cpuPlaces(plan, 'cpu.online'),
  ]);

const sorted = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();

/** What in a step has this name, in words; undefined: nothing. */
export function namedIn(seen: SeenStep, name: string): string | undefined {
  const { record, rules } = seen;
  const { plan } = rules;
  const [first] = [
    ...record.turns.filter(({ event }) => event === name).map(({ actor }) => `${actor} hears ${name}`),
    ...record.commands
      .filter(({ type, text }) => type === name || placesIn(seen, text).includes(name))
      .map(({ by, text }) => `${by} orders ${commandText(plan, text)}`),
    ...record.printed
      .filter(({ line }) => line === name)
      .map(({ kernel, text }) => `${kernel} prints "${text.trimEnd()}"`),
    ...record.notes.filter(({ type }) => type === name).map((note) => `note ${noteText(plan, note)}`),
    ...(isMove(record, name) ? [record.pick] : []),
  ];
  return first;
}

const isMove = ({ kind, pick }: StepRecord, name: string): boolean =>
  kind === 'move' && pick.split(' ')[0] === name;

const placesIn = ({ rules: { plan }, before: { machine } }: SeenStep, text: string): readonly string[] =>
  placesOf({ plan, machine }, commandOf(text));

/** The record holds a command's values in the order of its type: `device.call original 3 freeze`, `cpu.offline original 1`. */
function commandOf(text: string): Command {
  const [type = '', kernel, third, callback] = text.split(' ');
  const number = Number(third);
  const rest =
    type === 'device.call' ? { device: number, callback } : type.startsWith('cpu.') ? { cpu: number } : {};
  // Written by the runner from a command; only what placesOf reads is put together again.
  return { type, ...(kernel !== undefined && { kernel }), ...rest } as Command;
}
