import { describe, expect, it } from 'vitest';
import { drawnRun, happeningsIn, sequenceOfRun, smallRun } from './small-run.ts';
import { foreignParts, offThePage, overlaps, textBoxes, unbalanced } from './svg-laws.ts';

const fontSize = 12;

const runs = [
  { name: 'a jump', run: smallRun() },
  { name: 'a crash', run: smallRun({ path: 'kdump' }) },
  {
    name: 'a jump that hangs',
    run: smallRun({ faults: [{ name: 'device-hangs', where: 'freezeLate:disk' }] }),
  },
  { name: 'a jump of eight processors', run: smallRun({ cpus: 8, load: 'on-demand' }) },
];
const views = [
  { devices: 'together', isUnfolded: false },
  { devices: 'each', isUnfolded: false },
  { devices: 'each', isUnfolded: true },
] as const;

describe.each(runs)('the SVG of $name', ({ run }) => {
  it.each(views)('has no text on another, and none off the page: $devices, unfolded $isUnfolded', (view) => {
    const drawing = drawnRun(run, 'svg', view);
    expect(overlaps(textBoxes(drawing, fontSize))).toEqual([]);
    expect(offThePage(drawing, fontSize)).toEqual([]);
  });

  it('is one closed document without script, link or font, and without a broken number', () => {
    const drawing = drawnRun(run, 'svg');
    expect(drawing.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true);
    expect(drawing.endsWith('</svg>\n')).toBe(true);
    expect(unbalanced(drawing)).toEqual([]);
    expect(drawing).not.toMatch(foreignParts);
  });

  it('has a tooltip for everything that happens', () => {
    const happenings = happeningsIn(sequenceOfRun(run)).filter(({ kind }) => kind !== 'line');
    expect(drawnRun(run, 'svg').match(/<title>step /g)).toHaveLength(happenings.length);
  });

  it('is the same bytes each time', () => {
    expect(drawnRun(run, 'svg')).toBe(drawnRun(run, 'svg'));
  });
});
