/**
 * A run as a sequence chart, before it is drawn: lifelines, and what happens between them in the order of time.
 *
 *   happenings   read off the records, one for each message, order, answer, change of control, log line
 *   folded       what repeats is one happening with a count (fold.ts)
 *   sequence     with phases as bands and stretches without news as gaps (sequence-of.ts)
 */
import type { KernelName } from '../../../kernels/machine.ts';
import type { Phase } from '../../../machines/vocabulary.ts';

/** `devices` are the drivers and their devices together, `device:NAME` is one of them; `disk` is what is written to its medium. */
export type LifelineId =
  | 'operator'
  | 'firmware'
  | KernelName
  | 'devices'
  | `device:${string}`
  | 'disk'
  | 'memory';

export type Lifeline = { readonly id: LifelineId; readonly title: string };

/** Who has the machine: those are alive, the other kernels stand still. */
export type Executor = 'firmware' | KernelName;

export type Happening = {
  readonly kind: Kind;
  readonly step: number;
  /** Nanoseconds since power-on: when it began, and when it was over. */
  readonly startNs: number;
  readonly endNs: number;
  readonly clock: OwnClock | undefined;
  readonly executor: Executor | undefined;
  readonly place: Place;
  readonly from: LifelineId;
  /** None: it concerns only the one it comes from. */
  readonly to: readonly LifelineId[];
  readonly text: string;
  /** What the state says that it stands for. */
  readonly does: string;
  readonly isFailure: boolean;
  /** What repeats has the same key; the names tell one from the other. */
  readonly key: string;
  readonly names: readonly string[];
  readonly count: number;
};

/** An answer ends the order or the request with the same key. Work goes on beside everything else and belongs to no order. */
export type Kind =
  | 'message'
  | 'order'
  | 'request'
  | 'answer'
  | 'control'
  | 'line'
  | 'work'
  | 'fault'
  | 'timer';

/** The clock of the kernel that executes; the firmware has none, and a kernel whose system core sleeps has a stopped one. */
export type OwnClock = { readonly kernel: KernelName; readonly ns: number };

export type Place = { readonly phase: Phase | undefined; readonly of: Executor | undefined };

export type Band = {
  readonly kind: 'band';
  readonly phase: Phase;
  readonly of: Executor;
  readonly startNs: number;
  readonly endNs: number;
};
/** Nothing to tell for so long. */
export type Gap = { readonly kind: 'gap'; readonly ns: number; readonly executor: Executor | undefined };
export type Row = Band | Gap | Happening;

export type Sequence = {
  readonly title: string;
  readonly lifelines: readonly Lifeline[];
  readonly rows: readonly Row[];
};

export type DevicesShown = 'together' | 'each';
