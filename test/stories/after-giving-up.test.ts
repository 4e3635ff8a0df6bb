/** Whatever made `kexec -e` give up before the jump: nothing is left behind (linux.md A1.10, with U2 corrected). */
import { describe, expect, it } from 'vitest';
import { faultNamed } from '../../machines/faults/index.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { tell } from '../kit/story.ts';

const givingUp = ['unfreezable-task', 'device-fails', 'wakeup', 'cpu-stays-up', 'syscore-fails'].flatMap(
  (name) => {
    const plan = planOf({ ramBytes: 2 ** 28, cpus: 2, devices: ['disk', 'gpu', 'network-card'] });
    const places = faultNamed(name)?.places(plan) ?? [];
    const waysDown = /^(tasks.freeze|prepare|freeze|freezeLate|freezeNoirq|cpu.offline|syscore.suspend)(:|$)/;
    return places.filter((place) => waysDown.test(place)).map((place) => `${name}@${place}`);
  },
);

describe('after every attempt that was given up', () => {
  it.each(givingUp)('%s: A works on as if nothing had been, and its image is still loaded', (fault) => {
    const told = tell({ devices: ['disk', 'gpu', 'network-card'], noConsoleSuspend: false }, fault);
    expect(told.verdict).toBe('aborted');
    expect(told.ignored).toEqual([]);
    expect(told.broken).toEqual([]);
    const { machine, actors } = told.world;
    expect(machine.kernels.original).toMatchObject({
      state: 'running',
      consoleSuspended: false,
      freezing: false,
      oomDisabled: false,
      syscoreAsleep: false,
      image: { loaded: true },
    });
    expect(machine.cpus.map(({ state, interrupts }) => [state, interrupts])).toEqual([
      ['online', true],
      ['online', true],
    ]);
    expect(
      machine.devices.map(({ power, interrupts, dma, setUpBy }) => [power, interrupts, dma, setUpBy]),
    ).toEqual([
      ['on', true, true, 'original'],
      ['on', true, false, 'original'],
      ['on', true, true, 'original'],
    ]);
    for (const role of ['disk', 'gpu', 'network-card'])
      expect(actors[`original/${role}`]?.value).toBe('active');
    expect(told.console).toContain('kexec failed: Device or resource busy');
  });
});
