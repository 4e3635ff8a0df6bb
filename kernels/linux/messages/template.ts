/**
 * What a line is before it is printed: a text with holes, and what the kernel knows about it.
 *
 * A hole is `{name}`, or `{name:width}` with the width as printf writes it: `{pid:-5}` five wide and left-aligned, `{node:3}` right-aligned,
 * `{start:016x}` a number in hexadecimal. A text given for a hexadecimal hole is taken as digits already (64-bit values are hex strings).
 */
import { assert } from '../../assert.ts';

/**
 * KERN_EMERG to KERN_DEBUG, and the two that are no level of their own: `default` is a printk without one, `cont` goes on with
 * the line before (Linux 6.12 include/linux/kern_levels.h).
 */
export type MessageLevel =
  | 'emerg'
  | 'alert'
  | 'crit'
  | 'err'
  | 'warning'
  | 'notice'
  | 'info'
  | 'debug'
  | 'default'
  | 'cont';

/**
 * When the kernel prints it at all. `debug`: pm_debug_messages, and only while hibernation or a suspend target is active, so never in
 * the jump path (kernel/power/main.c:pm_debug_messages_should_print). `dynamic`: CONFIG_DYNAMIC_DEBUG. `print-times`: pm_print_times
 * or initcall_debug. `initcall-debug`: only the latter. `console-held`: unless no_console_suspend (kernel/printk/printk.c:suspend_console).
 */
export type Shown = 'always' | 'debug' | 'dynamic' | 'print-times' | 'initcall-debug' | 'console-held';

/** The recorded log in which the line stands (test/golden/logs), or where it was only read. */
export type Seen =
  | 'a0'
  | 'a1'
  | 'a3'
  | 'a8'
  | 'a9'
  | 'a12'
  | 'a15'
  | 'b0'
  | 'b1'
  | 'b2'
  | 'b3'
  | 'b5'
  | 'c1'
  | 'c5'
  | 'e3'
  | 'e8'
  | 'source only';

export type KernelMessage<Text extends string = string> = {
  readonly from: 'kernel';
  readonly text: Text;
  readonly level: MessageLevel;
  readonly shown: Shown;
  /** The text has no newline: the next `cont` goes on with it. */
  readonly isOpen: boolean;
  /** 0: printk. 1: user space, through /dev/kmsg; it stands in the log with a stamp all the same. */
  readonly facility: 0 | 1;
  /** Printed by dev_printk: the log keeps subsystem and device beside the text. */
  readonly isDevice: boolean;
  /** File and function, in the kernel version of the table. */
  readonly source: string;
  readonly seen: Seen;
};

/** A line on the console that is in no kernel's log: it has no level and no time stamp. */
export type ConsoleMessage<Text extends string = string> = {
  readonly from: 'purgatory' | 'tool';
  readonly text: Text;
  readonly source: string;
  readonly seen: Seen;
};

export type MessageTemplate<Text extends string = string> = KernelMessage<Text> | ConsoleMessage<Text>;

export type MessageValue = string | number;
export type MessageValues = Readonly<Record<string, MessageValue>>;

/** The names of the holes of a text: `'{a} of {b:016x}'` has `'a' | 'b'`. */
export type HolesOf<Text extends string> = Text extends `${string}{${infer Hole}}${infer Rest}`
  ? (Hole extends `${infer Name}:${string}` ? Name : Hole) | HolesOf<Rest>
  : never;

const hole = /\{(\w+)(?::(-?)(0?)(\d*)(x?))?\}/g;

export function fillTemplate(template: MessageTemplate, values: MessageValues): string {
  return template.text.replace(
    hole,
    (_hole, name: string, left: string, zero: string, width: string, hex: string) => {
      const value = values[name];
      assert(value !== undefined, `message: no value for {${name}} in "${template.text}"`);
      const text = hex === 'x' && typeof value === 'number' ? value.toString(16) : String(value);
      const columns = Number(width || 0);
      return left === '-' ? text.padEnd(columns) : text.padStart(columns, zero === '0' ? '0' : ' ');
    },
  );
}

/** The way back: matches the text of a line and has what stands in the holes as named groups, padding included. */
export function templatePattern({ text }: MessageTemplate): RegExp {
  const seen = new Set<string>();
  const holes = [...text.matchAll(hole)].map(([, name = '', , , , hex]) => {
    if (seen.has(name)) return `\\k<${name}>`;
    seen.add(name);
    return `(?<${name}>${hex === 'x' ? '[0-9a-f]+' : '.*?'})`;
  });
  const fixed = text
    .replace(hole, '\n')
    .split('\n')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${fixed.map((part, index) => part + (holes[index] ?? '')).join('')}$`);
}

/** The numbers behind the names: include/linux/kern_levels.h; a printk without a level has CONFIG_MESSAGE_LOGLEVEL_DEFAULT, 4. */
export const levelNumbers = {
  emerg: 0,
  alert: 1,
  crit: 2,
  err: 3,
  warning: 4,
  notice: 5,
  info: 6,
  debug: 7,
  default: 4,
  cont: 4,
} as const satisfies Record<MessageLevel, number>;

type Rest = { readonly shown?: Shown; readonly isOpen?: boolean };

const kernel =
  (level: MessageLevel, isDevice: boolean, facility: 0 | 1 = 0) =>
  <const Text extends string>(
    text: Text,
    source: string,
    seen: Seen,
    rest: Rest = {},
  ): KernelMessage<Text> => ({
    from: 'kernel',
    text,
    level,
    shown: rest.shown ?? 'always',
    isOpen: rest.isOpen ?? false,
    facility,
    isDevice,
    source,
    seen,
  });

const consoleLine =
  (from: ConsoleMessage['from']) =>
  <const Text extends string>(text: Text, source: string, seen: Seen): ConsoleMessage<Text> => ({
    from,
    text,
    source,
    seen,
  });

/** How the tables are written: one word per way of printing, named as the kernel's own functions are. */
export const emerg = kernel('emerg', false);
export const alert = kernel('alert', false);
export const err = kernel('err', false);
export const warning = kernel('warning', false);
export const notice = kernel('notice', false);
export const info = kernel('info', false);
export const debug = kernel('debug', false);
export const plain = kernel('default', false);
export const cont = kernel('cont', false);
export const userLog = kernel('default', false, 1);
export const deviceEmerg = kernel('emerg', true);
export const deviceErr = kernel('err', true);
export const deviceDebug = kernel('debug', true);
export const deviceNotice = kernel('notice', true);
export const deviceInfo = kernel('info', true);
export const purgatory = consoleLine('purgatory');
export const tool = consoleLine('tool');
