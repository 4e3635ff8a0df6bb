/**
 * Which edges of a chart are taken: XState asks a machine for the transitions of an event, and walks a state's `always` list until a
 * guard holds. Both places are watched; the machine works as before.
 */
import type { AnyStateMachine, AnyStateNode } from 'xstate';

/** `source: trigger #alternative`, as `edgesOf` names them. */
export type EdgeName = string;

type Transition = { readonly eventType: string; readonly source: AnyStateNode };

export function watchEdges(machine: AnyStateMachine): ReadonlySet<EdgeName> {
  const taken = new Set<EdgeName>();
  const ask = machine.getTransitionData.bind(machine);
  machine.getTransitionData = (snapshot, event) => {
    const transitions = ask(snapshot, event);
    for (const transition of transitions) taken.add(nameOf(transition as Transition));
    return transitions;
  };
  for (const node of nodesBelow(machine.root)) {
    if (node.always === undefined) continue;
    node.always = watched(node.always, (transition) => taken.add(nameOf(transition as Transition)));
  }
  return taken;
}

export function edgesOf(machine: AnyStateMachine): EdgeName[] {
  return nodesBelow(machine.root).flatMap((node) =>
    [...[...node.transitions.values()].flat(), ...(node.always ?? [])].map((transition) =>
      nameOf(transition as Transition),
    ),
  );
}

/** A list whose loop, left by `break`, tells which item it was left at. */
function watched<Item>(items: Item[], found: (item: Item) => void): Item[] {
  const list = [...items];
  list[Symbol.iterator] = function* () {
    for (const item of items) {
      let isLast = true;
      try {
        yield item;
        isLast = false;
      } finally {
        if (isLast) found(item);
      }
    }
    return undefined;
  } as Item[][typeof Symbol.iterator];
  return list;
}

function nameOf(transition: Transition): EdgeName {
  const { eventType, source } = transition;
  const alternatives: readonly unknown[] =
    (eventType === '' ? source.always : source.transitions.get(eventType)) ?? [];
  const index = alternatives.indexOf(transition);
  return `${source.id}: ${triggerOf(eventType)} #${index}`;
}

function triggerOf(eventType: string): string {
  if (eventType === '') return 'always';
  const after = /^xstate\.after\.(\w+)\./.exec(eventType);
  return after ? `after ${after[1]}` : eventType;
}

function nodesBelow(node: AnyStateNode): AnyStateNode[] {
  return [node, ...Object.values(node.states).flatMap(nodesBelow)];
}
