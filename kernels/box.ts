/**
 * The port through which executors, moves, devices, faults and workloads work on the box. Recipes: they mutate `machine` in
 * place (a draft in the full box, bare in a packed search), and reach pages and blocks only as ids of contents. What a page says
 * is asked of `contents`, which parses each content once.
 */
import type { Pfn } from '../image/pfn.ts';
import type { Arrival, Command, Reply } from './commands.ts';
import type { MessageName } from './linux/messages/index.ts';
import type { KernelName, Machine } from './machine.ts';
import type { ContentId, Contents } from './memory/contents.ts';
import type { Plan } from './plan.ts';

export type Run<Index extends number> = {
  readonly start: Index;
  readonly count: number;
  readonly id: ContentId;
};

/** Physical memory in one step. Every write is remembered with who wrote, for the laws. */
export type FramePort = {
  read(frame: Pfn): ContentId;
  write(frame: Pfn, content: ContentId): void;
  fill(start: Pfn, count: number, content: ContentId): void;
  /** Maximal runs of one content, in order; costs what was touched. */
  runs(start: Pfn, count: number): Iterable<Run<Pfn>>;
};

/** The medium of the disk, in blocks of a page: what survives a power cut. The volatile cache stands in `machine.disk`. */
export type BlockPort = {
  read(block: number): ContentId;
  write(block: number, content: ContentId): void;
  runs(start: number, count: number): Iterable<Run<number>>;
};

export type LineValues = Readonly<Record<string, string | number>>;

export type Box = {
  readonly plan: Plan;
  readonly machine: Machine;
  readonly contents: Contents;
  readonly memory: FramePort;
  readonly medium: BlockPort;
  /** Answers the actor that gave the order (`kernel` and `device` say which one when a move completes it later). */
  reply(to: ReplyAddress, reply: Reply): void;
  /** Control reaches an actor that was not running. */
  arrive(at: 'firmware' | KernelName, arrival: Arrival): void;
  /** printk, with the kernel's own time unless one is given: into the kernel's log in memory, and onto the console unless that is held back. */
  print(kernel: KernelName, line: MessageName, values?: LineValues, kernelTimeNs?: number): void;
  /** A line on the serial console that no kernel wrote: purgatory, firmware, user-space tools. */
  show(text: string): void;
  choose(count: number, about: string): number;
  /** A kernel's own clock: starts with its boot, stands still while its system core sleeps. */
  clock(kernel: KernelName, event: 'start' | 'sleep' | 'wake', agoNs?: number): void;
  /** Who executes from now on; the laws ask who wrote what. */
  own(owner: Machine['owner']): void;
  /** The memory of a kernel is gone or new: its charts begin anew. */
  forget(kernel: KernelName): void;
  /** A kernel leaves: what its charts and its record know goes into its memory, where a real kernel has it. */
  leaveBehind(kernel: KernelName): void;
  /**
   * Control lands in a control page with this swap page: whose it is, is read from memory, and so is all that this kernel knows.
   * Undefined when no kernel that left like this stands there.
   */
  pickUp(swapFrame: Pfn): KernelName | undefined;
  /** What laws must remember: see machines/laws. Executors only announce what happens. */
  note(event: Note): void;
};

export type ReplyAddress = 'firmware' | KernelName | { readonly kernel: KernelName; readonly device: number };

/** Moments that laws remember. */
export type Note =
  | { readonly type: 'jump.left'; readonly kernel: KernelName }
  | { readonly type: 'jump.arrived'; readonly kernel: KernelName }
  | { readonly type: 'jump.resumed'; readonly kernel: KernelName }
  | { readonly type: 'dma.landed'; readonly device: number; readonly frame: Pfn }
  | { readonly type: 'registers.saved'; readonly kernel: KernelName; readonly device: number }
  | { readonly type: 'crash.left'; readonly kernel: KernelName }
  | { readonly type: 'image.loaded'; readonly kernel: KernelName }
  | { readonly type: 'image.committed' }
  | { readonly type: 'image.consumed' }
  /** What stands on the medium is no longer what was written there, and nobody wrote. */
  | { readonly type: 'medium.damaged' }
  | { readonly type: 'fault.struck'; readonly fault: string; readonly place: string };

/** One table over all commands: exhaustive by type. */
export type Executor<C extends Command> = (box: Box, command: C) => void;

/** What hardware, tasks and the world outside do unasked. */
export type Move = {
  readonly name: string;
  /** How many instances the box has: devices, processors, tasks, or 1. */
  readonly count: (plan: Plan) => number;
  /**
   * urgent: something is under way and will happen; patient: it will, but later than any time-out; background: always possible,
   * never counts as pending. Undefined: not possible now.
   */
  readonly rank: (
    machine: Machine,
    index: number,
    plan: Plan,
  ) => 'urgent' | 'patient' | 'background' | undefined;
  readonly run: (box: Box, index: number) => void;
  /** Whose timers wait for it. */
  readonly owner?: (machine: Machine, index: number) => ReplyAddress | undefined;
  /** How long it takes in a timed run. */
  readonly latencyNs: (machine: Machine, index: number, plan: Plan) => number;
  /** For stories: what the instance is called. */
  readonly label: (index: number, plan: Plan) => string;
};
