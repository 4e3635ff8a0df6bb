/** Hardware that fails: processors, the disk, memory, the power; who notices, what is said, and how it ends. */
import { describe, expect, it } from 'vitest';
import { tell } from '../kit/story.ts';

describe('a processor that does not come back', () => {
  it('is missed after 10 s, and the rest goes on (linux.md E row 15)', () => {
    const told = tell({}, 'cpu-stays-down@cpu.online:1');
    expect(told.markers.slice(-6)).toMatchInlineSnapshot(`
      [
        "Enabling non-boot CPUs ...",
        "smpboot: Booting Node 0 Processor 1 APIC 0x1",
        "CPU1 failed to report alive state",
        "Error taking CPU1 up: -5",
        "OOM killer enabled.",
        "Restarting tasks ... done.",
      ]
    `);
    expect(told.verdict).toBe('restored');
    expect(told.broken).toEqual(['processors-come-back']);
  });

  it('is not taken down again by a later attempt', () => {
    const told = tell(
      { variant: 'try-again', cpus: 3 },
      'syscore-fails@syscore.suspend',
      'cpu-stays-down@cpu.online:1',
    );
    expect(told.markers.filter((line) => /CPU ?\d/.test(line))).toMatchInlineSnapshot(`
      [
        "smpboot: CPU 1 is now offline",
        "smpboot: CPU 2 is now offline",
        "CPU1 failed to report alive state",
        "Error taking CPU1 up: -5",
        "CPU2 is up",
        "smpboot: CPU 2 is now offline",
        "CPU2 is up",
      ]
    `);
    expect(told.verdict).toBe('restored');
  });
});

describe('a disk that fails', () => {
  it.each(['image.write', 'image.flush', 'image.commit'])(
    'at %s: no image, B says so, and A comes back all the same',
    (place) => {
      const told = tell({}, `disk-fails@${place}`);
      expect(told.plotFrom('image.failed').slice(0, 1)).toEqual([
        expect.stringMatching(
          /dump <- image.failed: saving.\w+ -> loadingWayBack; .*tells operator dump.failed$/,
        ),
      ]);
      expect(told.verdict).toBe('aborted');
      expect(told.broken).toEqual([]);
    },
  );

  it('leaves a crash without a dump: B says so before it restarts', () => {
    const told = tell({ path: 'kdump' }, 'disk-fails@image.write');
    expect(told.plotFrom('image.failed').slice(0, 3)).toMatchInlineSnapshot(`
      [
        "work.complete processor; dump <- image.failed: saving.writing -> restarting; orders machine.restart dump; tells operator dump.failed",
        "firmware <- power.restored: handedOver -> testing; orders firmware.test",
        "operator <- dump.failed: crashing -> restartingWithout",
      ]
    `);
    expect(told.verdict).toBe('lost');
    expect(told.broken).toEqual([]);
  });
});

describe('a partition that is too small', () => {
  it('is noticed before the old image is touched; A comes back without a new one', () => {
    const told = tell({}, 'dump-partition-full');
    expect(told.plotFrom('image.failed')[0]).toBe(
      'work.complete processor; dump <- image.failed: saving.writing -> loadingWayBack; orders kexec.load dump back; tells operator dump.failed',
    );
    expect(told.verdict).toBe('aborted');
    expect(told.broken).toEqual([]);
  });
});

describe('memory that fails', () => {
  it('in the entry list: the first entry is no destination any more, and the walk ends in a reset without a line', () => {
    const told = tell({ load: 'on-demand' }, 'list-bit-flips@kexec.jump');
    expect(told.plotFrom('syscore.suspended').slice(0, 2)).toMatchInlineSnapshot(`
      [
        "cpu.complete cpu1; original <- cpu.offlined: kexec.takingCpusDown.asking -> kexec.stoppingSystemCore; original <- syscore.suspended: kexec.stoppingSystemCore -> kexec.leaving; ! list-bit-flips at kexec.jump; jump.left original; orders interrupts.disable, syscore.suspend original, processor.save original, kexec.jump original",
        "firmware <- power.restored: handedOver -> testing; orders firmware.test",
      ]
    `);
    expect(told.verdict).toMatchInlineSnapshot(`"lost"`);
  });

  it('a page that the swap leaves out is noticed by purgatory on the way out', () => {
    const told = tell({ load: 'on-demand' }, 'swap-skips-page@kexec.jump');
    expect(told.verdict).toBe('hung');
    expect(told.world.actors.dump.value).toEqual({ booting: 'looping' });
  });

  it('a page that the swap leaves out on the way back is noticed by nobody: A runs on with a page of B', () => {
    const told = tell({ load: 'on-demand', cpus: 1 }, 'swap-skips-page@dump/kexec.jump');
    expect(told.verdict).toBe('restored');
    expect(told.broken).toEqual(['memory-comes-back']);
  });

  it('a register that is forgotten is noticed by nobody', () => {
    const told = tell({}, 'register-forgotten');
    expect(told.verdict).toBe('restored');
    expect(told.broken).toEqual(['registers-come-back']);
  });

  it("a card that goes on writing spoils image and memory, and on demand B's own image", () => {
    expect(tell({}, 'device-runs-on@freeze:network-card').broken).toEqual([
      'no-dma-while-quiet',
      'image-holds-what-it-should',
      'memory-comes-back',
    ]);
    expect(tell({ load: 'on-demand' }, 'device-runs-on@freeze:network-card').verdict).toBe('hung');
  });
});

describe('a power cut', () => {
  it('while A boots costs a boot', () => {
    expect(tell({}, 'power-cut@userSpace.start').verdict).toBe('restored');
  });

  it('while B saves leaves no image that would resume, and a fresh A', () => {
    const told = tell({}, 'power-cut@image.commit');
    expect(told.plotFrom('power.restored')).toMatchInlineSnapshot(`
      [
        "firmware <- power.restored: handedOver -> testing; orders firmware.test",
        "work.complete processor; firmware <- firmware.ready: testing -> loading; orders firmware.load",
        "work.complete processor; firmware <- firmware.loaded: loading -> handedOver",
        "original <- control.arrived: off -> booting.starting; orders kernel.start original",
        "work.complete processor; original <- kernel.started: booting.starting -> booting.probing; orders kernel.probe original",
        "work.complete processor; original <- kernel.probed: booting.probing -> booting.startingUserSpace; orders userSpace.start original",
        "work.complete processor; original <- userSpace.started: booting.startingUserSpace -> running; tells operator original.up",
        "operator <- original.up: jumping -> lost",
      ]
    `);
    expect(told.verdict).toBe('lost');
    expect(told.broken).toEqual([]);
    expect(told.ignored).toEqual([]);
  });

  it('after the commit leaves a complete image of a memory that is lost', () => {
    const told = tell({}, 'power-cut@dump/kexec.jump');
    expect(told.verdict).toBe('lost');
    expect(told.broken).toEqual([]);
  });
});
