// How a transition reads: what triggers it, its guard in square brackets, its actions behind a slash (UML 2.5.1, 14.2.4.9,
// the notation `trigger [guard] / actions`, with `[else]` for what is taken when no guard before it holds). Also which of six kinds of line it gets.

import type { ChartEdge, ChartTrigger } from './chart-graph.ts';

export function edgeText(edge: ChartEdge): string {
  return edgeParts(edge).join(' ');
}

/** The trigger, the guard and the actions apart, so that a drawing may put each on a line of its own; absent parts are left out. */
export function edgeParts(edge: ChartEdge): readonly string[] {
  const guard = edge.guard ?? (edge.alternative > 0 ? 'else' : null);
  // A transition without target and actions takes an event and does nothing: it keeps the event from the states around.
  const done = edge.actions.length === 0 && edge.targets.length === 0 ? ['nothing'] : edge.actions;
  const actions = done.length === 0 ? [] : [`/ ${done.join(', ')}`];
  return [...triggerParts(edge.trigger), ...(guard === null ? [] : [`[${guard}]`]), ...actions];
}

export type EdgeStyle = 'initial' | 'event' | 'delay' | 'always' | 'done' | 'failure';

/**
 * A failure is an event named `noun.failed` or `noun.timedOut`, an error of an invoked actor, or a delay whose name says that
 * something should have come before; any other delay is a pause.
 */
export function edgeStyle(edge: ChartEdge): EdgeStyle {
  const { trigger } = edge;
  if (trigger.type === 'after')
    return /time-?out|watchdog|deadline/i.test(trigger.delay) ? 'failure' : 'delay';
  if (trigger.type === 'error') return 'failure';
  if (trigger.type !== 'event') return trigger.type;
  return /\.(failed|timedOut)$/.test(trigger.name) ? 'failure' : 'event';
}

function triggerParts(trigger: ChartTrigger): readonly string[] {
  switch (trigger.type) {
    case 'initial':
      return [];
    case 'event':
      return [trigger.name];
    case 'after':
      return [`after ${/^\d+(\.\d+)?$/.test(trigger.delay) ? `${trigger.delay} ms` : trigger.delay}`];
    case 'done':
      return [trigger.actor === null ? 'done' : `done: ${trigger.actor}`];
    case 'error':
      return [`error: ${trigger.actor}`];
    case 'always':
      return ['always'];
  }
}
