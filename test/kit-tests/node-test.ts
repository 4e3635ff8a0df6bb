/** A user's test under node:test: run by node-test.test.ts, not by vitest. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertBox, box } from '../kit/testing.ts';

test('a jump comes back', () => {
  const machine = box({ ramBytes: 2 ** 28, devices: ['disk', 'console', 'timer'], tasks: 1, work: 2 }).until(
    'end',
  );
  assert.equal(machine.verdict, 'restored');
  assertBox(machine).toObeyLaws();
  assertBox(machine).toBeInState('original running');
});

test('what fails shows the last steps', () => {
  const machine = box({ ramBytes: 2 ** 28, devices: ['disk'], tasks: 1, work: 0 }).goto(3);
  assert.throws(() => assertBox(machine).toBeInState('original running'), /The last steps:/);
});
