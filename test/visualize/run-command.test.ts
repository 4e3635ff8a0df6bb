/** `kjump visualize` as people call it. */
import { describe, expect, it } from 'vitest';
import { charts } from '../../machines/charts.ts';
import { paths } from '../../machines/paths/index.ts';
import { chartFormats } from '../../scripts/visualize/chart/draw-chart.ts';
import { runFormats, runViews } from '../../scripts/visualize/run/draw-run.ts';
import { kjump, memoryIo, textOf } from '../scripts/memory-io.ts';

const box = ['--ram', '256M', '--devices', 'disk,console', '--tasks', '1', '--work', '8'];

describe('visualize chart', () => {
  const all = Object.keys(charts).flatMap((name) =>
    Object.keys(chartFormats).map((format) => ({ name, format })),
  );

  it.each(all)('draws $name as $format', async ({ name, format }) => {
    const { code, stdout, stderr } = await kjump(['visualize', 'chart', name, '--format', format]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.length).toBeGreaterThan(100);
    expect(stdout.endsWith('\n')).toBe(true);
  });

  it('has a chart for every path', () => {
    expect(Object.keys(charts)).toEqual(expect.arrayContaining(paths.map(({ name }) => name)));
  });

  it('marks states that are named by their paths', async () => {
    const states = ['--highlight', 'kexec.freezing,original.running'];
    const { stdout } = await kjump(['visualize', 'chart', 'original', '--format', 'svg', ...states]);
    expect(stdout.match(/class="state \w+ active"/g)).toHaveLength(2);
  });

  it('gives the graph as JSON', async () => {
    const { stdout } = await kjump(['visualize', 'chart', 'firmware', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      root: 'firmware',
      nodes: expect.any(Array),
      edges: expect.any(Array),
    });
  });

  it('writes where it is told to, and nothing else', async () => {
    const memory = memoryIo();
    const outcome = await kjump(['visualize', 'chart', 'device', '--out', 'device.txt'], memory);
    expect(outcome).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(textOf(memory.files.get('device.txt'))).toBe(
      (await kjump(['visualize', 'chart', 'device'])).stdout,
    );
  });
});

describe('visualize run', () => {
  it.each(Object.keys(runFormats))('draws the box of its options as %s', async (format) => {
    const { code, stdout, stderr } = await kjump(['visualize', 'run', ...box, '--format', format]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('kexec-jump jump-back, reserved region, 256 MiB, 2 CPUs, 2 devices');
  });

  it('draws a saved run as it was', async () => {
    const memory = memoryIo();
    await kjump(['run', ...box, '--save', 'saved'], memory);
    const drawn = await kjump(
      ['visualize', 'run', 'saved'],
      memoryIo({ files: { 'saved/trace.ndjson': textOf(memory.files.get('saved/trace.ndjson')) } }),
    );
    expect(drawn).toEqual(await kjump(['visualize', 'run', ...box]));
  });

  it('gives the rows as JSON', async () => {
    const { stdout } = await kjump(['visualize', 'run', ...box, '--json']);
    const { lifelines, rows } = JSON.parse(stdout);
    expect(lifelines).toHaveLength(7);
    expect(rows.find(({ text }: { text?: string }) => text === 'control: jump')).toMatchInlineSnapshot(`
      {
        "clock": null,
        "count": 1,
        "does": "",
        "end": 6263596000,
        "from": "original",
        "isFailure": false,
        "kind": "control",
        "names": [],
        "start": 6263596000,
        "step": 43,
        "text": "control: jump",
        "to": [
          "dump",
        ],
      }
    `);
  });

  it('is coloured on a terminal, and as wide', async () => {
    const { stdout } = await kjump(
      ['visualize', 'run', ...box],
      memoryIo({ isTerminal: true, columns: 120 }),
    );
    expect(stdout).toContain('<yellow>control: jump</yellow>');
    const widest = Math.max(...stdout.split('\n').map((line) => line.replaceAll(/<\/?\w+>/g, '').length));
    expect(widest).toBe(120);
  });
});

describe('visualize chart on paper', () => {
  const onPaper = ['visualize', 'chart', 'device', '--paper', 'a4'];

  it('is an SVG without saying so, with all sheets one below the other', async () => {
    const { code, stdout } = await kjump(onPaper);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^<svg [^>]* width="8.268in"/);
    expect(stdout).toContain('(sheet 2 of ');
  });

  it('is a file for each sheet, whose names are told', async () => {
    const memory = memoryIo();
    const { code, stdout } = await kjump([...onPaper, '--out', 'pictures/device.svg'], memory);
    const written = [...memory.files.keys()];
    expect({ code, stdout }).toEqual({ code: 0, stdout: written.map((path) => `${path}\n`).join('') });
    expect(written[0]).toBe('pictures/device-1.svg');
    const third = await kjump([...onPaper, '--sheet', '3']);
    expect(third.stdout).toBe(textOf(memory.files.get('pictures/device-3.svg')));
  });

  it('is one file under its own name where one sheet is enough', async () => {
    const memory = memoryIo();
    const args = ['visualize', 'chart', 'firmware', '--paper', 'letter', '--out', 'firmware.svg'];
    expect(await kjump(args, memory)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect([...memory.files.keys()]).toEqual(['firmware.svg']);
  });

  it('gives the graph of each sheet as JSON', async () => {
    const { stdout } = await kjump([...onPaper, '--json']);
    const { sheets } = JSON.parse(stdout);
    expect(sheets.length).toBeGreaterThan(3);
    expect(sheets[0]).toMatchObject({ title: expect.any(String), nodes: expect.any(Array) });
  });

  it('prints a phase alone', async () => {
    const args = ['chart', 'original', '--part', 'thaw', '--paper', 'a4', '--orientation', 'landscape'];
    const { code, stdout } = await kjump(['visualize', ...args]);
    expect(code).toBe(0);
    expect(stdout).toContain('width="11.693in"');
    expect(stdout).toContain(', phase thaw');
    expect(stdout).not.toContain('startingUserSpace');
  });
});

describe('other views of a run', () => {
  const views = Object.entries(runViews).flatMap(([view, { formats }]) =>
    Object.keys(formats).map((format) => ({ view, format })),
  );

  it.each(views)('$view is drawn as $format', async ({ view, format }) => {
    const { code, stdout, stderr } = await kjump([
      ...['visualize', 'run', ...box],
      ...['--view', view, '--format', format],
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.endsWith('\n')).toBe(true);
    expect(stdout).toContain('kexec-jump jump-back, reserved region, 256 MiB');
  });

  it('the time line gives its phases, rows and clocks as JSON', async () => {
    const { stdout } = await kjump(['visualize', 'run', ...box, '--view', 'time-line', '--json']);
    const { phases, rows, clocks } = JSON.parse(stdout);
    expect(phases[0]).toEqual({ lane: 'firmware', name: 'power-on', start: 1005000, end: 1201005000 });
    expect(rows[0]).toMatchObject({ kind: 'stretch', start: 0, isPowerOff: true });
    expect(clocks[0]).toMatchObject({ kernel: 'original', gaps: [{ start: expect.any(Number) }] });
    expect(clocks[0].boottime - clocks[0].monotonic).toBe(clocks[0].gaps[0].end - clocks[0].gaps[0].start);
  });

  it('the memory map gives its moments and parts as JSON', async () => {
    const { stdout } = await kjump(['visualize', 'run', ...box, '--view', 'memory', '--json']);
    const { moments } = JSON.parse(stdout);
    expect(moments.map(({ title }: { title: string }) => title)).toEqual([
      'before load',
      'after load',
      'B runs',
      'A is back',
    ]);
    const control = moments[1].parts.find(({ name }: { name: string }) => name === 'control page');
    expect(control).toMatchObject({ pages: 1, ranges: [{ count: 1 }] });
  });

  it('draws a saved run as it was', async () => {
    const memory = memoryIo();
    await kjump(['run', ...box, '--save', 'saved'], memory);
    const trace = { 'saved/trace.ndjson': textOf(memory.files.get('saved/trace.ndjson')) };
    for (const view of ['time-line', 'memory']) {
      const drawn = await kjump(['visualize', 'run', 'saved', '--view', view], memoryIo({ files: trace }));
      expect(drawn).toEqual(await kjump(['visualize', 'run', ...box, '--view', view]));
    }
  });
});

describe('visualize says what is wrong', () => {
  const cases = [
    { args: [], says: 'visualize: expected chart NAME or run [DIR], found nothing.' },
    { args: ['picture'], says: 'visualize: expected chart NAME or run [DIR], found picture.' },
    {
      args: ['chart'],
      says: `visualize chart: expected one of ${Object.keys(charts).join(', ')}`,
    },
    { args: ['chart', 'processor'], says: 'found processor' },
    { args: ['chart', 'orignal'], says: 'Did you mean original?' },
    {
      args: ['chart', 'dump', '--format', 'pdf'],
      says: '--format: expected one of svg, mermaid, dot, text, found pdf',
    },
    { args: ['run', '--format', 'dot'], says: '--format: expected one of text, svg, mermaid, found dot' },
    {
      args: ['chart', 'original', '--highlight', 'kexec.froze'],
      says: 'kexec.froze: expected in kexec one of',
    },
    { args: ['chart', 'original', '--highlight', 'kexec.freezng'], says: 'Did you mean freezing?' },
    { args: ['chart', 'original', '--cpus', '2'], says: '--cpus: expected no such option beside chart' },
    { args: ['run', 'saved', '--cpus', '2'], says: '--cpus: expected no such option beside saved' },
    { args: ['run', 'nowhere'], says: 'nowhere: expected a file' },
    { args: ['run', '--ram', '1M'], says: '--ram: expected' },
    { args: ['run', '--width', '10'], says: '--width: expected at least 40 columns, found 10' },
    { args: ['chart', 'dump', '--unfold'], says: '--unfold: expected no such option beside chart' },
    {
      args: ['run', '--view', 'pie'],
      says: '--view: expected one of sequence, time-line, memory, found pie',
    },
    {
      args: ['run', '--view', 'memory', '--format', 'mermaid'],
      says: '--format: expected one of text, svg, found mermaid',
    },
    {
      args: ['run', '--view', 'memory', '--unfold'],
      says: '--unfold: expected no such option beside --view memory',
    },
    { args: ['run', '--paper', 'a4'], says: '--paper: expected no such option beside run' },
    { args: ['chart', 'dump', '--view', 'memory'], says: '--view: expected no such option beside chart' },
    { args: ['chart', 'dump', '--paper', 'a5'], says: '--paper: expected one of none, a4, letter, found a5' },
    {
      args: ['chart', 'dump', '--paper', 'a4', '--format', 'dot'],
      says: '--paper: expected no such option beside --format dot',
    },
    {
      args: ['chart', 'firmware', '--paper', 'a4', '--sheet', '2'],
      says: '--sheet: expected a sheet from 1 to 1, found 2',
    },
    {
      args: ['chart', 'firmware', '--sheet', '1'],
      says: '--sheet: expected no such option beside a chart without --paper',
    },
    { args: ['chart', 'original', '--part', 'quise'], says: 'Did you mean quiesce?' },
    {
      args: ['chart', 'original', '--part', 'thaw', '--focus', 'kexec'],
      says: '--part: expected no such option beside --focus',
    },
    { args: ['run', '--focus', 'kexec'], says: '--focus: expected no such option beside run' },
  ];

  it.each(cases)('to $args', async ({ args, says }) => {
    const { code, stdout, stderr } = await kjump(['visualize', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr).toContain('see kjump visualize --help');
  });
});
