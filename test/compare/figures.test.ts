/** Every figure of a comparison, counted once more in another way than it was computed. */
import { describe, expect, it } from 'vitest';
import { pageSizeBytes } from '../../image/pfn.ts';
import { diskLayout } from '../../kernels/disk-layout.ts';
import { ramOf } from '../../kernels/linux/frame-allocator.ts';
import { poisonContent, zeroContent } from '../../kernels/memory/contents.ts';
import { displacedPages } from '../../machines/laws/excepted.ts';
import { momentView } from '../../machines/laws/moment-view.ts';
import { paths } from '../../machines/paths/index.ts';
import type { History } from '../../machines/system/history.ts';
import { measuredRun } from './small-comparison.ts';

const columns = [
  'kexec-jump',
  'kexec-jump:on-demand',
  'kexec-jump:hibernate',
  'kexec-jump:rounds',
  'kexec-jump:kept-b:on-demand',
  'kexec-jump:freezer=off',
  'kexec-jump:devices-between=powered-down',
  'kdump',
];

/** When messages of this type were sent, and when the operator's arrived. */
const toldNs = ({ allRecords }: History, message: string): readonly number[] =>
  allRecords.filter(({ told }) => told.some(({ type }) => type === message)).map(({ nowNs }) => nowNs);
const heardNs = ({ allRecords }: History, message: string): readonly number[] =>
  allRecords
    .filter(({ turns }) => turns.some(({ event, ignored }) => event === message && !ignored))
    .map(({ nowNs }) => nowNs);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

describe.each(columns)('of %s', (column) => {
  const { figures, history } = measuredRun(column);

  it('boots take as long as the phases they are in', () => {
    const { boots, phaseNs } = figures;
    const ofA = boots.filter(({ kernel }) => kernel === 'original');
    const others = boots.filter(({ kernel }) => kernel !== 'original');
    const firmwareNs = sum(boots.map((boot) => boot.firmwareNs));
    // The phase ends when the word that A is up has gone out, and firmware gets control some microseconds before it is heard of.
    expect(
      Math.abs(sum(ofA.map(({ ns }) => ns ?? 0)) + firmwareNs - (phaseNs['power-on'] ?? 0)),
    ).toBeLessThan(100_000 * boots.length);
    expect(sum(others.map(({ ns }) => ns ?? 0))).toBe(phaseNs.boot);
  });

  it('an image is safe when B says so, and A is back when the operator hears of it', () => {
    const asked = [...heardNs(history, 'jump.ask'), ...heardNs(history, 'crash.ask')];
    const saved = toldNs(history, 'dump.saved');
    const [, ...restarts] = toldNs(history, 'original.up');
    const back = [...toldNs(history, 'jump.returned'), ...restarts];
    expect(figures.rounds.map(({ askedNs }) => askedNs)).toEqual(asked);
    expect(figures.rounds.map(({ askedNs, safeNs }) => askedNs + (safeNs ?? 0))).toEqual(saved);
    expect(
      figures.rounds.map(
        ({ askedNs, safeNs, backNs, offNs }) => askedNs + (safeNs ?? 0) + (backNs ?? 0) + offNs,
      ),
    ).toEqual(back);
  });

  it('pages swapped are those on the lists as they were loaded, there and back', () => {
    const moments = Object.entries(history.world.kept).filter(([name]) => name.startsWith('image.loaded/'));
    const lists = new Map(
      moments.map(([name, moment]) => {
        const kernel =
          name === 'image.loaded/original' ? 'original' : name === 'image.loaded/dump' ? 'dump' : 'restore';
        const { readPage } = momentView(history.rules, moment);
        return [kernel, displacedPages(moment.machine.kernels[kernel].image, readPage).length] as const;
      }),
    );
    const notes = history.allRecords.flatMap((record) => record.notes);
    const ways = notes.filter((note) => note.type === 'jump.left' || note.type === 'jump.arrived');
    const pages = ways.map((note) => ('kernel' in note ? (lists.get(note.kernel) ?? 0) : 0));
    expect(figures.swappedPages).toBe(sum(pages));
  });

  it('what B wrote is more than the image by headers and commits only', () => {
    const rounds = figures.rounds.length;
    expect(figures.writtenByDumpBytes).toBeGreaterThanOrEqual(figures.imageBytes);
    if (rounds === 1)
      expect(figures.writtenByDumpBytes - figures.imageBytes).toBeLessThan(64 * pageSizeBytes);
  });

  it('what is kept of B stands on its partition', () => {
    const { start, count } = diskLayout(history.rules.plan.ramBytes).kept;
    const runs = [...history.world.medium.runs(start, start + count)].filter(({ id }) => id !== zeroContent);
    expect(figures.keptBytes).toBe(sum(runs.map((run) => run.count)) * pageSizeBytes);
  });

  it('work is lost with the kernel, as much as there was when it left', () => {
    const { workLost, heapLostBytes, kernel } = figures.survives;
    const left = history.world.kept['crash.left/original'];
    const tasks = left?.machine.kernels.original.tasks ?? [];
    expect(kernel).toBe(column !== 'kdump');
    expect(workLost).toBe(sum(tasks.map(({ done }) => done)));
    expect(heapLostBytes).toBe(sum(tasks.map(({ heapPages }) => heapPages)) * pageSizeBytes);
  });
});

describe('hibernation', () => {
  const { figures, history } = measuredRun('kexec-jump:hibernate');

  it('boots a kernel to be safe and another to come back', () => {
    const [round] = figures.rounds;
    expect(round).toMatchObject({ bootsToSafe: ['dump'], bootsToBack: ['restore'] });
    expect(figures.boots.map(({ kernel }) => kernel)).toEqual(['original', 'dump', 'restore']);
  });

  it('is without power from the moment it goes off until the button is pressed', () => {
    const press = heardNs(history, 'power.press')[1] ?? 0;
    const off = history.allRecords.find(({ commands }) =>
      commands.some(({ type }) => type === 'machine.powerOff'),
    );
    expect(figures.offNs).toBe(press - (off?.nowNs ?? 0));
    expect(figures.offNs).toBeGreaterThan(8 * 3600e9 - 1e9);
  });

  it('reads back what stands in memory outside of C when A is entered, poison and zeros apart', () => {
    const position = history.allRecords.findIndex(({ commands }) =>
      commands.some(({ type }) => type === 'image.consume'),
    );
    const { memory } = history.worldAt(position);
    const own = ramOf(history.rules.plan, 'restore');
    let pages = 0;
    for (const { start, count, id } of memory.runs()) {
      if (id === zeroContent || id === poisonContent) continue;
      for (let frame = start; frame < start + count; frame += 1) {
        if (!own.some((range) => frame >= range.start && frame < range.start + range.count)) pages += 1;
      }
    }
    expect(figures.readBackBytes).toBe(pages * pageSizeBytes);
    expect(pages).toBeGreaterThan(1000);
  });
});

describe('a kernel that is given up', () => {
  it.each([
    ['plain-kexec', 'lost'],
    ['kexec-jump:hibernate:kernel=6.12', 'refused'],
  ])('%s does not go on, whatever the path is taken for', (column, verdict) => {
    const { figures } = measuredRun(column);
    expect(figures.verdict).toBe(verdict);
    expect(figures.survives).toMatchObject({ kernel: false, memory: false, tasks: 0, mount: false });
    expect(figures.rounds[0]).toMatchObject({ backNs: null });
  });
});

describe('an attempt that is given up before A leaves', () => {
  it('is no round, and loses nothing', () => {
    const { figures } = measuredRun('kexec-jump:fault=device-fails@freeze:disk');
    expect(figures).toMatchObject({ verdict: 'aborted', rounds: [], swappedPages: 0 });
    expect(figures.survives).toMatchObject({ kernel: true, workLost: 0 });
  });
});

describe('what the options of a jump change', () => {
  const handoverOf = (column: string) => measuredRun(column).figures.handover;

  it('devices powered down are quiet too', () => {
    expect(handoverOf('kexec-jump')).toMatchObject({ devicesQuiet: 3, devicesPoweredDown: 0 });
    expect(handoverOf('kexec-jump:devices-between=powered-down')).toMatchObject({
      devicesQuiet: 3,
      devicesPoweredDown: 3,
    });
  });

  it('without the freezer no task is frozen when B starts', () => {
    expect(handoverOf('kexec-jump')?.tasksFrozen).toBe(1);
    expect(handoverOf('kexec-jump:freezer=off')?.tasksFrozen).toBe(0);
  });

  it('only the first round of several boots B', () => {
    for (const column of ['kexec-jump:rounds', 'kexec-jump:kept-b:on-demand']) {
      const { rounds } = measuredRun(column).figures;
      expect(rounds.map(({ bootsToSafe }) => bootsToSafe)).toEqual([['dump'], []]);
      expect(rounds[1]?.safeNs).toBeLessThan(rounds[0]?.safeNs ?? 0);
    }
  });
});

describe('a run that never leaves', () => {
  const names = paths.filter(({ name }) => name === 'none').map(({ name }) => name);

  it.each(names)('%s has no rounds, swaps nothing and loses nothing', (name) => {
    const { figures } = measuredRun(name);
    expect(figures).toMatchObject({ rounds: [], swappedPages: 0, offNs: 0, keptBytes: 0, readBackBytes: 0 });
    expect(figures.survives).toMatchObject({ workLost: 0, heapLostBytes: 0 });
  });
});
