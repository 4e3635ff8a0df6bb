/**
 * A run as text: one line a step, short enough for a snapshot.
 *
 *     step  time         who <- what: state before -> after; orders …; tells …; prints "…"
 *      217      4.982249  original <- tasks.frozen: kexec.freezingTasks -> kexec.preparing.asking; orders console.suspend original
 *
 * An event that no transition took is marked (ignored), a fault that strikes with an exclamation mark. What a step did to memory and
 * devices is not told: the records have it. Texts are quoted only when there are few of them; a boot prints sixty.
 */
import type { Note } from '../../kernels/box.ts';
import type { StepRecord, TurnRecord } from './world.ts';

export const storyOf = (records: readonly StepRecord[]): readonly string[] => records.map(storyLine);

export function storyLine(record: StepRecord): string {
  const { step, nowNs, pick, kind, turns } = record;
  const begins = kind === 'move' ? [pick] : [];
  const happened = [...begins, ...turns.map(turnText), ...deeds(record)];
  return `${String(step).padStart(4)}  ${(nowNs / 1e9).toFixed(6).padStart(12)}  ${happened.join('; ')}`;
}

/**
 * The steps that move the plot: a kernel, the firmware or the operator goes on to another stretch, something fails, is ignored or is
 * struck, control changes hands. Left out: tasks at work, packets, and one device after the other doing the same.
 */
export const interestingSteps = (records: readonly StepRecord[]): readonly StepRecord[] =>
  records.filter(({ turns, notes }) => turns.some(movesPlot) || notes.some(isPlot));

/** Replies of commands, and messages, that say that something went wrong. */
const failure = /\.(failed|aborted|timedOut|missing|mismatched|refused|stuck|struck)$/;

function movesPlot({ actor, event, before, after, ignored }: TurnRecord): boolean {
  if (ignored || failure.test(event)) return true;
  return !actor.includes('/') && stretchOf(before) !== stretchOf(after);
}

/** `kexec.freezing` of `kexec.freezing.asking`: a chart's own inner steps are no news. */
const stretchOf = (state: string): string => state.split('.').slice(0, 2).join('.');

const plotNotes: { readonly [Type in Note['type']]: boolean } = {
  'fault.struck': true,
  'jump.left': true,
  'jump.arrived': true,
  'jump.resumed': true,
  'crash.left': true,
  'image.loaded': true,
  'image.committed': true,
  'image.consumed': true,
  'registers.saved': false,
  'dma.landed': false,
  'medium.damaged': false,
};

const isPlot = ({ type }: Note): boolean => plotNotes[type];

function turnText({ actor, event, before, after, ignored }: TurnRecord): string {
  const happened = `${actor} <- ${event.replace(/^xstate\.after\.([^.]*)\..*/, 'after $1')}`;
  if (ignored) return `${happened}: ${after} (ignored)`;
  return before === after ? `${happened}: ${after}` : `${happened}: ${before} -> ${after}`;
}

function deeds({ commands, told, printed, notes }: StepRecord): readonly string[] {
  return [
    ...notes.filter(isPlot).map(noteText),
    ...listed(
      'orders',
      commands.map(({ text }) => text),
    ),
    ...listed(
      'tells',
      told.map(({ to, type }) => `${to} ${type}`),
    ),
    ...listed('prints', quoted(printed.map(({ text }) => text))),
  ];
}

const listed = (verb: string, items: readonly string[]): readonly string[] =>
  items.length === 0 ? [] : [`${verb} ${items.join(', ')}`];

/** The longest burst that a chart itself prints is that of a panic: five lines. */
const quotedTexts = 6;

const quoted = (texts: readonly string[]): readonly string[] =>
  texts.length > quotedTexts ? [`${texts.length} lines`] : texts.map((text) => `"${text.trimEnd()}"`);

function noteText(note: Note): string {
  if (note.type === 'fault.struck') return `! ${note.fault} at ${note.place}`;
  return 'kernel' in note ? `${note.type} ${note.kernel}` : note.type;
}
