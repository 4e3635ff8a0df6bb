import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ByteWriter } from '../../image/bytes.ts';
import { prstatusNote } from '../../image/formats/elf/prstatus.ts';
import { readVmcore } from '../../image/formats/elf/vmcore.ts';
import { vmcoreProblems } from '../../image/formats/elf/vmcore-problems.ts';
import { type PageRun, vmcoreRuns, writeVmcore } from '../../image/formats/elf/write-vmcore.ts';
import { ImageError } from '../../image/image-error.ts';
import { memoryFile } from '../../image/memory-file.ts';
import { pageSizeBytes, pfn, physical } from '../../image/pfn.ts';
import { readBounded, type Sink, type Source, sourceOf } from '../../image/sink.ts';
import { needs, run } from '../kit/needs.ts';
import {
  countingRegisters,
  pageFilledWith,
  pagesOf,
  sampleDump,
  sampleInfo,
  sampleLayout,
  samplePages,
  samplePlan,
} from './sample-dump.ts';

const folder = mkdtempSync(join(tmpdir(), 'kexec-jump-vmcore-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fileSink = (descriptor: number): Sink => ({
  writeAt: (offset, bytes) => void writeSync(descriptor, bytes, 0, bytes.length, offset),
  setLength: (bytes) => ftruncateSync(descriptor, bytes),
});

const fileSource = (descriptor: number, length: number): Source => ({
  length,
  readAt: (offset, lengthBytes) => {
    const bytes = new Uint8Array(lengthBytes);
    readSync(descriptor, bytes, 0, lengthBytes, offset);
    return bytes;
  },
});

const oneTebibyte = 2 ** 40;

const terabyteLayout = () =>
  sampleLayout({ ...samplePlan, ranges: [{ first: physical(0x100000), last: physical(oneTebibyte - 1) }] });

const terabytePages = new Map([
  [0x100, pageFilledWith(1)],
  [0x8000001, pageFilledWith(2)],
  [oneTebibyte / pageSizeBytes - 1, pageFilledWith(3)],
]);

describe('a vmcore', () => {
  it('gives back registers, VMCOREINFO and memory', () => {
    const vmcore = readVmcore(sampleDump());
    expect(vmcore.cpus).toEqual([
      { pid: 0, registers: countingRegisters(1) },
      { pid: 42, registers: countingRegisters(2) },
    ]);
    expect(vmcore.vmcoreinfo).toEqual(sampleInfo);
    expect(vmcore.readPhysical(physical(0x1001000), 4096)).toEqual(pageFilledWith(0x22));
    expect(vmcore.readPhysical(physical(0x9fb00), 0x100)).toEqual(new Uint8Array(0x100).fill(0x11));
    expect(vmcore.readPhysical(physical(0x200000), 16)).toEqual(new Uint8Array(16));
    expect(vmcoreProblems(sampleDump())).toEqual([]);
  });

  it('gives memory across a segment border, and none where there is none', () => {
    const { readPhysical } = readVmcore(sampleDump());
    const across = readPhysical(physical(0x1002f00), 0x200);
    expect(across).toEqual(new Uint8Array(0x200));
    expect(() => readPhysical(physical(0x9fbff), 2)).toThrow(
      'this memory is not in the image: at physical address 0x9fc00 expected 1 bytes in a load segment, found the next one at 0x100000',
    );
    expect(() => readPhysical(physical(0x2000000), 1)).toThrow('found no load segment from there on');
    expect(() => readPhysical(physical(0x1fff000), 2 ** 40)).toThrow('one read asks for too much');
  });

  it('holds any pages, page by page', () => {
    const frame = fc.integer({ min: 0x100, max: 0x1eff });
    fc.assert(
      fc.property(
        fc.dictionary(frame.map(String), fc.integer({ min: 1, max: 255 }), { maxKeys: 8 }),
        (pages) => {
          const touched = new Map(
            Object.entries(pages).map(([key, value]) => [Number(key), pageFilledWith(value)]),
          );
          const { readPhysical } = readVmcore(sampleDump(sampleLayout(), touched));
          for (const [key, bytes] of touched) expect(readPhysical(physical(key * 4096), 4096)).toEqual(bytes);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('has holes where memory is zero, and its runs are whole blocks in ascending order', () => {
    const runs = [...vmcoreRuns(sampleLayout(), pagesOf(samplePages))];
    expect(runs.map(({ offset, bytes }) => [offset, bytes.length])).toEqual([
      [0, 0x2000],
      [0x3000, 0x1000],
      [0xa3000, 0x1000],
      [0xa4000 + 0xf01000, 0x1000],
      [0x1fa3000, 0x1000],
    ]);
  });

  it('refuses pages that are not those it asked for', () => {
    const zeros = (startPfn: number, count: number): PageRun => ({
      startPfn: pfn(startPfn),
      count,
      bytes: 'zero',
    });
    const half: PageRun = { startPfn: pfn(0x1000), count: 3, bytes: new Uint8Array(4096) };
    for (const runs of [
      [],
      [zeros(0x1001, 2)],
      [zeros(0x1000, 4)],
      [zeros(0x1000, 0)],
      [zeros(0x1000, 2)],
      [half],
    ]) {
      expect(() => writeVmcore(memoryFile(), sampleLayout(), { runs: () => runs })).toThrow(
        'a run of blocks is not where it belongs',
      );
    }
  });
});

describe('a vmcore of 1 TiB of which three pages were touched', () => {
  it('is a file with holes that takes a few blocks on disk, and reads back', () => {
    const path = join(folder, 'terabyte.elf');
    const descriptor = openSync(path, 'w+');
    writeVmcore(fileSink(descriptor), terabyteLayout(), pagesOf(terabytePages));
    const { size, blocks } = statSync(path);
    expect(size).toBe(0x5000 + oneTebibyte - 0x100000);
    expect(blocks * 512).toBeLessThan(2 ** 20);
    const source = fileSource(descriptor, size);
    expect(vmcoreProblems(source)).toEqual([]);
    const { readPhysical } = readVmcore(source);
    for (const [frame, bytes] of terabytePages) {
      expect(readPhysical(physical(frame * 4096), 4096)).toEqual(bytes);
      expect(readPhysical(physical((frame === 0x100 ? 0x101 : frame - 1) * 4096), 4096)).toEqual(
        new Uint8Array(4096),
      );
    }
    closeSync(descriptor);
  });
});

describe('readelf', () => {
  it('accepts a vmcore and names its parts', (context) => {
    const readelf = needs(context, 'readelf');
    const path = join(folder, 'sample.elf');
    const descriptor = openSync(path, 'w');
    writeVmcore(fileSink(descriptor), sampleLayout(), pagesOf(samplePages));
    closeSync(descriptor);
    const { status, stdout, stderr } = run(readelf, ['-hlnW', path]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.split('\n').map((line) => line.trim().replaceAll(/\s+/g, ' '));
    expect(lines).toContain('Type: CORE (Core file)');
    expect(lines).toContain('Machine: Advanced Micro Devices X86-64');
    expect(lines.filter((line) => /^(NOTE|LOAD) /.test(line))).toEqual([
      'NOTE 0x001000 0x0000000000000000 0x0000000000000000 0x00031c 0x00031c 0x4',
      'LOAD 0x002000 0xffffffff81000000 0x0000000001000000 0x003000 0x003000 RWE 0',
      'LOAD 0x005000 0xffff888000001000 0x0000000000001000 0x09ec00 0x09ec00 RWE 0',
      'LOAD 0x0a4000 0xffff888000100000 0x0000000000100000 0x1f00000 0x1f00000 RWE 0',
    ]);
    expect(
      lines.filter((line) => /^(CORE|VMCOREINFO) /.test(line)).map((line) => line.split(' des')[0]),
    ).toEqual([
      'CORE 0x00000150 NT_PRSTATUS (prstatus structure)',
      'CORE 0x00000150 NT_PRSTATUS (prstatus structure)',
      expect.stringMatching(/^VMCOREINFO 0x0000003c /),
    ]);
  });
});

describe('gdb', () => {
  it('reads registers and memory of a vmcore', (context) => {
    const gdb = needs(context, 'gdb');
    const path = join(folder, 'gdb.elf');
    const descriptor = openSync(path, 'w');
    writeVmcore(fileSink(descriptor), sampleLayout(), pagesOf(samplePages));
    closeSync(descriptor);
    const { stdout } = run(gdb, [
      '-nx',
      '-batch',
      '-ex',
      `core-file ${path}`,
      '-ex',
      'x/2xg 0xffffffff81001000',
      '-ex',
      'p/x $r15',
      '-ex',
      'x/1xb 0xffff888001fff000',
    ]);
    expect(stdout).toContain('0xffffffff81001000:\t0x2222222222222222\t0x2222222222222222');
    expect(stdout).toContain('$1 = 0x807060504030201');
    expect(stdout).toContain('0xffff888001fff000:\t0x33');
  });
});

describe('a damaged vmcore', () => {
  const whole = readBounded(sampleDump(), 0, 0x5000);
  const readAll = (source: Source): void => {
    const vmcore = readVmcore(source);
    for (const load of vmcore.loads) {
      const lengthBytes = Math.min(load.fileSizeBytes, 4096);
      if (lengthBytes > 0) vmcore.readPhysical(load.physical, lengthBytes);
    }
  };
  const onlyImageErrors = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
    }
  };

  it('cut at any length of its headers and notes is an ImageError', () => {
    const notesEnd = 0x131c;
    for (let length = 0; length < notesEnd; length++) {
      expect(() => readVmcore(sourceOf(whole.subarray(0, length)))).toThrow(ImageError);
      expect(vmcoreProblems(sourceOf(whole.subarray(0, length)))).toHaveLength(1);
    }
    expect(vmcoreProblems(sourceOf(whole))).toEqual([
      'the file ends at offset 0x5000, its segments at 0x1fa4000: 33157120 bytes are missing',
    ]);
  });

  it('with any bit of its headers and notes flipped reads or is an ImageError', () => {
    const used = [
      ...Array(64 + 4 * 56).keys(),
      ...Array.from({ length: 0x31c }, (_, index) => 0x1000 + index),
    ];
    for (const offset of used) {
      for (let bit = 0; bit < 8; bit++) {
        const bytes = Uint8Array.from(whole);
        bytes[offset] = (whole[offset] ?? 0) ^ (1 << bit);
        onlyImageErrors(() => readAll(sourceOf(bytes)));
        vmcoreProblems(sourceOf(bytes));
      }
    }
  });

  it('of random bytes behind a good file header reads or is an ImageError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 300, maxLength: 600 }), (noise) => {
        const bytes = Uint8Array.from([...whole.subarray(0, 64), ...noise]);
        onlyImageErrors(() => readAll(sourceOf(bytes)));
      }),
    );
  });

  it('with many notes segments over the same bytes is refused before they are read', () => {
    const bytes = new Uint8Array(64 + 60_000 * 56);
    bytes.set(whole.subarray(0, 64));
    for (let index = 0; index < 60_000; index++) {
      bytes.set(whole.subarray(64, 64 + 56), 64 + index * 56);
      new ByteWriter(bytes.subarray(64 + index * 56 + 32)).u64(0, 0x1000);
    }
    new ByteWriter(bytes).u16(56, 60_000);
    expect(() => readVmcore(sourceOf(bytes))).toThrow('the notes are too large');
  });
});

describe('what is wrong with a vmcore', () => {
  const problemsWith = (change: (writer: ByteWriter) => void): string[] => {
    const file = sampleDump();
    const header = Uint8Array.from(readBounded(file, 0, 0x2000));
    change(new ByteWriter(header));
    file.writeAt(0, header);
    return vmcoreProblems(file);
  };
  const secondLoad = 64 + 2 * 56;

  it('is said in words', () => {
    expect(problemsWith((writer) => writer.u32(64, 0))).toEqual([
      'no NT_PRSTATUS note: the registers of no CPU are in the dump',
      'no VMCOREINFO note: makedumpfile and crash need vmlinux instead',
    ]);
    expect(problemsWith((writer) => writer.u64(secondLoad + 8, 0x4000))).toEqual([
      'the segment at offset 0x4000 (virtual 0xffff888000001000) overlaps what ends at offset 0x5000',
    ]);
    expect(problemsWith((writer) => writer.u64(secondLoad + 40, 0x1000))).toEqual([
      'the segment at offset 0x5000 (virtual 0xffff888000001000) is larger in the file than in memory',
    ]);
    expect(problemsWith((writer) => writer.u64(64 + 56 + 24, 0x2000000))).toEqual([
      'the segment at offset 0x2000 (virtual 0xffffffff81000000) lies at 0x2000000, which contradicts NUMBER(phys_base)=0',
    ]);
    expect(problemsWith((writer) => writer.u16(56, 1))).toEqual(['no load segment: the dump has no memory']);
    const pageSizeAt = 0x1000 + 2 * 356 + 24 + 'OSRELEASE=6.12.117-sample\nPAGESIZE='.length;
    expect(problemsWith((writer) => writer.text(pageSizeAt, '8192'))).toEqual([
      'VMCOREINFO says PAGESIZE=8192, expected 4096',
    ]);
  });

  it('is not that one stretch of the file is shown at two virtual addresses', () => {
    const problems = problemsWith((writer) => {
      writer.u64(secondLoad + 8, 0x2000);
      writer.u64(secondLoad + 24, 0x1000000);
      writer.u64(secondLoad + 32, 0x3000);
    });
    expect(problems).toEqual([]);
  });

  it('is a register note of another size', () => {
    expect(problemsWith((writer) => writer.u32(0x1004, 332))).toEqual([expect.stringContaining('note')]);
    expect(() => prstatusNote({ pid: 1, registers: new Uint8Array(8) })).toThrow(
      'a register note has the wrong size',
    );
  });
});
