/** Nothing but processors writes memory while it changes hands. */
import type { Note } from '../../kernels/box.ts';
import { rangeHolds } from '../../kernels/linux/memory-layout.ts';
import { item } from '../../kernels/shape.ts';
import { actorNameOf } from '../system/actors.ts';
import type { Rules, World } from '../system/world.ts';
import { partName } from './frame-text.ts';
import type { Law } from './law.ts';

type Landing = Extract<Note, { type: 'dma.landed' }>;

export const noDmaWhileQuiet: Law = {
  name: 'no-dma-while-quiet',
  says: 'No device writes to memory between its freezing and its resuming, nor while A is away',
  verifies:
    'every write of a device: whether A executes, its system core is awake and the driver has not quiesced it',
  leavesOut:
    "a crash, where nothing is quiesced: there only B's memory is out of bounds (linux.md A3.3); memory that holds nothing of A: before its boot, and after a power-off until C loads",
  source: 'linux.md E row 1; design section 5',
  atStep: ({ rules, before, record }) =>
    record.notes.flatMap((note) => {
      const reason = note.type === 'dma.landed' ? whyNot(rules, before, note) : undefined;
      if (note.type !== 'dma.landed' || reason === undefined) return [];
      const { plan } = rules;
      const role = item(plan.devices, note.device);
      return [`${role} writes into the ${partName(plan, note.frame)}: ${reason}`];
    }),
};

function whyNot({ plan }: Rules, { machine, actors }: World, { device, frame }: Landing): string | undefined {
  const { state, syscoreAsleep } = machine.kernels.original;
  if (state === 'stopped') {
    const isOfB =
      machine.kernels.dump.state === 'running' &&
      plan.layout.dumpRam.some((range) => rangeHolds(range, frame));
    return isOfB ? 'that is memory of B' : undefined;
  }
  if (state === 'absent' && machine.kernels.restore.saveAt === 0) return undefined;
  if (state !== 'running' || machine.owner !== 'original') return 'A does not execute';
  if (syscoreAsleep) return 'the system core of A sleeps';
  const driver = actors[actorNameOf(plan, { kernel: 'original', device })];
  // While its callback is under way a device may still finish what it had begun.
  const isQuiesced = driver?.hasTag('frozen') === true && !driver.hasTag('waiting');
  return isQuiesced ? 'its driver has quiesced it' : undefined;
}
