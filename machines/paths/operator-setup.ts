/** What operators of all paths have in common: they press the power button, ask kernels for things, and stop waiting after a day. */
import { setup } from 'xstate';
import { below, firstRecord, oneOf, type RecordOf } from '../../kernels/shape.ts';
import { print, recipe } from '../recipe.ts';
import type { ChartEvent, Emission, Message, Recipient, StateMeta, StateTag } from '../vocabulary.ts';

/** The most rounds and attempts that an operator counts. */
const attemptLimit = 8;

/** What the operator has heard: whether an image was said to be saved; and how often a jump was asked for. */
export const operatorShape = {
  saved: oneOf('unknown', 'yes', 'no'),
  attempts: below(attemptLimit + 1),
  /** How many rounds are wanted, and how many attempts before giving up. */
  rounds: below(attemptLimit + 1),
  attemptsWanted: below(attemptLimit + 1),
};
type Me = RecordOf<typeof operatorShape>;
export type OperatorInput = { readonly rounds: number; readonly attempts: number };
export const operatorContext = ({ input }: { readonly input: OperatorInput | undefined }): Me => ({
  ...firstRecord(operatorShape),
  rounds: input?.rounds ?? 1,
  attemptsWanted: input?.attempts ?? attemptLimit,
});

type Saying = { readonly to: Recipient; readonly message: Message };

export const operatorSetup = setup({
  types: {} as {
    context: Me;
    events: ChartEvent;
    input: OperatorInput | undefined;
    emitted: Emission;
    meta: StateMeta;
    tags: StateTag;
  },
  actions: {
    print,
    say: recipe<Me, ChartEvent, Saying>((_me, _event, out, { to, message }) => {
      out.tell(to, message);
    }),
    noteSaved: recipe<Me, ChartEvent>((me, event) => {
      me.saved = event.type === 'dump.saved' ? 'yes' : 'no';
    }),
    noteAttempt: recipe<Me, ChartEvent>((me) => {
      me.attempts += 1;
    }),
  },
  guards: {
    saveFailed: ({ context }: { readonly context: Me }) => context.saved === 'no',
    roundsAreLeft: ({ context }: { readonly context: Me }) => context.attempts < context.rounds,
    firstRoundIsOver: ({ context }: { readonly context: Me }) => context.attempts === 1,
    mayTryAgain: ({ context }: { readonly context: Me }) => context.attempts < context.attemptsWanted,
  },
  delays: {
    soon: 1,
    /** How long user space works before the button is pressed, and after the return before the result is read. */
    work: 400,
    settle: 2_000,
    /** Eight hours. */
    night: 28_800_000,
    /** Silence past this is a hang. Longer than any save at any size: a day. */
    watchdog: 86_400_000,
  },
});

/** How every path begins: switch on, wait for A's user space. */
export const operatorStart = (next: string) =>
  operatorSetup.createStateConfig({
    states: {
      idle: {
        meta: { does: 'walks up to the machine' },
        after: { soon: 'switchingOn' },
      },
      switchingOn: {
        tags: ['waiting'],
        meta: {
          does: 'presses the power button, waits for a login',
          phase: 'power-on',
          excuse: 'a boot that fails is silence',
        },
        entry: { type: 'say', params: { to: 'firmware', message: { type: 'power.press' } } },
        on: { 'original.up': next },
        after: { watchdog: 'hung' },
      },
    },
  }).states;

/** How a path can end. A machine that comes up anew after the end is no news. */
export const operatorEnds = operatorSetup.createStateConfig({
  states: {
    restored: { tags: ['restored'], meta: { does: 'finds the machine as it was' } },
    aborted: { tags: ['aborted'], meta: { does: 'sees the attempt given up; the machine works on' } },
    refused: { tags: ['refused'], meta: { does: 'sees the load refused' } },
    dumped: { tags: ['dumped'], meta: { does: 'finds the dump after the restart' } },
    lost: {
      tags: ['lost'],
      meta: { does: 'sees a fresh boot, or a kernel that does not know the way back' },
    },
    hung: { tags: ['hung'], meta: { does: 'waited a day, pulls the plug' } },
  },
}).states;
