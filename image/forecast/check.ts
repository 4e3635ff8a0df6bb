/** What a forecast consists of: one check for each thing that Linux looks at, in its order. */

export type CheckResult =
  | 'pass'
  /** Linux stops here. */
  | 'fail'
  /** It decides, and cannot be known from what was given. */
  | 'unknown'
  /** Linux does not look, or goes on all the same; whoever asks should know. */
  | 'note';

export type Check = {
  readonly name: string;
  readonly result: CheckResult;
  /** One sentence. */
  readonly says: string;
  readonly expected?: string;
  readonly found?: string;
  /** Lines that the kernel prints, without time stamps; absent where it prints none, or where the check is passed. */
  readonly log?: readonly string[];
  /** As the kernel prints it: `resume failed (-1)`. */
  readonly error?: number;
};

export type Forecast = {
  readonly verdict: boolean | null;
  readonly reason: string;
  readonly checks: readonly Check[];
};

/** The first failure decides; where there is none, the first thing that cannot be known. */
export function forecastOf(checks: readonly Check[], well: string): Forecast {
  const failure = checks.find(({ result }) => result === 'fail');
  if (failure !== undefined) return { verdict: false, reason: sentenceOf(failure), checks };
  const unknown = checks.find(({ result }) => result === 'unknown');
  if (unknown !== undefined) return { verdict: null, reason: sentenceOf(unknown), checks };
  return { verdict: true, reason: well, checks };
}

function sentenceOf({ name, says, log, error }: Check): string {
  const parts = [`${name}: ${says}`];
  if (log !== undefined) parts.push(`Linux prints ${log.map((line) => `"${line}"`).join(', ')}`);
  if (error !== undefined) parts.push(`error ${error}`);
  return parts.join('; ');
}

/** Linux stops at its first failure: what it would look at behind it is not told. */
export function untilFailure(checks: Iterable<Check>): Check[] {
  const told: Check[] = [];
  for (const check of checks) {
    told.push(check);
    if (check.result === 'fail') break;
  }
  return told;
}

/** Errors of Linux as it prints them (include/uapi/asm-generic/errno-base.h and errno.h). */
export const errors = {
  EPERM: -1,
  EIO: -5,
  ENOMEM: -12,
  EFAULT: -14,
  EINVAL: -22,
  ENOSPC: -28,
  ENODATA: -61,
  EOPNOTSUPP: -95,
} as const;

/** The name of the note that nothing would notice damaged data. */
export const uncovered = 'cover of the data';
