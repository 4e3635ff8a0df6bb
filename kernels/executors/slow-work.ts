/**
 * Commands that take time on the boot processor: the executor only notes what is under way; a move completes it later. So there is a
 * moment between order and effect in which something else can happen.
 */
import { assert } from '../assert.ts';
import type { Box, Move, ReplyAddress } from '../box.ts';
import type { Command } from '../commands.ts';
import { type KernelName, type Machine, type SlowCommand, slowCommands } from '../machine.ts';
import type { Plan } from '../plan.ts';

export type WorkUnderWay = { readonly kernel: KernelName; readonly purpose: Machine['work']['purpose'] };

export type SlowWork = {
  /** Does it, and replies. */
  readonly complete: (box: Box, work: WorkUnderWay) => void;
  readonly latencyNs: (machine: Machine, plan: Plan) => number;
  /** Who gave the order. */
  readonly owner: (work: WorkUnderWay) => ReplyAddress;
};

export type SlowTable = { readonly [Name in SlowCommand]: SlowWork };

export type SlowOrder = Extract<Command, { type: SlowCommand }>;

export const isSlowOrder = (command: Command): command is SlowOrder =>
  slowCommands.some((type) => type === command.type);

export function beginWork(box: Box, command: SlowOrder): void {
  const { work } = box.machine;
  assert(
    work.command === 'none',
    `work: the processor is busy with ${work.command} and cannot begin ${command.type}`,
  );
  const { kernel, purpose } = workOf(command);
  work.command = command.type;
  work.kernel = kernel;
  work.purpose = purpose;
}

export const workOf = (command: SlowOrder): WorkUnderWay => ({
  kernel: 'kernel' in command ? command.kernel : ownerOf[command.type],
  purpose: 'purpose' in command ? command.purpose : 'jump',
});

/** Commands that only one kernel gives do not name it. */
const ownerOf: {
  readonly [Name in Exclude<SlowOrder, { kernel: KernelName }>['type']]: KernelName;
} = {
  'firmware.test': 'original',
  'firmware.load': 'original',
  'purgatory.verify': 'dump',
  'vmcore.open': 'dump',
  'image.write': 'dump',
  'image.flush': 'dump',
  'image.commit': 'dump',
  'image.withdraw': 'dump',
  'image.check': 'restore',
  'image.load': 'restore',
  'image.consume': 'restore',
};

export const workMove = (table: SlowTable): Move => ({
  name: 'work.complete',
  count: () => 1,
  rank: ({ power, work }) => (power === 'on' && work.command !== 'none' ? 'urgent' : undefined),
  run: (box) => {
    const { command, kernel, purpose } = box.machine.work;
    assert(command !== 'none', 'work: nothing is under way');
    stopWork(box);
    table[command].complete(box, { kernel, purpose });
  },
  owner: ({ work }) => (work.command === 'none' ? undefined : table[work.command].owner(work)),
  latencyNs: (machine, _index, plan) => {
    const { command } = machine.work;
    return command === 'none' ? 0 : table[command].latencyNs(machine, plan);
  },
  label: () => 'processor',
});

export function stopWork(box: Box): void {
  const { work } = box.machine;
  work.command = 'none';
  work.kernel = 'original';
  work.purpose = 'jump';
}
