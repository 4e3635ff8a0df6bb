import fc from 'fast-check';
import { produce } from 'immer';
import { describe, expect, test } from 'vitest';
import { pageSizeBytes } from '../../image/pfn.ts';
import type { ContentRule } from '../../kernels/memory/content-rules.ts';
import { type ContentId, Contents, poisonContent, zeroContent } from '../../kernels/memory/contents.ts';
import { pageHash } from '../../kernels/memory/page-hash.ts';

/** Pages that are often equal, and often differ in one byte only. */
const pages = fc
  .record({
    background: fc.constantFrom(0, 1),
    offset: fc.constantFrom(0, 7, 2048, 4095),
    value: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ background, offset, value }) => {
    const page = new Uint8Array(pageSizeBytes).fill(background);
    page[offset] = value;
    return page;
  });

const hashes = fc.constantFrom(
  pageHash,
  () => 0,
  (words: Int32Array) => (words[0] ?? 0) & 1,
);

const pattern = (index: number): ContentRule => ({ rule: 'pattern', seed: 7, index });
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('a store of contents', () => {
  test('gives equal ids to equal bytes and different ids to different bytes, however poor its hash', () => {
    fc.assert(
      fc.property(fc.array(pages, { maxLength: 30 }), hashes, (list, hash) => {
        const contents = new Contents(hash);
        const idByBytes = new Map<string, ContentId>();
        for (const page of list) {
          const id = contents.intern(page);
          const known = idByBytes.get(hexOf(page));
          if (known !== undefined) expect(id).toBe(known);
          idByBytes.set(hexOf(page), id);
          expect(hexOf(contents.bytes(id))).toBe(hexOf(page));
        }
        expect(new Set(idByBytes.values()).size).toBe(idByBytes.size);
      }),
    );
  });

  test('begins with zero and poison, whatever comes later', () => {
    const contents = new Contents();
    expect(contents.size).toBe(2);
    expect(contents.intern(new Uint8Array(pageSizeBytes))).toBe(zeroContent);
    expect(contents.bytes(zeroContent).every((byte) => byte === 0)).toBe(true);
    expect(Buffer.from(contents.bytes(poisonContent)).toString('ascii')).toBe('POISONED'.repeat(512));
  });

  test('gives the same ids for the same order of arrival', () => {
    fc.assert(
      fc.property(fc.array(pages), hashes, (list, hash) => {
        const first = new Contents();
        const second = new Contents(hash);
        expect(list.map((page) => first.intern(page))).toEqual(list.map((page) => second.intern(page)));
      }),
    );
  });

  test('copies what it is given', () => {
    const contents = new Contents();
    const page = new Uint8Array(pageSizeBytes).fill(5);
    const id = contents.intern(page);
    page.fill(6);
    expect(contents.bytes(id)[0]).toBe(5);
    expect(contents.intern(page)).not.toBe(id);
  });

  test('takes bytes that lie askew in a larger buffer', () => {
    const contents = new Contents();
    const buffer = new Uint8Array(3 * pageSizeBytes).fill(9);
    const askew = buffer.subarray(1, 1 + pageSizeBytes);
    expect(contents.intern(askew)).toBe(contents.intern(new Uint8Array(pageSizeBytes).fill(9)));
  });

  test('takes whole pages only', () => {
    const contents = new Contents();
    expect(() => contents.intern(new Uint8Array(4095))).toThrow('a content is exactly one page');
    expect(() => contents.intern(new Uint8Array(8192))).toThrow('a content is exactly one page');
  });

  test('writes into a copy', () => {
    const contents = new Contents();
    const id = contents.written(zeroContent, 4088, new Uint8Array(8).fill(0xff));
    expect(contents.bytes(id).subarray(4080)).toEqual(
      Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, ...Array(8).fill(255)),
    );
    expect(contents.written(id, 4088, new Uint8Array(8))).toBe(zeroContent);
    expect(contents.bytes(zeroContent).every((byte) => byte === 0)).toBe(true);
    expect(() => contents.written(id, 4089, new Uint8Array(8))).toThrow('beyond the page');
    expect(() => contents.written(id, -1, new Uint8Array(8))).toThrow('beyond the page');
  });

  test('keeps every page readable while it grows', () => {
    const contents = new Contents();
    const made = Array.from({ length: 300 }, (_, number) =>
      new Uint8Array(pageSizeBytes).fill(1, 0, number + 1),
    );
    const stored = made.map((page) => contents.intern(page));
    expect(stored.map((id) => hexOf(contents.bytes(id)))).toEqual(made.map(hexOf));
    expect(contents.size).toBe(302);
    expect(contents.heldBytes).toBe(302 * pageSizeBytes);
  });

  test('does not know the ids of another store', () => {
    const [small, large] = [new Contents(), new Contents()];
    const id = large.intern(new Uint8Array(pageSizeBytes).fill(1));
    expect(() => small.bytes(id)).toThrow('contents: an id of another store');
  });

  test('names a content by its SHA-256, the same in every store', () => {
    const contents = new Contents();
    // sha256sum of 4096 bytes of zero.
    expect(contents.digest(zeroContent)).toBe(
      'ad7facb2586fc6e966c004d7d1d16b024f5805ff7cb47c7a85dabd8b48892ca7',
    );
    const other = new Contents();
    contents.made(pattern(1));
    const [left, right] = [contents.made(pattern(2)), other.made(pattern(2))];
    expect(left).not.toBe(right);
    expect(contents.digest(left)).toBe(other.digest(right));
    expect(contents.digest(left)).toBe(contents.digest(left));
  });
});

describe('a content that follows a rule', () => {
  test('is named in its first 16 bytes, and the rest is the noise of sfc32', () => {
    const contents = new Contents();
    const bytes = contents.bytes(contents.made({ rule: 'pattern', seed: 0xc0ffee, index: 0x1234 }));
    expect(Buffer.from(bytes.subarray(0, 16)).toString('ascii')).toBe('00c0ffee00001234');
    // Computed with a second implementation, in Python.
    expect(hexOf(bytes.subarray(16, 32))).toBe('23a5031bcb8db6387ee3d1ff46a3fed2');
    expect(hexOf(bytes.subarray(4088))).toBe('27052df3080b50f9');
  });

  test('is computed again to the same bytes, long after they were dropped', () => {
    const contents = new Contents();
    const list = Array.from({ length: 600 }, (_, index) => contents.made(pattern(index)));
    const before = list.map((id) => hexOf(contents.bytes(id)));
    expect(list.map((id) => hexOf(contents.bytes(id)))).toEqual(before);
    expect(new Set(before).size).toBe(list.length);
  });

  test('costs no page of memory, apart from a bounded number of those just read', () => {
    const contents = new Contents();
    const empty = contents.heldBytes;
    const list = Array.from({ length: 1000 }, (_, index) => contents.made(pattern(index)));
    expect(contents.heldBytes).toBe(empty);
    for (const id of list) contents.bytes(id);
    expect(contents.heldBytes - empty).toBe(16 * pageSizeBytes);
  });

  test('is the content that has the same bytes, whichever came first', () => {
    fc.assert(
      fc.property(hashes, fc.boolean(), (hash, ruleFirst) => {
        const source = new Contents();
        const bytes = source.bytes(source.made(pattern(3)));
        const contents = new Contents(hash);
        const first = ruleFirst ? contents.made(pattern(3)) : contents.intern(bytes);
        expect(contents.made(pattern(3))).toBe(first);
        expect(contents.intern(bytes)).toBe(first);
        expect(contents.size).toBe(3);
      }),
    );
  });

  test('may be made within a recipe of Immer and read after it', () => {
    const contents = new Contents();
    const plan = { rule: pattern(11), id: zeroContent };
    const { id } = produce(plan, (draft) => {
      draft.id = contents.made(draft.rule);
    });
    expect(Buffer.from(contents.bytes(id).subarray(0, 16)).toString('ascii')).toBe('000000070000000b');
  });

  test('takes seeds and indexes of 32 bits only', () => {
    const contents = new Contents();
    for (const bad of [-1, 0.5, 2 ** 32]) {
      expect(() => contents.made({ rule: 'pattern', seed: bad, index: 0 })).toThrow('pattern.seed');
      expect(() => contents.made({ rule: 'pattern', seed: 0, index: bad })).toThrow('pattern.index');
    }
  });
});

describe('a decoder', () => {
  test('sees each content once', () => {
    const contents = new Contents();
    const seen: number[] = [];
    const firstByte = {
      name: 'first-byte',
      decode: (bytes: Uint8Array) => {
        seen.push(bytes[0] ?? 0);
        return { first: bytes[0] };
      },
    };
    const id = contents.intern(new Uint8Array(pageSizeBytes).fill(4));
    const result = contents.decode(firstByte, id);
    expect(contents.decode(firstByte, id)).toBe(result);
    contents.decode(firstByte, zeroContent);
    expect(seen).toEqual([4, 0]);
    expect(contents.decode({ ...firstByte }, id)).toEqual(result);
    expect(seen).toEqual([4, 0, 4]);
  });

  test('that finds nothing is not asked again, and one that fails is', () => {
    const contents = new Contents();
    let calls = 0;
    const nothing = { name: 'nothing', decode: () => void calls++ };
    contents.decode(nothing, zeroContent);
    contents.decode(nothing, zeroContent);
    expect(calls).toBe(1);
    const failing = {
      name: 'failing',
      decode: () => {
        calls++;
        throw new Error('not mine');
      },
    };
    expect(() => contents.decode(failing, zeroContent)).toThrow('not mine');
    expect(() => contents.decode(failing, zeroContent)).toThrow('not mine');
    expect(calls).toBe(3);
  });
});

describe('the hash of a page', () => {
  test('changes with every single bit of a page', () => {
    const words = new Int32Array(1024);
    const seen = new Set([pageHash(words)]);
    for (let bit = 0; bit < 32 * words.length; bit++) {
      words[bit >> 5] = 1 << (bit & 31);
      seen.add(pageHash(words));
      words[bit >> 5] = 0;
    }
    expect(seen.size).toBe(32 * words.length + 1);
  });

  test('is a whole number of 53 bits', () => {
    fc.assert(
      fc.property(fc.int32Array({ minLength: 1024, maxLength: 1024 }), (words) => {
        expect(Number.isSafeInteger(pageHash(words)) && pageHash(words) >= 0).toBe(true);
      }),
    );
  });
});
