/** What stands beside an arrow: `freeze × 8: usb-storage … disk, 43 ms`. */
import { durationText } from './duration-text.ts';
import { glanceNs } from './fold.ts';
import type { Happening } from './sequence.ts';

/** Shorter is what anything takes: a message is under way for some microseconds. */
const worthTellingNs = 1_000_000;

export function labelText(happening: Happening): string {
  const { text, isFailure, kind } = happening;
  const named = `${text}${namesText(happening)}${tookText(happening)}`;
  if (kind === 'line') return `» ${named}`;
  return isFailure ? `✗ ${named}` : named;
}

function namesText({ kind, count, names }: Happening): string {
  const different = [...new Set(names)];
  if (count === 1) {
    const [name] = different;
    return name === undefined ? '' : ` ${name}`;
  }
  if (kind === 'line') return ` (and ${count - 1} more)`;
  const [first = '', ...rest] = different;
  const listed = rest.length < 2 ? different.join(', ') : `${first} … ${rest.at(-1) ?? ''}`;
  return ` × ${count}${listed === '' ? '' : `: ${listed}`}`;
}

function tookText({ kind, count, startNs, endNs }: Happening): string {
  const ns = endNs - startNs;
  if (kind === 'work') return count > 1 ? `, over ${durationText(ns)}` : '';
  if (kind !== 'order' && kind !== 'request') return '';
  // What takes longer has an answer of its own, and the gap before that tells how long.
  const isToldByGap = count === 1 && ns >= glanceNs;
  return isToldByGap || (count === 1 && ns < worthTellingNs) ? '' : `, ${durationText(ns)}`;
}
