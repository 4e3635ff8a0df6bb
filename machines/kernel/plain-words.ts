/** The commands and messages of kernels that carry nothing, or nothing but the kernel that gives them: one recipe says them all. */
import type { Command, KernelName, Message } from '../vocabulary.ts';

/** Commands that need nothing but the kernel that gives them. */
export type PlainCommand =
  Extract<Command, { kernel: KernelName }> extends infer C
    ? C extends { type: infer T; kernel: KernelName }
      ? Exclude<keyof C, 'type' | 'kernel'> extends never
        ? T
        : never
      : never
    : never;

export type BareCommand = Extract<
  Command['type'],
  | 'interrupts.disable'
  | 'interrupts.enable'
  | 'purgatory.verify'
  | 'vmcore.open'
  | 'image.write'
  | 'image.flush'
  | 'image.commit'
  | 'image.withdraw'
  | 'image.check'
  | 'image.load'
  | 'image.consume'
>;

/** All of them are for the operator. */
export type PlainMessage = Extract<
  Message['type'],
  | 'load.answered'
  | 'jump.returned'
  | 'original.up'
  | 'dump.up'
  | 'dump.saved'
  | 'dump.failed'
  | 'dump.refused'
  | 'dump.stuck'
  | 'dump.off'
  | 'restore.failed'
  | 'restore.refused'
  | 'restore.stuck'
  | 'keep.answered'
>;
