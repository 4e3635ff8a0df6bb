/**
 * A kernel comes to life in memory: text, data, page tables, log, notes, frame bitmap; then its drivers probe.
 *
 * A is put there by the boot loader. B is decompressed from the image that stands in its range, knows its RAM from its boot
 * parameters only, and dirties what a booting kernel dirties. Text and data are patterns: they have the size and the place of a kernel,
 * not its bytes. B with the quirk of linux.md A1.8 row 1 takes all RAM for its own, from the top down.
 */
import { addressOf, pageSizeBytes, pfn, physical } from '../../image/pfn.ts';
import { assert } from '../assert.ts';
import type { Box } from '../box.ts';
import { probeDevices } from '../devices/set-up-devices.ts';
import { encodeCpuState } from '../kexec/cpu-state.ts';
import { hexWord } from '../kexec/word.ts';
import { latencyNs } from '../latencies.ts';
import { initialiseBitmap, reserveFrames } from '../linux/frame-allocator.ts';
import { takeGivenMemory } from '../linux/given-memory.ts';
import { addressesOf, imageAddress } from '../linux/kernel-address.ts';
import type { FrameRange, MemoryLayout } from '../linux/memory-layout.ts';
import { buildPageTables, type Mapping } from '../linux/page-tables.ts';
import { startLog } from '../linux/printk.ts';
import { memoryMapMappings } from '../linux/structures/memory-map-layout.ts';
import { initialiseStructures } from '../linux/structures/settle-structures.ts';
import type { KernelName } from '../machine.ts';
import { cpuCountOf } from '../plan.ts';
import { item } from '../shape.ts';
import { printBootLines } from './boot-lines.ts';
import { initialiseNotes } from './crash-notes.ts';
import { dirtiedRanges, keptFrameOf } from './early-allocations.ts';
import { writeStartUpCode } from './start-up-code.ts';

/** Seeds of the patterns that stand for a kernel's text and data. */
const patternSeeds = {
  original: { text: 0xa1, data: 0xa2, early: 0xa3 },
  dump: { text: 0xb1, data: 0xb2, early: 0xb3 },
  restore: { text: 0xd1, data: 0xd2, early: 0xd3 },
} as const;

/** Another build of the kernel: other text and data, the same sizes (fault other-restoring-kernel). */
const otherBuild = { text: 0xe1, data: 0xe2, early: 0xe3 } as const;

/** What the boot loader does for A and C, and decompression for B. */
export function placeKernel(box: Box, kernel: KernelName): void {
  const { text, data, early } = box.plan.layout[kernel];
  const isOther = kernel === 'restore' && box.machine.faults.otherBuild;
  const seeds = isOther ? otherBuild : patternSeeds[kernel];
  fillPattern(box, text, seeds.text);
  fillPattern(box, data, seeds.data);
  fillPattern(box, early, seeds.early);
}

/** A kernel whose per-CPU areas are gone hangs at the first access to them: no fault that resets, no line (log a8). */
export function isAlive(box: Box, kernel: KernelName): boolean {
  const { early } = box.plan.layout[kernel];
  const seed = patternSeeds[kernel].early;
  for (let index = 0; index < early.count; index += 1) {
    if (box.memory.read(pfn(early.start + index)) !== box.contents.made({ rule: 'pattern', seed, index }))
      return false;
  }
  return true;
}

export function fillPattern(box: Box, range: FrameRange, seed: number): void {
  for (let index = 0; index < range.count; index += 1) {
    box.memory.write(pfn(range.start + index), box.contents.made({ rule: 'pattern', seed, index }));
  }
}

/** `kernel.start`: up to the first initcalls. */
export function startKernel(box: Box, kernel: KernelName): void {
  if (kernel === 'dump') placeKernel(box, kernel);
  box.own(kernel);
  box.machine.kernels[kernel].state = 'running';
  // The work that ends here began when control arrived.
  box.clock(kernel, 'start', latencyNs(`${kernel}.start`));
  writePageTables(box, kernel);
  startLog(box, kernel);
  initialiseBitmap(box, kernel);
  keepOwnFrames(box, kernel);
  writeStartUpCode(box, kernel);
  initialiseNotes(box, kernel);
  initialiseStructures(box, kernel);
  startProcessors(box, kernel);
  printBootLines(box, kernel, 'start');
  box.reply(kernel, { type: 'kernel.started' });
}

/** Beyond its image: what was given out before there was a bitmap, and for B what its loader put at the top of its range. */
function keepOwnFrames(box: Box, kernel: KernelName): void {
  const { layout } = box.plan;
  const early = layout[kernel].early;
  reserveFrames(box, kernel, early);
  if (kernel === 'original') return takeGivenMemory(box);
  const keptFrame = keptFrameOf(box, kernel);
  reserveFrames(box, kernel, { start: keptFrame, count: (layout.memMax + 1) / pageSizeBytes - keptFrame });
  for (const range of dirtiedRanges(box, kernel)) reserveFrames(box, kernel, range);
}

/** `kernel.probe`: every driver of this kernel sets its device up. */
export function probe(box: Box, kernel: KernelName): void {
  probeDevices(box, kernel);
  if (kernel !== 'original') dirtyOwnRam(box, kernel);
  printBootLines(box, kernel, 'probe');
  box.reply(kernel, { type: 'kernel.probed' });
}

const hugePage = 2 ** 21;
const gigabyte = 2 ** 30;

/** The kernel image and the struct pages in leaves of 2 MiB, and the direct map of all RAM in leaves of 1 GiB. */
function writePageTables(box: Box, kernel: KernelName): void {
  const { layout, memoryEnd } = box.plan;
  const { pageTables } = layout[kernel];
  let next: number = pageTables.start;
  const mappings = [imageMapping(layout, kernel), directMapping(layout, kernel, memoryEnd)];
  const ofMemoryMap = kernel === 'original' ? memoryMapMappings(layout) : [];
  const tables = buildPageTables([...mappings, ...ofMemoryMap], () =>
    next < pageTables.start + pageTables.count ? pfn(next++) : undefined,
  );
  assert(tables.type === 'page-tables.built', 'kernel.start: page tables fit their frames');
  for (const { frame, bytes } of tables.pages) box.memory.write(frame, box.contents.intern(bytes));
}

function imageMapping(layout: MemoryLayout, kernel: KernelName): Mapping {
  const { text, poolStart } = layout[kernel];
  const sizeBytes = (poolStart - text.start) * pageSizeBytes;
  return {
    virtualAddress: imageAddress(layout, kernel, text.start),
    physicalAddress: addressOf(text.start),
    sizeBytes: Math.ceil(sizeBytes / hugePage) * hugePage,
    leafLevel: 2,
  };
}

const directMapping = (layout: MemoryLayout, kernel: KernelName, memoryEnd: number): Mapping => ({
  virtualAddress: BigInt(`0x${addressesOf(layout, kernel).directMap}`),
  physicalAddress: physical(0),
  sizeBytes: Math.ceil(memoryEnd / gigabyte) * gigabyte,
  leafLevel: 3,
});

/** Registers of a kernel that runs: made up, but each different, so that a forgotten one is seen. */
function startProcessors(box: Box, kernel: KernelName): void {
  const layout = box.plan.layout[kernel];
  const usedCpus = cpuCountOf(box.plan, kernel);
  for (let index = 0; index < usedCpus; index += 1) {
    const cpu = item(box.machine.cpus, index);
    cpu.state = 'online';
    cpu.interrupts = true;
    cpu.registers = box.contents.intern(
      encodeCpuState({
        ip: hexWord(imageAddress(box.plan.layout, kernel, layout.text.start) + 0x1000n + BigInt(index)),
        sp: hexWord(imageAddress(box.plan.layout, kernel, layout.data.start) + 0x4000n * BigInt(index + 1)),
        bx: hexWord(0xb0 + index),
        bp: hexWord(0xb9 + index),
        r12: hexWord(0x12 + index),
        r13: hexWord(0x13 + index),
        r14: hexWord(0x14 + index),
        r15: hexWord(0x15 + index),
        flags: hexWord(0x246),
        cs: hexWord(0x10),
        ss: hexWord(0x18),
        cr0: hexWord(0x80050033),
        cr3: hexWord(addressOf(layout.pageTables.start)),
        cr4: hexWord(0x6f0),
        gdtLimit: hexWord(0x7f),
        idtLimit: hexWord(0xfff),
      }),
    );
  }
}

function dirtyOwnRam(box: Box, kernel: KernelName): void {
  const seed = patternSeeds[kernel].early + 1;
  for (const [index, range] of dirtiedRanges(box, kernel).entries()) fillPattern(box, range, seed + index);
}
