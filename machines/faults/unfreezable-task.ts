import { item } from '../../kernels/shape.ts';
import type { Fault } from './fault.ts';

export const unfreezableTask: Fault = {
  name: 'unfreezable-task',
  about: 'a task sleeps uninterruptibly and does not freeze; the freezer gives up after 20 s',
  source: '[L e8] "1 tasks refusing to freeze"; linux.md E row 10',
  places: ({ freezer }) => (freezer ? ['tasks.freeze'] : []),
  strike: ({ machine }) => {
    item(machine.kernels.original.tasks, 0).refuses = true;
  },
};
