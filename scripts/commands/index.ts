/** The registry of commands: one module and one line each. A command is loaded only when it is called. */
import type { Command } from '../cli/io.ts';

export const commands: readonly Command[] = [
  {
    name: 'run',
    about: 'hibernates a box by kexec jump, resumes it, and proves that the state is the same',
    load: async () => (await import('./run.ts')).run,
  },
  {
    name: 'step',
    about: 'steps through a run, forwards and backwards',
    load: async () => (await import('./step.ts')).step,
  },
  {
    name: 'visualize',
    about: 'draws a chart, or a run as a sequence',
    load: async () => (await import('./visualize.ts')).visualize,
  },
  {
    name: 'image',
    about: 'reads, verifies, converts and compares dumps and hibernation images',
    load: async () => (await import('./image.ts')).image,
  },
  {
    name: 'compare',
    about: 'runs paths on the same box and shows what they share and what only one does',
    load: async () => (await import('./compare.ts')).compare,
  },
  {
    name: 'sweep',
    about: 'runs every variant, and every fault at every place, and counts how they end',
    load: async () => (await import('./sweep.ts')).sweep,
  },
];
