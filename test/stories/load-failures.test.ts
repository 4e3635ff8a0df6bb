/** Loads that the kernel refuses, or has no memory for (linux.md A1.2, A1.7), in A and, for the way back, in B. */
import { describe, expect, it } from 'vitest';
import { tell } from '../kit/story.ts';

describe('a load in A that is refused', () => {
  it('because loading is disabled: the text of EPERM, as in log e8, and nothing in the log', () => {
    const told = tell({}, 'kexec-load-disabled@kexec.load');
    expect(told.plotFrom('load.ask')).toMatchInlineSnapshot(`
      [
        "original <- load.ask: running -> loading.asking; ! kexec-load-disabled at kexec.load; orders kexec.load original jump",
        "work.complete processor; original <- kexec.failed: loading.asking -> running; tells operator load.failed",
        "operator <- load.failed: loading -> refused",
      ]
    `);
    expect(
      told.console.slice(told.console.findIndex((line) => line.startsWith('kexec_load'))),
    ).toMatchInlineSnapshot(`
      [
        "kexec_load failed: Operation not permitted",
        "entry       = 0xef54760 flags = 0x3e0002",
        "nr_segments = 5",
        "segment[0].buf   = 0x7f000dc7a000",
        "segment[0].bufsz = 0x386000",
        "segment[0].mem   = 0xdc7a000",
        "segment[0].memsz = 0x386000",
        "segment[1].buf   = 0x7f000e000000",
        "segment[1].bufsz = 0xe4d000",
        "segment[1].mem   = 0xe000000",
        "segment[1].memsz = 0xe4d000",
        "segment[2].buf   = 0x7f000ef4f000",
        "segment[2].bufsz = 0x4068",
        "segment[2].mem   = 0xef4f000",
        "segment[2].memsz = 0x5000",
        "segment[3].buf   = 0x7f000ef54000",
        "segment[3].bufsz = 0x70e0",
        "segment[3].mem   = 0xef54000",
        "segment[3].memsz = 0x9000",
        "segment[4].buf   = 0x7f000ef5d000",
        "segment[4].bufsz = 0x400",
        "segment[4].mem   = 0xef5d000",
        "segment[4].memsz = 0x4000",
      ]
    `);
    expect(told.verdict).toBe('refused');
    expect(told.broken).toEqual([]);
  });

  it('because the kernel is locked down: with a line in the log', () => {
    const told = tell({}, 'kernel-locked-down@kexec.load');
    expect(told.markers.slice(1)).toMatchInlineSnapshot(`
      [
        "Lockdown: kexec: kexec of unsigned images is restricted; see man kernel_lockdown.7",
        "kexec_load failed: Operation not permitted",
      ]
    `);
    expect(told.verdict).toBe('refused');
  });

  it('because another load is under way: EBUSY', () => {
    const told = tell({}, 'kexec-busy@kexec.load');
    expect(told.markers.slice(1)).toMatchInlineSnapshot(`
      [
        "kexec_load failed: Device or resource busy",
      ]
    `);
    expect(told.verdict).toBe('refused');
  });
});

describe('too little free memory', () => {
  it('for backup pages: a load on demand is refused', () => {
    const told = tell({ load: 'on-demand' }, 'memory-short');
    expect(told.plotFrom('load.ask')).toMatchInlineSnapshot(`
      [
        "original <- load.ask: running -> loading.asking; ! memory-short at kexec.load; orders kexec.load original jump",
        "work.complete processor; original <- kexec.failed: loading.asking -> running; tells operator load.failed",
        "operator <- load.failed: loading -> refused",
      ]
    `);
    expect(told.markers.slice(1)).toMatchInlineSnapshot(`
      [
        "kexec_load failed: Cannot allocate memory",
      ]
    `);
    expect(told.verdict).toBe('refused');
    expect(told.broken).toEqual([]);
  });

  it('does not trouble a load into a region that is withheld from A', () => {
    const told = tell({ load: 'reserved' }, 'memory-short');
    expect(told.verdict).toBe('restored');
    expect(told.broken).toEqual([]);
  });
});

describe('a way back that B cannot load', () => {
  it.each([
    ['kexec-load-disabled', 'load jump back kernel failed: Operation not permitted'],
    ['kernel-locked-down', 'load jump back kernel failed: Operation not permitted'],
    ['kexec-busy', 'load jump back kernel failed: Device or resource busy'],
  ])('%s: the helper says so, and B runs on where A was', (fault, line) => {
    const told = tell({}, `${fault}@dump/kexec.load`);
    expect(told.markers.at(-1)).toBe(line);
    expect(told.plotFrom('kexec.failed')).toEqual([
      'work.complete processor; dump <- kexec.failed: loadingWayBack -> noWayBack; tells operator dump.refused',
      'operator <- dump.refused: jumping -> refused',
    ]);
    expect(told.world.machine.owner).toBe('dump');
    expect(told.world.machine.kernels.original.state).toBe('away');
  });
});
