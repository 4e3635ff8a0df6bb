/** `kjump visualize` as people call it. */
import { describe, expect, it } from 'vitest';
import { charts } from '../../machines/charts.ts';
import { paths } from '../../machines/paths/index.ts';
import { chartFormats } from '../../scripts/visualize/chart/draw-chart.ts';
import { runFormats } from '../../scripts/visualize/run/draw-run.ts';
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

describe('visualize says what is wrong', () => {
  const cases = [
    { args: [], says: 'visualize: expected chart NAME or run [DIR], found nothing.' },
    { args: ['picture'], says: 'visualize: expected chart NAME or run [DIR], found picture.' },
    {
      args: ['chart'],
      says: 'visualize chart: expected one of original, dump, device, firmware, kexec-jump, kdump',
    },
    { args: ['chart', 'restore'], says: 'found restore' },
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
    { args: ['run', '--focus', 'kexec'], says: '--focus: expected no such option beside run' },
  ];

  it.each(cases)('to $args', async ({ args, says }) => {
    const { code, stdout, stderr } = await kjump(['visualize', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr).toContain('see kjump visualize --help');
  });
});
