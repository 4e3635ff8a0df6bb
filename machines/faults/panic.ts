/**
 * The kernel that was about to give an order meets an exception in its own code and panics (panic_on_oops). The report of the
 * exception itself is left out; the panic's text is that of oops_end. Not offered while a panic is under way, nor before a kernel
 * has a log.
 */
import { assert } from '../../kernels/assert.ts';
import type { Box } from '../../kernels/box.ts';
import type { Command } from '../../kernels/commands.ts';
import { runningKernel } from '../../kernels/executors/processor.ts';
import { item } from '../../kernels/shape.ts';
import type { Fault } from './fault.ts';
import { kernelPlaces } from './places.ts';

export const panic: Fault = {
  name: 'panic',
  about: 'the kernel panics instead of going on',
  source: '[S] Linux 6.12 arch/x86/kernel/dumpstack.c:oops_end; linux.md A3.2 row 1',
  places: kernelPlaces,
  isTheEnd: true,
  strike: (box: Box, _command: Command) => {
    const kernel = runningKernel(box.machine);
    assert(kernel !== undefined, 'panic: only a kernel that executes can panic');
    item(box.machine.cpus, 0).interrupts = false;
    box.arrive(kernel, { type: 'panic.struck' });
  },
};
