import { fillHeap } from './heap-work.ts';
import type { Workload } from './workload.ts';

/** A machine at rest: each task starts, fills one page, and then only counts its units. */
export const idle: Workload = {
  name: 'idle',
  about: 'nearly nothing: one page of memory for each task, no files',
  taskNames: ['init', 'login', 'cron', 'sshd'],
  installed: [],
  unit: (box, task, unit) => {
    if (unit === 0) fillHeap(box, { task, unit }, { from: 0, count: 1 });
  },
};
