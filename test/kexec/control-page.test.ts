import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pfn } from '../../image/pfn.ts';
import {
  type ControlPage,
  controlEntryAt,
  controlPageOffsets,
  decodeControlPage,
  encodeControlPage,
  pushedWord,
  relocationCode,
  withPushedWords,
} from '../../kernels/kexec/control-page.ts';
import { readWord, writeWord } from '../../kernels/kexec/word.ts';

const page: ControlPage = {
  stackPointer: 'ffffc90000123e58',
  cr0: '0000000080050033',
  cr3: '00000000006fa000',
  cr4: '00000000000006f0',
  identityRoot: pfn(0x5102),
  swapFrame: pfn(0x5101),
  listHead: { frame: pfn(0x6000), lowBits: 2 },
};
const word = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => value.toString(16).padStart(16, '0'));
const frame = fc.nat(2 ** 40 - 1).map(pfn);

describe('the control page', () => {
  test('has its data where linux.md D.3 says', () => {
    const bytes = encodeControlPage(page);
    const words = [2048, 2056, 2064, 2072, 2080, 2088, 2096].map((offset) => readWord(bytes, offset));
    expect(words).toEqual([
      'ffffc90000123e58',
      '0000000080050033',
      '00000000006fa000',
      '00000000000006f0',
      '0000000005102000',
      '0000000005101000',
      '0000000006000002',
    ]);
  });

  test('decoding gives back what was encoded, whatever the registers hold', () => {
    const pages = fc.record({
      stackPointer: word,
      cr0: word,
      cr3: word,
      cr4: word,
      identityRoot: frame,
      swapFrame: frame,
      listHead: fc.record({ frame, lowBits: fc.constantFrom(2, 4) }),
    });
    fc.assert(
      fc.property(pages, fc.array(word, { maxLength: 20 }), (any, pushed) => {
        const bytes = encodeControlPage(any, pushed);
        expect(decodeControlPage(bytes)).toEqual({ type: 'control-page.decoded', page: any });
        pushed.forEach((value, index) => {
          expect(pushedWord(bytes, index)).toBe(value);
        });
      }),
    );
  });

  test('its code can be entered in two places, and nowhere else', () => {
    const bytes = encodeControlPage(page);
    const entries = Array.from({ length: 4096 }, (_, offset) => controlEntryAt(bytes, offset));
    expect(entries.flatMap((entry, offset) => (entry === undefined ? [] : [{ entry, offset }]))).toEqual([
      { entry: 'relocateKernel', offset: 0 },
      { entry: 'jumpBack', offset: 0xf2 },
    ]);
  });

  test('a page that was overwritten has no entry', () => {
    expect(controlEntryAt(new Uint8Array(4096), 0xf2)).toBeUndefined();
    const damaged = relocationCode();
    damaged[0xf2 + 5] = 0;
    expect(controlEntryAt(damaged, 0xf2)).toBeUndefined();
  });

  test('the code stays below the data', () => {
    expect(
      relocationCode()
        .subarray(controlPageOffsets.stackPointer)
        .every((byte) => byte === 0),
    ).toBe(true);
  });

  test('words are pushed down from the end, on a copy', () => {
    const swapPage = new Uint8Array(4096);
    const called = withPushedWords(swapPage, ['00000000051000f2']);
    expect(readWord(called, 4088)).toBe('00000000051000f2');
    expect(swapPage.every((byte) => byte === 0)).toBe(true);
    const both = encodeControlPage(page, ['0000000000000000', '00000000050f3760']);
    expect([readWord(both, 4088), readWord(both, 4080)]).toEqual(['0000000000000000', '00000000050f3760']);
  });

  test.each([
    ['identityRoot', 0x820, '0000000005102001'],
    ['swapFrame', 0x828, 'ffff888005101000'],
    ['listHead', 0x830, '44454e4f53494f50'],
  ] as const)('%s that is no address of a page is a fault', (field, offset, bad) => {
    const bytes = encodeControlPage(page);
    writeWord(bytes, offset, bad);
    expect(decodeControlPage(bytes)).toEqual({ type: 'control-page.fault', field, offset, word: bad });
  });
});
