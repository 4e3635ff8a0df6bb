/**
 * Processors: registers saved and restored, other processors parked and started, the NMI stop of a panic.
 * Facts: linux.md A1.3 rows 9 to 11, A1.4 row 1, A1.9 rows 9 to 12, A3.2 row 4, E row 15.
 */
import type { Pfn } from '../../image/pfn.ts';
import { assert } from '../assert.ts';
import type { Box, Move, ReplyAddress } from '../box.ts';
import type { CommandOf } from '../commands.ts';
import { withRegister } from '../kexec/cpu-state.ts';
import { zeroWord } from '../kexec/word.ts';
import { latencyNs } from '../latencies.ts';
import { errnoTable } from '../linux/errno.ts';
import { type CpuRecord, type KernelName, kernelNames, type Machine } from '../machine.ts';
import type { Plan } from '../plan.ts';
import { item } from '../shape.ts';
import { hasStartUpCode } from './start-up-code.ts';

const busyErrno = -errnoTable.EBUSY.number;
const ioErrno = -errnoTable.EIO.number;

/** Where save_processor_state puts the registers: `saved_context` in the kernel's data, here its first page. */
export const savedStateFrame = (plan: Plan, kernel: KernelName): Pfn => plan.layout[kernel].data.start;

export function saveProcessor(box: Box, { kernel }: CommandOf<'processor.save'>): void {
  box.memory.write(savedStateFrame(box.plan, kernel), item(box.machine.cpus, 0).registers as never);
}

export function restoreProcessor(box: Box, { kernel }: CommandOf<'processor.restore'>): void {
  const { faults } = box.machine;
  const saved = box.memory.read(savedStateFrame(box.plan, kernel));
  const forgotten = faults.forgetsRegister
    ? box.contents.intern(withRegister(box.contents.bytes(saved), 'bx', zeroWord))
    : saved;
  faults.forgetsRegister = false;
  item(box.machine.cpus, 0).registers = forgotten;
  box.note({ type: 'jump.resumed', kernel });
}

export function setInterrupts(box: Box, on: boolean): void {
  item(box.machine.cpus, 0).interrupts = on;
}

/** Row 11: -EBUSY on wakeup without a line, or a callback's error, whose line the chart prints. */
export function suspendSystemCore(box: Box, { kernel }: CommandOf<'syscore.suspend'>): void {
  const { machine } = box;
  if (machine.wakeupPending) return box.reply(kernel, { type: 'syscore.aborted' });
  if (machine.faults.syscoreFails) {
    machine.faults.syscoreFails = false;
    return box.reply(kernel, { type: 'syscore.failed', errno: busyErrno });
  }
  machine.kernels[kernel].syscoreAsleep = true;
  box.clock(kernel, 'sleep');
  box.reply(kernel, { type: 'syscore.suspended' });
}

export function resumeSystemCore(box: Box, { kernel }: CommandOf<'syscore.resume'>): void {
  box.machine.kernels[kernel].syscoreAsleep = false;
  box.clock(kernel, 'wake');
}

export function takeCpuOffline(box: Box, { kernel, cpu }: CommandOf<'cpu.offline'>): void {
  if (box.machine.wakeupPending) return box.reply(kernel, { type: 'cpu.aborted', cpu });
  const record = item(box.machine.cpus, cpu);
  if (record.staysUp) {
    record.staysUp = false;
    return box.reply(kernel, { type: 'cpu.failed', cpu, errno: busyErrno });
  }
  record.busy = 'goingOffline';
}

export function bringCpuOnline(box: Box, { kernel, cpu }: CommandOf<'cpu.online'>): void {
  const record = item(box.machine.cpus, cpu);
  record.busy = 'comingOnline';
  if (!hasStartUpCode(box, kernel)) record.staysDown = true;
}

/** NMI to all others. With none, or when all have answered, `cpus.stopped`; one that ignores it leaves the chart to its time-out. */
export function stopCpus(box: Box, { kernel }: CommandOf<'cpus.stop'>): void {
  for (const [index, cpu] of box.machine.cpus.entries()) {
    if (index > 0 && cpu.state === 'online') cpu.busy = 'stopping';
  }
  if (!someStopping(box.machine)) box.reply(kernel, { type: 'cpus.stopped' });
}

const someStopping = ({ cpus }: Machine): boolean => cpus.some(({ busy }) => busy === 'stopping');

export const cpuMove: Move = {
  name: 'cpu.complete',
  count: (plan) => plan.size.cpuCount,
  rank: (machine, index) => {
    const { busy, ignoresNmi } = item(machine.cpus, index);
    if (machine.power === 'off' || busy === 'no') return undefined;
    return busy === 'stopping' && ignoresNmi ? undefined : 'urgent';
  },
  run: (box, index) => completeCpu(box, index),
  owner: (machine): ReplyAddress | undefined => runningKernel(machine),
  latencyNs: (machine, index) => cpuLatencyNs(item(machine.cpus, index)),
  label: (index) => `cpu${index}`,
};

function completeCpu(box: Box, cpu: number): void {
  const kernel = runningKernel(box.machine);
  assert(kernel !== undefined, 'cpu: a processor changes only while a kernel runs');
  const record = item(box.machine.cpus, cpu);
  const { busy } = record;
  record.busy = 'no';
  if (busy === 'goingOffline') {
    record.state = 'offline';
    box.reply(kernel, { type: 'cpu.offlined', cpu });
  } else if (busy === 'stopping') {
    record.state = 'halted';
    if (!someStopping(box.machine)) box.reply(kernel, { type: 'cpus.stopped' });
  } else if (record.staysDown) {
    // cpuhp_bp_sync_alive waits 10 s, then _cpu_up gives -EIO (linux.md A4.7).
    box.reply(kernel, { type: 'cpu.failed', cpu, errno: ioErrno });
  } else {
    record.state = 'online';
    box.reply(kernel, { type: 'cpu.onlined', cpu });
  }
}

function cpuLatencyNs({ busy, staysDown }: CpuRecord): number {
  if (busy === 'goingOffline') return latencyNs('cpu.offline');
  if (busy === 'stopping') return latencyNs('cpu.stop');
  return latencyNs(staysDown ? 'cpu.notAlive' : 'cpu.online');
}

export function runningKernel(machine: Machine): KernelName | undefined {
  return kernelNames.find((name) => name === machine.owner);
}
