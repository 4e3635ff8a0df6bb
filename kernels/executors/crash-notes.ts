/**
 * What a crashing kernel leaves for the one that dumps it: a register note for each processor, and
 * VMCOREINFO.
 *
 *   layout.notes   | cpu 0 | cpu 1 | … | VMCOREINFO, 4,132 bytes, so two pages |
 *
 * A register note is 368 bytes at the start of its page: NT_PRSTATUS and the end mark. Until a crash it is
 * empty, in a jump as well, so a dump made by a jump has no registers (linux.md A1.8 row 5). VMCOREINFO is
 * there from the start; a crash appends CRASHTIME. Like Linux it is then written from the kernel's own copy,
 * not from what stands in memory.
 * Facts: linux.md A3.2 rows 3 to 6, C.3.3; Linux 6.12 kernel/crash_core.c:crash_save_cpu and
 * kernel/vmcore_info.c.
 * Deviations: Linux keeps the notes in per-CPU areas, several to a page; CRASHTIME is the moment of power-on,
 * because kernels of the box cannot read a wall clock.
 */
import type { NotePlace } from '../../image/formats/elf/elfcorehdr.ts';
import { crashNoteBuffer, crashNoteSizeBytes } from '../../image/formats/elf/prstatus.ts';
import {
  type VmcoreinfoPair,
  vmcoreinfoBuffer,
  vmcoreinfoBufferSizeBytes,
} from '../../image/formats/elf/vmcoreinfo.ts';
import { addressOf, type Pfn, pageSizeBytes, pfn } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import type { CommandOf } from '../commands.ts';
import { epochSeconds } from '../epoch.ts';
import { noteRegisterSizeBytes } from '../kexec/cpu-state.ts';
import { settleStructures } from '../linux/structures/settle-structures.ts';
import { vmcoreinfoPairs } from '../linux/vmcoreinfo-table.ts';
import type { CpuRecord, KernelName } from '../machine.ts';
import { type ContentId, zeroContent } from '../memory/contents.ts';
import type { Plan } from '../plan.ts';

export type NotePlaces = { readonly cpus: readonly NotePlace[]; readonly vmcoreinfo: NotePlace };

/** As the kernel shows them in /sys/devices/system/cpu/cpuN/crash_notes and /sys/kernel/vmcoreinfo. */
export function notePlaces(plan: Plan, kernel: KernelName): NotePlaces {
  const cpus = Array.from({ length: plan.size.cpuCount }, (_, cpu) => {
    return { physical: addressOf(cpuNoteFrame(plan, kernel, cpu)), sizeBytes: crashNoteSizeBytes };
  });
  const physical = addressOf(vmcoreinfoFrame(plan, kernel));
  return { cpus, vmcoreinfo: { physical, sizeBytes: vmcoreinfoBufferSizeBytes } };
}

/** crash_notes_memory_init and crash_save_vmcoreinfo_init: a kernel starts. */
export function initialiseNotes(box: Box, kernel: KernelName): void {
  const { start, count } = box.plan.layout[kernel].notes;
  box.memory.fill(start, count, zeroContent);
  writeVmcoreinfo(box, kernel, []);
}

/**
 * `crash.save`: the processor that crashed, and those that answered the NMI; one that did not has no note.
 */
export function saveCrashNotes(box: Box, { kernel }: CommandOf<'crash.save'>): void {
  settleStructures(box, kernel);
  writeVmcoreinfo(box, kernel, [['CRASHTIME', String(epochSeconds)]]);
  for (const [index, cpu] of box.machine.cpus.entries()) {
    if (index > 0 && cpu.state !== 'halted') continue;
    const note = crashNoteBuffer({ pid: index === 0 ? initPid : idlePid, registers: registersOf(box, cpu) });
    writePage(box, cpuNoteFrame(box.plan, kernel, index), note);
  }
}

/**
 * The work is always done by one task, whose number is not modelled (see printk.ts); the other processors are
 * idle.
 */
const initPid = 1;
const idlePid = 0;

function registersOf(box: Box, { registers }: CpuRecord): Uint8Array {
  // Records hold plain numbers, so that they can be packed; the shape says that this one is a content.
  return box.contents.bytes(registers as ContentId).subarray(0, noteRegisterSizeBytes);
}

function writeVmcoreinfo(box: Box, kernel: KernelName, more: readonly VmcoreinfoPair[]): void {
  const bytes = vmcoreinfoBuffer([...vmcoreinfoPairs(box.plan, kernel), ...more]);
  const start = vmcoreinfoFrame(box.plan, kernel);
  writePage(box, start, bytes.subarray(0, pageSizeBytes));
  writePage(box, pfn(start + 1), bytes.subarray(pageSizeBytes));
}

function writePage(box: Box, frame: Pfn, bytes: Uint8Array): void {
  const page = new Uint8Array(pageSizeBytes);
  page.set(bytes);
  box.memory.write(frame, box.contents.intern(page));
}

const cpuNoteFrame = (plan: Plan, kernel: KernelName, cpu: number): Pfn =>
  pfn(plan.layout[kernel].notes.start + cpu);
const vmcoreinfoFrame = (plan: Plan, kernel: KernelName): Pfn =>
  pfn(plan.layout[kernel].notes.start + plan.size.cpuCount);
