/** One line that says how far a long work is; only on a terminal, and gone when the work is done. */
import type { Io } from './io.ts';

export type Progress = { readonly show: (text: () => string) => void; readonly done: () => void };

/** Often enough to be seen moving, rarely enough to cost nothing. */
const intervalMs = 100;
/** Back to the start of the line, and clear it: ECMA-48, EL. */
const clearLine = '\r\u001b[K';

export function progressOn({ err, clockMs }: Pick<Io, 'err' | 'clockMs'>): Progress {
  let lastMs = clockMs();
  let isShown = false;
  return {
    show: (text) => {
      const nowMs = clockMs();
      if (!err.isTerminal || nowMs - lastMs < intervalMs) return;
      lastMs = nowMs;
      isShown = true;
      err.write(`${clearLine}${text().slice(0, err.columns - 1)}`);
    },
    done: () => {
      if (isShown) err.write(clearLine);
    },
  };
}
