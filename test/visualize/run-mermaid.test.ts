import { describe, expect, it } from 'vitest';
import { drawnRun, smallRun } from './small-run.ts';

/** What our diagrams are made of (mermaid.js.org/syntax/sequenceDiagram.html). */
const statements = [
  /^---$/,
  /^title: ".*"$/,
  /^sequenceDiagram$/,
  / {2}participant \w+ as [^;#]+$/,
  / {2}rect rgba\([\d., ]+\)$/,
  / {2}end$/,
  / {4}Note (over \w+(,\w+)?|left of \w+): .+$/,
  / {4}\w+(->>|-->>)\w+: .+$/,
];

const runs = [
  smallRun(),
  smallRun({ path: 'kdump' }),
  smallRun({ faults: [{ name: 'device-fails', where: 'freeze:network-card' }] }),
];

describe.each(runs)('a run as Mermaid', (run) => {
  const lines = drawnRun(run, 'mermaid', { devices: 'each' }).trimEnd().split('\n');

  it('is made of statements that Mermaid knows', () => {
    expect(lines.filter((line) => !statements.some((statement) => statement.test(line)))).toEqual([]);
  });

  it('closes every band before the next one opens', () => {
    const edges = lines
      .map((line) => line.trim().split(' ')[0])
      .filter((word) => word === 'rect' || word === 'end');
    expect(edges.length % 2).toBe(0);
    expect(edges.every((word, index) => word === (index % 2 === 0 ? 'rect' : 'end'))).toBe(true);
  });

  it('has no semicolon, hash or bracket that Mermaid would take for its own', () => {
    const texts = lines.slice(4).map((line) => line.split(': ').slice(1).join(': '));
    expect(texts.filter((text) => /[;#<>]/.test(text.replaceAll(/#\d+;/g, '')))).toEqual([]);
  });
});

describe('a jump as Mermaid', () => {
  it('says in notes that the machine changes hands', () => {
    const text = drawnRun(smallRun(), 'mermaid');
    expect(
      text.split('\n').filter((_line, index, all) => /changes hands/.test(all[index + 1] ?? '')),
    ).toEqual([
      '    firmware->>original: 1.201010 control: boot',
      expect.stringMatching(/^ {4}original->>dump: \d\.\d{6} control: jump$/),
      expect.stringMatching(/^ {4}dump->>original: \d\.\d{6} control: return$/),
    ]);
  });
});
