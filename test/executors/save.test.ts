import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readVmcore } from '../../image/formats/elf/vmcore.ts';
import { vmcoreProblems } from '../../image/formats/elf/vmcore-problems.ts';
import { type PageRun, vmcoreRuns } from '../../image/formats/elf/write-vmcore.ts';
import { openSaved, verifySaved } from '../../image/formats/saved-partition/open-saved.ts';
import { saveSteps } from '../../image/formats/saved-partition/save-steps.ts';
import { memoryFile } from '../../image/memory-file.ts';
import { addressOf, type Pfn, pageSizeBytes, pfn, physical } from '../../image/pfn.ts';
import { readBounded, type Source } from '../../image/sink.ts';
import type { Box } from '../../kernels/box.ts';
import { machineUuid, rootChecksum } from '../../kernels/executors/image-owner.ts';
import {
  blocksPerChunk,
  commitImage,
  flushImage,
  openVmcore,
  saveLatencyNs,
  writeChunk,
} from '../../kernels/executors/save.ts';
import { dumpPartition } from '../../kernels/executors/save-partition.ts';
import { vmcoreOf } from '../../kernels/executors/save-vmcore.ts';
import { latencyNs } from '../../kernels/latencies.ts';
import { poisonContent, zeroContent } from '../../kernels/memory/contents.ts';
import { needs, run } from '../kit/needs.ts';
import {
  commandLineFor,
  imageOf,
  jumpBackEntry,
  patternOf,
  type SavingBox,
  saveAll,
  savedBox,
  savingBox,
  writeAll,
} from './saving-box.ts';

const folder = mkdtempSync(join(tmpdir(), 'kexec-jump-save-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Frames of A that were ever written, with what a dump has to show of them. */
function pagesOfA({ small, memoryOfA }: SavingBox): { frame: number; bytes: Uint8Array }[] {
  const { start: regionStart, count: regionCount } = small.plan.layout.region;
  const pages = [];
  for (const { start, count, id } of memoryOfA.runs()) {
    if (id === poisonContent) continue;
    for (let frame = start; frame < start + count; frame += 1) {
      const isWithheld = frame >= regionStart && frame < regionStart + regionCount;
      if (!isWithheld) pages.push({ frame, bytes: small.contents.bytes(id) });
    }
  }
  return pages;
}

const layoutOf = (box: Box) => {
  const vmcore = vmcoreOf(box);
  if (vmcore.type === 'absent') throw new Error(`no vmcore: ${vmcore.reason}`);
  return vmcore.layout;
};

/** The memory of a box for the writer of vmcore files; what nobody wrote is zero there. */
function* pageRuns(box: Box, start: Pfn, count: number): Generator<PageRun> {
  for (const run of box.memory.runs(start, count)) {
    if (run.id === zeroContent || run.id === poisonContent) {
      yield { startPfn: run.start, count: run.count, bytes: 'zero' };
      continue;
    }
    for (let index = 0; index < run.count; index += 1) {
      yield { startPfn: pfn(run.start + index), count: 1, bytes: box.contents.bytes(run.id) };
    }
  }
}

function exportTo(path: string, data: Source): void {
  const descriptor = openSync(path, 'w');
  for (const { offset, length } of data.dataStretches?.() ?? []) {
    for (let done = 0; done < length; done += 2 ** 20) {
      const bytes = readBounded(data, offset + done, Math.min(2 ** 20, length - done));
      writeSync(descriptor, bytes, 0, bytes.length, offset + done);
    }
  }
  ftruncateSync(descriptor, data.length);
  closeSync(descriptor);
}

describe.each(['reserved', 'on-demand'] as const)('an image of A, with B loaded %s,', (load) => {
  it.each(['bare', 'immer'] as const)('reads back as A had it, page for page (%s recipes)', (recipes) => {
    const saving = savedBox({ plan: { load }, recipes });
    const { commit, data } = verifySaved(imageOf(saving.small));
    expect(commit).toMatchObject({ kind: 'jump', generation: 1, jumpBackEntry });
    const { readPhysical } = readVmcore(data);
    const pages = pagesOfA(saving);
    expect(pages.length).toBeGreaterThan(3300);
    const wrong = pages.filter(
      ({ frame, bytes }) => Buffer.compare(readPhysical(addressOf(pfn(frame)), pageSizeBytes), bytes) !== 0,
    );
    expect(wrong.map(({ frame }) => frame)).toEqual([]);
  });

  it('has VMCOREINFO, no registers, and nothing else is wrong with it', () => {
    const { data } = openSaved(imageOf(savedBox({ plan: { load } }).small));
    expect(readVmcore(data).vmcoreinfo[0]).toEqual(['OSRELEASE', '6.12.117-box']);
    expect(vmcoreProblems(data)).toEqual(['no NT_PRSTATUS note: the registers of no CPU are in the dump']);
  });

  it('has no page that B wrote', () => {
    const { small, ofB } = savedBox({ plan: { load } });
    expect(ofB.size).toBeGreaterThan(64);
    const { start, count } = dumpPartition(small);
    const saved = [...small.medium().runs(start, start + count)];
    expect(saved.filter(({ id }) => ofB.has(id))).toEqual([]);
  });
});

describe('a saved image', () => {
  it('has the bytes that the format itself would write', () => {
    const { small } = savedBox();
    const expected = memoryFile();
    small.run((box) => {
      const layout = layoutOf(box);
      const steps = saveSteps({
        kind: 'jump',
        generation: 1,
        jumpBackEntry: physical(jumpBackEntry),
        machineUuid: machineUuid(box.machine),
        rootChecksum: rootChecksum(box),
        lengthBytes: layout.lengthBytes,
        runs: vmcoreRuns(layout, { runs: (start, count) => pageRuns(box, start, count) }),
      });
      for (const step of steps) if (step.type === 'write') expected.writeAt(step.offset, step.bytes);
    });
    const found = imageOf(small);
    const stretches = [...expected.dataStretches(), ...(found.dataStretches?.() ?? [])];
    expect(stretches.length).toBeGreaterThan(10);
    const different = stretches.filter(
      ({ offset, length }) =>
        Buffer.compare(expected.readAt(offset, length), found.readAt(offset, length)) !== 0,
    );
    expect(different).toEqual([]);
  });

  it('is read right from any place', () => {
    const source = imageOf(savedBox().small);
    const plain = source.readAt(0, 40 * pageSizeBytes);
    const place = fc.nat(plain.length);
    fc.assert(
      fc.property(place, place, (one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        expect(Buffer.compare(source.readAt(from, to - from), plain.subarray(from, to))).toBe(0);
      }),
    );
  });

  it('of a crash has no way back', () => {
    const { plan } = savingBox().small;
    const { small } = savedBox({ commandLine: commandLineFor(plan, '') });
    expect(verifySaved(imageOf(small)).commit).toMatchObject({ kind: 'crash', jumpBackEntry: 0 });
  });

  it('whose way back leads out of memory has none', () => {
    const { plan } = savingBox().small;
    const garbage = ' kexec_jump_back_entry=0xffffffff81000000';
    const { small } = savedBox({ commandLine: commandLineFor(plan, garbage) });
    expect(verifySaved(imageOf(small)).commit).toMatchObject({ kind: 'crash', jumpBackEntry: 0 });
  });

  it('does not show what an earlier image left in its holes', () => {
    const frame = pfn(30_000);
    const { small } = savedBox({
      beforeJump: (box) => box.memory.write(frame, patternOf(box, 'original', 77)),
    });
    small.run((box) => box.memory.write(frame, zeroContent));
    saveAll(small);
    const { commit, data } = verifySaved(imageOf(small));
    expect(commit.generation).toBe(2);
    const page = readVmcore(data).readPhysical(addressOf(frame), pageSizeBytes);
    expect(page.every((byte) => byte === 0)).toBe(true);
  });

  it('is what was written, whatever happens to the memory of A behind the writing', () => {
    const { small, memoryOfA } = savingBox();
    const { text, poolStart } = small.plan.layout.original;
    small.run(openVmcore);
    writeAll(small);
    small.run((box) => {
      box.memory.write(text.start, zeroContent);
      box.memory.write(pfn(poolStart + 2), patternOf(box, 'original', 99));
    });
    for (const act of [flushImage, commitImage, flushImage]) small.run(act);
    const { readPhysical } = readVmcore(verifySaved(imageOf(small)).data);
    expect(readPhysical(addressOf(text.start), pageSizeBytes)).toEqual(
      small.contents.bytes(memoryOfA.get(text.start)),
    );
    expect(readPhysical(addressOf(pfn(poolStart + 2)), pageSizeBytes)).toEqual(
      small.contents.bytes(zeroContent),
    );
  });
});

describe('a box of 1 TiB', () => {
  const terabyte = { ramBytes: 2 ** 40, diskBlockCount: 2 ** 29, plan: { load: 'on-demand' } } as const;
  const last = pfn(2 ** 28 + 2 ** 20);

  it('is saved with what was touched, and no more', () => {
    const { small } = savedBox({
      ...terabyte,
      beforeJump: (box) => box.memory.write(last, patternOf(box, 'original', 1)),
    });
    const { commit, data } = verifySaved(imageOf(small));
    expect(data.length).toBeGreaterThan(0.99 * 2 ** 40);
    expect(commit.blockCount).toBeLessThan(20_000);
    expect(readVmcore(data).readPhysical(addressOf(last), 16)).toEqual(
      new TextEncoder().encode('000000a000000001'),
    );
    const path = join(folder, 'terabyte.elf');
    exportTo(path, data);
    expect(statSync(path).blocks * 512).toBeLessThan(2 ** 27);
  });
});

describe('the tools', () => {
  it('readelf accepts an exported image and names its parts', (context) => {
    const readelf = needs(context, 'readelf');
    const path = join(folder, 'reserved.elf');
    exportTo(path, openSaved(imageOf(savedBox().small)).data);
    const { status, stdout, stderr } = run(readelf, ['-lnW', path]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.split('\n').map((line) => line.trim().replaceAll(/\s+/g, ' '));
    const parts = lines.filter((line) => /^(NOTE|LOAD) /.test(line)).map((line) => line.split(' '));
    expect(parts.map(([type, _offset, virtual, physicalAt]) => [type, virtual, physicalAt])).toEqual([
      ['NOTE', '0x0000000000000000', '0x0000000000000000'],
      ['LOAD', '0xffffffff81000000', '0x0000000001000000'],
      ['LOAD', '0xffff888000001000', '0x0000000000001000'],
      ['LOAD', '0xffff888000100000', '0x0000000000100000'],
      ['LOAD', '0xffff88800f000000', '0x000000000f000000'],
    ]);
    // RAM below 640 KiB, from 1 MiB to the region, and from there to what firmware keeps.
    expect(parts.slice(2).map(([, , , , sizeBytes]) => sizeBytes)).toEqual([
      '0x09ec00',
      '0x9f00000',
      '0xfdd000',
    ]);
    expect(lines.filter((line) => /^(CORE|VMCOREINFO) /.test(line))).toEqual([
      expect.stringMatching(/^VMCOREINFO /),
    ]);
  });
});

describe('what saving costs', () => {
  it('is a step for every 2 MiB that are not empty, however much is', () => {
    const { small } = savedBox({ ramBytes: 2 ** 30 });
    const { saved } = small.machine().kernels.dump;
    const chunks = small.replies.filter(({ reply }) => reply.type === 'image.chunkWritten').length + 1;
    expect(chunks).toBe(Math.ceil(saved / blocksPerChunk));
  });

  it('in time is the disk, and once a look at every page', () => {
    const { small } = savingBox();
    const write = blocksPerChunk * latencyNs('disk.write');
    const look = (small.plan.ramBytes / pageSizeBytes) * latencyNs('memory.readPage');
    small.run(openVmcore);
    expect(saveLatencyNs(small.machine(), small.plan)).toBe(write + look);
    small.run(writeChunk);
    expect(saveLatencyNs(small.machine(), small.plan)).toBe(write);
  });
});
