/** The registry of commands: one module and one line each. A command is loaded only when it is called. */
import type { CommandRun } from '../cli/io.ts';

export type Command = {
  readonly name: string;
  readonly about: string;
  readonly load: () => Promise<CommandRun>;
};

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
    name: 'compare',
    about: 'runs paths on the same box and shows what they share and what only one does',
    load: async () => (await import('./compare.ts')).compare,
  },
];
