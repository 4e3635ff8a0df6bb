/**
 * Recipes: chart actions written as plain mutations of a bounded record.
 *
 * `recipe(run)` is an XState action whose `run` works on an immer draft here, and bare on a packed view in a search. It may change
 * fields of the record, order commands and tell other charts; it must not replace records or lists, look at bytes, or return.
 */
import { produce } from 'immer';
import { enqueueActions } from 'xstate';
import type { MessageName } from '../kernels/linux/messages/index.ts';
import type { Command, Emission, Message, Recipient } from './vocabulary.ts';

export type Out = {
  readonly order: (command: Command) => void;
  readonly tell: (to: Recipient, message: Message) => void;
};

export type RecipeRun<Context, Event, Params> = (me: Context, event: Event, out: Out, params: Params) => void;

/** To XState a plain function of (scope, params); what it enqueues is checked by `Out`, not by XState's types. */
type RecipeAction<Context, Event, Params> = ((scope: unknown, params: Params) => void) & {
  readonly recipe: RecipeRun<Context, Event, Params>;
};

type EnqueueScope<Context, Event> = {
  readonly context: Context;
  readonly event: Event;
  readonly enqueue: { assign(context: Context): void; emit(emission: Emission): void };
};

export function recipe<Context extends object, Event extends { type: string }, Params = unknown>(
  run: RecipeRun<Context, Event, Params>,
): RecipeAction<Context, Event, Params> {
  const action = ({ context, event, enqueue }: EnqueueScope<Context, Event>, params: Params): void => {
    const emissions: Emission[] = [];
    const out: Out = {
      order: (command) => emissions.push({ type: 'order', command }),
      tell: (to, message) => emissions.push({ type: 'tell', to, message }),
    };
    const next = produce(context, (draft) => run(draft as Context, event, out, params));
    if (next !== context) enqueue.assign(next);
    for (const emission of emissions) enqueue.emit(emission);
  };
  // XState cannot see that the enqueued assignment and emissions fit the machine that names this action.
  return Object.assign(enqueueActions(action as never), { recipe: run }) as never;
}

type PrintScope = { readonly enqueue: { emit(emission: Emission): void } };
export type PrintParams = { readonly lines: readonly MessageName[] };

/** The action behind `meta.lines` (chart.ts); every chart's set-up names it `print`. */
export const print = enqueueActions((({ enqueue }: PrintScope, { lines }: PrintParams) =>
  enqueue.emit({ type: 'print', lines })) as never) as unknown as (
  scope: unknown,
  params: PrintParams,
) => void;
