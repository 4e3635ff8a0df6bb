/**
 * The instruction set of the box: what charts order, and what comes back. Charts see of kernels/ only these types.
 *
 * A command is `noun.verb`, its reply `noun.verbed` or `noun.failed`. A reply comes within the same step, or the executor marks
 * the hardware busy and a later move completes it. Commands without a reply cannot fail. `noun.aborted` is the answer to a pending
 * wakeup event, which is no failure of anything and has no line (linux.md B.5).
 */
import type { CallbackName, KernelName, LoadPurpose } from './machine.ts';

/** Negative kernel error numbers that travel in replies; names and texts in linux/errno.ts. */
export type Errno = number;

export type Command =
  | { readonly type: 'firmware.test' }
  | { readonly type: 'firmware.load' }
  | { readonly type: 'kernel.start'; readonly kernel: KernelName }
  | { readonly type: 'kernel.probe'; readonly kernel: KernelName }
  | { readonly type: 'userSpace.start'; readonly kernel: KernelName }
  | { readonly type: 'kexec.load'; readonly kernel: KernelName; readonly purpose: LoadPurpose }
  | { readonly type: 'userSpace.sync'; readonly kernel: KernelName }
  | { readonly type: 'tasks.freeze'; readonly kernel: KernelName }
  /** sched_show_task for every task that refuses to freeze. */
  | { readonly type: 'tasks.show'; readonly kernel: KernelName }
  | { readonly type: 'tasks.thaw'; readonly kernel: KernelName }
  | { readonly type: 'console.suspend'; readonly kernel: KernelName }
  | { readonly type: 'console.resume'; readonly kernel: KernelName }
  | {
      readonly type: 'device.call';
      readonly kernel: KernelName;
      readonly device: number;
      readonly callback: CallbackName;
    }
  | { readonly type: 'cpu.offline'; readonly kernel: KernelName; readonly cpu: number }
  | { readonly type: 'cpu.online'; readonly kernel: KernelName; readonly cpu: number }
  | { readonly type: 'interrupts.disable' }
  | { readonly type: 'interrupts.enable' }
  | { readonly type: 'syscore.suspend'; readonly kernel: KernelName }
  | { readonly type: 'syscore.resume'; readonly kernel: KernelName }
  | { readonly type: 'processor.save'; readonly kernel: KernelName }
  | { readonly type: 'processor.restore'; readonly kernel: KernelName }
  | { readonly type: 'kexec.jump'; readonly kernel: KernelName }
  /** The same without a preserved context: nothing leads back. */
  | { readonly type: 'kexec.start'; readonly kernel: KernelName }
  | { readonly type: 'cpus.stop'; readonly kernel: KernelName }
  | { readonly type: 'crash.save'; readonly kernel: KernelName }
  | { readonly type: 'crash.jump'; readonly kernel: KernelName }
  | { readonly type: 'kernel.halt'; readonly kernel: KernelName }
  | { readonly type: 'purgatory.verify' }
  | { readonly type: 'vmcore.open' }
  | { readonly type: 'image.write' }
  | { readonly type: 'image.flush' }
  | { readonly type: 'image.commit' }
  /** The flush behind the commit failed: it must not reach the medium later. */
  | { readonly type: 'image.withdraw' }
  /** C: is there an image that may be loaded here? Its pages to their frames; the mark that it was. */
  | { readonly type: 'image.check' }
  | { readonly type: 'image.load' }
  | { readonly type: 'image.consume' }
  /** A keeps what the loaded image holds now, B as it was when it left, and the way in. */
  | { readonly type: 'kept.save'; readonly kernel: KernelName }
  | { readonly type: 'bootNext.set'; readonly kernel: KernelName; readonly boot: 'original' | 'restore' }
  | { readonly type: 'machine.powerOff'; readonly kernel: KernelName }
  | { readonly type: 'machine.restart'; readonly kernel: KernelName };

export type CommandType = Command['type'];
export type CommandOf<T extends CommandType> = Extract<Command, { type: T }>;

export type Reply =
  | { readonly type: 'firmware.ready' }
  | { readonly type: 'firmware.loaded' }
  | { readonly type: 'kernel.started' }
  | { readonly type: 'kernel.probed' }
  | { readonly type: 'userSpace.started' }
  | { readonly type: 'userSpace.synced' }
  | { readonly type: 'kexec.loaded' }
  | { readonly type: 'kexec.failed'; readonly errno: Errno }
  | { readonly type: 'tasks.frozen' }
  | { readonly type: 'tasks.aborted' }
  | { readonly type: 'callback.done'; readonly device: number }
  | { readonly type: 'callback.failed'; readonly device: number; readonly errno: Errno }
  | { readonly type: 'callback.aborted'; readonly device: number }
  | { readonly type: 'cpu.offlined'; readonly cpu: number }
  | { readonly type: 'cpu.onlined'; readonly cpu: number }
  | { readonly type: 'cpu.failed'; readonly cpu: number; readonly errno: Errno }
  | { readonly type: 'cpu.aborted'; readonly cpu: number }
  | { readonly type: 'syscore.suspended' }
  | { readonly type: 'syscore.failed'; readonly errno: Errno }
  | { readonly type: 'syscore.aborted' }
  | { readonly type: 'kexec.nothingLoaded' }
  | { readonly type: 'cpus.stopped' }
  | { readonly type: 'purgatory.matched' }
  | { readonly type: 'purgatory.mismatched' }
  | { readonly type: 'vmcore.opened' }
  | { readonly type: 'vmcore.missing' }
  | { readonly type: 'image.chunkWritten' }
  | { readonly type: 'image.written' }
  | { readonly type: 'image.flushed' }
  | { readonly type: 'image.committed' }
  | { readonly type: 'image.withdrawn' }
  | { readonly type: 'image.accepted' }
  | { readonly type: 'image.rejected' }
  | { readonly type: 'image.chunkLoaded' }
  | { readonly type: 'image.loaded' }
  | { readonly type: 'image.consumed' }
  | { readonly type: 'kept.saved' }
  | { readonly type: 'kept.failed'; readonly errno: Errno }
  | { readonly type: 'image.failed'; readonly errno: Errno };

/** Control reaches an actor: the only thing that hardware queues by itself. */
export type Arrival =
  | {
      readonly type: 'control.arrived';
      readonly by: 'boot' | 'crash' | 'jump' | 'plain' | 'return' | 'reentry';
    }
  | { readonly type: 'power.restored' }
  | { readonly type: 'power.lost' }
  | { readonly type: 'panic.struck' };
