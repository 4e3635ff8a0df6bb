/**
 * The defects of kexec-tools as shipped (linux.md A1.8), each alone, on a jump on demand: what the console shows, held against the real
 * logs where there is one, and how it ends. Without any of them the same box comes back.
 */
import { describe, expect, it } from 'vitest';
import { quirks } from '../../machines/quirks/index.ts';
import { markersIn, type Told, tell } from '../kit/story.ts';
import { goldenLines } from '../log/golden-log.ts';

const onDemand = { load: 'on-demand', cpus: 1 } as const;
const withQuirk = (...names: readonly string[]): Told => tell({ ...onDemand, quirks: names });

/** The marks of a real log, from the first freezer line on; the build of B is its own affair. */
const realMarkers = (name: string): readonly string[] => fromFreezer(markersIn(goldenLines(name)));
const fromFreezer = (lines: readonly string[]): readonly string[] =>
  lines.slice(lines.indexOf('Freezing user space processes'));

/** From B's freezer on: what B's own start says is another defect's story in some logs. */
const fromFreezerOfB = (lines: readonly string[]): readonly string[] =>
  lines.slice(lines.lastIndexOf('Freezing user space processes'));

describe('row 1: B sees all memory', () => {
  const told = withQuirk('b-sees-all-memory');

  it('shows what log a8 shows, and then silence: A never says another word', () => {
    expect(fromFreezer(told.markers)).toEqual(realMarkers('a8'));
    expect(fromFreezer(told.markers)).toMatchInlineSnapshot(`
      [
        "Freezing user space processes",
        "Freezing user space processes completed (elapsed S seconds)",
        "OOM killer disabled.",
        "Disabling non-boot CPUs ...",
        "Linux version",
        "ioremap on RAM at 0x00000000050fc000 - 0x00000000050fcfff",
        "Kdump: vmcore not initialized",
        "Freezing user space processes",
        "Freezing user space processes completed (elapsed S seconds)",
        "OOM killer disabled.",
        "Disabling non-boot CPUs ...",
      ]
    `);
  });

  it('hangs: A jumped back into is not alive', () => {
    expect(told.plotFrom('kexec.loaded').slice(-2)).toMatchInlineSnapshot(`
      [
        "dump <- device.answered: kexec.freezingNoirq.asking -> kexec.stoppingSystemCore; dump <- syscore.suspended: kexec.stoppingSystemCore -> kexec.leaving; jump.left dump; orders interrupts.disable, syscore.suspend dump, processor.save dump, kexec.jump dump",
        "operator <- after watchdog: jumping -> hung",
      ]
    `);
    expect(told.verdict).toBe('hung');
    expect(told.broken).toMatchInlineSnapshot(`
      [
        "b-stays-in-its-range",
        "image-holds-what-it-should",
        "no-wait-without-a-way-out",
      ]
    `);
  });
});

describe("row 2: the start of B's range is wrong", () => {
  it('leaves B without a vmcore, and A comes back: notes are read first, then the absurd PT_LOAD', () => {
    const told = withQuirk('range-start-wrong');
    expect(fromFreezer(told.markers)).toMatchInlineSnapshot(`
      [
        "Freezing user space processes",
        "Freezing user space processes completed (elapsed S seconds)",
        "OOM killer disabled.",
        "Disabling non-boot CPUs ...",
        "Linux version",
        "Warning: Zero PT_NOTE entries found",
        "Kdump: vmcore not initialized",
        "Freezing user space processes",
        "Freezing user space processes completed (elapsed S seconds)",
        "OOM killer disabled.",
        "Disabling non-boot CPUs ...",
        "OOM killer enabled.",
        "Restarting tasks ... done.",
      ]
    `);
    expect(told.verdict).toBe('restored');
  });
});

describe('row 3: low memory is not saved', () => {
  it('has A start its other processors through code that B wrote over', () => {
    const told = tell({ load: 'on-demand', quirks: ['low-memory-not-saved'] });
    expect(fromFreezer(told.markers).slice(-6)).toMatchInlineSnapshot(`
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
    expect(told.broken).toMatchInlineSnapshot(`
      [
        "image-holds-what-it-should",
        "memory-comes-back",
        "processors-come-back",
      ]
    `);
  });
});

describe("row 4: A's control page lies within B's range", () => {
  it('at 0x7f1000, where it was seen: B overwrites it, and the way back ends in a reset without a line', () => {
    const told = withQuirk('control-page-inside-range');
    expect(told.console.find((line) => line.startsWith('Command line: ') && line.includes('entry'))).toMatch(
      /kexec_jump_back_entry=0x00000000007f10f2$/,
    );
    expect(told.world.machine.tripleFaults).toBe(1);
    expect(told.verdict).toBe('lost');
  });
});

describe('row 5: B has no /proc/vmcore', () => {
  it('for the reason of log a9: only empty notes', () => {
    const told = withQuirk('no-vmcore');
    expect(fromFreezer(told.markers)).toEqual(
      realMarkers('a9').filter((line) => !line.startsWith('kexec failed')),
    );
    expect(told.verdict).toBe('restored');
    expect(told.plotFrom('vmcore.missing').slice(0, 2)).toMatchInlineSnapshot(`
      [
        "work.complete processor; dump <- vmcore.missing: booting.openingVmcore -> booting.startingUserSpace; orders userSpace.start dump",
        "work.complete processor; dump <- userSpace.started: booting.startingUserSpace -> loadingWayBack; orders kexec.load dump back",
      ]
    `);
  });
});

describe("row 6: the helper's segment of size 0 at address 0", () => {
  it("ends as logs a0 and a0b: no control page, the helper's text, and B runs on", () => {
    const told = withQuirk('empty-segment-at-zero');
    const last = told.markers.slice(-3);
    expect(last).toEqual(realMarkers('a0').slice(-3));
    expect(last).toMatchInlineSnapshot(`
      [
        "kexec: page allocation failure: order:0, mode:0x10cc0(GFP_KERNEL|__GFP_NORETRY), nodemask=(null)",
        "kexec: Could not allocate control_code_buffer",
        "load jump back kernel failed: Cannot allocate memory",
      ]
    `);
    expect(told.verdict).toBe('refused');
    expect(told.world.machine.owner).toBe('dump');
  });
});

describe("row 7: A's control page is not mapped", () => {
  const told = withQuirk('control-page-unmapped');

  it("shows what log a0c shows up to B's last line, with the same entry", () => {
    const upToReset = told.markers.slice(0, told.markers.lastIndexOf('Linux version'));
    expect(fromFreezerOfB(upToReset)).toEqual(fromFreezerOfB(realMarkers('a0c')));
    const entry = /kexec_jump_back_entry=\S+/;
    const real = goldenLines('a0c').flatMap((line) => entry.exec(line) ?? []);
    expect(told.console.flatMap((line) => entry.exec(line) ?? [])).toEqual(expect.arrayContaining(real));
  });

  it('then resets without a line, and boots anew: what was in memory is lost', () => {
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
  });
});

describe('row 8: failure is reported after success', () => {
  it('says "kexec failed: Bad file descriptor" after a perfect round trip, as log a1', () => {
    const told = withQuirk('fails-after-success');
    expect(realMarkers('a1')).toContain(told.markers.at(-1));
    expect(told.markers.slice(-3)).toMatchInlineSnapshot(`
      [
        "OOM killer enabled.",
        "Restarting tasks ... done.",
        "kexec failed: Bad file descriptor",
      ]
    `);
    expect(told.verdict).toBe('restored');
    expect(told.broken).toEqual(['tools-tell-the-truth']);
  });
});

describe('all together, the tools as shipped', () => {
  it('get no further than the helper', () => {
    const told = tell({ ...onDemand, tools: 'shipped' });
    expect(told.verdict).toBe('refused');
    expect(told.markers.slice(-3)).toEqual(realMarkers('a0').slice(-3));
  });
});

describe('none', () => {
  it('is missing above: the tools have no other defect by name', () => {
    expect(quirks.filter((quirk) => quirk.of === 'tools').map(({ name }) => name)).toEqual([
      'b-sees-all-memory',
      'range-start-wrong',
      'low-memory-not-saved',
      'control-page-inside-range',
      'no-vmcore',
      'empty-segment-at-zero',
      'control-page-unmapped',
      'fails-after-success',
    ]);
  });

  it('is what the box has by default: it comes back, and obeys every law', () => {
    const told = withQuirk();
    expect(told.verdict).toBe('restored');
    expect(told.broken).toEqual([]);
  });
});
