import { describe, expect, it } from 'vitest';
import {
  buildElfcorehdr,
  lowMebibyte,
  rangesWithout,
  readElfcorehdr,
} from '../../image/formats/elf/elfcorehdr.ts';
import { physical } from '../../image/pfn.ts';
import { samplePlan } from './sample-dump.ts';

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const range = (first: number, last: number) => ({ first: physical(first), last: physical(last) });

describe('elfcorehdr', () => {
  it('has the bytes of the tables', () => {
    const bytes = buildElfcorehdr(samplePlan);
    expect(bytes).toHaveLength(4096);
    expect(hexOf(bytes.subarray(0, 64))).toBe(
      [
        '7f454c46020101000000000000000000', // ELF64, little-endian, version 1
        '04003e0001000000', // core, x86-64, version 1
        '0000000000000000', // entry
        '4000000000000000', // program headers at 64
        '0000000000000000', // no sections
        '00000000400038000600000000000000', // flags, 64, 56, 6 program headers
      ].join(''),
    );
    expect(hexOf(bytes.subarray(64, 64 + 56))).toBe(
      [
        '0400000000000000', // PT_NOTE, no flags
        '0000f00100000000', // offset = physical address of the buffer
        '0000000000000000',
        '0000f00100000000',
        '7001000000000000', // 0x170 bytes
        '7001000000000000',
        '0000000000000000',
      ].join(''),
    );
    const lowMemory = 64 + 4 * 56;
    expect(hexOf(bytes.subarray(lowMemory, lowMemory + 56))).toBe(
      [
        '0100000007000000', // PT_LOAD, RWX
        '0010000000000000',
        '001000008088ffff', // in the direct map
        '0010000000000000',
        '00ec090000000000', // 0x9ec00 bytes
        '00ec090000000000',
        '0000000000000000',
      ].join(''),
    );
    expect(bytes.subarray(64 + 6 * 56).every((byte) => byte === 0)).toBe(true);
  });

  it('reads back what was built', () => {
    const { notes, loads } = readElfcorehdr(buildElfcorehdr(samplePlan));
    expect(notes.map((note) => note.physical)).toEqual([0x1f00000, 0x1f01000, 0x1f02000]);
    expect(notes.map((note) => note.sizeBytes)).toEqual([0x170, 0x170, 0x1024]);
    expect(
      loads.map(({ virtual, physical, memorySizeBytes }) => [virtual, physical, memorySizeBytes]),
    ).toEqual([
      ['ffffffff81000000', 0x1000000, 0x3000],
      ['ffff888000001000', 0x1000, 0x9ec00],
      ['ffff888000100000', 0x100000, 0x1f00000],
    ]);
  });

  it('for a jump has no VMCOREINFO', () => {
    const { notes } = readElfcorehdr(buildElfcorehdr({ ...samplePlan, vmcoreinfo: null }));
    expect(notes).toHaveLength(2);
  });

  it('takes a second page for more than 72 headers', () => {
    const cpuNotes = Array.from({ length: 70 }, () => ({ physical: physical(0x1000), sizeBytes: 368 }));
    const plan = { ...samplePlan, cpuNotes, vmcoreinfo: null };
    expect(buildElfcorehdr({ ...plan, ranges: samplePlan.ranges.slice(1) })).toHaveLength(4096);
    expect(buildElfcorehdr(plan)).toHaveLength(8192);
  });

  it('describes low memory at its backup, as it was before 2019', () => {
    const ranges = [{ ...range(0, 0x9ffff), copiedTo: physical(0x2000000) }];
    const [, low] = readElfcorehdr(buildElfcorehdr({ ...samplePlan, ranges })).loads;
    expect(low).toMatchObject({ offset: 0x2000000, physical: 0, virtual: 'ffff888000000000' });
  });

  it('writes a range that ends before it begins, as kexec-tools does, and nobody can read it', () => {
    const bytes = buildElfcorehdr({ ...samplePlan, ranges: [range(0x100000, 0xeffff)] });
    const size = 64 + 4 * 56 + 32;
    expect(hexOf(bytes.subarray(size, size + 8))).toBe('0000ffffffffffff');
    expect(() => readElfcorehdr(bytes)).toThrow('found 0xffffffffffff0000');
  });
});

describe('the ranges to dump', () => {
  const ram = [range(0x1000, 0x9fbff), range(0x100000, 0xafd9fff)];

  it('of the kernel leave out low memory and the crash range', () => {
    expect(rangesWithout(ram, [lowMebibyte, range(0x5000000, 0x8bfffff)])).toEqual([
      range(0x100000, 0x4ffffff),
      range(0x8c00000, 0xafd9fff),
    ]);
  });

  it('of kexec-tools keep low memory: those of the recorded dump', () => {
    expect(rangesWithout(ram, [range(0x5000000, 0x8bfffff)])).toEqual([
      range(0x1000, 0x9fbff),
      range(0x100000, 0x4ffffff),
      range(0x8c00000, 0xafd9fff),
    ]);
  });

  it('may be cut at either end or vanish', () => {
    expect(rangesWithout([range(10, 20)], [range(0, 10)])).toEqual([range(11, 20)]);
    expect(rangesWithout([range(10, 20)], [range(20, 30)])).toEqual([range(10, 19)]);
    expect(rangesWithout([range(10, 20)], [range(10, 20)])).toEqual([]);
    expect(rangesWithout([range(10, 20)], [range(21, 30)])).toEqual([range(10, 20)]);
  });
});
