/**
 * Every quirk of the registry: alone, with what it takes to be seen; those of the tools together, in the hands of someone who goes around
 * one after the other; and all of them together. Stories line by line stand in shipped-tools.test.ts and leaked-devices.test.ts.
 */
import { describe, expect, it } from 'vitest';
import type { BoxOptions } from '../../machines/options/box-options.ts';
import { quirks } from '../../machines/quirks/index.ts';
import { sourceFiles } from '../architecture/source-files.ts';
import { type Told, tell } from '../kit/story.ts';

type Options = Partial<BoxOptions>;
type Case = { readonly options?: Options; readonly fault?: string };

const onDemand: Options = { load: 'on-demand', cpus: 1 };

/** What a quirk needs beside itself. */
const circumstances: Readonly<Record<string, Case>> = {
  'leaves-devices-frozen': { fault: 'device-fails@freeze:gpu' },
  'low-memory-not-saved': { options: { cpus: 2 } },
  'loads-dump-by-kexec': { options: { load: 'reserved', variant: 'hibernate' } },
};

const toldWith = (quirk: string, withQuirk: boolean): Told => {
  const { options, fault } = circumstances[quirk] ?? {};
  return tell({ ...onDemand, ...options, quirks: withQuirk ? [quirk] : [] }, ...(fault ? [fault] : []));
};

const ending = ({ verdict, broken }: Told): string => [verdict, ...broken].join(' ');

/** Verdict, and the laws that are broken. */
const ends: Readonly<Record<string, string>> = {
  'leaves-devices-frozen': 'aborted devices-come-back frozen-devices-resume',
  'loads-dump-by-kexec': 'refused',
  // B's memory is not A's: all that A had beyond B's range may be gone, and the image cannot hold it.
  'b-sees-all-memory': 'hung b-stays-in-its-range image-holds-what-it-should no-wait-without-a-way-out',
  'range-start-wrong': 'restored image-holds-what-it-should',
  'low-memory-not-saved': 'restored image-holds-what-it-should memory-comes-back processors-come-back',
  // What lies below mem-min is not swapped out, so B writes over it, control page and all.
  'control-page-inside-range': 'lost image-holds-what-it-should',
  'no-vmcore': 'restored image-holds-what-it-should',
  // B runs on, and A's tasks stay as A left them.
  'empty-segment-at-zero': 'refused frozen-tasks-thaw',
  'control-page-unmapped': 'lost',
  'fails-after-success': 'restored tools-tell-the-truth',
};

describe.each(quirks)('$name', ({ name }) => {
  it('alone ends as the table says', () => {
    expect(ending(toldWith(name, true))).toBe(ends[name]);
  });

  it('is what does it: the same box without it breaks no law', () => {
    const told = toldWith(name, false);
    expect(told.verdict).toBe(circumstances[name]?.fault ? 'aborted' : 'restored');
    expect(told.broken).toEqual([]);
  });
});

/** What the tools do wrong is wrong in what they plan and load. Only the words of row 8 are nothing but words. */
const readers = [
  'kernels/executors/kexec-load.ts',
  'kernels/executors/load-request.ts',
  'kernels/executors/way-back.ts',
  'kernels/plan.ts',
  'machines/options/kexec-order.ts',
  'machines/options/plan-of.ts',
  'machines/system/begin.ts',
];

describe('the defects of the tools', () => {
  it('are known where they plan and load, and nowhere later: what follows, follows from bytes', () => {
    const known = sourceFiles.filter(
      ({ path, text }) => !path.startsWith('kernels/kexec/') && /\bdefects\b\s*[.:,)}]/.test(text),
    );
    expect(known.map(({ path }) => path).filter((path) => !path.startsWith('machines/quirks/'))).toEqual(
      readers,
    );
    const begin = sourceFiles.find(({ path }) => path === 'machines/system/begin.ts');
    expect(begin?.text.match(/defects\.\w+/g)).toEqual(['defects.failsAfterSuccess']);
  });
});

describe('the shipped tools', () => {
  const shipped: Options = { ...onDemand, tools: 'shipped', memMin: 0 };
  const steps: readonly (readonly [string, Options, string])[] = [
    ['as they are: the way back cannot be loaded (a0)', {}, 'refused'],
    ["with the lab's helper, B sees all memory: silence (a8)", { wayBack: 'empty-page' }, 'hung'],
    [
      "kept to its range by mem=: A's control page is not mapped (a0c)",
      { wayBack: 'empty-page', bAppend: 'mem=80M' },
      'lost',
    ],
    [
      'with a ragged end: it comes back, and is said to have failed (a1)',
      { wayBack: 'empty-page', bAppend: 'mem=81M', memMax: 0x50fffff },
      'restored',
    ],
    [
      'kept to its range by --pass-memmap-cmdline, the same (a9)',
      { wayBack: 'empty-page', passMemmap: true, memMax: 0x50fffff },
      'restored',
    ],
    [
      "with mem-min above A's control page: B overwrites that",
      { wayBack: 'empty-page', bAppend: 'mem=81M', memMax: 0x50fffff, memMin: 0x1000000 },
      'lost',
    ],
    [
      'with another end that is no multiple of 2 MiB: as a1',
      { wayBack: 'empty-page', bAppend: 'mem=97M', memMax: 0x60fffff },
      'restored',
    ],
    [
      'with another end that is one: as a0c',
      { wayBack: 'empty-page', bAppend: 'mem=96M', memMax: 0x5ffffff },
      'lost',
    ],
    [
      'with the real page of the other lab, and its numbers (linux.md A1.7)',
      {
        tools: 'corrected',
        quirks: ['b-sees-all-memory', 'range-start-wrong', 'no-vmcore', 'fails-after-success'],
        wayBack: 'real-page',
        ramBytes: 2 ** 29,
        memMin: 0x1000000,
        memMax: 0x9ffffff,
        bAppend: 'mem=160M',
      },
      'restored',
    ],
    [
      'with an end that asks for more than half of RAM: A itself is refused (e8)',
      { wayBack: 'empty-page', bAppend: 'mem=255M', memMax: 0xfefffff },
      'refused',
    ],
  ];

  it.each(steps)('%s', (_title, options, verdict) => {
    expect(tell({ ...shipped, ...options }).verdict).toBe(verdict);
  });
});

describe('all together', () => {
  it('get no further than the helper, and with the means of the lab round as a1', () => {
    const all: Options = { ...onDemand, tools: 'shipped', kernel: '6.12' };
    expect(ending(tell(all))).toBe(
      'refused b-stays-in-its-range image-holds-what-it-should frozen-tasks-thaw',
    );
    const around: Options = { wayBack: 'empty-page', bAppend: 'mem=81M', memMin: 0, memMax: 0x50fffff };
    expect(ending(tell({ ...all, ...around }))).toBe(
      'restored image-holds-what-it-should tools-tell-the-truth',
    );
  });

  it.each(['reserved', 'on-demand'] as const)(
    'with corrected tools 6.12 comes back, load %s, and obeys every law',
    (load) => {
      expect(ending(tell({ load, tools: 'corrected', kernel: '6.12' }))).toBe('restored');
    },
  );
});
