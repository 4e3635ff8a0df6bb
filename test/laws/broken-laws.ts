/** For every law, ways to break it, and what it says then. */
import { diskWrite } from '../../kernels/devices/disk-cache.ts';
import { diskLayout } from '../../kernels/disk-layout.ts';
import { writeTaskBytes } from '../../kernels/linux/task-memory.ts';
import { item } from '../../kernels/shape.ts';
import type { BoxOptions } from '../../machines/options/box-options.ts';
import type { StepRecord } from '../../machines/system/world.ts';
import type { Tampering } from './sabotaged-run.ts';
import {
  afterCommit,
  dataFrame,
  deviceOf,
  dropped,
  flippedBit,
  instead,
  once,
  shortenHeaders,
  strangePage,
} from './tampering.ts';

export type Case = Tampering & {
  readonly law: string;
  readonly when: string;
  readonly options?: Partial<BoxOptions>;
  /** The step that the violation names; `end` is the last one. */
  readonly at: 'end' | ((record: StepRecord) => boolean);
  readonly says: string;
};

/** Small, so that each run takes a moment. */
export const smallOptions: Partial<BoxOptions> = { ramBytes: 2 ** 28, tasks: 2, work: 12 };

const notes = (type: string) => (record: StepRecord) => record.notes.some((note) => note.type === type);
const tells = (type: string) => (record: StepRecord) => record.told.some((message) => message.type === type);
const orders = (type: string) => (record: StepRecord) =>
  record.commands.some((command) => command.type === type);

export const cases: readonly Case[] = [
  {
    law: 'memory-comes-back',
    when: 'one bit of the entry list flips before the way back',
    options: { load: 'on-demand' },
    sabotage: flippedBit(),
    at: notes('jump.arrived'),
    says: 'of A came back changed',
  },
  {
    law: 'memory-comes-back',
    when: 'B writes into a page of A',
    sabotage: once('image.write', (box) => box.memory.write(dataFrame(box.plan), strangePage(box))),
    at: notes('jump.arrived'),
    says: '1 frame of A came back changed',
  },
  {
    law: 'registers-come-back',
    when: 'one register is forgotten on the way back',
    prepare: (machine) => {
      machine.faults.forgetsRegister = true;
    },
    at: notes('jump.resumed'),
    says: 'original: registers that are not as they were: 1, bx was 00000000000000b0 and is 0000000000000000',
  },
  {
    law: 'devices-come-back',
    when: 'a device that B has used refuses to be restored',
    prepare: (machine, plan) => {
      deviceOf(machine, plan, 'console').fails = 'restore';
    },
    at: 'end',
    says: 'console is set up by dump',
  },
  {
    law: 'processors-come-back',
    when: 'a processor does not start again',
    options: { cpus: 2 },
    prepare: (machine) => {
      item(machine.cpus, 1).staysDown = true;
    },
    at: 'end',
    says: 'processor 1 is offline',
  },
  {
    law: 'frozen-devices-resume',
    when: 'a device refuses to freeze and the kernel skips dpm_resume_end',
    options: { quirks: ['leaves-devices-frozen'] },
    prepare: (machine, plan) => {
      deviceOf(machine, plan, 'network-card').fails = 'freeze';
    },
    at: 'end',
    says: 'original/timer is left frozen while its kernel runs on',
  },
  {
    law: 'frozen-tasks-thaw',
    when: 'nobody thaws the tasks',
    sabotage: dropped('tasks.thaw'),
    at: 'end',
    says: 'tasks are left frozen while original is running',
  },
  {
    law: 'frozen-tasks-thaw',
    when: 'B cannot load the way back and A stays away',
    options: { load: 'on-demand', quirks: ['empty-segment-at-zero'] },
    at: 'end',
    says: 'tasks are left frozen while original is away',
  },
  {
    law: 'no-dma-while-quiet',
    when: 'the network card runs on through its freezing',
    prepare: (machine, plan) => {
      deviceOf(machine, plan, 'network-card').keepsDma = true;
    },
    at: notes('dma.landed'),
    says: 'network-card writes into the receive ring of A: A does not execute',
  },
  {
    law: 'b-stays-in-its-range',
    when: 'B is told of all memory',
    options: { load: 'on-demand', quirks: ['b-sees-all-memory'] },
    at: (record) => record.replies.some(({ type }) => type === 'kernel.probed'),
    says: "600 frames outside of B's range written by dump",
  },
  {
    law: 'others-partitions-untouched',
    when: 'B writes into the file system of A',
    sabotage: once('image.write', (box) =>
      diskWrite(box, diskLayout(box.plan.ramBytes).root.start + 9, strangePage(box)),
    ),
    at: orders('image.write'),
    says: "blocks that change while A is away: 1, from block 9 of A's file system on",
  },
  {
    law: 'others-partitions-untouched',
    when: 'B writes into the swap of A',
    sabotage: once('image.write', (box) =>
      diskWrite(box, diskLayout(box.plan.ramBytes).swap.start, strangePage(box)),
    ),
    at: orders('image.write'),
    says: "block 0 of A's swap",
  },
  {
    law: 'tools-tell-the-truth',
    when: 'the tool takes any return for a failure',
    options: { quirks: ['fails-after-success'] },
    at: (record) => record.printed.some(({ line }) => line === 'tool.kexecMisreported'),
    says: '"kexec failed" after a round trip that went well',
  },
  {
    law: 'tools-tell-the-truth',
    when: 'the system call returns from a jump that was never made',
    sabotage: (box, command, carryOut) => {
      if (command.type === 'kexec.jump') box.arrive('original', { type: 'control.arrived', by: 'return' });
      else carryOut();
    },
    at: tells('jump.returned'),
    says: 'kexec -e returns as if from B',
  },
  {
    law: 'tools-tell-the-truth',
    when: 'the loader reports success and has loaded nothing',
    sabotage: (box, command, carryOut) => {
      if (command.type === 'kexec.load') box.reply(command.kernel, { type: 'kexec.failed', errno: -12 });
      else carryOut();
      if (command.type === 'kexec.load') box.machine.kernels.original.image.loaded = true;
    },
    at: tells('load.failed'),
    says: 'kexec -l reports an error, but an image is loaded',
  },
  {
    law: 'success-means-an-image',
    when: 'the commit is reported and not written',
    sabotage: (box, command, carryOut) => {
      if (command.type === 'image.commit') box.reply('dump', { type: 'image.committed' });
      else carryOut();
    },
    at: tells('dump.saved'),
    says: 'B says that it saved, but nothing is saved here',
  },
  {
    law: 'success-means-an-image',
    when: 'the last flush fails, nothing is taken back, and the commit reaches the medium later',
    sabotage: afterCommit((box) => box.reply('dump', { type: 'image.failed', errno: -5 }), 'image.withdraw'),
    at: tells('dump.failed'),
    says: 'B says that nothing was saved, but a complete image is committed',
  },
  {
    law: 'committed-image-is-whole',
    when: 'a block of the data changes under the commit',
    sabotage: afterCommit((box, carryOut) => {
      diskWrite(box, diskLayout(box.plan.ramBytes).dump.start + 1, strangePage(box));
      carryOut();
    }),
    at: tells('dump.saved'),
    says: 'the commit stands over a broken image',
  },
  {
    law: 'consumed-once-loaded',
    when: 'C takes the mark before it has loaded anything',
    options: { variant: 'hibernate' },
    sabotage: instead('image.load', (box) => box.reply('restore', { type: 'image.loaded' })),
    at: notes('image.consumed'),
    says: 'of the image not loaded when it is consumed',
  },
  {
    law: 'never-resumed-twice',
    when: 'C says that it took the mark, and did not',
    options: { variant: 'hibernate' },
    sabotage: instead('image.consume', (box) => box.reply('restore', { type: 'image.consumed' })),
    at: notes('jump.arrived'),
    says: 'A goes on from an image that is not marked as used',
  },
  {
    law: 'others-partitions-untouched',
    when: "somebody writes into A's files while the power is off",
    options: { variant: 'hibernate' },
    sabotage: once('image.check', (box) =>
      box.medium.write(diskLayout(box.plan.ramBytes).root.start + 3000, strangePage(box)),
    ),
    at: notes('jump.arrived'),
    says: 'blocks that changed between the departure and the return of A: 1',
  },
  {
    law: 'image-holds-what-it-should',
    when: 'a page of A changes before it is saved',
    sabotage: once('image.write', (box) => box.memory.write(dataFrame(box.plan), strangePage(box))),
    at: tells('dump.saved'),
    says: '1 frame of A in the image with other contents than A had, the first is 0x1a0a (data of A)',
  },
  {
    law: 'image-holds-what-it-should',
    when: 'the headers for B describe less than there is',
    options: { load: 'on-demand' },
    sabotage: once('vmcore.open', shortenHeaders),
    at: tells('dump.saved'),
    says: 'frames of A in no load segment',
  },
  {
    law: 'image-holds-what-it-should',
    when: 'B has no /proc/vmcore',
    options: { load: 'on-demand', quirks: ['no-vmcore'] },
    at: (record) => record.replies.some(({ type }) => type === 'vmcore.missing'),
    says: 'B has no /proc/vmcore',
  },
  {
    law: 'no-page-of-b-in-the-image',
    when: 'a page of B stands where B reads A',
    sabotage: once('image.write', (box) =>
      box.memory.write(dataFrame(box.plan), box.memory.read(box.plan.layout.dump.text.start)),
    ),
    at: tells('dump.saved'),
    says: '1 frame of the image with contents of B, the first is 0x1a0a (data of A)',
  },
  {
    law: 'abort-leaves-a-running',
    when: 'the system core fails and the unwinding forgets the tasks',
    prepare: (machine) => {
      machine.faults.syscoreFails = true;
    },
    sabotage: dropped('tasks.thaw'),
    at: 'end',
    says: 'after an abort 2 tasks of A neither run nor are done',
  },
  {
    law: 'clock-runs-forward',
    when: 'the clock of A counts while A is away',
    sabotage: (box, command, carryOut) => {
      carryOut();
      if (command.type === 'syscore.suspend' && command.kernel === 'original') box.clock('original', 'wake');
    },
    at: (record) => record.turns.some(({ actor, event }) => actor === 'dump' && event === 'control.arrived'),
    says: 'the clock of original runs while its system core sleeps',
  },
  {
    law: 'no-wait-without-a-way-out',
    when: 'the disk never answers sync()',
    sabotage: dropped('userSpace.sync'),
    at: 'end',
    says: 'original waits, and nothing can happen any more',
  },
  {
    law: 'no-wait-without-a-way-out',
    when: 'the machine hangs without a fault',
    options: { load: 'on-demand', quirks: ['b-sees-all-memory'] },
    at: 'end',
    says: 'the machine hangs, and no fault was planned',
  },
  {
    law: 'same-as-twin',
    when: 'a task finds one byte changed when it goes on',
    sabotage: once(
      'tasks.thaw',
      (box) => void writeTaskBytes(box, 1, { page: 0, offsetBytes: 100 }, Uint8Array.of(1)),
    ),
    at: 'end',
    says: 'pages that differ: 1',
  },
];
