/** Excerpts of real logs (test/golden/README.md), split as a console shows them. */
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../golden/logs/', import.meta.url);

export const goldenNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.log'))
  .map((file) => file.replace('.log', ''));

export const goldenText = (file: string): string => readFileSync(new URL(file, folder), 'utf8');

export const goldenLines = (name: string): string[] =>
  goldenText(`${name}.log`).replace(/\n$/, '').split('\n');

export type ConsoleLine = { readonly timeMs: number | undefined; readonly text: string };

/** A line without a stamp is not a kernel's. */
export function consoleLine(line: string): ConsoleLine {
  const [, seconds, text] = /^\[ *(\d+\.\d{6})\] (.*)$/.exec(line) ?? [];
  return seconds === undefined
    ? { timeMs: undefined, text: line }
    : { timeMs: Number(seconds) * 1000, text: text ?? '' };
}
