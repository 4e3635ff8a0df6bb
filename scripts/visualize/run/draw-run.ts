/** Draws a run in any of the registered formats. A new format is one module and one line here. */
import type { History } from '../../../machines/system/history.ts';
import { sequenceMermaid } from './mermaid.ts';
import type { Sequence } from './sequence.ts';
import { type SequenceOptions, sequenceOf } from './sequence-of.ts';
import { sequenceSvg } from './svg.ts';
import { sequenceText, type TextOptions } from './text.ts';

export const runFormats = {
  text: sequenceText,
  svg: sequenceSvg,
  mermaid: sequenceMermaid,
} satisfies Record<string, (sequence: Sequence, options: TextOptions) => string>;

export type RunFormat = keyof typeof runFormats;

export function drawRun(history: History, format: RunFormat, options: SequenceOptions & TextOptions): string {
  return runFormats[format](sequenceOf(history, options), options);
}
