import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pagedBytes } from '../../kernels/linux/paged-bytes.ts';
import { hex64, offsetOf, printkLayout, ringRegion } from '../../kernels/linux/printk-layout.ts';
import type { NewRecord } from '../../kernels/linux/printk-ring.ts';
import { goldenText } from './golden-log.ts';
import { address, ringMemory } from './ring-memory.ts';

/** One page of text and 128 records: the smallest log. */
const small = { textBits: 12, descriptorBits: 7 };

const { ringbuffer, descRing, dataRing, desc, blkLpos, info, devInfo, latchedSeq } = printkLayout;
const layoutByKey = {
  'SIZE(printk_ringbuffer)': ringbuffer.sizeBytes,
  'OFFSET(printk_ringbuffer.desc_ring)': ringbuffer.descRing,
  'OFFSET(printk_ringbuffer.text_data_ring)': ringbuffer.textDataRing,
  'OFFSET(printk_ringbuffer.fail)': ringbuffer.fail,
  'SIZE(prb_desc_ring)': descRing.sizeBytes,
  'OFFSET(prb_desc_ring.count_bits)': descRing.countBits,
  'OFFSET(prb_desc_ring.descs)': descRing.descs,
  'OFFSET(prb_desc_ring.infos)': descRing.infos,
  'OFFSET(prb_desc_ring.head_id)': descRing.headId,
  'OFFSET(prb_desc_ring.tail_id)': descRing.tailId,
  'SIZE(prb_desc)': desc.sizeBytes,
  'OFFSET(prb_desc.state_var)': desc.stateVar,
  'OFFSET(prb_desc.text_blk_lpos)': desc.textBlkLpos,
  'SIZE(prb_data_blk_lpos)': blkLpos.sizeBytes,
  'OFFSET(prb_data_blk_lpos.begin)': blkLpos.begin,
  'OFFSET(prb_data_blk_lpos.next)': blkLpos.next,
  'SIZE(printk_info)': info.sizeBytes,
  'OFFSET(printk_info.seq)': info.seq,
  'OFFSET(printk_info.ts_nsec)': info.tsNsec,
  'OFFSET(printk_info.text_len)': info.textLen,
  'OFFSET(printk_info.caller_id)': info.callerId,
  'OFFSET(printk_info.dev_info)': info.devInfo,
  'SIZE(dev_printk_info)': devInfo.sizeBytes,
  'OFFSET(dev_printk_info.subsystem)': devInfo.subsystem,
  'LENGTH(printk_info_subsystem)': devInfo.subsystemBytes,
  'OFFSET(dev_printk_info.device)': devInfo.device,
  'LENGTH(printk_info_device)': devInfo.deviceBytes,
  'SIZE(prb_data_ring)': dataRing.sizeBytes,
  'OFFSET(prb_data_ring.size_bits)': dataRing.sizeBits,
  'OFFSET(prb_data_ring.data)': dataRing.data,
  'OFFSET(prb_data_ring.head_lpos)': dataRing.headLpos,
  'OFFSET(prb_data_ring.tail_lpos)': dataRing.tailLpos,
  'SIZE(atomic_long_t)': 8,
  'OFFSET(atomic_long_t.counter)': 0,
  'SIZE(latched_seq)': latchedSeq.sizeBytes,
  'OFFSET(latched_seq.val)': latchedSeq.val,
};

describe('the layout', () => {
  test('sizes and offsets are those of the VMCOREINFO of a real dump', () => {
    const pairs = goldenText('b2-vmcoreinfo.txt')
      .trimEnd()
      .split('\n')
      .filter((line) => !line.startsWith('SYMBOL'))
      .map((line) => line.split('='));
    expect(Object.fromEntries(pairs.map(([key, value]) => [key, Number(value)]))).toEqual(layoutByKey);
  });

  test('a 64 KiB log has 2,048 descriptors and takes 73 pages', () => {
    const region = ringRegion({ address });
    expect(region).toMatchObject({ textBits: 16, descriptorBits: 11, pageCount: 73 });
    expect([region.descs, region.infos, region.text].map(({ offset }) => offset / 4096)).toEqual([1, 13, 57]);
  });

  test('prb points at the ring, and the ring at its three parts', () => {
    const { port, region } = ringMemory();
    const bytes = pagedBytes(port);
    const pointer = (offset: number) => offsetOf(region, bytes.word(offset));
    expect(hex64(bytes.word(Number(BigInt(`0x${region.symbols.prb}`) - BigInt(`0x${address}`))))).toBe(
      address,
    );
    expect(pointer(printkLayout.descRing.descs)).toBe(region.descs.offset);
    expect(pointer(printkLayout.descRing.infos)).toBe(region.infos.offset);
    expect(pointer(printkLayout.ringbuffer.textDataRing + printkLayout.dataRing.data)).toBe(
      region.text.offset,
    );
  });

  test('ids begin with 32 bits of ones and positions with 64, so that both overflow early', () => {
    const { port } = ringMemory();
    const bytes = pagedBytes(port);
    expect(hex64(bytes.word(printkLayout.descRing.headId))).toBe('00000000fffff7ff');
    expect(hex64(bytes.word(printkLayout.ringbuffer.textDataRing + printkLayout.dataRing.headLpos))).toBe(
      'ffffffffffff0000',
    );
  });

  test('an address outside of the log is our own mistake', () => {
    expect(() => offsetOf(ringRegion({ address }), 0n)).toThrow(
      'printk.address: 0000000000000000 is in none of the mappings',
    );
  });
});

describe('writing and reading', () => {
  test('an empty log has no records', () => {
    expect(ringMemory().records()).toEqual([]);
  });

  test('what is printed is read back, in order, with number, time, level, caller and device', () => {
    const log = ringMemory();
    log.print({ timeNs: 6_175_994_000, text: 'Freezing user space processes' });
    const device = { subsystem: 'platform', device: '+platform:labdev.1' };
    log.print({
      timeNs: 6_177_000_000,
      level: 'err',
      text: 'labdev labdev.1: PM: failed',
      callerId: 86,
      device,
    });
    log.print({ timeNs: 6_178_000_000, level: 'notice', text: 'LAB', facility: 1, callerId: 0x80000001 });
    expect(log.records()).toMatchObject([
      {
        sequence: 0,
        timeNs: 6_175_994_000,
        level: 6,
        facility: 0,
        callerId: 1,
        device: undefined,
        isOpen: false,
      },
      { sequence: 1, level: 3, text: 'labdev labdev.1: PM: failed', callerId: 86, device },
      { sequence: 2, level: 5, text: 'LAB', facility: 1, callerId: 0x80000001 },
    ]);
  });

  test('any lines that fit are read back as they were', () => {
    const line = fc.record({
      timeNs: fc.nat(),
      level: fc.constantFrom<NewRecord['level']>('emerg', 'err', 'info', 'debug', 'default'),
      text: fc.string({ unit: 'binary', maxLength: 40 }),
      callerId: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
        const log = ringMemory({ textBits: 16, descriptorBits: 7 });
        for (const record of lines) log.print(record);
        expect(log.records().map(({ timeNs, text, callerId }) => ({ timeNs, text, callerId }))).toEqual(
          lines.map(({ timeNs, text, callerId }) => ({ timeNs, text, callerId })),
        );
      }),
    );
  });

  test('a line touches at most six pages: heads, descriptor, record and text, the last three with a border inside', () => {
    const log = ringMemory();
    for (let count = 0; count < 3000; count++) {
      log.written.length = 0;
      log.print({ text: 'x'.repeat(count % 90) });
      expect(log.written.length).toBeLessThanOrEqual(6);
      expect(new Set(log.written).size).toBe(log.written.length);
    }
  });

  test('a stored page is never written again', () => {
    const log = ringMemory();
    log.print({ text: 'one' });
    const before = log.written.map((index) => ({
      page: log.port.readPage(index),
      bytes: log.port.readPage(index).slice(),
    }));
    log.print({ text: 'two' });
    for (const { page, bytes } of before) expect(page).toEqual(bytes);
  });
});

describe('wrapping', () => {
  test('when the text is full the oldest records go, and numbers go on', () => {
    const log = ringMemory(small);
    for (let count = 0; count < 1000; count++) log.print({ text: `line ${count} ${'x'.repeat(60)}` });
    const numbers = log.records().map(({ sequence }) => sequence);
    expect(numbers.at(-1)).toBe(999);
    expect(numbers).toEqual(numbers.map((_number, index) => 999 - numbers.length + 1 + index));
    // Blocks of 88 bytes: id, text, level, newline and NUL, padding.
    expect(numbers.length).toBe(46);
  });

  test('when the descriptors are used up the oldest record goes, though its text would fit', () => {
    const log = ringMemory(small);
    for (let count = 0; count < 300; count++) log.print({ text: '' });
    expect(log.records().map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 128 }, (_n, index) => 172 + index),
    );
  });

  test('after any printing the log holds the newest lines without a gap', () => {
    const line = fc.record({ text: fc.string({ maxLength: 1200 }), facility: fc.constantFrom(0, 1) });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 150 }), (lines) => {
        const log = ringMemory(small);
        for (const record of lines) log.print(record);
        const kept = log.records();
        const expected = lines
          .slice(lines.length - kept.length)
          .map(({ text }) => new TextEncoder().encode(text));
        expect(kept.length).toBeGreaterThan(0);
        for (const [index, { textBytes }] of kept.entries()) {
          expect([...textBytes]).toEqual([...(expected[index] ?? [])].slice(0, textBytes.length));
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('long and open lines', () => {
  test('a record takes 1,024 bytes with level and NUL: 1,021 are left of a kernel line, and it stays open', () => {
    const log = ringMemory();
    log.print({ text: 'x'.repeat(1021) });
    log.print({ text: 'x'.repeat(1020) });
    expect(log.records().map(({ text, isOpen }) => [text.length, isOpen])).toEqual([
      [1021, true],
      [1020, false],
    ]);
  });

  test('the end of a line comes into the record of its beginning', () => {
    const log = ringMemory();
    log.print({ text: 'Restarting tasks ... ', isOpen: true });
    log.print({ text: 'done.', level: 'cont' });
    expect(log.records()).toMatchObject([{ sequence: 0, text: 'Restarting tasks ... done.', isOpen: false }]);
  });

  test('when another line came between, the end stands alone, as in log a1', () => {
    const log = ringMemory();
    log.print({ text: 'Restarting tasks ... ', isOpen: true });
    log.print({ text: 'another', callerId: 2 });
    log.print({ text: 'done.', level: 'cont' });
    expect(log.texts()).toEqual(['Restarting tasks ... ', 'another', 'done.']);
  });

  test('another caller does not go on with an open line', () => {
    const log = ringMemory();
    log.print({ text: 'one ', isOpen: true, callerId: 1 });
    log.print({ text: 'two', level: 'cont', callerId: 2 });
    expect(log.texts()).toEqual(['one ', 'two']);
  });

  test('wherever a line is continued, across the end of the ring too, its parts come together', () => {
    for (let lead = 0; lead < 4096; lead += 40) {
      const log = ringMemory(small);
      for (let bytes = 0; bytes < lead; bytes += 40) log.print({ text: 'x'.repeat(24) });
      log.print({ text: 'begin ', isOpen: true });
      log.print({ text: 'y'.repeat(90), level: 'cont', isOpen: true });
      log.print({ text: ' end', level: 'cont' });
      log.print({ text: 'after' });
      expect(log.texts().slice(-2)).toEqual([`begin ${'y'.repeat(90)} end`, 'after']);
    }
  });
});
