/**
 * The marker lines of a log (linux.md G.1, A1.3): recognised by the message table, so that a recording and the console of the box are
 * read by the same rule. A mark is the name of a message and what stood in its holes, as far as that is the same on every machine.
 *
 * Marks are all messages that the kernels' charts print, the banner and the words of the command line that say how to get at A, what
 * vmcore_init says, what kexec_load leaves in the log, and what kexec says of a load or a jump that failed. Left out, each with its reason:
 */
import type { AnyStateNode } from 'xstate';
import { type MessageName, messagesOf } from '../../kernels/linux/messages/index.ts';
import { type MessageTemplate, templatePattern } from '../../kernels/linux/messages/template.ts';
import { dump } from '../../machines/dump.ts';
import { original } from '../../machines/original.ts';
import type { StateMeta } from '../../machines/vocabulary.ts';

export const leftOut: Readonly<Partial<Record<MessageName, string>>> = {
  'device.calling': 'a line for each device, and the devices of the lab are not those of the box',
  'device.returned': 'a line for each device, and the devices of the lab are not those of the box',
  'device.shutdown': 'a line for each device, and the devices of the lab are not those of the box',
  'tasks.restarted': 'another line may cut in before it (linux.md A1.9 row 16)',
  'panic.cpu':
    'the head of a trace, which other reports have as well; the box has no registers and no frames to show',
  'panic.hardware': 'the head of a trace, as above',
  'panic.callTrace': 'the head of a trace, as above',
};

export type Mark = Readonly<Record<string, string>> & { readonly line: MessageName };

/** Time, chance, the build, and names of what the lab has and the box has not. */
const ownHoles: ReadonlySet<string> = new Set([
  'commandLine',
  'seconds',
  'milliseconds',
  'driver',
  'device',
  'callback',
  'symbol',
  'mode',
  'command',
  'name',
  'pid',
  'tgid',
  'ppid',
  'state',
  'flags',
  'stack',
]);

const messages = messagesOf('6.12');

const alsoMarks = [
  'boot.banner',
  'boot.commandLine',
  'freezer.task',
  'vmcore.headerNotFound',
  'vmcore.headerNotSane',
  'vmcore.zeroNotes',
  'vmcore.ioremapOnRam',
  'kexec.noControlBuffer',
  'kexec.noSwapBuffer',
  'allocation.failed',
  'tool.kexecFailed',
  'tool.kexecLoadFailed',
  'tool.kexecHelperFailed',
] as const satisfies readonly MessageName[];

/** The same words twice in the table: one name is enough. */
const sameWords: ReadonlySet<MessageName> = new Set<MessageName>(['tool.kexecMisreported']);

const names: readonly MessageName[] = [
  ...new Set<MessageName>([...spokenBy(original.root), ...spokenBy(dump.root), ...alsoMarks]),
].filter((name) => leftOut[name] === undefined && !sameWords.has(name));

export const marksIn = (lines: readonly string[]): readonly Mark[] =>
  lines.flatMap((line) => markOf(line) ?? []);

/** A stamp may stand within a line: a program was writing when the kernel did (log e8). */
function markOf(line: string): Mark | undefined {
  const [, stamp, text = line] = /(\[ *\d+\.\d{6}\] )(.*)$/.exec(line) ?? [];
  for (const name of names) {
    const template = messages[name];
    if ((template.from === 'kernel') !== (stamp !== undefined)) continue;
    const match = patternOf(template).exec(text);
    if (match) return { line: name, ...sameEverywhere(name, match.groups ?? {}) };
  }
  return undefined;
}

function sameEverywhere(name: MessageName, groups: Readonly<Record<string, string>>) {
  const entry = /kexec_jump_back_entry=\S+/.exec(groups['commandLine'] ?? '')?.[0];
  const kept = Object.entries(groups).filter(([hole]) => !ownHoles.has(hole) && name !== 'boot.banner');
  return { ...Object.fromEntries(kept), ...(entry !== undefined && { entry }) };
}

/** A line without its newline goes on with whatever comes next. */
function patternOf(template: MessageTemplate): RegExp {
  const { source } = templatePattern(template);
  const isOpen = template.from === 'kernel' && template.isOpen;
  return new RegExp(isOpen ? source.slice(0, -1) : source);
}

function spokenBy(node: AnyStateNode): readonly MessageName[] {
  // Our charts' states carry our meta (vocabulary.ts), which XState does not know.
  const { lines = [] } = (node.meta ?? {}) as Partial<StateMeta>;
  return [...lines, ...Object.values(node.states).flatMap(spokenBy)];
}
