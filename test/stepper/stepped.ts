/** `kjump step`, driven from a script of lines against a world in memory, on a box that is small and quick. */
import { kjump, type MemoryIo, memoryIo, type Outcome } from '../scripts/memory-io.ts';

/** No network card: nothing happens while nothing happens. */
export const quickBox = [
  ['--ram', '256M'],
  ['--cpus', '1'],
  ['--devices', 'disk,gpu,console,timer'],
  ['--tasks', '1'],
  ['--work', '4'],
].flat();

export function stepped(
  lines: readonly string[],
  args: readonly string[] = quickBox,
  memory: MemoryIo = memoryIo({ lines }),
): Promise<Outcome> {
  return kjump(['step', ...args], memory);
}

/** What people read; nothing may be left to say on the error output. */
export async function told(...lines: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await stepped(lines);
  if (code !== 0 || stderr !== '') throw new Error(`step ended with ${code}: ${stderr}`);
  return stdout.trimEnd();
}

/** What programs read: the answers, one for each line. Any field may be asked for. */
// biome-ignore lint/suspicious/noExplicitAny: an answer has the fields of its verb, and each test knows which.
export type JsonAnswer = any;

export async function answers(...lines: readonly string[]): Promise<readonly JsonAnswer[]> {
  const { stdout } = await stepped(lines, [...quickBox, '--json']);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
