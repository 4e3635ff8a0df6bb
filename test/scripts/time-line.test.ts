import { describe, expect, it } from 'vitest';
import type { PhaseSpan } from '../../scripts/report/phases.ts';
import { bytesText, countedText, durationText } from '../../scripts/report/quantity-text.ts';
import { timeLine } from '../../scripts/report/time-line.ts';

const page = { columns: 64, paint: (_style: string, text: string) => text };
const second = 1e9;

const phases: readonly PhaseSpan[] = [
  { name: 'power-on', actor: 'firmware', startNs: 0, endNs: 1 * second },
  { name: 'work', actor: 'original', startNs: 1 * second, endNs: 4 * second },
  { name: 'jump', actor: 'original', startNs: 4 * second, endNs: 4 * second },
  { name: 'boot', actor: 'dump', startNs: 4 * second, endNs: 6 * second },
  { name: 'return', actor: 'original', startNs: 6 * second, endNs: 6 * second },
  { name: 'work', actor: 'original', startNs: 6 * second, endNs: 10 * second },
];

describe('the time line', () => {
  it('has a bar for each phase and the clock of A with its gap, all on one axis', () => {
    const gaps = [{ startNs: 4 * second, endNs: 6 * second, shownNs: 3 * second }];
    const lines = timeLine({ phases, gaps, silentSinceNs: 10 * second, endNs: 10 * second }, page);
    expect(lines).toMatchInlineSnapshot(`
      [
        "                                  0 s            5 s",
        "  firmware  power-on      1.000 s ███",
        "  A         work          3.000 s    █████████",
        "  A         jump              0 s             ▏",
        "  B         boot          2.000 s             ██████",
        "  A         return            0 s                   ▏",
        "  A         work          4.000 s                   ████████████",
        "  A's clock stands        2.000 s    ─────────······────────────",
      ]
    `);
  });

  it('ends where silence began, and says how long it lasted', () => {
    const stuck: readonly PhaseSpan[] = [
      ...phases.slice(0, 2),
      { name: 'freeze', actor: 'original', startNs: 4 * second, endNs: 86_400 * second },
    ];
    const facts = { phases: stuck, gaps: [], silentSinceNs: 10 * second, endNs: 86_400 * second };
    expect(timeLine(facts, page)).toMatchInlineSnapshot(`
      [
        "                                  0 s            5 s",
        "  firmware  power-on      1.000 s ███",
        "  A         work          3.000 s    █████████",
        "  A         freeze     24 h 0 min             ██████████████████",
        "  then silence for 24 h 0 min, until the operator stopped waiting",
      ]
    `);
  });

  it('of a run that was stopped before anything happened is an axis', () => {
    const facts = { phases: [], gaps: [], silentSinceNs: 0, endNs: 0 };
    expect(timeLine(facts, page).map((line) => line.trim())).toEqual(['0 s']);
  });
});

describe('quantities', () => {
  it('durations are in hours, seconds, milliseconds or microseconds', () => {
    const texts = [0, 1, 5_000, 21_443_000, 2_463_814_000, 86_400e9].map(durationText);
    expect(texts).toEqual(['0 s', '1 µs', '5 µs', '21.4 ms', '2.464 s', '24 h 0 min']);
  });

  it('bytes are in the largest unit of which there is one', () => {
    const texts = [0, 512, 4096, 1_048_576, 953_217_024, 2 ** 40].map(bytesText);
    expect(texts).toEqual(['0 bytes', '512 bytes', '4 KiB', '1 MiB', '909.1 MiB', '1 TiB']);
  });

  it('one of a kind is not several', () => {
    expect([countedText(1, 'step'), countedText(12_345, 'page')]).toEqual(['1 step', '12,345 pages']);
  });
});
