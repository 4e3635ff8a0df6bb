import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeNotes, type Note } from '../../image/formats/elf/notes.ts';
import { registerOf } from '../../image/formats/elf/prstatus.ts';
import { readVmcore } from '../../image/formats/elf/vmcore.ts';
import {
  decodeVmcoreinfo,
  type VmcoreinfoPair,
  vmcoreinfoOf,
  vmcoreinfoValue,
} from '../../image/formats/elf/vmcoreinfo.ts';
import { verifySaved } from '../../image/formats/saved-partition/open-saved.ts';
import { addressOf, frameOf, offsetInPage, type PhysicalAddress, pfn, physical } from '../../image/pfn.ts';
import type { Box } from '../../kernels/box.ts';
import { epochSeconds } from '../../kernels/epoch.ts';
import { initialiseNotes, notePlaces, saveCrashNotes } from '../../kernels/executors/crash-notes.ts';
import { encodeCpuState } from '../../kernels/kexec/cpu-state.ts';
import { hexWord } from '../../kernels/kexec/word.ts';
import { startLog } from '../../kernels/linux/printk.ts';
import { vmcoreinfoPairs } from '../../kernels/linux/vmcoreinfo-table.ts';
import { type KernelName, kernelNames } from '../../kernels/machine.ts';
import { needs } from '../kit/needs.ts';
import { type SmallBox, smallBox } from '../kit/small-box.ts';
import { imageOf, savedBox } from './saving-box.ts';

/**
 * Processors 0 to 3: the one that crashed, one that answered the NMI, one that did not, one that was never
 * started.
 */
function crash(box: Box): void {
  for (const [index, cpu] of box.machine.cpus.entries()) {
    cpu.state = (['online', 'halted', 'online', 'offline'] as const)[index] ?? 'offline';
    cpu.registers = box.contents.intern(
      encodeCpuState({ ip: hexWord(0x1000 + index), gs: hexWord(0x60 + index), cr3: hexWord(0x999) }),
    );
  }
  saveCrashNotes(box, { type: 'crash.save', kernel: 'original' });
}

function bytesAt(small: SmallBox, address: PhysicalAddress, sizeBytes: number): Uint8Array {
  const first = frameOf(address);
  const pages = [first, pfn(first + 1)].map((frame) => small.contents.bytes(small.memory().get(frame)));
  return Buffer.concat(pages).subarray(offsetInPage(address), offsetInPage(address) + sizeBytes);
}

const notesOf = (small: SmallBox, kernel: KernelName = 'original'): Note[][] => {
  const { cpus, vmcoreinfo } = notePlaces(small.plan, kernel);
  return [...cpus, vmcoreinfo].map(({ physical: address, sizeBytes }) =>
    decodeNotes(bytesAt(small, address, sizeBytes)),
  );
};

const infoOf = (small: SmallBox, kernel: KernelName = 'original'): VmcoreinfoPair[] =>
  (notesOf(small, kernel).at(-1) ?? []).flatMap(vmcoreinfoOf);

describe('the notes of a kernel that runs', () => {
  const small = smallBox();
  small.run((box) => {
    for (const kernel of kernelNames) initialiseNotes(box, kernel);
  });

  it.each(kernelNames)('are empty but for VMCOREINFO (%s)', (kernel) => {
    expect(notesOf(small, kernel).map((notes) => notes.map(({ name }) => name))).toEqual([
      [],
      [],
      ['VMCOREINFO'],
    ]);
    expect(infoOf(small, kernel)).toEqual(vmcoreinfoPairs(small.plan, kernel));
  });

  it('stand in the pages that are reserved for them', () => {
    const { notes } = small.plan.layout.original;
    const { cpus, vmcoreinfo } = notePlaces(small.plan, 'original');
    expect(cpus.map((place) => place.sizeBytes)).toEqual([368, 368]);
    expect(vmcoreinfo.sizeBytes).toBe(4132);
    expect(vmcoreinfo.physical + vmcoreinfo.sizeBytes).toBeLessThanOrEqual(
      addressOf(pfn(notes.start + notes.count)),
    );
  });
});

describe('the notes of a kernel that crashed', () => {
  const small = smallBox({ size: { cpuCount: 4 } });
  small.run((box) => initialiseNotes(box, 'original'));
  small.run(crash);

  it('have CRASHTIME behind everything else', () => {
    expect(infoOf(small).at(-1)).toEqual(['CRASHTIME', '1767225600']);
    expect(infoOf(small).slice(0, -1)).toEqual(vmcoreinfoPairs(small.plan, 'original'));
    expect(new Date(epochSeconds * 1000).toISOString()).toBe('2026-01-01T00:00:00.000Z');
  });

  it('have the registers of every processor that answered, and of no other', () => {
    expect(notesOf(small).map((notes) => notes.map(({ name, type }) => `${name} ${type}`))).toEqual([
      ['CORE 1'],
      ['CORE 1'],
      [],
      [],
      ['VMCOREINFO 0'],
    ]);
  });

  it('are in the dump that B makes', () => {
    const saved = savedBox({ size: { cpuCount: 4 }, beforeJump: crash });
    const vmcore = readVmcore(verifySaved(imageOf(saved.small)).data);
    const registers = vmcore.cpus.map((cpu) => [
      registerOf(cpu.registers, 'ip'),
      registerOf(cpu.registers, 'gs'),
    ]);
    expect(registers).toEqual([
      ['0000000000001000', '0000000000000060'],
      ['0000000000001001', '0000000000000061'],
    ]);
    expect(vmcore.cpus.map(({ pid }) => pid)).toEqual([1, 0]);
    expect(vmcoreinfoValue(vmcore.vmcoreinfo, 'CRASHTIME')).toBe(String(epochSeconds));
    expect(saved.small.lines.map(({ line }) => line)).toEqual(['vmcore.zeroNotes', 'vmcore.zeroNotes']);
  });
});

describe('VMCOREINFO', () => {
  it('says in the words, order and sizes of a real kernel what it says', (context) => {
    const path = join(needs(context, 'artefacts'), 'tools/readelf-ln-b2-vmcore.txt');
    const data = /description data: ((?:[0-9a-f]{2} )+)/.exec(
      readFileSync(path, 'latin1').slice(readFileSync(path, 'latin1').indexOf('VMCOREINFO')),
    );
    const real = decodeVmcoreinfo(
      Buffer.from((data?.[1] ?? '').replaceAll(' ', ''), 'hex').toString('latin1'),
    );
    const ours = vmcoreinfoPairs(smallBox().plan, 'original');
    // The recorded kernel was built without MEMORY_FAILURE and RANDOMIZE_BASE; its CRASHTIME comes with a crash.
    const keys = ours.map(([key]) => key).filter((key) => key !== 'NUMBER(PG_hwpoison)');
    expect(keys).toEqual(real.map(([key]) => key).filter((key) => key !== 'CRASHTIME'));
    const own = /^SYMBOL|^OSRELEASE|^BUILD-ID|KERNEL_IMAGE_SIZE|PG_hwpoison/;
    const fixed = ours.filter(([key]) => !own.test(key));
    expect(fixed.length).toBeGreaterThan(80);
    expect(fixed).toEqual(fixed.map(([key]) => [key, vmcoreinfoValue(real, key)]));
    const outside = new Set(['SYMBOL(vmemmap)', 'SYMBOL(mem_section)']);
    for (const [key, value] of ours.filter(([name]) => name.startsWith('SYMBOL') && !outside.has(name))) {
      expect([key, value]).toEqual([key, expect.stringMatching(/^ffffffff8[0-9a-f]{7}$/)]);
    }
  });

  it.each(kernelNames)('leads from symbols to physical addresses (%s)', (kernel) => {
    const { plan } = smallBox();
    const { layout } = plan;
    const pairs = vmcoreinfoPairs(plan, kernel);
    const physicalOf = (symbol: string): number => {
      const address = BigInt(`0x${vmcoreinfoValue(pairs, `SYMBOL(${symbol})`)}`);
      return Number(address - 0xffffffff80000000n) + Number(vmcoreinfoValue(pairs, 'NUMBER(phys_base)'));
    };
    expect(physicalOf('_stext')).toBe(addressOf(layout[kernel].text.start));
    expect(physicalOf('swapper_pg_dir')).toBe(addressOf(layout[kernel].pageTables.start));
    expect(physicalOf('init_top_pgt')).toBe(addressOf(layout[kernel].pageTables.start));
    expect(physicalOf('printk_rb_static')).toBe(addressOf(layout[kernel].log.start));
  });

  it('leads to a log whose head is where it says', () => {
    const small = smallBox();
    small.run((box) => startLog(box, 'original'));
    const pairs = vmcoreinfoPairs(small.plan, 'original');
    const value = (key: string): string => vmcoreinfoValue(pairs, key) ?? '';
    const prb = physical(Number(BigInt(`0x${value('SYMBOL(prb)')}`) - 0xffffffff80000000n));
    const pointer = Buffer.from(bytesAt(small, prb, 8)).readBigUInt64LE();
    expect(pointer.toString(16)).toBe(value('SYMBOL(printk_rb_static)'));
  });
});
