/**
 * Variant `hibernate`: the power is off in the middle, and A comes back only through what stands on the disk. Real logs of this way do
 * not exist (no kernel since 2008 can go it); A's and B's own lines are held against logs a3 and c1.
 */
import { describe, expect, it } from 'vitest';
import { openSaved } from '../../image/formats/saved-partition/open-saved.ts';
import { diskLayout } from '../../kernels/disk-layout.ts';
import { readSavedImage } from '../../kernels/executors/save-source.ts';
import { poisonContent } from '../../kernels/memory/contents.ts';
import { momentView } from '../../machines/laws/moment-view.ts';
import type { World } from '../../machines/system/world.ts';
import { markersIn, type Told, tell } from '../kit/story.ts';
import { endOf, historyOf, type Sabotage, verdictAt } from '../laws/sabotaged-run.ts';
import { once, strangePage } from '../laws/tampering.ts';
import { goldenLines } from '../log/golden-log.ts';

const told = tell({ variant: 'hibernate' });
const worldsOf = ({ history }: Told): readonly World[] =>
  Array.from({ length: history.length + 1 }, (_, position) => history.worldAt(position));

describe.each(['reserved', 'on-demand'] as const)('hibernation with B %s', (load) => {
  const run = tell({ variant: 'hibernate', load });

  it('restores A, and every law holds', () => {
    expect(run.verdict).toBe('restored');
    expect(run.broken).toEqual([]);
    expect(run.ignored).toEqual([]);
  });

  it('leaves nothing but poison in memory while the power is off', () => {
    const off = worldsOf(run).filter(({ machine, step }) => machine.power === 'off' && step > 1);
    expect(off.length).toBeGreaterThan(0);
    for (const { memory } of off) {
      const [only, ...others] = memory.runs(0, memory.size);
      expect(only?.id).toBe(poisonContent);
      expect(others).toEqual([]);
    }
  });

  it('marks the image as used before A goes on', () => {
    const view = momentView(run.history.rules, run.world);
    expect(() => openSaved(readSavedImage(view))).toThrow(/already loaded/);
  });
});

it('prints what each kernel prints on its part of the way', () => {
  expect(told.markers.filter((line) => !line.includes('Kdump'))).toMatchInlineSnapshot(`
    [
      "Linux version",
      "Freezing user space processes",
      "Freezing user space processes completed (elapsed S seconds)",
      "OOM killer disabled.",
      "Disabling non-boot CPUs ...",
      "smpboot: CPU 1 is now offline",
      "Linux version",
      "Warning: Zero PT_NOTE entries found",
      "Warning: Zero PT_NOTE entries found",
      "ACPI: PM: Preparing to enter system sleep state S5",
      "reboot: Power down",
      "Linux version",
      "Freezing user space processes",
      "Freezing user space processes completed (elapsed S seconds)",
      "OOM killer disabled.",
      "Disabling non-boot CPUs ...",
      "Enabling non-boot CPUs ...",
      "smpboot: Booting Node 0 Processor 1 APIC 0x1",
      "CPU1 is up",
      "OOM killer enabled.",
      "Restarting tasks ... done.",
    ]
  `);
  const offLines = goldenLines('c1').filter(
    (line) => line.includes('Preparing to enter') || line.includes('Power down'),
  );
  expect(told.console).toEqual(expect.arrayContaining([...markersIn(offLines)]));
});

it('counts the night for the wall clock and not for A', () => {
  const worlds = worldsOf(told);
  const left = worlds.at(-1)?.kept['jump.left/original']?.nowNs ?? 0;
  const arrived = worlds.at(-1)?.kept['jump.arrived/original']?.nowNs ?? 0;
  expect(arrived - left).toBeGreaterThan(8 * 3600 * 1e9);
  const stamps = told.history.allRecords.flatMap(({ printed }) =>
    printed.filter(({ kernel }) => kernel === 'original').map(({ timeNs }) => timeNs),
  );
  expect(Math.max(...stamps)).toBeLessThan(60 * 1e9);
});

describe('C refuses, and the machine boots anew,', () => {
  const lost = (sabotage: Sabotage): readonly string[] => {
    const history = endOf(
      historyOf({ variant: 'hibernate', ramBytes: 2 ** 28, tasks: 1, work: 4 }, { sabotage }),
    );
    expect(verdictAt(history)).toBe('lost');
    expect(history.allRecords.some(({ notes }) => notes.some(({ type }) => type === 'image.consumed'))).toBe(
      false,
    );
    return history.allRecords.flatMap(({ console }) =>
      console.filter(({ text }) => text.startsWith('restore: ')).map(({ text }) => text),
    );
  };
  const blockOf = (box: Parameters<Sabotage>[0], index: number): number =>
    diskLayout(box.plan.ramBytes).dump.start + index;

  it('without a commit', () => {
    const sabotage = once('image.check', (box) => box.medium.write(blockOf(box, 0), strangePage(box)));
    expect(lost(sabotage)[0]).toContain('nothing is saved here: there is no commit sector');
  });

  it('when one block of the image is not what was committed', () => {
    const sabotage = once('image.check', (box) => box.medium.write(blockOf(box, 1), strangePage(box)));
    expect(lost(sabotage)[0]).toContain('the saved blocks are not those that were committed');
  });

  it('on another machine', () => {
    const sabotage = once('image.check', (box) => {
      box.machine.board = 1;
    });
    expect(lost(sabotage)).toEqual(['restore: the image is of another machine']);
  });

  it('on a machine whose firmware has moved its tables', () => {
    const sabotage = once('image.check', (box) => {
      box.machine.faults.movesMemoryMap = true;
    });
    expect(lost(sabotage)[0]).toMatch(/^restore: the memory map has changed: .* is not all usable$/);
  });

  it('when the root file system was mounted in between', () => {
    const { root } = diskLayout(2 ** 28);
    const sabotage = once('image.check', (box) => box.medium.write(root.start, strangePage(box)));
    expect(lost(sabotage)).toEqual(['restore: the root file system was mounted since the image was taken']);
  });
});

it('cannot be done with what 6.12 has: kexec_load refuses the dump, C runs on, and the image is kept', () => {
  const refused = tell({ variant: 'hibernate', kernel: '6.12' });
  expect(refused.verdict).toBe('refused');
  expect(refused.broken).toEqual([]);
  expect(refused.console.filter((line) => line.startsWith('kexec_load'))).toEqual([
    'kexec_load failed: Invalid argument',
  ]);
  const view = momentView(refused.history.rules, refused.world);
  expect(openSaved(readSavedImage(view)).commit.state).toBe('committed');
});
