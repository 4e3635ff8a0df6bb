/** What comes behind the loading, and what Linux does not compare although people expect it to (linux.md A4.7, A4.8). */
import type { Check } from './check.ts';
import type { Machine } from './machine.ts';

export function* restoreChecks({ refusals, release }: Machine): Generator<Check> {
  const [refusal] = refusals;
  yield refusal === undefined
    ? {
        name: 'devices',
        result: 'note',
        says: 'whether every driver will quiesce shows only when it is asked',
      }
    : {
        name: 'devices',
        result: 'unknown',
        says: `in this log a driver refused to quiesce (${refusal}); whether it will again lies with the driver`,
        log: ['PM: hibernation: Some devices failed to power down, aborting resume'],
      };
  yield {
    name: 'kernel',
    result: 'note',
    says: 'another build than the one in the image may resume it: x86-64 does not compare',
    ...(release !== undefined && { found: release }),
  };
  yield {
    name: 'processors',
    result: 'note',
    says: 'their number is not compared: additional ones are left off, missing ones are given up after 10 s',
  };
}
