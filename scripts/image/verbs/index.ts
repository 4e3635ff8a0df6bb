/** The registry of verbs of `kjump image`: one module and one line each. A verb is loaded only when it is called. */
import type { Command } from '../../cli/io.ts';

export const imageVerbs: readonly Command[] = [
  {
    name: 'info',
    about: 'what a file is, of which machine, and what is wrong with it',
    load: async () => (await import('./info.ts')).info,
  },
  {
    name: 'verify',
    about: 'structure, sums, and every page read once',
    load: async () => (await import('./verify.ts')).verify,
  },
  {
    name: 'convert',
    about: 'any format into any other that can be written, filtered and packed on the way',
    load: async () => (await import('./convert.ts')).convert,
  },
  {
    name: 'diff',
    about: 'two images page by page, with what owns the pages that differ',
    load: async () => (await import('./diff.ts')).diff,
  },
  {
    name: 'extract',
    about: "the kernel's log, or a range of memory",
    load: async () => (await import('./extract.ts')).extract,
  },
  {
    name: 'why',
    about: 'why a page is in the image or not',
    load: async () => (await import('./why.ts')).why,
  },
  {
    name: 'forecast',
    about: 'whether a machine will resume from an image, or whether one of it will fit, and why not',
    load: async () => (await import('./forecast.ts')).forecast,
  },
];
