/** A new task: an address space, a page of its own, and a record that says it runs. */
import type { Box } from '../box.ts';
import { recordOf, writeTask } from './task.ts';
import { makeAddressSpace } from './task-memory.ts';

/** False: memory is short, and there is no such task. Whether it refuses to be frozen is a fault, and stays as it is. */
export function startTask(box: Box, task: number, name: string): boolean {
  const record = recordOf(box, task);
  const root = makeAddressSpace(box);
  record.state = root === undefined ? 'absent' : 'running';
  record.done = 0;
  record.errors = 0;
  record.heapPages = root === undefined ? 0 : 1;
  if (root !== undefined) writeTask(box, task, { name, root });
  return root !== undefined;
}
