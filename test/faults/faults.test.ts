/**
 * The contract of every registered fault: it says what it is, and every place it names is one that a plan accepts. How each ends, wherever it
 * strikes, is in the tables beside this file (fault-ends.ts).
 */
import { describe, expect, it } from 'vitest';
import { faults } from '../../machines/faults/index.ts';
import { lawNamed } from '../../machines/laws/index.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { tell } from '../kit/story.ts';
import { itEndsAsTheTableSays, smallest } from './fault-ends.ts';

describe.each(faults)('$name', ({ name, about, source, places, breaks = [] }) => {
  it('says what it is and where that was read', () => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(about.length).toBeGreaterThan(10);
    expect(source.length).toBeGreaterThan(10);
    expect(faults.filter((fault) => fault.name === name)).toHaveLength(1);
  });

  it('may break registered laws only, each named once', () => {
    expect(breaks.filter((law) => lawNamed(law) === undefined)).toEqual([]);
    expect(new Set(breaks).size).toBe(breaks.length);
  });

  it('names only places that a plan accepts, each once', () => {
    const named = places(planOf(smallest));
    expect(new Set(named).size).toBe(named.length);
    for (const where of named) expect(() => planOf({ ...smallest, faults: [{ name, where }] })).not.toThrow();
  });

  it('has a place in a box of one processor and one device, or none', () => {
    const named = places(planOf({ ...smallest, cpus: 1, devices: ['disk'] }));
    expect(named.filter((place) => /cpu\.|network/.test(place))).toEqual([]);
  });
});

describe('kexec-jump', () =>
  itEndsAsTheTableSays({ name: 'kexec-jump', options: { ...smallest, load: 'reserved' } }));

describe('a callback of the inner undo', () => {
  const undoing = ['thawNoirq', 'thawEarly'];

  it.each(undoing)('%s that fails is only logged: all are restored, and A works on', (callback) => {
    const told = tell(smallest, 'device-fails@freezeNoirq:disk', `device-fails@${callback}:network-card`);
    expect(told.verdict).toBe('aborted');
    expect(told.console.filter((line) => line.includes('failed to recover'))).toEqual([
      `virtio-pci 0000:00:03.0: PM: failed to recover ${callback === 'thawNoirq' ? 'noirq' : 'early'}: error -16`,
    ]);
    expect(told.ignored).toEqual([]);
  });

  it.each(undoing)('%s that never returns hangs A, without a word', (callback) => {
    const told = tell(smallest, 'device-fails@freezeNoirq:disk', `device-hangs@${callback}:network-card`);
    expect(told.verdict).toBe('hung');
    expect(told.world.machine.strikes).toEqual([{ struck: true }, { struck: true }]);
  });
});
