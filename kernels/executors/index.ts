/** One table over all commands. Slow ones only begin here; `slowWork` completes them. */
import type { Box, Move } from '../box.ts';
import type { Command, CommandOf, CommandType } from '../commands.ts';
import { latencyNs } from '../latencies.ts';
import { resumeConsole, suspendConsole } from './console.ts';
import { haltKernel, jumpToCapture, powerOffMachine, restartMachine, setBootNext } from './crash.ts';
import { saveCrashNotes } from './crash-notes.ts';
import { cutInside } from './cut-inside.ts';
import { deviceCall } from './device-call.ts';
import { loadKernel, switchOn, testMachine } from './firmware.ts';
import { saveKept, saveKeptLatencyNs } from './kept-kernel.ts';
import { loadImage } from './load-image.ts';
import {
  bringCpuOnline,
  cpuMove,
  restoreProcessor,
  resumeSystemCore,
  saveProcessor,
  setInterrupts,
  stopCpus,
  suspendSystemCore,
  takeCpuOffline,
} from './processor.ts';
import { verifyImage } from './purgatory.ts';
import { jump, startNewKernel } from './relocation.ts';
import {
  checkImage,
  checkImageLatencyNs,
  consumeImage,
  loadChunk,
  loadChunkLatencyNs,
} from './restore-image.ts';
import { commitImage, flushImage, openVmcore, saveLatencyNs, withdrawImage, writeChunk } from './save.ts';
import { beginWork, isSlowOrder, type SlowTable, type WorkUnderWay, workMove, workOf } from './slow-work.ts';
import { probe, startKernel } from './start-kernel.ts';
import { freezeTasks, showTasks, startUserSpace, syncUserSpace, thawTasks } from './tasks.ts';

type Executors = { readonly [Type in CommandType]: (box: Box, command: CommandOf<Type>) => void };

const executors: Executors = {
  'firmware.test': switchOn,
  'firmware.load': beginWork,
  'kernel.start': beginWork,
  'kernel.probe': beginWork,
  'userSpace.start': beginWork,
  'userSpace.sync': beginWork,
  'kexec.load': beginWork,
  'tasks.freeze': freezeTasks,
  'tasks.show': showTasks,
  'tasks.thaw': thawTasks,
  'console.suspend': suspendConsole,
  'console.resume': resumeConsole,
  'device.call': (box, call) => deviceCall(box, call),
  'cpu.offline': takeCpuOffline,
  'cpu.online': bringCpuOnline,
  'interrupts.disable': (box) => setInterrupts(box, false),
  'interrupts.enable': (box) => setInterrupts(box, true),
  'syscore.suspend': suspendSystemCore,
  'syscore.resume': resumeSystemCore,
  'processor.save': saveProcessor,
  'processor.restore': restoreProcessor,
  'kexec.jump': (box, { kernel }) => jump(box, kernel),
  'kexec.start': (box, { kernel }) => startNewKernel(box, kernel),
  'cpus.stop': stopCpus,
  'crash.save': saveCrashNotes,
  'crash.jump': jumpToCapture,
  'kernel.halt': haltKernel,
  'purgatory.verify': beginWork,
  'vmcore.open': beginWork,
  'image.write': beginWork,
  'image.flush': beginWork,
  'image.commit': beginWork,
  'image.withdraw': beginWork,
  'image.check': beginWork,
  'image.load': beginWork,
  'image.consume': beginWork,
  'kept.save': beginWork,
  'bootNext.set': setBootNext,
  'machine.powerOff': powerOffMachine,
  'machine.restart': restartMachine,
};

/** Every command by name. */
// The table has exactly the names of the commands; Object.keys forgets them.
export const commandTypes = Object.keys(executors) as readonly CommandType[];

const byKernel = ({ kernel }: WorkUnderWay) => kernel;
const byFirmware = () => 'firmware' as const;

const slowTable: SlowTable = {
  'firmware.test': { complete: testMachine, latencyNs: () => latencyNs('firmware.test'), owner: byFirmware },
  'firmware.load': { complete: loadKernel, latencyNs: () => latencyNs('firmware.load'), owner: byFirmware },
  'kernel.start': {
    complete: (box, { kernel }) => startKernel(box, kernel),
    latencyNs: ({ work }) => latencyNs(`${work.kernel}.start`),
    owner: byKernel,
  },
  'kernel.probe': {
    complete: (box, { kernel }) => probe(box, kernel),
    latencyNs: ({ work }) => latencyNs(`${work.kernel}.probe`),
    owner: byKernel,
  },
  'userSpace.start': {
    complete: (box, { kernel }) => startUserSpace(box, { type: 'userSpace.start', kernel }),
    latencyNs: () => latencyNs('userSpace.start'),
    owner: byKernel,
  },
  'userSpace.sync': {
    complete: (box, { kernel }) => syncUserSpace(box, { type: 'userSpace.sync', kernel }),
    latencyNs: () => latencyNs('userSpace.sync'),
    owner: byKernel,
  },
  'kexec.load': {
    complete: loadImage,
    latencyNs: ({ work }) => latencyNs(work.purpose === 'back' ? 'kexec.loadBack' : 'kexec.load'),
    owner: byKernel,
  },
  'purgatory.verify': {
    complete: verifyImage,
    latencyNs: () => latencyNs('purgatory.verify'),
    owner: byKernel,
  },
  'vmcore.open': { complete: openVmcore, latencyNs: () => latencyNs('vmcore.open'), owner: byKernel },
  'image.write': { complete: writeChunk, latencyNs: saveLatencyNs, owner: byKernel },
  'image.flush': { complete: flushImage, latencyNs: () => latencyNs('disk.flush'), owner: byKernel },
  'image.commit': { complete: commitImage, latencyNs: () => latencyNs('disk.write'), owner: byKernel },
  'image.withdraw': { complete: withdrawImage, latencyNs: () => latencyNs('disk.flush'), owner: byKernel },
  'image.check': { complete: checkImage, latencyNs: checkImageLatencyNs, owner: byKernel },
  'image.load': { complete: loadChunk, latencyNs: loadChunkLatencyNs, owner: byKernel },
  'image.consume': { complete: consumeImage, latencyNs: () => latencyNs('disk.flush'), owner: byKernel },
  'kept.save': {
    complete: saveKept,
    latencyNs: (_machine, plan) => saveKeptLatencyNs(plan),
    owner: byKernel,
  },
};

export function execute(box: Box, command: Command): void {
  // The table has an executor for exactly this type; the compiler does not follow the pairing through the index.
  const run = executors[command.type] as (box: Box, command: Command) => void;
  run(box, command);
}

/** The power goes while the disk is at work on this: it takes some of the blocks (cut-inside.ts), and nobody hears of it. */
export function cutCommand(box: Box, command: Command): void {
  if (isSlowOrder(command)) cutInside(box, (cut) => slowTable[command.type].complete(cut, workOf(command)));
}

export const executorMoves: readonly Move[] = [workMove(slowTable), cpuMove];
