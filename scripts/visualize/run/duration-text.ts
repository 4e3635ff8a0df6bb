/** A stretch of time as reports write it, and hours where there are hours: a watchdog waits a day. */
import { durationText as shortText } from '../../report/quantity-text.ts';

const secondNs = 1e9;
/** Seconds say more below this. */
const leastMinutesNs = 120 * secondNs;

export function durationText(ns: number): string {
  if (ns < leastMinutesNs) return shortText(ns);
  const seconds = Math.round(ns / secondNs);
  if (seconds < 7200) return parts(seconds, { large: 'min', small: 's' });
  return parts(Math.round(seconds / 60), { large: 'h', small: 'min' });
}

function parts(count: number, { large, small }: { readonly large: string; readonly small: string }): string {
  const rest = count % 60;
  return `${Math.floor(count / 60)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}
