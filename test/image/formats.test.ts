import { describe, expect, it } from 'vitest';
import type { CodecName } from '../../image/codecs/codec.ts';
import { vmcoreElf } from '../../image/formats/elf/index.ts';
import { vmcoreRuns } from '../../image/formats/elf/write-vmcore.ts';
import { type ImageFormat, sniffSizeBytes } from '../../image/formats/image-format.ts';
import { formatOf, imageFormats } from '../../image/formats/index.ts';
import { inspectSaved } from '../../image/formats/saved-partition/open-saved.ts';
import { consumeSteps, saveSteps } from '../../image/formats/saved-partition/save-steps.ts';
import { ImageError } from '../../image/image-error.ts';
import { type MemoryFile, memoryFile } from '../../image/memory-file.ts';
import type { MemoryImage } from '../../image/memory-image.ts';
import { packHere } from '../../image/packer.ts';
import { framesOf } from '../../image/page-batches.ts';
import { physical } from '../../image/pfn.ts';
import { readBounded, sourceOf } from '../../image/sink.ts';
import { readEveryPage } from '../../image/verify-image.ts';
import { pageFilledWith, pagesOf, sampleDump, sampleLayout, samplePages } from './sample-dump.ts';

function samplePartition(): MemoryFile {
  const partition = memoryFile();
  const layout = sampleLayout();
  const runs = vmcoreRuns(layout, pagesOf(samplePages));
  const jumpBackEntry = physical(0x51000f2);
  const request = {
    kind: 'jump',
    generation: 7,
    jumpBackEntry,
    machineUuid: '00112233445566778899aabbccddeeff',
    rootChecksum: 0x1234,
    lengthBytes: layout.lengthBytes,
    runs,
  } as const;
  for (const step of saveSteps(request))
    if (step.type === 'write') partition.writeAt(step.offset, step.bytes);
  return partition;
}

/** What is read from the small dump, and with what is needed to go on from it, so that every format takes it. */
const machine = {
  frameCount: 0x2000,
  reentry: { virtual: 'ffffffff81000000', physical: physical(0x1000000), cr3: physical(0x1003000) },
};
const dumped = vmcoreElf.read(sampleDump()).memory;
const memory: MemoryImage = { ...dumped, machine: { ...dumped.machine, ...machine } };
const wholePages = [...memory.runs()].filter(({ kind }) => kind === 'stored');

async function written(format: ImageFormat, codec = format.codecs?.[0] ?? 'none'): Promise<MemoryFile> {
  const file = memoryFile();
  if (format.write === undefined) return samplePartition();
  await format.write(memory, file, { codec, packer: packHere, nowSeconds: 1 });
  return file;
}

/** One of each, made once. */
const samples = new Map(
  await Promise.all(imageFormats.map(async (format) => [format.name, await written(format)] as const)),
);

/** Raw memory begins with whatever the memory does: nothing recognizes it. */
const recognized = imageFormats.filter(({ name }) => name !== 'raw');

describe('the registry of image formats', () => {
  it('has a name and a line for each', () => {
    for (const { describe: line } of imageFormats) expect(line).toMatch(/^[^\n]{20,120}$/);
    expect(new Set(imageFormats.map(({ name }) => name)).size).toBe(imageFormats.length);
  });

  describe.each(recognized)('$name', (format) => {
    it('recognizes its own and no other, at any length of what it is shown', () => {
      expect(formatOf(sampleOf(format.name))).toBe(format);
      for (const [name, other] of samples) {
        const firstBytes = readBounded(other, 0, Math.min(other.length, sniffSizeBytes));
        expect(format.sniff(firstBytes)).toBe(name === format.name);
      }
      expect(format.sniff(new Uint8Array())).toBe(false);
      expect(format.sniff(Uint8Array.of(0x7f))).toBe(false);
    });

    it('says what is wrong with bytes of another format', () => {
      for (const bytes of [new Uint8Array(), new Uint8Array(8192), new Uint8Array(8192).fill(0xff)]) {
        expect(() => format.read(sourceOf(bytes))).toThrow(ImageError);
      }
    });
  });

  describe.each(imageFormats)('$name', (format) => {
    it('tells who notices a change of each byte of it, once', () => {
      let end = 0;
      for (const { offset, length } of format.protection?.(sampleOf(format.name)) ?? []) {
        expect(offset).toBe(end);
        expect(length).toBeGreaterThan(0);
        end = offset + length;
      }
      expect(end).toBe(format.protection === undefined ? 0 : sampleOf(format.name).length);
    });

    it.each<CodecName>(format.codecs ?? ['none'])(
      'holds the same pages, packed with %s, and nothing is wrong with it',
      async (codec) => {
        const file = await written(format, codec);
        const contents = format.read(file);
        const report = await (format.verify?.(file, { packer: packHere }) ??
          readEveryPage(contents, { packer: packHere }));
        expect(report.problems).toEqual([]);
        expect(report.lost).toEqual([]);
        for (const frame of framesOf(wholePages)) {
          if (Buffer.compare(contents.memory.readPage(frame), memory.readPage(frame)) !== 0)
            expect(frame).toBe('the same');
        }
        expect(contents.readPhysical(physical(0x1fff000), 4096)).toEqual(pageFilledWith(0x33));
      },
    );
  });

  it('keeps registers, VMCOREINFO and the time in formats that have a place for them', () => {
    for (const name of ['vmcore-elf', 'kdump-compressed', 'kdump-flattened']) {
      const { cpus, vmcoreinfo } = formatOf(sampleOf(name)).read(sampleOf(name)).memory;
      expect(cpus).toEqual(memory.cpus);
      expect(vmcoreinfo).toBe(memory.vmcoreinfo);
    }
  });

  it('names what it knows when it does not know the bytes', () => {
    expect(() => formatOf(sourceOf(Uint8Array.of(0x4b, 0x44)))).toThrow(
      `expected one of ${imageFormats.map(({ name }) => name).join(', ')}, found bytes 4b 44`,
    );
    expect(() => formatOf(sourceOf(new Uint8Array()))).toThrow('found an empty file');
  });

  it('shows a damaged saved image with its damage, and a consumed one as consumed', () => {
    const partition = samplePartition();
    partition.writeAt(0x1000 + 0x3000, Uint8Array.of(1));
    expect(formatOf(partition).read(partition).problems).toEqual([
      expect.stringContaining('the saved blocks are not those that were committed'),
    ]);
    for (const step of consumeSteps(inspectSaved(partition).commit)) {
      if (step.type === 'write') partition.writeAt(step.offset, step.bytes);
    }
    expect(formatOf(partition).read(partition).facts).toContainEqual(['state', 'consumed']);
  });
});

function sampleOf(name: string): MemoryFile {
  return samples.get(name) ?? memoryFile();
}
