/** Targets that do what none may, for the tests of what watches them. Input 3 is where it happens. */
import type { FuzzTarget } from '../../scripts/fuzz/fuzz-target.ts';
import { mutated } from '../../scripts/fuzz/mutation.ts';

export const badSeed = Uint8Array.from({ length: 64 }, (_, index) => index);
export const badInput = 3;
const bytesOfBadInput = mutated([badSeed], 1, badInput).bytes;

const at = (name: string, misbehave: () => void): FuzzTarget => ({
  name,
  seeds: async () => [badSeed],
  run: (bytes) => {
    if (Buffer.compare(bytes, bytesOfBadInput) === 0) misbehave();
  },
});

export const fuzzTargets: readonly FuzzTarget[] = [
  at('hangs', () => {
    for (;;);
  }),
  // Of a thread, this ends the thread.
  at('crashes', () => process.exit(7)),
  at('throws', () => {
    throw new TypeError('not a typed error');
  }),
];
