/**
 * The machine of the recordings: 256 MiB, Linux 6.12.117 with KEXEC_JUMP, kexec-tools 2.0.25, console and callbacks always shown
 * (no_console_suspend, initcall_debug). Where the lab went around a defect of the tools, a scenario says with which of its own means:
 *
 *   mem=81M on B's command line   B sees all memory otherwise (linux.md A1.8 row 1)
 *   mem-max 0x50fffff             no multiple of 2 MiB, so that B's identity map covers A's control page (row 7)
 *   an empty segment at 0x1000    the helper's own, at 0, covers all of memory (row 6)
 */
import type { BoxOptions } from '../options/box-options.ts';

export const labBox = (other: Partial<BoxOptions> = {}): Partial<BoxOptions> => ({
  path: 'kexec-jump',
  load: 'on-demand',
  ramBytes: 2 ** 28,
  cpus: 1,
  kernel: '6.12',
  tools: 'shipped',
  // No --mem-min was given: kexec takes 0.
  memMin: 0,
  memMax: 0x50fffff,
  bAppend: 'nr_cpus=1 mem=81M',
  wayBack: 'empty-page',
  jumpBackBy: 'reboot',
  noConsoleSuspend: true,
  pmPrintTimes: true,
  ...other,
});
