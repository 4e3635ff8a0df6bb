import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { physical } from '../../image/pfn.ts';
import { firmwareMap, mapOfLinux, usableRanges } from '../../kernels/firmware-map.ts';
import {
  type CrashkernelWanted,
  crashkernelParameter,
  reserveCrashkernel,
} from '../../kernels/linux/crashkernel.ts';

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;
const span = (start: number, endExclusive: number) => {
  return { start: physical(start), endExclusive: physical(endExclusive) };
};

/** The kernel at 16 MiB with its bss, as in the logs; what else is taken differs from machine to machine. */
const kernel = span(0x1000000, 0x2200000);

const memoryOf = (
  ramBytes: number,
  virtioDiskCount: number,
  ...taken: readonly ReturnType<typeof span>[]
) => {
  const usable = usableRanges(mapOfLinux(firmwareMap({ ramBytes, virtioDiskCount })).map);
  return { usable, taken: [kernel, ...taken] };
};

const wantedFrom = (commandLine: string, ramBytes: number): CrashkernelWanted => {
  const parameter = crashkernelParameter(commandLine, ramBytes);
  if (parameter.type !== 'crashkernel.wanted') throw new Error(`not wanted: ${JSON.stringify(parameter)}`);
  return parameter;
};
const refusal = (value: string, ramBytes = 768 * mebibyte) => {
  const parameter = crashkernelParameter(`quiet crashkernel=${value} ro`, ramBytes);
  return parameter.type === 'crashkernel.refused' ? parameter.lines : parameter.type;
};
const place = (value: string, memory: ReturnType<typeof memoryOf>, ramBytes: number) =>
  reserveCrashkernel(wantedFrom(`crashkernel=${value}`, ramBytes), memory);

/** log_buf_len=4M takes 4 MiB of text, and a descriptor (24 bytes) and a record (88) for each 32 bytes of it. */
const logBufferBytes = 4 * mebibyte * (1 + (24 + 88) / 32);

describe('the place of the reservation, on real machines', () => {
  test('160M on 768 MiB goes to 0x25000000 (linux.md D.1)', () => {
    const memory = memoryOf(768 * mebibyte, 1, span(0x2fcb0000, 0x2ffd0000));
    expect(place('160M', memory, 768 * mebibyte)).toEqual({
      type: 'crashkernel.reserved',
      region: span(0x25000000, 0x2f000000),
      lowRegion: null,
      lines: ['crashkernel reserved: 0x0000000025000000 - 0x000000002f000000 (160 MB)'],
    });
  });

  test.each([
    { log: 'b1', value: '48M', ram: 160, disks: 2, initrd: 0x9cb0000, hasLogBuffer: true, start: 0x5000000 },
    { log: 'b3', value: '60M', ram: 176, disks: 2, initrd: 0xacb0000, hasLogBuffer: true, start: 0x5000000 },
    {
      log: 'b7',
      value: '96M',
      ram: 1536,
      disks: 3,
      initrd: 0x5fcb0000,
      hasLogBuffer: false,
      start: 0x59000000,
    },
  ])(
    '$value on $ram MiB goes where log $log has it',
    ({ value, ram, disks, initrd, hasLogBuffer, start }) => {
      const taken = span(initrd - (hasLogBuffer ? logBufferBytes : 0), initrd + 0x320000);
      const reply = place(value, memoryOf(ram * mebibyte, disks, taken), ram * mebibyte);
      expect(reply).toMatchObject({ type: 'crashkernel.reserved', region: { start } });
    },
  );
});

describe('the search', () => {
  const small = memoryOf(256 * mebibyte, 1);
  const large = memoryOf(8 * gibibyte, 1);
  const tight = memoryOf(8 * gibibyte, 1, span(0x100000, 0xc0000000));

  test('every place is a multiple of 16 MiB, in free RAM, and none that is higher would do', () => {
    const step = 16 * mebibyte;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(15), fc.nat(100), (size, at, length) => {
        const taken = span(at * step, at * step + length * 0x5000);
        const memory = memoryOf(256 * mebibyte, 1, taken);
        const sizeBytes = size * mebibyte;
        const isFree = (start: number) =>
          start + sizeBytes <= 0xffdd000 &&
          [kernel, taken].every((range) => start + sizeBytes <= range.start || start >= range.endExclusive);
        const candidates = Array.from({ length: 15 }, (_, index) => (15 - index) * step);
        const expected = candidates.find(isFree);
        const reply = place(`${size}M`, memory, 256 * mebibyte);
        expect(reply.type === 'crashkernel.reserved' ? reply.region.start : undefined).toBe(expected);
      }),
    );
  });

  test('what fits below 4 GiB goes there, without a second region', () => {
    expect(place('256M', large, 8 * gibibyte)).toMatchObject({
      region: span(0xaf000000, 0xbf000000),
      lowRegion: null,
    });
  });

  test('what does not fit below 4 GiB goes above, and the default 256 MiB below with it', () => {
    const half = memoryOf(8 * gibibyte, 1, span(0x100000, 0xa0000000));
    expect(place('1G', half, 8 * gibibyte)).toEqual({
      type: 'crashkernel.reserved',
      region: span(0x200000000, 0x240000000),
      lowRegion: span(0xaf000000, 0xbf000000),
      lines: [
        'crashkernel low memory reserved: 0xaf000000 - 0xbf000000 (256 MB)',
        'crashkernel reserved: 0x0000000200000000 - 0x0000000240000000 (1024 MB)',
      ],
    });
  });

  test(',high goes above 4 GiB first, with the low size asked for', () => {
    expect(place('512M,high crashkernel=72M,low', large, 8 * gibibyte)).toMatchObject({
      region: span(0x220000000, 0x240000000),
      lowRegion: span(0xbb000000, 0xbf800000),
    });
  });

  test(',high with 0,low has no second region', () => {
    expect(place('512M,high crashkernel=0,low', large, 8 * gibibyte)).toMatchObject({ lowRegion: null });
  });

  test(',high on a machine without RAM above 4 GiB goes below', () => {
    expect(place('64M,high', small, 256 * mebibyte)).toMatchObject({
      region: span(0xb000000, 0xf000000),
      lowRegion: null,
    });
  });

  test('no room for the low region gives the high one back', () => {
    expect(place('512M,high', tight, 8 * gibibyte)).toEqual({
      type: 'crashkernel.failed',
      reason: 'no-low-room',
      lines: ['cannot allocate crashkernel low memory (size:0x10000000).'],
    });
  });

  test('no room anywhere is said with the size', () => {
    expect(place('240M', small, 256 * mebibyte)).toEqual({
      type: 'crashkernel.failed',
      reason: 'no-room',
      lines: ['cannot allocate crashkernel (size:0xf000000)'],
    });
  });

  test('a fixed place is taken when it is free', () => {
    expect(place('64M@128M', small, 256 * mebibyte)).toMatchObject({ region: span(0x8000000, 0xc000000) });
  });

  test.each(['64M@16M', '64M@224M', '64M@129M'])(
    'a fixed place that is busy, no RAM or not aligned fails: %s',
    (value) => {
      expect(place(value, small, 256 * mebibyte)).toEqual({
        type: 'crashkernel.failed',
        reason: 'in-use',
        lines: ['crashkernel reservation failed - memory is in use.'],
      });
    },
  );
});

describe('reading the parameter', () => {
  test('without the parameter there is nothing to do', () => {
    expect(crashkernelParameter('ro quiet', gibibyte).type).toBe('crashkernel.absent');
  });

  test('the last one counts', () => {
    expect(wantedFrom('crashkernel=64M quiet crashkernel=0x2000000@16M', gibibyte)).toEqual({
      type: 'crashkernel.wanted',
      sizeBytes: 0x2000000,
      offset: 0x1000000,
      lowSizeBytes: 0,
      isHigh: false,
    });
  });

  test('a plain size wins over ,high', () => {
    expect(wantedFrom('crashkernel=64M crashkernel=1G,high', 4 * gibibyte)).toMatchObject({
      sizeBytes: 64 * mebibyte,
      isHigh: false,
    });
  });

  test.each([
    { ram: 700, size: 64 },
    { ram: 890, size: 64 },
    { ram: 1020, size: 128 },
    { ram: 8192, size: 256 },
  ])('of ranges the one that holds RAM rounded up to 128 MiB counts: $ram MiB', ({ ram, size }) => {
    const value = 'crashkernel=512M-1G:64M,1G-4G:128M,4G-:256M@32M';
    expect(wantedFrom(value, ram * mebibyte)).toMatchObject({
      sizeBytes: size * mebibyte,
      offset: 0x2000000,
    });
  });

  test.each([
    { value: ':64M', line: 'crashkernel: Memory value expected' },
    { value: '1G:64M', line: "crashkernel: '-' expected" },
    { value: '512M-x:64M', line: 'crashkernel: Memory value expected' },
    { value: '1G-512M:64M', line: 'crashkernel: end <= start' },
    { value: '512M-1G,64M:1M', line: "crashkernel: ':' expected" },
    { value: '512M-1G:', line: 'crashkernel: Memory value expected' },
    { value: '512M-1G:768M', line: 'crashkernel: invalid size' },
    { value: '512M-1G:64M@', line: "crahskernel: Memory value expected after '@'" },
    { value: '2G-:64M', line: 'crashkernel size resulted in zero bytes' },
    { value: '512M-:0', line: 'crashkernel size resulted in zero bytes' },
    { value: 'auto', line: 'crashkernel: memory value expected' },
    { value: '64Mx', line: 'crashkernel: unrecognized char: x' },
    { value: '64M,hig', line: 'crashkernel: unrecognized char: ,' },
    { value: 'x,high', line: 'crashkernel: memory value expected' },
    { value: '64Mi,high', line: 'crashkernel: unrecognized char: i' },
    { value: '64M,high crashkernel=y,low', line: 'crashkernel: memory value expected' },
  ])('a fault of syntax has the words of the kernel: $value', ({ value, line }) => {
    expect(refusal(value)).toEqual([line]);
  });

  test.each(['0', 'M', '768M', '1T', '0,high'])(
    'nothing, or all of RAM, is refused without a word: %s',
    (value) => {
      expect(refusal(value)).toEqual([]);
    },
  );
});
