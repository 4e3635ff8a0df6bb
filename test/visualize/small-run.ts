/** Runs of a small box, each made once: pictures of them fit on a page. */
import type { BoxOptions } from '../../machines/options/box-options.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { beginBox } from '../../machines/system/begin.ts';
import { inTime } from '../../machines/system/choices.ts';
import { History, runToEnd } from '../../machines/system/history.ts';
import { drawRun, type RunFormat } from '../../scripts/visualize/run/draw-run.ts';
import type { Happening, Sequence } from '../../scripts/visualize/run/sequence.ts';
import { type SequenceOptions, sequenceOf } from '../../scripts/visualize/run/sequence-of.ts';

const known = new Map<string, History>();

export function smallRun(options: Partial<BoxOptions> = {}): History {
  const whole = {
    ramBytes: 2 ** 28,
    cpus: 2,
    devices: ['disk', 'network-card', 'console'],
    tasks: 1,
    work: 8,
    ...options,
  };
  const key = JSON.stringify(whole);
  const history = known.get(key) ?? begun(whole);
  known.set(key, history);
  return history;
}

function begun(options: Partial<BoxOptions>): History {
  const { rules, world } = beginBox(planOf(options));
  const history = new History(rules, world, inTime);
  runToEnd(history, 20_000);
  return history;
}

const folded: SequenceOptions = { devices: 'together', isUnfolded: false };

export const sequenceOfRun = (history: History, options: Partial<SequenceOptions> = {}): Sequence =>
  sequenceOf(history, { ...folded, ...options });

export function happeningsIn({ rows }: Sequence): readonly Happening[] {
  return rows.flatMap((row) => (row.kind === 'band' || row.kind === 'gap' ? [] : [row]));
}

export const drawnRun = (
  history: History,
  format: RunFormat,
  options: Partial<SequenceOptions> & { readonly columns?: number } = {},
): string => {
  const plain = (_style: string, text: string): string => text;
  return drawRun(history, format, { ...folded, columns: 100, paint: plain, ...options });
};
