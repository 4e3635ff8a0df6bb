/**
 * Commands that take time on the boot processor: the executor only notes what is under way; a move completes it later. So there is a
 * moment between order and effect in which something else can happen.
 */
import { assert } from '../assert.ts';
import type { Box, Move, ReplyAddress } from '../box.ts';
import type { Command } from '../commands.ts';
import type { KernelName, Machine, SlowCommand } from '../machine.ts';
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

export function beginWork(box: Box, command: Extract<Command, { type: SlowCommand }>): void {
  const { work } = box.machine;
  assert(
    work.command === 'none',
    `work: the processor is busy with ${work.command} and cannot begin ${command.type}`,
  );
  work.command = command.type;
  work.kernel = 'kernel' in command ? command.kernel : ownerOf[command.type];
  work.purpose = 'purpose' in command ? command.purpose : 'jump';
}

/** Commands that only one kernel gives do not name it. */
const ownerOf: {
  readonly [Name in Exclude<
    Extract<Command, { type: SlowCommand }>,
    { kernel: KernelName }
  >['type']]: KernelName;
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
