/**
 * Lines typed on a terminal: node:readline with its history and completion. Ctrl-C gives up the line that is being typed, Ctrl-D is the
 * end of the input. Loaded only when somebody types.
 */
import { createInterface } from 'node:readline';
import type { LineEditor, LineHelp } from './io.ts';

export function editLines({ complete }: LineHelp): LineEditor {
  const editor = createInterface({
    input: process.stdin,
    output: process.stdout,
    completer: (line: string) => complete(line),
    removeHistoryDuplicates: true,
  });
  const waiting: ((line: string | undefined) => void)[] = [];
  /** Typed ahead, before they were asked for. */
  const typed: string[] = [];
  let isClosed = false;
  editor.on('line', (line) => {
    const answer = waiting.shift();
    if (answer) answer(line);
    else typed.push(line);
  });
  editor.on('SIGINT', () => {
    process.stdout.write('^C\n');
    // As a shell does: the cursor to the end, everything before it away.
    editor.write(null, { ctrl: true, name: 'e' });
    editor.write(null, { ctrl: true, name: 'u' });
    editor.prompt();
  });
  editor.on('close', () => {
    // Ctrl-D leaves the cursor behind the prompt.
    if (!isClosed) process.stdout.write('\n');
    isClosed = true;
    for (const answer of waiting) answer(undefined);
  });
  return {
    ask: (prompt) => {
      const next = typed.shift();
      if (next !== undefined || isClosed) return Promise.resolve(next);
      editor.setPrompt(prompt);
      editor.prompt();
      return new Promise((resolve) => waiting.push(resolve));
    },
    close: () => {
      isClosed = true;
      editor.close();
    },
  };
}
