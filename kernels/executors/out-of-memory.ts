/**
 * The OOM killer takes the program that saves, or the one that loads: in an initramfs it is the largest task there is (linux.md E row 23).
 * Lines and figures are those of log b1, where it took makedumpfile; the report between them is left out.
 */
import type { Box } from '../box.ts';
import type { KernelName } from '../machine.ts';

/** True when a planned shortage has struck: the program is gone, and with it what it was about to do. */
export function isKilledForMemory(box: Box, kernel: KernelName): boolean {
  const { faults } = box.machine;
  if (!faults.outOfMemory) return false;
  faults.outOfMemory = false;
  const command = kernel === 'restore' ? 'krestore' : 'makedumpfile';
  box.print(kernel, 'oom.invoked', { command });
  box.print(kernel, 'oom.killed', {
    command,
    pid: 111,
    virtualKib: 49_996,
    residentKib: 13_696,
    sharedKib: 2_328,
    tablesKib: 136,
  });
  return true;
}
