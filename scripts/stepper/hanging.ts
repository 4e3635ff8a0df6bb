/** Two ways for a line that is longer than a terminal is wide: to go on below, or to end there. */
import { wrap } from '../cli/wrap.ts';

/** A text where a terminal ends it; further lines stand a little to the right of the first. */
export function hanging(text: string, indent: number, columns: number): readonly string[] {
  const [first = '', ...rest] = wrap(text, columns - indent);
  const further = wrap(rest.join(' '), columns - indent - 4).filter((line) => line !== '');
  return [' '.repeat(indent) + first, ...further.map((line) => ' '.repeat(indent + 4) + line)];
}

export const cut = (line: string, columns: number): string =>
  line.length > columns ? `${line.slice(0, columns - 1)}…` : line;
