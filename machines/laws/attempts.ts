/** What became of every `kexec -e` of A, told from the records of a run. */
import type { StepRecord } from '../system/world.ts';

export type Attempt = {
  /** A went away, and came back. */
  readonly cameBack: boolean;
  /** What the system call gave. */
  readonly answer: { readonly type: 'jump.returned' | 'jump.failed'; readonly step: number } | undefined;
  /** When the tool printed "kexec failed". */
  readonly complaintStep: number | undefined;
};

type Open = { -readonly [Name in keyof Attempt]: Attempt[Name] } & { left: boolean };

export function attemptsOf(records: readonly StepRecord[]): readonly Attempt[] {
  const attempts: Open[] = [];
  for (const record of records) {
    if (record.told.some(({ type }) => type === 'jump.ask')) {
      attempts.push({ left: false, cameBack: false, answer: undefined, complaintStep: undefined });
    }
    const attempt = attempts.at(-1);
    if (attempt !== undefined) follow(attempt, record);
  }
  return attempts;
}

function follow(attempt: Open, { step, notes, printed, told }: StepRecord): void {
  for (const note of notes) {
    if (note.type === 'jump.left' && note.kernel === 'original') attempt.left = true;
    if (note.type === 'jump.arrived' && note.kernel === 'original') attempt.cameBack = attempt.left;
  }
  if (printed.some(({ kernel, line }) => kernel === 'original' && complaints.has(line)))
    attempt.complaintStep = step;
  for (const { from, type } of told) {
    if (from !== 'original') continue;
    if (type === 'jump.returned' || type === 'jump.failed') attempt.answer = { type, step };
  }
}

/** Both are "kexec failed: …" of kexec-tools' my_exec (linux.md A1.8 row 8, A1.10). */
const complaints: ReadonlySet<string> = new Set<StepRecord['printed'][number]['line']>([
  'tool.kexecFailed',
  'tool.kexecMisreported',
]);
