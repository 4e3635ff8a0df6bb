import { describe, expect, it } from 'vitest';
import { charts, original } from '../../machines/charts.ts';
import { chartGraphOf } from '../../scripts/visualize/chart/chart-graph.ts';
import { phasePart } from '../../scripts/visualize/chart/chart-phases.ts';
import { type ChartSheet, sheetsOf } from '../../scripts/visualize/chart/chart-sheets.ts';
import { drawChartOnPaper } from '../../scripts/visualize/chart/draw-chart.ts';
import {
  leastScale,
  leastTypePoints,
  marginPixels,
  type Paper,
  paperOf,
} from '../../scripts/visualize/chart/paper.ts';
import { layoutForPaper } from '../../scripts/visualize/chart/sheet-layout.ts';
import { brokenNumbers, looseEnds, misledLines, misplacedBoxes, misplacedLabels } from './chart-laws.ts';
import { kernelMachine } from './kernel-sample.ts';
import { nestedMachine, parallelMachine, selfishMachine } from './samples.ts';
import { foreignParts, sizeOf, unbalanced } from './svg-laws.ts';

const machines = [
  ...Object.values(charts),
  ...[nestedMachine, parallelMachine, selfishMachine, kernelMachine],
].map((machine) => ({ name: machine.id, machine }));
const laws = [misplacedBoxes, misplacedLabels, misledLines, looseEnds, brokenNumbers];
const a4 = paperOf('a4', 'portrait');

const isOutline = ({ title }: ChartSheet): boolean => title.endsWith(': outline');

/** What breaks a law of layouts, or is too small to be read. */
const faultsOf = (sheets: readonly ChartSheet[], paper: Paper): readonly string[] =>
  sheets.flatMap(({ title, graph }) => {
    const { layout, scale } = layoutForPaper(graph, paper);
    return [...laws.flatMap((law) => law(layout)), ...(scale < leastScale ? [`${title} is too small`] : [])];
  });

describe.each([paperOf('a4', 'landscape'), paperOf('letter', 'portrait'), paperOf('letter', 'landscape')])(
  'on paper that is $page',
  (paper) => {
    it('the largest chart is readable', () => {
      expect(faultsOf(sheetsOf(chartGraphOf(original), paper), paper)).toEqual([]);
    });
  },
);

describe.each(machines)('the chart $name on paper', ({ machine }) => {
  const graph = chartGraphOf(machine);
  const sheets = sheetsOf(graph, a4);

  it('has nothing that overlaps, and type of six points or more', () => {
    expect(faultsOf(sheets, a4)).toEqual([]);
  });

  it('every state is drawn in full once, and every transition of it beside it', () => {
    const whole = sheets.filter((sheet) => !isOutline(sheet));
    const idsOn = ({ graph: { nodes } }: ChartSheet) => nodes.map(({ id }) => id);
    const composites = new Set(graph.nodes.filter(({ children }) => children.length > 0).map(({ id }) => id));
    for (const { id, kind } of graph.nodes) {
      const homes = whole.filter((sheet) => idsOn(sheet).includes(id));
      // A composite that is larger than a sheet frames several.
      if (!composites.has(id) && kind !== 'initial') expect(homes, id).toHaveLength(1);
    }
    const source = new Map(graph.edges.map((edge) => [edge.id, edge.source]));
    const drawn = new Set(whole.flatMap((sheet) => sheet.graph.edges.map(({ id }) => id)));
    const missing = [...source].filter(([id, from]) => !drawn.has(id) && !composites.has(from));
    expect(missing.filter(([, from]) => !from.endsWith(':initial'))).toEqual([]);
  });

  it('nothing is said to be on a sheet that there is not', () => {
    const places = sheets.flatMap((sheet) => sheet.graph.nodes.flatMap(({ elsewhere = [] }) => elsewhere));
    expect(places.filter((place) => /sheets?\u00a00/.test(place))).toEqual([]);
  });

  it('what leads to another sheet names the sheet on which its state is', () => {
    for (const sheet of sheets) {
      for (const { id, elsewhere = [] } of sheet.graph.nodes.filter((node) => node.id.startsWith('to:'))) {
        const numbers = elsewhere.join(' ').match(/\d+/g) ?? [];
        const [first = 0, last = first] = numbers.map(Number);
        const named = sheets.slice(first - 1, last).flatMap((each) => each.graph.nodes);
        expect(named.map((node) => node.id)).toContain(id.replace('to:', ''));
      }
    }
  });
});

describe('a sheet', () => {
  const { sheets, whole } = drawChartOnPaper(kernelMachine, a4);

  it('is as large as its paper, and white on every screen', () => {
    for (const { svg } of sheets) {
      expect(svg).toContain('width="8.268in" height="11.693in"');
      expect(sizeOf(svg)).toEqual({ width: a4.width, height: a4.height });
      expect(svg).toContain('@page{size:A4 portrait;margin:0}');
      expect(svg).not.toContain('prefers-color-scheme');
    }
  });

  it('leaves its margins free', () => {
    for (const { graph, svg } of sheets) {
      const { width, height } = layoutForPaper(graph, a4);
      const [, x = '', y = '', scale = ''] = /translate\((\d+) (\d+)\) scale\(([\d.]+)\)/.exec(svg) ?? [];
      expect(Number(x)).toBeGreaterThanOrEqual(marginPixels);
      expect(Number(x) + width * Number(scale)).toBeLessThanOrEqual(a4.width - marginPixels);
      expect(Number(y) + height * Number(scale)).toBeLessThanOrEqual(a4.height - marginPixels);
      // 11 pixels are 8.25 points.
      expect(8.25 * Number(scale)).toBeGreaterThanOrEqual(leastTypePoints);
    }
  });

  it('says what it shows, and which one of how many it is', () => {
    const titles = sheets.map(({ svg }) => /class="head-line"[^>]*>([^<]*)</.exec(svg)?.[1]);
    expect(titles).toMatchInlineSnapshot(`
      [
        "original: outline (sheet 1 of 13)",
        "original: booting (sheet 2 of 13)",
        "original: running (sheet 3 of 13)",
        "original · kernelKexec: checkingImage … freezingDevices (sheet 4 of 13)",
        "original · kernelKexec: freezingLate … dumpingLog (sheet 5 of 13)",
        "original · kernelKexec: jumping (sheet 6 of 13)",
        "original: away (sheet 7 of 13)",
        "original · returning: restoringProcessorState … restoringEarly (sheet 8 of 13)",
        "original · returning: restoring … unlocking (sheet 9 of 13)",
        "original · unwinding: enablingInterrupts, enablingProcessors, startingDevices (sheet 10 of 13)",
        "original · unwinding: resumingDevices, resumingConsole, thawing (sheet 11 of 13)",
        "original · unwinding: restoringConsole, unlocking (sheet 12 of 13)",
        "original: panicked, hung, off (sheet 13 of 13)",
      ]
    `);
  });

  it('is one closed document without anything from outside', () => {
    for (const drawing of [whole, ...sheets.map(({ svg }) => svg)]) {
      expect(unbalanced(drawing)).toEqual([]);
      expect(drawing).not.toMatch(foreignParts);
    }
  });

  it('has ids of its own also where all sheets stand in one document', () => {
    const ids = [...whole.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(sizeOf(whole).height).toBe(sheets.length * a4.height);
  });

  it('is the same bytes each time', () => {
    expect(drawChartOnPaper(kernelMachine, a4).whole).toBe(whole);
  });

  it('marks what is active on the sheet where it is, and its composite in the outline', () => {
    const active = ['original.unwinding.thawing'];
    const marked = drawChartOnPaper(kernelMachine, a4, { active }).sheets.flatMap(({ svg }) =>
      [...svg.matchAll(/id="([^"]*)" class="state [^"]*active/g)].map(([, id]) => id),
    );
    expect(marked).toMatchInlineSnapshot(`
      [
        "sheet-1-state-original.unwinding",
        "sheet-11-state-original.unwinding.thawing",
      ]
    `);
  });
});

it('a chart that fits is one sheet under the ids that it has on a screen', () => {
  const { sheets, whole } = drawChartOnPaper(nestedMachine, paperOf('letter', 'landscape'));
  expect(sheets).toHaveLength(1);
  expect(whole).toContain('id="state-player.playing"');
  expect(whole).toContain('width="11in" height="8.5in"');
});

it('connectors stand only where something is on another sheet', () => {
  const connectors = sheetsOf(chartGraphOf(nestedMachine), a4).flatMap(({ graph }) =>
    graph.nodes.filter(({ id }) => /^(to|from):/.test(id)),
  );
  expect(connectors).toEqual([]);
});

it('a phase that is larger than a sheet keeps what it leads to on each of its sheets', () => {
  const part = phasePart(chartGraphOf(original), 'quiesce');
  const sheets = sheetsOf(part, a4);
  expect(sheets.length).toBeGreaterThan(1);
  expect(faultsOf(sheets, a4)).toEqual([]);
  const places = sheets.flatMap(({ graph }) => graph.nodes.flatMap(({ elsewhere = [] }) => elsewhere));
  expect(places.some((place) => place.startsWith('in\u00a0phase'))).toBe(true);
});
