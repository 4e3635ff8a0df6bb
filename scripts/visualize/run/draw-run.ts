/**
 * Draws a run in any of the registered views: as a sequence of who told whom what, on a time line with the clocks of all kernels, or as
 * what its memory was for. A new view is a folder and one line here; a new format one module and one line.
 */
import type { History } from '../../../machines/system/history.ts';
import { memoryJson } from '../memory/json.ts';
import { memoryMapOf } from '../memory/memory-map.ts';
import { memorySvg } from '../memory/svg.ts';
import { memoryText } from '../memory/text.ts';
import { timeLineJson } from '../time-line/json.ts';
import { timeLineOf } from '../time-line/run-time-line.ts';
import { timeLineSvg } from '../time-line/svg.ts';
import { timeLineText } from '../time-line/text.ts';
import { sequenceJson } from './json.ts';
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
export type RunOptions = SequenceOptions & TextOptions;

export function drawRun(history: History, format: RunFormat, options: RunOptions): string {
  return runFormats[format](sequenceOf(history, options), options);
}

type Drawing = (history: History, options: RunOptions) => string;

export type RunView = {
  readonly formats: Readonly<Record<string, Drawing>>;
  /** The data behind the picture. */
  readonly json: (history: History, options: SequenceOptions) => string;
};

export const runViews = {
  sequence: {
    formats: {
      text: (history, options) => drawRun(history, 'text', options),
      svg: (history, options) => drawRun(history, 'svg', options),
      mermaid: (history, options) => drawRun(history, 'mermaid', options),
    },
    json: (history, options) => sequenceJson(sequenceOf(history, options)),
  },
  'time-line': {
    formats: {
      text: (history, options) => timeLineText(timeLineOf(history), options),
      svg: (history) => timeLineSvg(timeLineOf(history)),
    },
    json: (history) => timeLineJson(timeLineOf(history)),
  },
  memory: {
    formats: {
      text: (history, options) => memoryText(memoryMapOf(history), options),
      svg: (history) => memorySvg(memoryMapOf(history)),
    },
    json: (history) => memoryJson(memoryMapOf(history)),
  },
} satisfies Record<string, RunView>;

export type RunViewName = keyof typeof runViews;
