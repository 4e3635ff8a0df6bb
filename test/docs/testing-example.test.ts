/** The example of the test kit in the README: what stands between the marks is held equal to it. */
// docs:start testing-kit
import { expect, it } from 'vitest';
import { type BoxMatchers, box, matchers } from '../kit/testing.ts';

expect.extend(matchers);
declare module 'vitest' {
  interface Matchers<T> extends BoxMatchers {}
}

it('gives the jump up when the network card does not freeze, and A works on', () => {
  const machine = box({ ramBytes: 2 ** 28, cpus: 2 }).until('original kexec.freezing');
  const undisturbed = machine.fork();

  machine.inject('device-fails@freeze:network-card').until('end');
  expect(machine).toHaveVerdict('aborted');
  expect(machine).toPrint(['failed to freeze: error -16', 'Restarting tasks', 'kexec failed']);
  expect(machine).toObeyLaws();

  undisturbed.until('end');
  expect(undisturbed).toHaveVerdict('restored');

  machine.back().until('original running');
  expect(machine).toBeInState('original running');
});
// docs:end
