/**
 * The log lines by which the phases of a run are told (linux.md G.1, G.2): what the charts' states print, and the banner of a kernel
 * that starts. The rest of a boot says nothing of the path.
 */
import type { AnyStateNode } from 'xstate';
import { stampOf } from '../../kernels/linux/format-dmesg.ts';
import { type MessageName, messagesOf } from '../../kernels/linux/messages/index.ts';
import type { MessageTemplate } from '../../kernels/linux/messages/template.ts';
import type { KernelName } from '../../kernels/machine.ts';
import type { Rules, StepRecord } from '../../machines/system/world.ts';
import type { StateMeta } from '../../machines/vocabulary.ts';

export type Marker = {
  readonly step: number;
  readonly kernel: KernelName;
  readonly line: MessageName;
  /** With its stamp, as in the log; tools have none. */
  readonly text: string;
  /** How many lines of this name came in a row; `text` is the first. */
  readonly count: number;
};

/** A kernel starts with it (linux.md G.1 row 7). */
const starts: MessageName = 'boot.banner';

export function markersOf({ plan, actors }: Rules, records: readonly StepRecord[]): readonly Marker[] {
  const spoken = new Set<MessageName>([starts]);
  for (const { machine } of actors.values()) addLines(machine.root, spoken);
  const messages = messagesOf(plan.kernelVersion);
  const markers: Marker[] = [];
  for (const { step, printed } of records) {
    for (const { kernel, line, text, timeNs } of printed) {
      if (!spoken.has(line)) continue;
      const stamp = messages[line].from === 'kernel' ? stampOf(timeNs) : '';
      add(
        markers,
        { step, kernel, line, text: `${stamp}${text}`, count: 1 },
        isMore(messages[line]) ? text : undefined,
      );
    }
  }
  return markers;
}

/** It goes on in the line before. */
const isMore = (template: MessageTemplate): boolean =>
  template.from === 'kernel' && template.level === 'cont';

/** `more`: what this one adds to the line before, if that is what it does. */
function add(markers: Marker[], marker: Marker, more: string | undefined): void {
  const last = markers.at(-1);
  if (last?.kernel !== marker.kernel) markers.push(marker);
  else if (more !== undefined) markers[markers.length - 1] = { ...last, text: `${last.text}${more}` };
  else if (last.line === marker.line) markers[markers.length - 1] = { ...last, count: last.count + 1 };
  else markers.push(marker);
}

function addLines(node: AnyStateNode, into: Set<MessageName>): void {
  // Our charts' states carry our meta (vocabulary.ts), which XState does not know.
  for (const line of ((node.meta ?? {}) as Partial<StateMeta>).lines ?? []) into.add(line);
  for (const child of Object.values(node.states)) addLines(child, into);
}
