import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../image/bytes.ts';
import { buildElfcorehdr } from '../../image/formats/elf/elfcorehdr.ts';
import { blockAt, type VmcoreView, vmcoreLayout } from '../../image/formats/elf/vmcore-layout.ts';
import { physical } from '../../image/pfn.ts';
import { infoAt, memoryWith, notesAt, sampleLayout, sampleNotes, samplePlan } from './sample-dump.ts';

const samples = memoryWith(sampleNotes);
const nothing = memoryWith(new Map());

/** The sample's elfcorehdr with one field overwritten. */
const changed = (change: (writer: ByteWriter) => void): VmcoreView => {
  const bytes = buildElfcorehdr(samplePlan);
  change(new ByteWriter(bytes));
  return vmcoreLayout(bytes, samples);
};

describe('/proc/vmcore', () => {
  it('has headers, then notes, then memory, each from a page border on', () => {
    const { header, loads, lengthBytes } = sampleLayout();
    expect(header).toHaveLength(0x2000);
    expect(
      loads.map(({ fileOffset, firstFrame, pageCount, sizeBytes }) => [
        fileOffset,
        firstFrame,
        pageCount,
        sizeBytes,
      ]),
    ).toEqual([
      [0x2000, 0x1000, 3, 0x3000],
      [0x5000, 0x1, 0x9f, 0x9ec00],
      [0xa4000, 0x100, 0x1f00, 0x1f00000],
    ]);
    expect(lengthBytes).toBe(0x1fa4000);
  });

  it('puts the notes of all buffers into one, without the end marks', () => {
    const { header } = sampleLayout();
    const [first, second, info] = [...sampleNotes.values()];
    const infoSize = 12 + 12 + 60;
    const notes = [first?.subarray(0, 356), second?.subarray(0, 356), info?.subarray(0, infoSize)].map(
      (bytes) => Buffer.from(bytes ?? []),
    );
    const expected = Buffer.concat(notes);
    expect(Buffer.from(header.subarray(0x1000, 0x1000 + expected.length)).equals(expected)).toBe(true);
    expect(header.subarray(0x1000 + expected.length).every((byte) => byte === 0)).toBe(true);
  });

  it('knows which page is which block of the file', () => {
    const layout = sampleLayout();
    expect(blockAt(layout, 1)).toEqual({ type: 'header', bytes: layout.header.subarray(0x1000) });
    expect(blockAt(layout, 2)).toEqual({ type: 'page', frame: 0x1000 });
    expect(blockAt(layout, 5)).toEqual({ type: 'page', frame: 0x1 });
    expect(blockAt(layout, 0x1fa3)).toEqual({ type: 'page', frame: 0x1fff });
    expect(() => blockAt(layout, 0x1fa4)).toThrow('expected a block below 8100');
  });

  it('reads low memory from its backup', () => {
    const ranges = [{ first: physical(0), last: physical(0x9ffff), copiedTo: physical(0x2000000) }];
    expect(sampleLayout({ ...samplePlan, ranges }).loads[1]).toMatchObject({
      firstFrame: 0x2000,
      physical: 0,
    });
  });

  it('keeps the place in the page of a range that begins within one', () => {
    const ranges = [{ first: physical(0x100c00), last: physical(0x1013ff) }];
    const { header, loads } = sampleLayout({ ...samplePlan, ranges });
    expect(loads[1]).toMatchObject({ fileOffset: 0x5000, firstFrame: 0x100, pageCount: 2, sizeBytes: 0x800 });
    const load = 64 + 2 * 56;
    expect(Buffer.from(header.subarray(load + 8, load + 16)).readBigUInt64LE()).toBe(0x5c00n);
  });
});

describe('/proc/vmcore is absent', () => {
  it('when the header is gone: B has overwritten it', () => {
    const garbage = new Uint8Array(4096).fill(0xff);
    for (const bytes of [garbage, new Uint8Array(4096), new Uint8Array(), garbage.subarray(0, 10)]) {
      expect(vmcoreLayout(bytes, samples)).toEqual({
        type: 'absent',
        reason: 'headerNotFound',
        warnings: [],
      });
    }
  });

  it.each<[string, (writer: ByteWriter) => void]>([
    ['class', (writer) => writer.u8(4, 1)],
    ['identVersion', (writer) => writer.u8(6, 0)],
    ['type', (writer) => writer.u16(16, 2)],
    ['machine', (writer) => writer.u16(18, 3)],
    ['version', (writer) => writer.u32(20, 2)],
    ['headerSize', (writer) => writer.u16(52, 52)],
    ['programHeaderSize', (writer) => writer.u16(54, 32)],
    ['programHeaderCount', (writer) => writer.u16(56, 0)],
  ])('when its %s is not sane', (_field, change) => {
    expect(changed(change)).toMatchObject({ type: 'absent', reason: 'headerNotSane' });
  });

  it('but not when data encoding or place of the program headers are strange, for Linux looks at neither', () => {
    expect(changed((writer) => writer.u8(5, 2)).type).toBe('ready');
    expect(changed((writer) => writer.hex64(32, 'ffffffffffffffff')).type).toBe('ready');
  });

  it('when all notes are empty: one warning for each buffer', () => {
    const elfcorehdr = buildElfcorehdr({ ...samplePlan, vmcoreinfo: null });
    expect(vmcoreLayout(elfcorehdr, nothing)).toEqual({
      type: 'absent',
      reason: 'notesEmpty',
      warnings: [{ type: 'notesZero' }, { type: 'notesZero' }],
    });
  });

  it('when a note buffer is larger than the kernel can allocate', () => {
    expect(changed((writer) => writer.u64(64 + 40, 2 ** 22 + 1))).toMatchObject({ reason: 'outOfMemory' });
  });

  it('when sizes make no sense (Linux would go on)', () => {
    const ranges = [{ first: physical(0x100000), last: physical(0xeffff) }];
    expect(vmcoreLayout(buildElfcorehdr({ ...samplePlan, ranges }), samples)).toMatchObject({
      reason: 'unreadable',
    });
    expect(vmcoreLayout(buildElfcorehdr(samplePlan).subarray(0, 100), samples)).toMatchObject({
      reason: 'unreadable',
    });
    const far = changed((writer) => writer.u64(64 + 5 * 56 + 40, Number.MAX_SAFE_INTEGER));
    expect(far).toMatchObject({ reason: 'unreadable' });
  });
});

describe('/proc/vmcore is there, with a warning', () => {
  it('when only some note buffers are empty', () => {
    const withoutFirst = new Map(sampleNotes);
    withoutFirst.delete(notesAt[0]);
    const view = vmcoreLayout(buildElfcorehdr(samplePlan), memoryWith(withoutFirst));
    expect(view).toMatchObject({ type: 'ready', warnings: [{ type: 'notesZero' }] });
  });

  it('when a note runs past its buffer: it is dropped', () => {
    const damaged = new Map(sampleNotes);
    const info = Uint8Array.from(sampleNotes.get(infoAt) ?? []);
    new ByteWriter(info).u32(4, 5000);
    damaged.set(infoAt, info);
    const view = vmcoreLayout(buildElfcorehdr(samplePlan), memoryWith(damaged));
    expect(view).toMatchObject({
      type: 'ready',
      warnings: [
        { type: 'noteDropped', nameSizeBytes: 11, descriptorSizeBytes: 5000 },
        { type: 'notesZero' },
      ],
    });
  });
});
