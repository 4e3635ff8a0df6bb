import { describe, expect, it } from 'vitest';
import { encodeMap, mapOffsetBytes } from '../../image/formats/saved-partition/block-map.ts';
import { frameOf, pfn, physical } from '../../image/pfn.ts';
import type { Box } from '../../kernels/box.ts';
import { diskWrite } from '../../kernels/devices/disk-cache.ts';
import {
  blocksPerChunk,
  commitImage,
  flushImage,
  openVmcore,
  writeChunk,
} from '../../kernels/executors/save.ts';
import { dumpPartition } from '../../kernels/executors/save-partition.ts';
import { vmcoreOf } from '../../kernels/executors/save-vmcore.ts';
import { zeroContent } from '../../kernels/memory/contents.ts';
import { takeOver } from '../devices/device-story.ts';
import {
  elfcorehdrAt,
  lastReply,
  outcomeOf,
  pageWith,
  patternOf,
  saveAll,
  savedBox,
  savingBox,
} from './saving-box.ts';

const headerFrame = (box: Box) => frameOf(physical(elfcorehdrAt(box.plan)));

describe('saving fails', () => {
  it('with EIO when the disk is not set up for B, and the disk counts the refusal', () => {
    const { small } = savingBox();
    small.run(openVmcore);
    takeOver(small, 'original');
    for (const act of [writeChunk, flushImage, commitImage]) {
      small.run(act);
      expect(lastReply(small)).toEqual({ type: 'image.failed', errno: -5 });
    }
    expect(small.machine().disk.refused).toBe(3);
  });

  it('with EIO at any request that the disk fails, leaves no image, and succeeds when tried again', () => {
    const requests = 14 + 3;
    for (let failing = 1; failing <= requests; failing += 1) {
      const { small } = savingBox();
      small.run(openVmcore);
      const acts = [...Array(requests - 3).fill(writeChunk), flushImage, commitImage, flushImage];
      for (const act of acts.slice(0, failing - 1)) small.run(act);
      small.run((box) => {
        box.machine.disk.fails = true;
      });
      small.run(acts[failing - 1]);
      expect(lastReply(small)).toEqual({ type: 'image.failed', errno: -5 });
      expect(outcomeOf(small)).toBe('saved.no-commit');
      saveAll(small);
      expect(lastReply(small)).toEqual({ type: 'image.flushed' });
      expect(outcomeOf(small)).toMatch(/^image [12]$/);
    }
  });

  it('with ENOSPC when the partition is too small, and the old image stays', () => {
    const { small } = savedBox();
    small.run((box) => writeChunk({ ...box, plan: { ...box.plan, ramBytes: 2 ** 26 } }));
    expect(lastReply(small)).toEqual({ type: 'image.failed', errno: -28 });
    expect(outcomeOf(small)).toBe('image 1');
  });

  it('with ENOSPC when the map of scattered pages needs more than is left', () => {
    const { small } = savingBox({
      beforeJump: (box) => {
        for (let index = 0; index < 600; index += 1) {
          box.memory.write(pfn(20_000 + 2 * index), patternOf(box, 'original', index));
        }
      },
    });
    small.run(openVmcore);
    const tight = (box: Box): void => {
      const mapBlock = mapBlockOf(box) - dumpPartition(box).start;
      // A partition has 64 MiB more than there is RAM: here it ends behind the first block of the map.
      writeChunk({ ...box, plan: { ...box.plan, ramBytes: (mapBlock + 1) * 4096 - 2 ** 26 } });
    };
    do small.run(tight);
    while (lastReply(small).type === 'image.chunkWritten');
    expect(small.machine().kernels.dump.saved).toBeGreaterThan(0);
    expect(lastReply(small)).toEqual({ type: 'image.failed', errno: -28 });
    expect(outcomeOf(small)).toBe('saved.no-commit');
  });

  it('with EIO when the headers are gone', () => {
    const { small } = savingBox();
    small.run(openVmcore);
    small.run(writeChunk);
    small.run((box) => box.memory.write(headerFrame(box), zeroContent));
    for (const act of [writeChunk, commitImage]) {
      small.run(act);
      expect(lastReply(small)).toEqual({ type: 'image.failed', errno: -5 });
    }
  });

  describe.each([
    ['zeros', new Uint8Array(4096)],
    ['ones', new Uint8Array(4096).fill(0xff)],
    ['runs that overlap', Uint8Array.from({ length: 4096 }, (_, index) => (index % 8 === 0 ? 2 : 0))],
    ['a run that is too long', encodeMap([{ firstBlock: 0, blockCount: blocksPerChunk + 1 }])],
    ['a run beyond the file', encodeMap([{ firstBlock: 2 ** 30, blockCount: blocksPerChunk }])],
  ])('with EIO when somebody else wrote %s into the map,', (_what, map) => {
    it.each([
      ['next chunk', writeChunk],
      ['commit', commitImage],
    ] as const)('at the %s, which writes nothing', (_name, act) => {
      const { small } = savingBox();
      small.run(openVmcore);
      small.run(writeChunk);
      small.run((box) => diskWrite(box, mapBlockOf(box), pageWith(box, map)));
      const before = small.medium();
      small.run(act);
      expect(lastReply(small)).toEqual({ type: 'image.failed', errno: -5 });
      expect(small.medium()).toBe(before);
    });
  });
});

function mapBlockOf(box: Box): number {
  const vmcore = vmcoreOf(box);
  if (vmcore.type === 'absent') throw new Error(`no vmcore: ${vmcore.reason}`);
  return dumpPartition(box).start + mapOffsetBytes(vmcore.layout) / 4096;
}
