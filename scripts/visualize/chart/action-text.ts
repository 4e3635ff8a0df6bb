// How an action reads on a chart: its name and parameters; XState's own actions by what they do.
// Leaves out: what an inline function does (it has no name to show).
// Facts: XState 5.33 `actions/*.ts`: each creator returns a function whose `type` is `xstate.` and the creator's name.

import { parameterText } from './parameter-text.ts';

/** What XState leaves on the function that `emit`, `raise`, `assign` and the others return; its types keep it private. */
interface ActionFunction {
  readonly name: string;
  readonly type?: string;
  readonly event?: unknown;
  readonly assignment?: unknown;
}

/** Names that JavaScript gives to a function written in the place of an action; they say nothing about it. */
const namesOfInlineFunctions: ReadonlySet<string> = new Set(['', 'entry', 'exit', 'actions']);

export function actionText(action: unknown): string {
  if (typeof action === 'string') return action;
  if (isActionFunction(action)) return functionText(action);
  if (typeof action !== 'object' || action === null || !('type' in action)) return 'inline action';
  return `${String(action.type)}${parameterText('params' in action ? action.params : undefined)}`;
}

function isActionFunction(action: unknown): action is ActionFunction {
  return typeof action === 'function';
}

function functionText(action: ActionFunction): string {
  if (action.type === undefined)
    return namesOfInlineFunctions.has(action.name) ? 'inline action' : action.name;
  const name = action.type.replace(/^xstate\./, '');
  if (name === 'assign') return `assign${assignedFields(action.assignment)}`;
  return `${name}${eventName(action.event)}`;
}

function assignedFields(assignment: unknown): string {
  return typeof assignment === 'object' && assignment !== null
    ? ` ${Object.keys(assignment).join(', ')}`.trimEnd()
    : '';
}

function eventName(event: unknown): string {
  return typeof event === 'object' && event !== null && 'type' in event ? ` ${String(event.type)}` : '';
}
