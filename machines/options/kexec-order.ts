/**
 * From options to what is typed behind `kexec`: where B may live, what it is told, how it comes back (linux.md A1.7, A1.8).
 * Left out: options of kexec that the box has no use for, and B's command line beyond mem=, memmap= and nr_cpus=, which B reads itself.
 */
import { pageSizeBytes } from '../../image/pfn.ts';
import { parameterOf } from '../../kernels/executors/boot-parameters.ts';
import type { Defects } from '../../kernels/kexec/defects.ts';
import { alignedMemMax, raggedMemMax } from '../../kernels/linux/memory-layout.ts';
import type { KexecOrder } from '../../kernels/plan.ts';
import type { BoxOptions } from './box-options.ts';
import { OptionError } from './option-error.ts';

/** The kernel and initrd of the box, loaded at the top, and B at work at 16 MiB below them need this much. */
const leastMemMax = 0x3ffffff;

/** --mem-min of the live load of linux.md A1.7: what goes wrong below mem-min can only be seen with one this high. */
const highMemMin = 0x1000000;
/** That of log a1, which gives none: B may use all from the second page on, and all of that is swapped out. */
const lowMemMin = 0x1000;

export function kexecOrderOf(options: BoxOptions, defects: Defects): KexecOrder {
  const { memMin, bAppend, passMemmap, wayBack, jumpBy, jumpBackBy } = options;
  checkIsOnDemand(options);
  const hidesLowMemory = defects.lowMemoryNotSaved || defects.controlPageInsideRange;
  if (memMin !== undefined) checkAddress('--mem-min', memMin, 0, memMaxOf(options, defects));
  if (/[^\x20-\x7e]/.test(bAppend)) {
    throw new OptionError('option.text', {
      option: '--b-append',
      expected: 'printable ASCII, as a command line has it',
      found: JSON.stringify(bAppend),
    });
  }
  return {
    memMin: memMin ?? (hidesLowMemory ? highMemMin : lowMemMin),
    append: bAppend,
    passesMemmap: passMemmap,
    wayBack,
    jumpsBy: { original: jumpBy, dump: jumpBackBy, restore: jumpBackBy },
  };
}

/** A region is where it is, and B is told of it as of a crash kernel's: nothing of this would be heeded. */
function checkIsOnDemand({ load, memMin, memMax, passMemmap }: BoxOptions): void {
  if (load === 'on-demand') return;
  const given = [
    ...(memMin === undefined ? [] : ['--mem-min']),
    ...(memMax === undefined ? [] : ['--mem-max']),
    ...(passMemmap ? ['--pass-memmap-cmdline'] : []),
  ];
  const [first] = given;
  if (first === undefined) return;
  throw new OptionError('option.combination', {
    option: first,
    expected: '--load on-demand beside it',
    found: `--load ${load}`,
    help: 'Only a jump on demand has a range to choose.',
  });
}

/**
 * By default that of log a1, which is not a multiple of 2 MiB; that of log a0c is one, and shows what happens when B's identity map does
 * not cover A's control page.
 */
export function memMaxOf({ memMax, ramBytes }: BoxOptions, defects: Defects): number {
  if (memMax === undefined) return defects.controlPageUnmapped ? alignedMemMax : raggedMemMax;
  checkAddress('--mem-max', memMax + 1, leastMemMax + 1, ramBytes);
  return memMax;
}

/** nr_cpus= as Linux reads it. A B that only visits keeps to one processor when it is not told, as the scripts of all labs say. */
export const dumpCpuCountOf = ({ bAppend, cpus }: BoxOptions, otherwise: number): number =>
  Math.min(cpus, Math.max(1, Math.floor(Number(parameterOf(bAppend, 'nr_cpus') ?? otherwise)) || 1));

/** `address` is a border between pages: mem-max names the last byte below it. */
function checkAddress(option: string, address: number, least: number, most: number): void {
  if (Number.isInteger(address / pageSizeBytes) && address >= least && address <= most) return;
  const hex = (value: number): string => `0x${value.toString(16)}`;
  const isLast = option === '--mem-max';
  throw new OptionError('option.size', {
    option,
    expected: isLast
      ? `the last address of a page from ${hex(least - 1)} to ${hex(most - 1)}`
      : `the first address of a page from ${hex(least)} to ${hex(most)}`,
    found: hex(isLast ? address - 1 : address),
    help: isLast ? 'B has to fit below it, and it has to be RAM.' : 'It lies below --mem-max.',
  });
}
