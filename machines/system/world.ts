/**
 * A world is everything about the box at one moment, one immutable value. Worlds share structure: the machine is an immer tree,
 * memory and medium are persistent page maps, snapshots are kept as XState made them. Storable as JSON, page contents apart.
 */
import type { AnyMachineSnapshot } from 'xstate';
import type { Box, LineValues, Move, Note } from '../../kernels/box.ts';
import type { Command, CommandType, Reply } from '../../kernels/commands.ts';
import type { MessageName } from '../../kernels/linux/messages/index.ts';
import type { KernelName, Machine } from '../../kernels/machine.ts';
import type { Contents } from '../../kernels/memory/contents.ts';
import type { PageMap } from '../../kernels/memory/page-map.ts';
import type { Plan } from '../../kernels/plan.ts';
import type { ChartEvent } from '../vocabulary.ts';
import type { Actor, ActorName, TimerEvent } from './actors.ts';
import type { Clock } from './clock.ts';

export type World = {
  readonly step: number;
  readonly machine: Machine;
  readonly memory: PageMap;
  readonly medium: PageMap;
  /** C and its drivers only on a path that has them. */
  readonly actors: Actors;
  /** Messages under way, by channel name; channels without any are left out. */
  readonly queues: Readonly<Record<string, readonly ChartEvent[]>>;
  /** Moments that laws look back to, by `note type/kernel`. */
  readonly kept: Readonly<Record<string, Moment>>;
  readonly clock: Clock;
};

type ActorAlways = 'operator' | 'firmware' | 'original' | 'dump';
export type Actors = Readonly<
  Record<ActorAlways, AnyMachineSnapshot> & Partial<Record<ActorName, AnyMachineSnapshot>>
>;

export type Moment = {
  readonly memory: PageMap;
  readonly medium: PageMap;
  readonly machine: Machine;
  readonly nowNs: number;
};

/** Who may send to whom, and how much may be under way. */
export type Channel = {
  readonly name: string;
  readonly from: string;
  readonly to: ActorName;
  readonly capacity: number;
};

export type LineSource = {
  readonly event: ChartEvent;
  readonly context: unknown;
  readonly plan: Plan;
  readonly machine: Machine;
};

/** All that does not change over a run; the runner gets it as data. */
export type Rules = {
  readonly plan: Plan;
  readonly contents: Contents;
  readonly actors: ReadonlyMap<ActorName, Actor>;
  readonly actorOrder: readonly ActorName[];
  readonly channels: readonly Channel[];
  readonly moves: readonly Move[];
  /** False: a fault came first, the command was not carried out, and who gave it gives no more in this turn. */
  readonly execute: (box: Box, command: Command) => boolean;
  readonly lineValues: (line: MessageName, source: LineSource) => LineValues;
  /** In tests: after every step, records are held against their shapes. */
  readonly checksShapes: boolean;
};

/** One chart run to rest. */
export type TurnRecord = {
  readonly actor: ActorName;
  readonly event: string;
  /** The event itself: which device, which processor, which error. */
  readonly heard: ChartEvent | TimerEvent;
  readonly before: string;
  /** States entered and left again within the turn: what `always` passed through. */
  readonly through: readonly string[];
  readonly after: string;
  readonly ignored: boolean;
};

export type WriteRecord = {
  readonly by: Machine['owner'];
  readonly before: PageMap;
  readonly after: PageMap;
};
export type ConsoleLine = { readonly by: KernelName | 'none'; readonly text: string };

export type StepRecord = {
  readonly step: number;
  /** When the step ended, in nanoseconds since power-on. */
  readonly nowNs: number;
  readonly pick: string;
  readonly kind: 'deliver' | 'move' | 'timer';
  readonly answers: readonly number[];
  readonly turns: readonly TurnRecord[];
  /** `state`: which state of the chart gave the order, one that was only passed through included. */
  readonly commands: readonly {
    readonly by: ActorName;
    readonly type: CommandType;
    readonly text: string;
    readonly state: string;
  }[];
  readonly replies: readonly { readonly to: ActorName; readonly type: Reply['type'] }[];
  readonly told: readonly {
    readonly from: ActorName;
    readonly to: ActorName;
    readonly type: string;
    readonly state: string;
  }[];
  readonly printed: readonly {
    readonly kernel: KernelName;
    readonly line: MessageName;
    readonly text: string;
    /** By the clock of that kernel. */
    readonly timeNs: number;
  }[];
  readonly console: readonly ConsoleLine[];
  readonly notes: readonly Note[];
  readonly writes: readonly WriteRecord[];
};
