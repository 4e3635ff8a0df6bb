/**
 * The conversation: asks for a line, obeys it, tells the answer, until `quit` or the end of the input. Nothing that is typed ends it
 * otherwise; what cannot be obeyed is told on the error output, and it goes on.
 */
import { OptionError } from '../../machines/options/option-error.ts';
import { InputError } from '../cli/input-error.ts';
import { exitCodes, type Io, type LineEditor } from '../cli/io.ts';
import type { Data } from './answer.ts';
import { type Obeyed, type Order, obey, orderOf } from './obey.ts';
import { firstBranch, type Session } from './session.ts';
import { StepperError } from './stepper-error.ts';
import { timeText } from './time-text.ts';
import { placeData } from './where.ts';

export type AskLine = LineEditor['ask'];

export type Talk = {
  readonly session: Session;
  readonly io: Pick<Io, 'out' | 'err' | 'input'>;
  readonly ask: AskLine;
  readonly isJson: boolean;
};

export async function talk(talking: Talk): Promise<number> {
  const { session, io, ask } = talking;
  let again: Order | undefined;
  for (;;) {
    const line = await ask(promptOf(session));
    if (line === undefined) return exitCodes.well;
    const said = answered(session, line, io.input.isTerminal ? again : undefined);
    tell(talking, line, said);
    if (said.obeyed.at(-1)?.answer.isLast) return exitCodes.well;
    again = said.again;
  }
}

function tell({ session, io: { out, err }, isJson }: Talk, line: string, { obeyed, unfit }: Answered): void {
  for (const { order, answer } of obeyed) {
    if (answer.isLast) return;
    const lines = isJson ? [jsonLine(session, order.verb.name, answer.data)] : answer.lines;
    for (const told of lines) out.write(`${told}\n`);
  }
  if (unfit === undefined) return;
  const [word = ''] = line.trim().split(/\s/, 1);
  if (isJson) out.write(`${jsonLine(session, word, { error: errorData(unfit) })}\n`);
  err.write(`${err.paint('red', 'step:')} ${unfit.message}\n`);
}

type Answered = {
  readonly obeyed: readonly Obeyed[];
  readonly unfit: Unfit | undefined;
  /** What an empty line does next. */
  readonly again: Order | undefined;
};

function answered(session: Session, line: string, previous: Order | undefined): Answered {
  const obeyed: Obeyed[] = [];
  try {
    const order = line.trim() === '' ? previous : orderOf(line);
    if (order === undefined) return { obeyed, unfit: undefined, again: previous };
    for (const each of obey(session, order)) obeyed.push(each);
    return { obeyed, unfit: undefined, again: order.verb.isRepeated ? order : undefined };
  } catch (error) {
    if (!isUnfit(error)) throw error;
    return { obeyed, unfit: error, again: undefined };
  }
}

type Unfit = StepperError | OptionError | InputError;

const isUnfit = (error: unknown): error is Unfit =>
  error instanceof StepperError || error instanceof OptionError || error instanceof InputError;

const errorData = ({ code, message, facts }: Unfit): Data => ({ code, message, ...facts });

const jsonLine = (session: Session, verb: string, data: Data): string =>
  JSON.stringify({ verb, branch: session.branch, ...placeData(session), ...data });

/** `[41 0.431005] `; in another branch with its name, within a step with the turn. */
function promptOf({ branch, world, turnsSeen, look }: Session): string {
  const name = branch === firstBranch ? '' : `${branch} `;
  const turn = turnsSeen === undefined ? '' : `.${turnsSeen}`;
  return look.paint('bold', `[${name}${world.step}${turn} ${timeText(world.clock.nowNs)}] `);
}

/** From a pipe or a file: no prompt. Where people type without a line editor it is shown. */
export function askFrom({ input, out }: Pick<Io, 'input' | 'out'>): AskLine {
  const iterator = input.lines()[Symbol.asyncIterator]();
  return async (prompt) => {
    if (input.isTerminal) out.write(prompt);
    const next = await iterator.next();
    return next.done ? undefined : next.value;
  };
}
