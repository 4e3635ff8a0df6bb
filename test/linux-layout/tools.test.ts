/** Other people's tools read the box's dumps: readelf, gdb, and Debian's makedumpfile 1.7.2 with every filter level. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { BoxOptions } from '../../machines/options/box-options.ts';
import type { PageCounts } from '../../scripts/report/page-counts.ts';
import { needs, run, type Skippable } from '../kit/needs.ts';
import { dumpedBox, savedLog, scratchFile } from './dumped-box.ts';

const kdump = { path: 'kdump' } as const;
const jump = { path: 'kexec-jump' } as const;

/** All levels where something about the levels could differ; elsewhere the one that is all of them. */
const everyLevel = [1, 2, 4, 8, 16, 31] as const;
const allAtOnce = [31] as const;

const boxes: readonly (readonly [string, Partial<BoxOptions>, readonly number[]])[] = [
  ['a crash of the default box', kdump, everyLevel],
  ['a crash with KASLR', { ...kdump, kaslr: true }, everyLevel],
  ['a crash with the structures of 6.1', { ...kdump, kernelLayout: '6.1' }, everyLevel],
  [
    'a crash with the structures of 6.1 and KASLR',
    { ...kdump, kernelLayout: '6.1', kaslr: true, seed: 7 },
    allAtOnce,
  ],
  ['a crash of 6 GiB, so of two zones', { ...kdump, ramBytes: 6 * 2 ** 30, workload: 'compiler' }, allAtOnce],
  [
    'a crash of 12 GiB, where sections share their struct pages',
    { ...kdump, ramBytes: 12 * 2 ** 30 },
    allAtOnce,
  ],
  ['a jump', jump, everyLevel],
  ['a jump with KASLR and the structures of 6.1', { ...jump, kaslr: true, kernelLayout: '6.1' }, allAtOnce],
  ['a jump on demand', { ...jump, load: 'on-demand', workload: 'database' }, everyLevel],
  ['a jump on demand with KASLR', { ...jump, load: 'on-demand', kaslr: true, ramBytes: 2 ** 28 }, allAtOnce],
];

/** What makedumpfile reports of each reason, by the names that we use. */
const reasons = {
  zero: 'Pages filled with zero',
  cache: 'Non-private cache pages',
  cachePrivate: 'Private cache pages',
  user: 'User process data pages',
  free: 'Free pages',
  hwpoison: 'Hwpoison pages',
  offline: 'Offline pages',
} as const;
type Reason = keyof typeof reasons;
type Excluded = { readonly [Name in Reason]: number };

const nothing: Excluded = { zero: 0, cache: 0, cachePrivate: 0, user: 0, free: 0, hwpoison: 0, offline: 0 };

/** What the box says that a level leaves out: level 31 counts a page of zeros only when nothing else is said of it. */
function expectedAt(level: number, pages: PageCounts): Excluded {
  const { zero, zeroKept, cache, cachePrivate, user, free } = pages;
  const isOn = (bit: number, count: number): number => ((level & bit) === 0 ? 0 : count);
  return {
    ...nothing,
    zero: isOn(1, level === 1 ? zero : zeroKept),
    cache: isOn(2 | 4, cache),
    cachePrivate: isOn(4, cachePrivate),
    user: isOn(8, user),
    free: isOn(16, free),
  };
}

function makedumpfile(context: Skippable, ...parameters: readonly string[]): string {
  const { status, stdout, stderr } = run(needs(context, 'makedumpfile'), parameters);
  expect(status, stderr).toBe(0);
  return stdout + stderr;
}

/** Of the report that message level 16 asks for. */
function excluded(report: string): Excluded {
  const count = (reason: Reason): number => {
    const found = new RegExp(`${reasons[reason]} *: 0x([0-9a-f]+)`).exec(report);
    return Number.parseInt(found?.[1] ?? 'none', 16);
  };
  // Object.fromEntries forgets which names there are.
  return Object.fromEntries(Object.keys(reasons).map((name) => [name, count(name as Reason)])) as Excluded;
}

describe.each(boxes)('of %s', (_title, options, levels) => {
  for (const level of levels) {
    it(`makedumpfile -d ${level} leaves out as many pages of each kind as the box counts`, (context) => {
      needs(context, 'makedumpfile');
      const { vmcore, facts } = dumpedBox(options);
      const report = makedumpfile(
        context,
        '--dry-run',
        '--message-level',
        '16',
        '-d',
        String(level),
        vmcore,
        'none',
      );
      expect(excluded(report)).toEqual(expectedAt(level, facts.pages));
    });
  }

  it('makedumpfile --dump-dmesg prints exactly the log that A had when it left', (context) => {
    needs(context, 'makedumpfile');
    const dumped = dumpedBox(options);
    const out = scratchFile('dmesg');
    makedumpfile(context, '-f', '--dump-dmesg', dumped.vmcore, out);
    const log = readFileSync(out, 'latin1');
    expect(log.split('\n').length).toBeGreaterThan(40);
    // After a jump A goes on, and so does its log.
    expect(savedLog(dumped).slice(0, log.length)).toBe(log);
    if (options.path === 'kdump') expect(savedLog(dumped)).toBe(log);
  });

  it('readelf finds the notes and the load segments', (context) => {
    const readelf = needs(context, 'readelf');
    const { status, stdout, stderr } = run(readelf, ['-lnW', dumpedBox(options).vmcore]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^ {2}VMCOREINFO +0x[0-9a-f]+/m);
    expect(stdout.match(/NT_PRSTATUS/g)?.length ?? 0).toBe(options.path === 'kdump' ? 2 : 0);
    expect(stdout.match(/^ {2}LOAD /gm)?.length).toBeGreaterThanOrEqual(4);
  });
});

describe('gdb -c', () => {
  it('finds the release where VMCOREINFO says, and the processor in the kernel', (context) => {
    const gdb = needs(context, 'gdb');
    const { vmcore } = dumpedBox(kdump);
    const { stdout } = run(gdb, [
      '-batch',
      '-c',
      vmcore,
      '-ex',
      'info registers rip',
      '-ex',
      'x/s 0xffffffff81a10000 + 2 * 65',
    ]);
    expect(stdout).toMatch(/rip +0xffffffff81001000/);
    expect(stdout).toContain('"6.12.117-box"');
  });
});
