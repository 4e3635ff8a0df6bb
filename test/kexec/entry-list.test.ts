import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Pfn, pageSizeBytes, pfn } from '../../image/pfn.ts';
import {
  decodeEntryPage,
  encodeEntryList,
  entriesPerPage,
  type ListEntry,
  type ListFault,
  type ListMove,
  listPageCount,
  walkEntryList,
} from '../../kernels/kexec/entry-list.ts';
import { readFrameWord, writeFrameWord } from '../../kernels/kexec/word.ts';

const destination = (frame: number): ListEntry => ({ kind: 'destination', frame: pfn(frame) });
const source = (frame: number): ListEntry => ({ kind: 'source', frame: pfn(frame) });
const framesFrom = (start: number, count: number) =>
  Array.from({ length: count }, (_, index) => pfn(start + index));
const listAt = 0x100000;

const encoded = (entries: readonly ListEntry[]) =>
  encodeEntryList(entries, framesFrom(listAt, listPageCount(entries.length)));

const reader = (pages: readonly { frame: Pfn; bytes: Uint8Array }[]) => {
  const byFrame = new Map(pages.map(({ frame, bytes }) => [frame, bytes]));
  return (frame: Pfn) => byFrame.get(frame);
};

const walked = (entries: readonly ListEntry[]) => {
  const { head, pages } = encoded(entries);
  return [...walkEntryList(head, reader(pages))];
};

/** A page of words, given as pairs of frame and low bits. */
const pageOf = (...words: readonly (readonly [frame: number, lowBits: number])[]) => {
  const bytes = new Uint8Array(pageSizeBytes);
  words.forEach(([frame, lowBits], index) => {
    writeFrameWord(bytes, index * 8, { frame: pfn(frame), lowBits });
  });
  return bytes;
};
const fromPage = (bytes: Uint8Array, limit?: number) => {
  const link = { frame: pfn(listAt), lowBits: 2 };
  return [...walkEntryList(link, reader([{ frame: pfn(listAt), bytes }]), limit)];
};
const faultOf = (found: readonly (ListMove | ListFault)[]) => found.at(-1);

describe('the list', () => {
  test('has the bytes that Linux writes', () => {
    const { head, pages } = encoded([destination(0x5100), source(0xabc)]);
    expect(head).toEqual({ frame: listAt, lowBits: 2 });
    const text = Buffer.from(pages[0]?.bytes.subarray(0, 32) ?? []).toString('hex');
    expect(text).toBe('0100100500000000' + '08c0ab0000000000' + '0400000000000000' + '0000000000000000');
  });

  test('no entries need no page: the head says done', () => {
    expect(encoded([])).toEqual({ head: { frame: 0, lowBits: 4 }, pages: [] });
    expect(walked([])).toEqual([]);
  });

  test('511 entries fill a page, and done stands in the place of the link; one more needs a second page', () => {
    const entries = [destination(1), ...framesFrom(0x200, 510).map(source)];
    expect(listPageCount(entries.length)).toBe(1);
    expect(decodeEntryPage(encoded(entries).pages[0]?.bytes ?? new Uint8Array(0))[511]).toEqual({
      kind: 'done',
      frame: 0,
    });
    const { pages } = encoded([...entries, source(0x999)]);
    expect(pages.length).toBe(2);
    const linked = decodeEntryPage(pages[0]?.bytes ?? new Uint8Array(0));
    expect(linked.length).toBe(entriesPerPage);
    expect(linked[511]).toEqual({ kind: 'indirection', frame: listAt + 1 });
  });

  test('each source goes to the destination, which then moves on by a page', () => {
    expect(walked([destination(0x10), source(0x90), source(0x7), destination(0x40), source(0x40)])).toEqual([
      { type: 'list.move', destination: 0x10, source: 0x90 },
      { type: 'list.move', destination: 0x11, source: 0x7 },
      { type: 'list.move', destination: 0x40, source: 0x40 },
    ]);
  });

  const runs = fc.array(
    fc.record({ at: fc.nat(2 ** 40 - 2 ** 12), sources: fc.array(fc.nat(2 ** 40 - 1), { maxLength: 700 }) }),
    { maxLength: 4 },
  );

  test('walking gives back what was encoded, over page borders and up to 2^52', () => {
    fc.assert(
      fc.property(runs, (list) => {
        const entries = list.flatMap(({ at, sources }) => [destination(at), ...sources.map(source)]);
        const moves = list.flatMap(({ at, sources }) =>
          sources.map((frame, index) => ({ type: 'list.move', destination: at + index, source: frame })),
        );
        expect(walked(entries)).toEqual(moves);
      }),
      { numRuns: 60 },
    );
  });

  test('decoding a page gives back its entries', () => {
    const frame = fc.nat(2 ** 40 - 1);
    const entry = fc.oneof(frame.map(destination), frame.map(source));
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 511 }), (entries) => {
        const decoded = decodeEntryPage(encoded(entries).pages[0]?.bytes ?? new Uint8Array(0));
        expect(decoded.slice(0, entries.length)).toEqual(entries);
        expect(decoded[entries.length]).toEqual({ kind: 'done', frame: 0 });
      }),
      { numRuns: 40 },
    );
  });

  test('frame words keep every frame up to 2^40 and every low bit', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 40 - 1), fc.nat(4095), (frame, lowBits) => {
        const bytes = new Uint8Array(8);
        writeFrameWord(bytes, 0, { frame: pfn(frame), lowBits });
        expect(readFrameWord(bytes, 0)).toEqual({ frame, lowBits });
        expect(Buffer.from(bytes).readBigUInt64LE()).toBe(BigInt(frame) * 4096n + BigInt(lowBits));
      }),
    );
  });
});

describe('walking over garbage', () => {
  test('a list that comes back to itself is a loop', () => {
    const bytes = pageOf([0x10, 1], [0x20, 8], [listAt, 2]);
    expect(fromPage(bytes)).toEqual([
      { type: 'list.move', destination: 0x10, source: 0x20 },
      {
        type: 'list.fault',
        reason: 'loop',
        at: { frame: listAt, index: 2 },
        word: '0000000100000002',
        limit: 2 ** 20,
      },
    ]);
  });

  test('a chain longer than the limit ends there, and names it', () => {
    const pages = framesFrom(listAt, 5).map((frame) => ({ frame, bytes: pageOf([frame + 1, 2]) }));
    const found = [...walkEntryList({ frame: pfn(listAt), lowBits: 2 }, reader(pages), 3)];
    expect(found).toMatchObject([
      { reason: 'too-many-list-pages', limit: 3, at: { frame: listAt + 2, index: 0 } },
    ]);
  });

  test('a link to where no memory is finds its page missing', () => {
    expect(faultOf(fromPage(pageOf([0x77, 2])))).toMatchObject({
      reason: 'page-missing',
      word: '0000000000077002',
    });
  });

  test('a source before any destination is a fault', () => {
    expect(fromPage(pageOf([0x20, 8]))).toMatchObject([{ reason: 'no-destination', at: { index: 0 } }]);
  });

  test.each([
    ['no kind at all', [0x20, 0]],
    ['two kinds', [0x20, 9]],
    ['a bit that is none', [0x20, 0x18]],
  ] as const)('%s is a bad word', (_name, word) => {
    expect(faultOf(fromPage(pageOf([0x10, 1], word)))).toMatchObject({
      reason: 'bad-word',
      at: { index: 1 },
    });
  });

  test('an address beyond 2^52 is a bad word, such as the poison of memory that lost its power', () => {
    const poison = new TextEncoder().encode('POISONED'.repeat(512));
    expect(fromPage(poison)).toMatchObject([{ reason: 'bad-word', word: '44454e4f53494f50' }]);
  });

  test('a page without link or done runs out', () => {
    const words = framesFrom(1, 511).map((frame) => [frame, 8] as const);
    expect(faultOf(fromPage(pageOf([0x10, 1], ...words)))).toMatchObject({
      reason: 'ran-past-page',
      at: { index: 511 },
    });
  });

  test('a head that is no link is a fault without a place', () => {
    const read = reader([]);
    expect([...walkEntryList({ frame: pfn(3), lowBits: 1 }, read)]).toMatchObject([
      { reason: 'ran-past-page', at: null },
    ]);
    expect([...walkEntryList({ frame: pfn(3), lowBits: 0 }, read)]).toMatchObject([
      { reason: 'bad-word', at: null },
    ]);
  });

  test('any bytes end in done or in one fault, and nothing follows a fault', () => {
    const words = fc.array(fc.tuple(fc.nat(3), fc.constantFrom(0, 1, 2, 4, 8, 16)), { maxLength: 520 });
    fc.assert(
      fc.property(fc.array(words, { minLength: 4, maxLength: 4 }), (pages) => {
        const bytes = pages.map((page, index) => ({
          frame: pfn(index),
          bytes: pageOf(...page.slice(0, 512)),
        }));
        const found = [...walkEntryList({ frame: pfn(0), lowBits: 2 }, reader(bytes))];
        const faults = found.filter(({ type }) => type === 'list.fault');
        expect(faults.length).toBeLessThanOrEqual(1);
        if (faults.length === 1) expect(found.at(-1)).toBe(faults[0]);
      }),
      { numRuns: 100 },
    );
  });

  test('decoding shows what is bad and what is empty', () => {
    const page = decodeEntryPage(pageOf([0, 0], [0x20, 3]));
    expect(page[0]).toEqual({ kind: 'empty', word: '0000000000000000' });
    expect(page[1]).toEqual({ kind: 'bad', word: '0000000000020003' });
  });
});
