/** `diff`: two steps, two branches, or a step of one and a step of the other. */
import type { World } from '../../machines/system/world.ts';
import type { Answer } from './answer.ts';
import { differenceOf } from './difference.ts';
import { differenceLines } from './difference-lines.ts';
import type { Session } from './session.ts';
import { StepperError } from './stepper-error.ts';
import { timeText } from './time-text.ts';

type Side = { readonly text: string; readonly world: World };

export function differenceAnswer(session: Session, argument: string): Answer {
  const [first, second, ...more] = argument.split(' ').filter((word) => word !== '');
  if (more.length > 0) {
    throw new StepperError('verb.usage', {
      where: 'diff',
      expected: 'at most two steps or branches',
      found: argument,
    });
  }
  const before = sideOf(session, first ?? String(Math.max(0, session.position - 1)));
  const after = second === undefined ? hereIn(session) : sideOf(session, second);
  const difference = differenceOf(session.rules, before.world, after.world);
  const told = differenceLines(difference);
  const times = [before, after].map(({ world }) => timeText(world.clock.nowNs));
  return {
    lines: [
      `${before.text}, ${times[0]} -> ${after.text}, ${times[1]}`,
      ...(told.length === 0 ? ['nothing differs'] : told),
    ],
    data: { before: before.text, after: after.text, ...difference },
  };
}

const hereIn = ({ branch, position, world }: Session): Side => ({ text: `${branch}@${position}`, world });

/** `120`, `fork-1`, `fork-1@120`; a branch alone stands for where it was left. */
function sideOf(session: Session, text: string): Side {
  const [name = '', step] = /^\d+$/.test(text) ? [session.branch, text] : text.split('@');
  const history = session.historyOf(name);
  if (step === undefined) return { text: `${name}@${history.position}`, world: history.world };
  const position = Number(step);
  if (Number.isInteger(position) && position >= 0 && position <= history.length) {
    return { text: `${name}@${position}`, world: history.worldAt(position) };
  }
  const expected = `a step of ${name} that is known, 0 to ${history.length}`;
  throw new StepperError('position.unknown', { where: 'diff', expected, found: step });
}
