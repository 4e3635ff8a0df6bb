import { describe, expect, test } from 'vitest';
import { firmwareMap, firmwareMapLines, mapOfLinux, ramPages } from '../../kernels/firmware-map.ts';
import { mapAfterParameters } from '../../kernels/linux/memory-parameters.ts';
import { memparse } from '../../kernels/linux/memparse.ts';

const { map } = mapOfLinux(firmwareMap({ ramBytes: 256 * 2 ** 20 }));

describe('memory parameters', () => {
  test('mem=81M leaves the map and prints the lines of log a1', () => {
    const result = mapAfterParameters(map, 'console=ttyS0,115200 nr_cpus=1 mem=81M save=0');
    expect(result.lines).toEqual([
      'e820: remove [mem 0x05100000-0xfffffffffffffffe] usable',
      'user-defined physical RAM map:',
      'user: [mem 0x0000000000000000-0x0000000000000fff] reserved',
      'user: [mem 0x0000000000001000-0x000000000009fbff] usable',
      'user: [mem 0x000000000009fc00-0x000000000009ffff] reserved',
      'user: [mem 0x00000000000f0000-0x00000000000fffff] reserved',
      'user: [mem 0x0000000000100000-0x00000000050fffff] usable',
      'user: [mem 0x000000000ffdd000-0x000000000fffffff] reserved',
      'user: [mem 0x00000000fffc0000-0x00000000ffffffff] reserved',
      'user: [mem 0x000000fd00000000-0x000000ffffffffff] reserved',
    ]);
    expect(ramPages(result.map) * 4).toBe(82552);
  });

  test('memmap=exactmap and two ranges leave the map of log a9', () => {
    const result = mapAfterParameters(map, 'memmap=exactmap memmap=635K@4K memmap=81968K@960K');
    expect(result.lines).toEqual([
      'user-defined physical RAM map:',
      'user: [mem 0x0000000000001000-0x000000000009fbff] usable',
      'user: [mem 0x00000000000f0000-0x00000000050fbfff] usable',
    ]);
    expect(mapOfLinux(result.map).map.at(-1)).toMatchObject({ start: 0x100000, endExclusive: 0x50fc000 });
  });

  test('one memmap= may hold several ranges, also such that are no RAM', () => {
    const result = mapAfterParameters([], 'memmap=exactmap,1M@1M,64K#2M,4K$0x2f000');
    expect(firmwareMapLines(result.map, 'user')).toEqual([
      'user: [mem 0x000000000002f000-0x000000000002ffff] reserved',
      'user: [mem 0x0000000000100000-0x00000000001fffff] usable',
      'user: [mem 0x0000000000200000-0x000000000020ffff] ACPI data',
    ]);
  });

  test('other words, and a mem= that is no size, change nothing', () => {
    expect(mapAfterParameters(map, 'ro mem=x memtest=4 mymem=1M')).toEqual({ map, lines: [] });
  });
});

describe('sizes as the kernel reads them', () => {
  test.each([
    { text: '64M', value: 64 * 2 ** 20, end: 3 },
    { text: '0x10k', value: 0x4000, end: 5 },
    { text: '010', value: 8, end: 3 },
    { text: '0', value: 0, end: 1 },
    { text: '09', value: 0, end: 1 },
    { text: '0xg', value: 0, end: 1 },
    { text: '1T@', value: 2 ** 40, end: 2 },
    { text: 'M', value: 0, end: 1 },
    { text: '', value: 0, end: 0 },
    { text: 'x', value: 0, end: 0 },
    { text: '17E', value: 2 ** 60, end: 3 },
  ])('"$text" is $value and ends at $end', ({ text, value, end }) => {
    expect(memparse(text)).toEqual({ value, end });
  });
});
