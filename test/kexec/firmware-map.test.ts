import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { physical } from '../../image/pfn.ts';
import {
  e820Bytes,
  firmwareMap,
  firmwareMapLines,
  firmwareMapOf,
  mapOfLinux,
  ramPages,
  rangesWithin,
  rangesWithout,
  usableRanges,
  withRange,
} from '../../kernels/firmware-map.ts';

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;
const span = (start: number, endExclusive: number) => {
  return { start: physical(start), endExclusive: physical(endExclusive) };
};
const last = (ramBytes: number, machine: 'pc' | 'q35' = 'pc') =>
  firmwareMapLines(firmwareMap({ ramBytes, machine }), 'BIOS-e820').slice(3);

describe('the firmware map', () => {
  test('256 MiB and one disk give the lines of log a1', () => {
    expect(firmwareMapLines(firmwareMap({ ramBytes: 256 * mebibyte }), 'BIOS-e820')).toEqual([
      'BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable',
      'BIOS-e820: [mem 0x000000000009fc00-0x000000000009ffff] reserved',
      'BIOS-e820: [mem 0x00000000000f0000-0x00000000000fffff] reserved',
      'BIOS-e820: [mem 0x0000000000100000-0x000000000ffdcfff] usable',
      'BIOS-e820: [mem 0x000000000ffdd000-0x000000000fffffff] reserved',
      'BIOS-e820: [mem 0x00000000fffc0000-0x00000000ffffffff] reserved',
      'BIOS-e820: [mem 0x000000fd00000000-0x000000ffffffffff] reserved',
    ]);
  });

  test('each disk takes 12 KiB from the end of RAM, as in logs b1 and b7', () => {
    expect(firmwareMap({ ramBytes: 160 * mebibyte, virtioDiskCount: 2 })[3]?.endExclusive).toBe(0x9fda000);
    expect(firmwareMap({ ramBytes: 1536 * mebibyte, virtioDiskCount: 3 })[3]?.endExclusive).toBe(0x5ffd7000);
  });

  test('its bytes have the CRC-32 that the hibernation image of log c1 carries', () => {
    expect(crc32(e820Bytes(firmwareMap({ ramBytes: 160 * mebibyte })))).toBe(0x7a25f141);
  });

  test('read back from its bytes it is the same; bytes that end early or hold an unknown type end the map', () => {
    const map = firmwareMap({ ramBytes: 1010 * gibibyte });
    const bytes = e820Bytes(map);
    expect(firmwareMapOf(bytes)).toEqual(map);
    expect(firmwareMapOf(bytes.subarray(0, 4 + 20 * 3 + 7))).toEqual(map.slice(0, 3));
    bytes[4 + 20 * 2 + 16] = 99;
    expect(firmwareMapOf(bytes)).toEqual(map.slice(0, 2));
  });

  test('RAM counted in pages is num_physpages of that image, and "pages RAM" of log e8', () => {
    expect(ramPages(firmwareMap({ ramBytes: 160 * mebibyte }))).toBe(40827);
    expect(ramPages(firmwareMap({ ramBytes: 256 * mebibyte }))).toBe(65403);
  });

  test('pages that are only partly RAM are not counted', () => {
    expect(ramPages([{ kind: 'usable', ...span(0x100800, 0x103800) }])).toBe(2);
  });

  test('a pc keeps RAM below 4 GiB in one piece up to 3.5 GiB, and parts it at 3 GiB from there on', () => {
    expect(last(3 * gibibyte + 256 * mebibyte)[0]).toContain('0x0000000000100000-0x00000000cffdcfff] usable');
    expect(last(3.5 * gibibyte)).toEqual([
      'BIOS-e820: [mem 0x0000000000100000-0x00000000bffdcfff] usable',
      'BIOS-e820: [mem 0x00000000bffdd000-0x00000000bfffffff] reserved',
      'BIOS-e820: [mem 0x00000000fffc0000-0x00000000ffffffff] reserved',
      'BIOS-e820: [mem 0x0000000100000000-0x000000011fffffff] usable',
      'BIOS-e820: [mem 0x000000fd00000000-0x000000ffffffffff] reserved',
    ]);
  });

  test('a q35 parts RAM at 2 GiB from 2.75 GiB on', () => {
    expect(last(2.75 * gibibyte, 'q35')[3]).toContain('0x0000000100000000-0x000000012fffffff] usable');
    expect(last(2.5 * gibibyte, 'q35')[0]).toContain('0x0000000000100000-0x000000009ffdcfff] usable');
  });

  test('RAM that would reach HyperTransport, with the PCI window behind it, moves to 1 TiB', () => {
    expect(last(1009 * gibibyte)[3]).toContain('0x0000000100000000-0x000000fc7fffffff] usable');
    expect(last(1010 * gibibyte).slice(3)).toEqual([
      'BIOS-e820: [mem 0x000000fd00000000-0x000000ffffffffff] reserved',
      'BIOS-e820: [mem 0x0000010000000000-0x000001fbbfffffff] usable',
    ]);
  });

  test('no RAM is lost or found, whatever its size', () => {
    const sizes = fc.integer({ min: 3, max: 4 * 2 ** 20 }).map((mebibytes) => mebibytes * mebibyte);
    fc.assert(
      fc.property(sizes, fc.constantFrom('pc' as const, 'q35' as const), (ramBytes, machine) => {
        const map = firmwareMap({ ramBytes, machine });
        const usable = usableRanges(map).reduce((sum, range) => sum + range.endExclusive - range.start, 0);
        // What is not usable of RAM: EBDA, the hole and BIOS below 1 MiB, SeaBIOS' tables at the end.
        expect(usable).toBe(ramBytes - (0x100000 - 0x9fc00) - 0x23000);
        map.slice(1).forEach((range, index) => {
          expect(range.start).toBeGreaterThanOrEqual(map[index]?.endExclusive ?? 0);
        });
      }),
    );
  });
});

describe('what Linux makes of it', () => {
  test('the first page and the hole below 1 MiB are no RAM, and the log says so', () => {
    const { map, lines } = mapOfLinux(firmwareMap({ ramBytes: 256 * mebibyte }));
    expect(map.slice(0, 3)).toEqual([
      { kind: 'reserved', ...span(0, 0x1000) },
      { kind: 'usable', ...span(0x1000, 0x9fc00) },
      { kind: 'reserved', ...span(0x9fc00, 0xa0000) },
    ]);
    expect(lines).toEqual([
      'e820: update [mem 0x00000000-0x00000fff] usable ==> reserved',
      'e820: remove [mem 0x000a0000-0x000fffff] usable',
    ]);
  });

  test('doing it twice changes nothing more', () => {
    const { map } = mapOfLinux(firmwareMap({ ramBytes: 256 * mebibyte }));
    expect(mapOfLinux(map).map).toEqual(map);
  });

  test('RAM that a command line declares below 1 MiB is taken away again', () => {
    const map = [{ kind: 'usable' as const, ...span(0xf0000, 0x50fc000) }];
    expect(usableRanges(mapOfLinux(map).map)).toEqual([span(0x100000, 0x50fc000)]);
  });

  test('of two overlapping ranges the one of the higher type wins, whichever came first', () => {
    const usable = { kind: 'usable' as const, ...span(0x1000, 0x5000) };
    const reserved = { kind: 'reserved' as const, ...span(0x2000, 0x3000) };
    const both = [{ ...usable, ...span(0x1000, 0x2000) }, reserved, { ...usable, ...span(0x3000, 0x5000) }];
    expect(withRange([usable], reserved)).toEqual(both);
    expect(withRange([reserved], usable)).toEqual(both);
  });

  test('types are numbered as in E820', () => {
    const kinds = ['usable', 'reserved', 'ACPI data', 'ACPI NVS'] as const;
    const bytes = e820Bytes(
      kinds.map((kind, index) => ({ kind, ...span(index * 4096, index * 4096 + 4096) })),
    );
    expect(kinds.map((_, index) => bytes[4 + 20 * index + 16])).toEqual([1, 2, 3, 4]);
  });
});

describe('ranges', () => {
  test('what is inside a window and what is outside are all there is', () => {
    const range = fc.tuple(fc.nat(1000), fc.nat(1000)).map(([start, size]) => span(start, start + size + 1));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 4 }), range, (taken, window) => {
        const covered = (ranges: readonly { start: number; endExclusive: number }[], at: number) =>
          ranges.some(({ start, endExclusive }) => at >= start && at < endExclusive);
        for (let at = 0; at < 2002; at += 7) {
          const isTaken = covered(taken, at);
          expect(covered(rangesWithout([window], taken), at)).toBe(covered([window], at) && !isTaken);
          expect(covered(rangesWithin(taken, window), at)).toBe(covered([window], at) && isTaken);
        }
      }),
      { numRuns: 50 },
    );
  });
});
