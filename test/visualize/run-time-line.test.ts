import { describe, expect, it } from 'vitest';
import type { Executor } from '../../scripts/visualize/run/sequence.ts';
import { type Stretch, type TimeLine, timeLineOf } from '../../scripts/visualize/time-line/run-time-line.ts';
import { timeLineSvg } from '../../scripts/visualize/time-line/svg.ts';
import { layoutTimeLine } from '../../scripts/visualize/time-line/svg-layout.ts';
import { timeLineText } from '../../scripts/visualize/time-line/text.ts';
import { smallRun } from './small-run.ts';
import { foreignParts, offThePage, overlaps, textBoxes, unbalanced } from './svg-laws.ts';

const runs = [
  { name: 'a jump', run: smallRun() },
  { name: 'rounds on demand', run: smallRun({ variant: 'rounds', load: 'on-demand' }) },
  { name: 'a hibernation', run: smallRun({ variant: 'hibernate' }) },
  { name: 'a crash', run: smallRun({ path: 'kdump' }) },
  { name: 'a power cut', run: smallRun({ faults: [{ name: 'power-cut', where: 'image.write' }] }) },
  {
    name: 'a jump that hangs',
    run: smallRun({ faults: [{ name: 'device-hangs', where: 'freezeLate:disk' }] }),
  },
];
const plain = { columns: 100, paint: (_style: string, text: string) => text };

describe.each(runs)('the time line of $name', ({ run }) => {
  const line = timeLineOf(run);

  it('goes from power-on to the end without a hole', () => {
    const stretches = line.rows.flatMap((row) => (row.kind === 'stretch' ? [row] : []));
    expect(stretches[0]?.startNs).toBe(0);
    expect(stretches.at(-1)?.endNs).toBe(run.world.clock.nowNs);
    expect(stretches.slice(1).map(({ startNs }) => startNs)).toEqual(
      stretches.slice(0, -1).map(({ endNs }) => endNs),
    );
  });

  it('has its rows in the order of time, and a row for the end of every phase', () => {
    const times = line.rows.map((row) => (row.kind === 'stretch' ? row.startNs : row.ns));
    expect(times).toEqual([...times].sort((one, other) => one - other));
    const borders = new Set([...times, run.world.clock.nowNs]);
    expect(line.bars.filter(({ startNs, endNs }) => !borders.has(startNs) || !borders.has(endNs))).toEqual(
      [],
    );
  });

  it('gives control only to those who have a lane', () => {
    const lanes = line.lanes.map(({ id }) => id);
    const ends = line.rows.flatMap((row) => (row.kind === 'control' ? [row.from, row.to] : []));
    expect(ends.filter((end) => !lanes.includes(end))).toEqual([]);
  });

  it('as SVG has no text on another, and none off the page', () => {
    const drawing = timeLineSvg(line);
    expect(overlaps(textBoxes(drawing, 11))).toEqual([]);
    expect(offThePage(drawing, 11)).toEqual([]);
  });

  it('as SVG is one closed document without anything from outside, the same each time', () => {
    const drawing = timeLineSvg(line);
    expect(unbalanced(drawing)).toEqual([]);
    expect(drawing).not.toMatch(foreignParts);
    expect(timeLineSvg(timeLineOf(run))).toBe(drawing);
  });

  it.each([60, 80, 100, 120])('as text keeps to %i columns', (columns) => {
    const lines = timeLineText(line, { ...plain, columns }).split('\n');
    expect(lines.filter((text) => text.length > columns)).toEqual([]);
  });
});

const second = 1e9;
const stretch = (
  startNs: number,
  endNs: number,
  executor: Executor,
  more: Partial<Stretch> = {},
): Stretch => {
  const quiet = { isPowerOff: false, devices: 'on', blocksChanged: 0 };
  return { kind: 'stretch', startNs: startNs * second, endNs: endNs * second, executor, ...quiet, ...more };
};
/** A runs a second, B two, A one: made up. */
const small: TimeLine = {
  title: 'a small run',
  lanes: [
    { id: 'original', title: 'A' },
    { id: 'dump', title: 'B' },
  ],
  rows: [
    stretch(0, 1, 'original'),
    { kind: 'phase', ns: second, lane: 'original', name: 'jump' },
    { kind: 'control', ns: second, from: 'original', to: 'dump', text: 'jump' },
    stretch(1, 2, 'dump', { devices: 'quiet → on' }),
    stretch(2, 3, 'dump', { blocksChanged: 7 }),
    { kind: 'control', ns: 3 * second, from: 'dump', to: 'original', text: 'return' },
    stretch(3, 4, 'original'),
    { kind: 'remark', ns: 4 * second, text: 'verdict: restored', isFailure: false },
  ],
  bars: [
    { lane: 'original', name: 'work', startNs: 0, endNs: second },
    { lane: 'dump', name: 'save', startNs: second, endNs: 3 * second },
    { lane: 'original', name: 'work', startNs: 3 * second, endNs: 4 * second },
  ],
  clocks: [
    {
      kernel: 'original',
      startNs: 0,
      endNs: 4 * second,
      isGone: false,
      stretches: [
        { startNs: 0, endNs: second, isStanding: false, shownNs: 0 },
        { startNs: second, endNs: 3 * second, isStanding: true, shownNs: second },
        { startNs: 3 * second, endNs: 4 * second, isStanding: false, shownNs: second },
      ],
    },
  ],
  epochSeconds: 0,
};

describe('the time line', () => {
  it('reads from the top to the end', () => {
    expect(timeLineText(small, plain)).toMatchInlineSnapshot(`
      "a small run

                box       A's own   A    B
           0.000000      0.000000   ┃         A work, 1.000 s
           1.000000      1.000000·  ◆         A jump
           1.000000      1.000000·  ╞════▶    jump: A to B
           1.000000      1.000000·       ┃    B save, 2.000 s; ⋮ 1.000 s; devices quiet → on
           2.000000      1.000000·       ┃    ⋮ 1.000 s; 7 blocks of the disk written
           3.000000      1.000000   ◀════╡    return: B to A
           3.000000      1.000000   ┃         A work, 1.000 s
           4.000000      2.000000             verdict: restored

      clocks
        A, booted at 0.000000, at the end: CLOCK_MONOTONIC and printk 2.000000, CLOCK_BOOTTIME 4.000000
          A's CLOCK_MONOTONIC stands at 1.000000 from 1.000000 to 3.000000: 2.000 s that CLOCK_BOOTTIME
          and the wall clock count
        wall clock: 1970-01-01 00:00:00 to 1970-01-01 00:00:04 UTC; it never stands still
      "
    `);
  });

  it('shows the gap of A in its lane, with what the clock shows and for how long', () => {
    const [note] = layoutTimeLine(small).notes;
    expect(note?.lines.map(({ text }) => text)).toEqual([
      'stands: 1.000000',
      'for 2.000 s;',
      'boottime runs on',
    ]);
  });

  it('breaks what is much longer than all else', () => {
    const layout = layoutTimeLine(timeLineOf(smallRun({ variant: 'hibernate' })));
    const broken = layout.stretches.filter(({ isBroken }) => isBroken);
    expect(broken.map(({ stretch }) => stretch.isPowerOff)).toEqual([true]);
    expect(timeLineSvg(timeLineOf(smallRun({ variant: 'hibernate' })))).toContain('l5 3l-10 5l10 5l-5 3');
  });

  it('is higher for a longer stretch, by its logarithm', () => {
    const { stretches } = layoutTimeLine(timeLineOf(smallRun({ variant: 'hibernate' })));
    const byLength = [...stretches].sort(
      (one, other) => one.stretch.endNs - one.stretch.startNs - (other.stretch.endNs - other.stretch.startNs),
    );
    const heights = byLength.map(({ height }) => height);
    expect(heights).toEqual([...heights].sort((one, other) => one - other));
    expect(Math.max(...heights)).toBeLessThan(5 * Math.min(...heights));
  });

  it('says when the power goes and comes, and that memory is lost with it', () => {
    const remarks = timeLineOf(smallRun({ variant: 'hibernate' })).rows.flatMap((row) =>
      row.kind === 'remark' ? [row.text] : [],
    );
    expect(remarks).toMatchInlineSnapshot(`
      [
        "power on",
        "power off: memory is poison from here on",
        "nothing happens for 8 h",
        "power on",
        "verdict: restored",
      ]
    `);
  });

  it('of a run that hangs says since when nothing happens', () => {
    const run = smallRun({ faults: [{ name: 'device-hangs', where: 'freezeLate:disk' }] });
    const remarks = timeLineOf(run).rows.flatMap((row) => (row.kind === 'remark' ? [row] : []));
    expect(remarks.map(({ text, isFailure }) => `${text}${isFailure ? ' !' : ''}`)).toMatchInlineSnapshot(`
      [
        "power on",
        "✗ fault device-hangs at freezeLate:disk !",
        "nothing happens for 24 h",
        "verdict: hung !",
      ]
    `);
  });
});
