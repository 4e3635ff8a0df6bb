/**
 * A step taken apart: what each turn of a chart ordered and told. The record keeps these in the order they happened, each with the
 * actor and the state that gave it off, and the turns in order; so the next turn that could have given it off did.
 */
import type { StepRecord, TurnRecord } from '../../machines/system/world.ts';

export type Told = StepRecord['told'][number];
export type Ordered = StepRecord['commands'][number];

export type TurnPart = {
  readonly turn: TurnRecord;
  readonly ordered: readonly Ordered[];
  readonly told: readonly Told[];
};

export function turnPartsOf({ turns, commands, told }: StepRecord): readonly TurnPart[] {
  const ordered = shared(turns, commands, ({ by }) => by);
  const tellings = shared(turns, told, ({ from }) => from);
  return turns.map((turn, index) => ({ turn, ordered: ordered[index] ?? [], told: tellings[index] ?? [] }));
}

type GivenOff = { readonly state: string };

function shared<Item extends GivenOff>(
  turns: readonly TurnRecord[],
  items: readonly Item[],
  actorOf: (item: Item) => string,
): readonly (readonly Item[])[] {
  const parts: Item[][] = turns.map(() => []);
  let at = 0;
  for (const item of items) {
    const next = turns.findIndex((turn, index) => index >= at && couldGive(turn, actorOf(item), item));
    at = next < 0 ? at : next;
    parts[at]?.push(item);
  }
  return parts;
}

const couldGive = ({ actor, through, after }: TurnRecord, by: string, { state }: GivenOff): boolean =>
  actor === by && (after === state || through.includes(state));
