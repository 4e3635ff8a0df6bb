import { describe, expect, it } from 'vitest';
import { vmcoreRuns } from '../../image/formats/elf/write-vmcore.ts';
import { sniffSizeBytes } from '../../image/formats/image-format.ts';
import { formatOf, imageFormats } from '../../image/formats/index.ts';
import { inspectSaved } from '../../image/formats/saved-partition/open-saved.ts';
import { consumeSteps, saveSteps } from '../../image/formats/saved-partition/save-steps.ts';
import { ImageError } from '../../image/image-error.ts';
import { type MemoryFile, memoryFile } from '../../image/memory-file.ts';
import { physical } from '../../image/pfn.ts';
import { readBounded, sourceOf } from '../../image/sink.ts';
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

/** A file of each registered format with the same memory in it. */
const samples: Readonly<Record<string, () => MemoryFile>> = {
  'vmcore-elf': sampleDump,
  'saved-partition': samplePartition,
};

describe('the registry of image formats', () => {
  it('has a sample for each format, and a name and a line for each', () => {
    expect(imageFormats.map(({ name }) => name)).toEqual(Object.keys(samples));
    for (const { describe: line } of imageFormats) expect(line).toMatch(/^[^\n]{20,120}$/);
  });

  describe.each(imageFormats)('$name', (format) => {
    const sample = samples[format.name] ?? memoryFile;

    it('recognizes its own and no other, at any length of what it is shown', () => {
      expect(formatOf(sample())).toBe(format);
      for (const [name, other] of Object.entries(samples)) {
        const firstBytes = readBounded(other(), 0, sniffSizeBytes);
        expect(format.sniff(firstBytes)).toBe(name === format.name);
      }
      expect(format.sniff(new Uint8Array())).toBe(false);
      expect(format.sniff(Uint8Array.of(0x7f))).toBe(false);
    });

    it('reads memory, counts its pages once and finds nothing wrong', () => {
      const contents = format.read(sample());
      expect(contents.pageCount).toBe(0x9f + 0x1f00);
      expect(contents.problems).toEqual([]);
      expect(contents.readPhysical(physical(0x1fff000), 4096)).toEqual(pageFilledWith(0x33));
      expect(contents.facts).toContainEqual(['kernel', '6.12.117-sample']);
      expect(contents.facts).toContainEqual(['cpus', '2']);
    });

    it('says what is wrong with bytes of another format', () => {
      for (const bytes of [new Uint8Array(), new Uint8Array(8192), new Uint8Array(8192).fill(0xff)]) {
        expect(() => format.read(sourceOf(bytes))).toThrow(ImageError);
      }
    });
  });

  it('names what it knows when it does not know the bytes', () => {
    expect(() => formatOf(sourceOf(Uint8Array.of(0x4b, 0x44)))).toThrow(
      'expected one of vmcore-elf, saved-partition, found bytes 4b 44',
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
