/** What the clocks of a run showed, in words: the same below the drawing and below the text. */
import { boottimeNs, type ClockLife, type ClockStretch, monotonicNs } from '../../report/kernel-clocks.ts';
import { durationText } from '../run/duration-text.ts';
import { executorTitle } from '../run/lifelines.ts';
import { secondsText } from '../run/seconds-text.ts';
import type { TimeLine } from './run-time-line.ts';

export function clockLines({ clocks, rows, epochSeconds }: TimeLine): readonly string[] {
  const endNs = Math.max(0, ...rows.map((row) => (row.kind === 'stretch' ? row.endNs : row.ns)));
  return [
    ...clocks.flatMap(linesOf),
    `wall clock: ${wallText(epochSeconds, 0)} to ${wallText(epochSeconds, endNs)} UTC; it never stands still`,
  ];
}

function linesOf(life: ClockLife): readonly string[] {
  const name = executorTitle[life.kernel];
  const end = life.isGone ? `gone at ${secondsText(life.endNs)}` : 'at the end';
  const standing = life.stretches.filter(({ isStanding }) => isStanding);
  return [
    `${name}, booted at ${secondsText(life.startNs)}, ${end}: CLOCK_MONOTONIC and printk ${secondsText(monotonicNs(life))}, CLOCK_BOOTTIME ${secondsText(boottimeNs(life))}`,
    ...standing.map((stretch) => `  ${name}'s CLOCK_MONOTONIC ${standingText(stretch, life)}`),
  ];
}

function standingText(stretch: ClockStretch, { endNs, isGone }: ClockLife): string {
  const { startNs, shownNs } = stretch;
  const until = secondsText(stretch.endNs);
  const isLast = stretch.endNs === endNs;
  const ended = isLast ? `${until}, when ${isGone ? 'it was lost' : 'the run ended'}` : until;
  return `stands at ${secondsText(shownNs)} from ${secondsText(startNs)} to ${ended}: ${durationText(stretch.endNs - startNs)} that CLOCK_BOOTTIME and the wall clock count`;
}

/** `2026-01-01 00:00:10`. */
function wallText(epochSeconds: number, ns: number): string {
  const seconds = epochSeconds + Math.floor(ns / 1e9);
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}
