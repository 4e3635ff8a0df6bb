import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { bytesOfText } from '../../image/bytes.ts';
import { buildElfcorehdr, type Elfcorehdr } from '../../image/formats/elf/elfcorehdr.ts';
import { encodeNote } from '../../image/formats/elf/notes.ts';
import { crashNoteBuffer, registerOf } from '../../image/formats/elf/prstatus.ts';
import { readVmcore } from '../../image/formats/elf/vmcore.ts';
import { vmcoreLayout } from '../../image/formats/elf/vmcore-layout.ts';
import { vmcoreProblems } from '../../image/formats/elf/vmcore-problems.ts';
import { encodeVmcoreinfo, vmcoreinfoBuffer, vmcoreinfoValue } from '../../image/formats/elf/vmcoreinfo.ts';
import { physical } from '../../image/pfn.ts';
import type { Source } from '../../image/sink.ts';
import { needs, run } from '../kit/needs.ts';
import { memoryWith } from './sample-dump.ts';

/** Size of the recorded dump; only its headers and notes are unpacked here. */
const recordedSizeBytes = 140_062_720;
const headerSizeBytes = 0x2000;

function recordedHeader(context: TestContext): Uint8Array {
  const artefacts = needs(context, 'artefacts');
  const zstd = needs(context, 'zstd');
  return run(zstd, ['-dc', join(artefacts, 'images/b2-vmcore.elf.zst')], 2 ** 16).stdoutBytes.slice(
    0,
    headerSizeBytes,
  );
}

const recorded = (context: TestContext): Source => {
  const header = recordedHeader(context);
  return { length: recordedSizeBytes, readAt: (offset, length) => header.slice(offset, offset + length) };
};

/** What readelf printed for it: offset, virtual and physical address and both sizes of every program header. */
const readelfSegments = (text: string): string[][] =>
  [...text.matchAll(/^ {2}(?:NOTE|LOAD) +(.*)$/gm)].map((match) => (match[1] ?? '').split(/\s+/).slice(0, 5));

const same = (digits: string | undefined): bigint => BigInt(digits ?? '-1');

describe('the vmcore of Linux 6.12.117', () => {
  it('reads as readelf printed it', (context) => {
    const text = readFileSync(join(needs(context, 'artefacts'), 'tools/readelf-ln-b2-vmcore.txt'), 'latin1');
    const vmcore = readVmcore(recorded(context));
    const expected = readelfSegments(text);
    expect(expected).toHaveLength(5);
    expect(
      vmcore.segments.map((one) => [
        BigInt(one.offset),
        BigInt(`0x${one.virtual}`),
        BigInt(one.physical),
        BigInt(one.fileSizeBytes),
        BigInt(one.memorySizeBytes),
      ]),
    ).toEqual(expected.map((columns) => columns.map(same)));
    const data = /description data: ((?:[0-9a-f]{2} )+)/.exec(text)?.[1] ?? '';
    expect(encodeVmcoreinfo(vmcore.vmcoreinfo)).toBe(
      Buffer.from(data.replaceAll(' ', ''), 'hex').toString('latin1'),
    );
    expect(vmcore.notes.map((note) => [note.name, note.descriptor.length])).toEqual([
      ['CORE', 0x150],
      ['CORE', 0x150],
      ['VMCOREINFO', 0xca3],
    ]);
  });

  it('has sane registers and no problems', (context) => {
    const source = recorded(context);
    const { cpus, vmcoreinfo } = readVmcore(source);
    expect(vmcoreProblems(source)).toEqual([]);
    expect(vmcoreinfoValue(vmcoreinfo, 'OSRELEASE')).toBe('6.12.117-lab');
    expect(vmcoreinfoValue(vmcoreinfo, 'CRASHTIME')).toMatch(/^\d+$/);
    expect(cpus.map((cpu) => cpu.pid)).toEqual([0, 1]);
    for (const { registers } of cpus) {
      expect(registerOf(registers, 'cs')).toBe('0000000000000010');
      expect(registerOf(registers, 'ss')).toBe('0000000000000018');
      expect(registerOf(registers, 'ip')).toMatch(/^ffffffff81/);
    }
  });

  it('is the same, byte for byte, when we make it from its parts', (context) => {
    const header = recordedHeader(context);
    const { cpus, vmcoreinfo } = readVmcore(recorded(context));
    const infoAt = physical(0x2000);
    const cpuAt = [physical(0x1000), physical(0x1800)];
    // crash_save_cpu fills in no more than we do: whatever else the note held would show here.
    const buffers = new Map([
      ...cpus.map((cpu, index) => [cpuAt[index] ?? 0, crashNoteBuffer(cpu)] as const),
      [infoAt, vmcoreinfoBuffer(vmcoreinfo)],
    ]);
    const plan: Elfcorehdr = {
      cpuNotes: cpuAt.map((address) => ({ physical: address, sizeBytes: 0x170 })),
      vmcoreinfo: { physical: infoAt, sizeBytes: 0x1024 },
      kernelText: { virtual: 'ffffffff81000000', physical: physical(0x1000000), sizeBytes: 0x1218000 },
      ranges: [
        { first: physical(0x1000), last: physical(0x9fbff) },
        { first: physical(0x100000), last: physical(0x4ffffff) },
        { first: physical(0x8c00000), last: physical(0xafd9fff) },
      ],
      directMap: 'ffff888000000000',
    };
    const view = vmcoreLayout(buildElfcorehdr(plan), memoryWith(buffers));
    expect(view).toMatchObject({ type: 'ready', warnings: [] });
    if (view.type !== 'ready') return;
    expect(view.layout.lengthBytes).toBe(recordedSizeBytes);
    expect(Buffer.from(view.layout.header).equals(header)).toBe(true);
  });
});

describe('the merged note of two CPUs and 0xca3 bytes of VMCOREINFO', () => {
  it('has 0xf84 bytes', () => {
    const info = encodeNote({ name: 'VMCOREINFO', type: 0, descriptor: bytesOfText('x'.repeat(0xca3)) });
    const registers = encodeNote({ name: 'CORE', type: 1, descriptor: new Uint8Array(0x150) });
    expect(2 * registers.length + info.length).toBe(0xf84);
  });
});
