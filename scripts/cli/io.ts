/**
 * What a command may touch of the world outside: two outputs, one input, files, a clock. Handed in, so that every command runs in a
 * test as it runs in a terminal.
 */
import type { Files } from './files.ts';

export type Io = {
  /** Results. */
  readonly out: Output;
  /** Progress, warnings, errors. */
  readonly err: Output;
  readonly input: Input;
  readonly files: Files;
  /** For progress and for how long something took; never for what happens in a box. */
  readonly clockMs: () => number;
  /** Of this program. */
  readonly version: string;
};

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';

export type Output = {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** Of a terminal; 80 elsewhere. */
  readonly columns: number;
  /** Coloured when the output is a terminal that wants colour; else the text as it is. */
  readonly paint: (style: Style, text: string) => string;
};

export type Input = {
  readonly isTerminal: boolean;
  /** One line after the other, without line ends, until the input ends. */
  readonly lines: () => AsyncIterable<string>;
  /** On a real terminal: lines with a prompt, a history and completion. */
  readonly edit?: (help: LineHelp) => Promise<LineEditor>;
};

export type LineHelp = {
  /** The words that may stand at the end of a line, and the part of it that they stand for. */
  readonly complete: (line: string) => [words: string[], part: string];
};

export type LineEditor = {
  /** Undefined at the end of the input. */
  readonly ask: (prompt: string) => Promise<string | undefined>;
  readonly close: () => void;
};

/** A command: the arguments behind its name, and the exit code. */
export type CommandRun = (args: readonly string[], io: Io) => Promise<number>;

/** As registries have them; loaded only when called. */
export type Command = {
  readonly name: string;
  readonly about: string;
  readonly load: () => Promise<CommandRun>;
};

/** Design section 6: other programs rely on them. */
export const exitCodes = { well: 0, no: 1, badInput: 2, limit: 3 } as const;
