/**
 * printk: a line goes into the kernel's ring buffer in its memory, and onto the serial console unless that is held back.
 *
 * What is held back comes out in one burst at resume_console, with its old stamps (linux.md G.1). Lines of purgatory and of
 * user-space tools are on the console only.
 */
import { pfn } from '../../image/pfn.ts';
import type { Box, LineValues } from '../box.ts';
import type { KernelName } from '../machine.ts';
import type { Plan } from '../plan.ts';
import { emptyRing } from './empty-ring.ts';
import { stampOf } from './format-dmesg.ts';
import { imageAddress } from './kernel-address.ts';
import type { MemoryLayout } from './memory-layout.ts';
import type { MessageName } from './messages/index.ts';
import { messagesOf } from './messages/index.ts';
import { fillTemplate, type KernelMessage } from './messages/template.ts';
import type { PagePort } from './paged-bytes.ts';
import { hex64, type RingRegion, ringRegion } from './printk-layout.ts';
import { appendRecord, type LogRecord, readRecords } from './printk-ring.ts';

export type Line = {
  readonly kernel: KernelName;
  readonly line: MessageName;
  readonly values: LineValues;
  readonly timeNs: number;
};
export type Printed = { readonly text: string; readonly shown: readonly string[] };

type LogBox = Pick<Box, 'plan' | 'machine' | 'memory' | 'contents'>;

/**
 * Undefined when this kernel, with its options, does not print the line at all. Whoever has a port of its own to the pages of the log
 * may hand it in, to write them once for many lines.
 */
export function printk(
  box: LogBox,
  { kernel, line, values, timeNs }: Line,
  port: PagePort = logPort(box, kernel),
): Printed | undefined {
  const template = messagesOf(box.plan.kernelVersion)[line];
  const text = fillTemplate(template, values);
  if (template.from !== 'kernel') return { text, shown: [text] };
  if (!isShown(template, box.plan)) return undefined;
  const state = box.machine.kernels[kernel];
  const region = logRegion(box.plan.layout, kernel);
  const sequence = appendRecord(port, region, {
    timeNs,
    level: template.level,
    text,
    // The caller is always the task that does the work; its number is not modelled, 1 is init.
    callerId: 1,
    isOpen: template.isOpen,
    facility: template.facility,
  });
  // A log that is damaged takes no line, and a line that is in no log is on no console.
  if (sequence === undefined) return { text, shown: [] };
  state.logged = sequence + 1;
  if (template.isOpen || state.consoleSuspended) return { text, shown: [] };
  if (state.shown < sequence || template.level === 'cont') return { text, shown: heldBackLines(box, kernel) };
  state.shown = state.logged;
  return { text, shown: [`${stampOf(timeNs)}${text}`] };
}

/** What the console has not shown yet; from now on it has. */
export function heldBackLines(box: LogBox, kernel: KernelName): readonly string[] {
  const state = box.machine.kernels[kernel];
  const lines = recordsOf(box, kernel).filter(({ sequence }) => sequence >= state.shown);
  state.shown = state.logged;
  return lines.map(({ timeNs, text }) => `${stampOf(timeNs)}${text}`);
}

export const recordsOf = (box: LogBox, kernel: KernelName): readonly LogRecord[] =>
  readRecords(logPort(box, kernel), logRegion(box.plan.layout, kernel));

export function startLog(box: LogBox, kernel: KernelName): void {
  const port = logPort(box, kernel);
  for (const [index, page] of emptyRing(logRegion(box.plan.layout, kernel)).entries())
    port.writePage(index, page);
  box.machine.kernels[kernel].logged = 0;
  box.machine.kernels[kernel].shown = 0;
}

export function logRegion(layout: MemoryLayout, kernel: KernelName): RingRegion {
  return ringRegion({ address: hex64(imageAddress(layout, kernel, layout[kernel].log.start)) });
}

function logPort({ memory, contents, plan }: LogBox, kernel: KernelName): PagePort {
  const { start } = plan.layout[kernel].log;
  return {
    readPage: (index) => contents.bytes(memory.read(pfn(start + index))),
    writePage: (index, bytes) => memory.write(pfn(start + index), contents.intern(bytes)),
  };
}

function isShown({ shown }: KernelMessage, plan: Plan): boolean {
  switch (shown) {
    case 'always':
      return true;
    case 'console-held':
      return !plan.noConsoleSuspend;
    case 'print-times':
      return plan.pmPrintTimes;
    // The jump path is no hibernation to pm_debug_messages (linux.md A1.3); dynamic debug and initcall_debug are not options here.
    case 'debug':
    case 'dynamic':
    case 'initcall-debug':
      return false;
  }
}
