import { describe, expect, test } from 'vitest';
import { physical } from '../../image/pfn.ts';
import {
  checkLoad,
  isDestinationRange,
  type KexecSegment,
  kexecFlags,
  type LoadMachine,
  type LoadRequest,
} from '../../kernels/kexec/segments.ts';
import { errnoName, errnoNames, errnoTable, errorText } from '../../kernels/linux/errno.ts';

const segment = (memoryStart: number, memorySizeBytes: number, bufferSizeBytes = 0): KexecSegment => {
  return { bufferSizeBytes, memoryStart: physical(memoryStart), memorySizeBytes };
};

/** The machine of log e8: 240,292 kB for the page allocator, no reservation. */
const machine: LoadMachine = {
  mayBoot: true,
  loadDisabled: false,
  loadsLeft: null,
  lockdown: 'none',
  locked: false,
  hasKexecJump: true,
  ramPages: 240292 / 4,
  destinationLimit: physical(2 ** 46),
  crashReservation: null,
};
const reserved = {
  ...machine,
  crashReservation: { start: physical(0x5000000), endExclusive: physical(0x8000000) },
};
const request: LoadRequest = { entry: physical(0x1000), segments: [segment(0x100000, 0x1000)], flags: 0 };

const errnoFor = (changes: Partial<LoadRequest>, on: LoadMachine = machine) => {
  const answer = checkLoad({ ...request, ...changes }, on);
  return answer.type === 'load.refused' ? answer.errno : answer.action;
};
const withFlags = (flags: number) => errnoFor({ flags });

describe('kexec_load, against the raw calls of log e8', () => {
  const empty = [segment(0, 0)];

  test('no segments unload', () => {
    expect(errnoFor({ segments: [], entry: physical(0) })).toBe('unload');
  });

  test('an empty segment at 0 passes the checks, with and without the preserve flag: ENOMEM comes later', () => {
    expect(errnoFor({ segments: empty })).toBe('load');
    expect(errnoFor({ segments: empty, flags: kexecFlags.preserveContext })).toBe('load');
    expect(errnoFor({ segments: empty, flags: 0x3e0000 })).toBe('load');
  });

  test('a crash image without a reservation is EADDRNOTAVAIL, whatever its entry', () => {
    expect(errnoFor({ segments: empty, flags: 1 })).toBe('EADDRNOTAVAIL');
    expect(errnoFor({ segments: empty, flags: 3 })).toBe('EADDRNOTAVAIL');
    expect(errnoFor({ segments: empty, flags: 1, entry: physical(0) })).toBe('EADDRNOTAVAIL');
  });

  test('an unknown or foreign architecture and 17 segments are EINVAL', () => {
    expect(withFlags(0x80000000)).toBe('EINVAL');
    expect(withFlags(0x2a0000)).toBe('EINVAL');
    const many = Array.from({ length: 17 }, (_, index) => segment(0x100000 + index * 0x1000, 0x1000));
    expect(errnoFor({ segments: many })).toBe('EINVAL');
    expect(errnoFor({ segments: many.slice(1) })).toBe('load');
  });

  test('a range bigger than half of RAM is EINVAL', () => {
    expect(errnoFor({ segments: [segment(0x100000, 0xe7e0000)], flags: 0x3e0002 })).toBe('EINVAL');
  });

  test('a limit of one lets one load pass, then EPERM', () => {
    const first = checkLoad(request, { ...machine, loadsLeft: 1 });
    expect(first).toMatchObject({ type: 'load.accepted', loadsLeft: 0 });
    expect(errnoFor({}, { ...machine, loadsLeft: first.loadsLeft })).toBe('EPERM');
  });

  test('with loading disabled not even unloading is possible', () => {
    expect(errnoFor({ segments: [] }, { ...machine, loadDisabled: true })).toBe('EPERM');
  });
});

describe('the other checks', () => {
  test('B with 63,780 kB cannot load a 32 MiB jump image [log a10]', () => {
    const sizes = [0x9e000, 0xb00000, 0x13bd000, 0x31000, 0x5000, 0x9000, 0x4000];
    let start = 0x1000;
    const segments = sizes.map((size) => {
      start += size;
      return segment(start - size, size);
    });
    expect(errnoFor({ segments }, { ...machine, ramPages: 63780 / 4 })).toBe('EINVAL');
    expect(errnoFor({ segments })).toBe('load');
  });

  test('exactly half of RAM passes, a page more does not', () => {
    const small = { ...machine, ramPages: 11 };
    expect(errnoFor({ segments: [segment(0, 0x5000)] }, small)).toBe('load');
    expect(errnoFor({ segments: [segment(0, 0x3000), segment(0x8000, 0x3000)] }, small)).toBe('EINVAL');
  });

  test('who may not boot gets EPERM, and that uses up no load', () => {
    expect(checkLoad(request, { ...machine, mayBoot: false, loadsLeft: 2 })).toMatchObject({
      errno: 'EPERM',
      number: 1,
      line: null,
      loadsLeft: 2,
    });
  });

  test('lockdown is EPERM with a line of the log, and the load is counted', () => {
    expect(
      checkLoad({ ...request, command: 'labctl' }, { ...machine, lockdown: 'integrity', loadsLeft: 2 }),
    ).toEqual({
      type: 'load.refused',
      errno: 'EPERM',
      number: 1,
      reason: 'the kernel is locked down',
      line: 'Lockdown: labctl: kexec of unsigned images is restricted; see man kernel_lockdown.7',
      loadsLeft: 1,
      freesCrashImage: false,
    });
  });

  test('a kernel without CONFIG_KEXEC_JUMP does not know the preserve flag', () => {
    expect(errnoFor({ flags: 0x3e0002 }, { ...machine, hasKexecJump: false })).toBe('EINVAL');
    expect(errnoFor({ flags: 0x3e0000 }, { ...machine, hasKexecJump: false })).toBe('load');
  });

  test('an unknown flag is EINVAL, known ones are not', () => {
    expect(withFlags(0x10)).toBe('EINVAL');
    expect(withFlags(0x3e000c)).toBe('load');
  });

  test('while another load is under way it is EBUSY, also for an unload', () => {
    expect(errnoFor({}, { ...machine, locked: true })).toBe('EBUSY');
    expect(errnoFor({ segments: [] }, { ...machine, locked: true })).toBe('EBUSY');
  });

  test.each([
    ['unaligned start', segment(0x100800, 0x1000)],
    ['unaligned end', segment(0x100000, 0x800)],
    ['end at the limit', segment(2 ** 46 - 0x1000, 0x1000)],
    ['wraps to zero', segment(2 ** 64 - 0x1000, 0x1000)],
    ['wraps beyond zero', segment(2 ** 64 - 0x1000, 0x3000)],
  ])('a segment that cannot be addressed is EADDRNOTAVAIL: %s', (_name, bad) => {
    expect(errnoFor({ segments: [bad] })).toBe('EADDRNOTAVAIL');
  });

  test('overlap is EINVAL, neighbours are not, an empty segment inside another is', () => {
    expect(errnoFor({ segments: [segment(0x1000, 0x2000), segment(0x2000, 0x1000)] })).toBe('EINVAL');
    expect(errnoFor({ segments: [segment(0x1000, 0x1000), segment(0x2000, 0x1000)] })).toBe('load');
    expect(errnoFor({ segments: [segment(0x1000, 0x3000), segment(0x2000, 0)] })).toBe('EINVAL');
  });

  test('a buffer larger than its memory is EINVAL', () => {
    expect(errnoFor({ segments: [segment(0x1000, 0x1000, 0x1001)] })).toBe('EINVAL');
  });

  test('a bad address is found before an overlap, an overlap before a bad buffer', () => {
    const overlap = [segment(0x1000, 0x2000, 0x9000), segment(0x2000, 0x1000)];
    expect(checkLoad({ ...request, segments: overlap }, machine)).toMatchObject({
      reason: 'two segments overlap',
    });
    expect(errnoFor({ segments: [...overlap, segment(1, 0)] })).toBe('EADDRNOTAVAIL');
  });

  test('a crash image stays inside the reservation, entry and segments', () => {
    const inside = { flags: 0x3e0001, entry: physical(0x7f54760), segments: [segment(0x5000000, 0x3000000)] };
    const half = { ...reserved, ramPages: 0x10000 };
    expect(errnoFor(inside, half)).toBe('load');
    expect(errnoFor({ ...inside, entry: physical(0x8000000) }, half)).toBe('EADDRNOTAVAIL');
    expect(errnoFor({ ...inside, segments: [segment(0x7fff000, 0x2000)] }, half)).toBe('EADDRNOTAVAIL');
    expect(errnoFor({ ...inside, segments: [segment(0x4fff000, 0x1000)] }, half)).toBe('EADDRNOTAVAIL');
  });

  test('a refused crash image has already cost the old one; a refused caller has not', () => {
    const outside = { ...request, flags: 1, entry: physical(0x5000000), segments: [segment(0x1000, 0x1000)] };
    expect(checkLoad(outside, reserved)).toMatchObject({ errno: 'EADDRNOTAVAIL', freesCrashImage: true });
    expect(checkLoad(outside, { ...reserved, locked: true })).toMatchObject({ freesCrashImage: false });
  });

  test('what is accepted says for what', () => {
    expect(checkLoad({ ...request, flags: 0x3e0002 }, machine)).toEqual({
      type: 'load.accepted',
      action: 'load',
      target: 'normal',
      preservesContext: true,
      loadsLeft: null,
    });
  });
});

describe('destination ranges', () => {
  const page = (start: number) => {
    return { start: physical(start), endExclusive: physical(start + 0x1000) };
  };

  test('an empty segment at 0 covers everything', () => {
    for (const start of [0, 0x1000, 0x5100000, 2 ** 46])
      expect(isDestinationRange([segment(0, 0)], page(start))).toBe(true);
  });

  test('the same at 0x1000 covers nothing', () => {
    for (const start of [0, 0x1000, 0x5100000])
      expect(isDestinationRange([segment(0x1000, 0)], page(start))).toBe(false);
  });

  test('a segment covers its pages and no other', () => {
    const segments = [segment(0x2000, 0x2000)];
    expect(
      [0x1000, 0x2000, 0x3000, 0x4000].map((start) => isDestinationRange(segments, page(start))),
    ).toEqual([false, true, true, false]);
  });
});

describe('error numbers', () => {
  test('those of the logs have the numbers and texts of the logs', () => {
    const seen = [
      [1, 'Operation not permitted'],
      [9, 'Bad file descriptor'],
      [11, 'Resource temporarily unavailable'],
      [12, 'Cannot allocate memory'],
      [16, 'Device or resource busy'],
      [22, 'Invalid argument'],
      [99, 'Cannot assign requested address'],
    ] as const;
    for (const [number, text] of seen) expect(errorText(errnoName(-number))).toBe(text);
  });

  test('no number stands twice', () => {
    expect(new Set(errnoNames.map((name) => errnoTable[name].number)).size).toBe(errnoNames.length);
  });
});
