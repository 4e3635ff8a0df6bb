import { describe, expect, it } from 'vitest';
import { planOf } from '../../machines/options/plan-of.ts';
import { beginBox } from '../../machines/system/begin.ts';
import { inTime, recordedChoices } from '../../machines/system/choices.ts';
import { History, runToEnd } from '../../machines/system/history.ts';
import { reviveWorld, storeWorld } from '../../machines/system/stored-world.ts';
import type { World } from '../../machines/system/world.ts';

const options = {
  ramBytes: 2 ** 28,
  devices: ['disk', 'network-card', 'console', 'timer'],
  tasks: 2,
  work: 8,
};

function begun(): History {
  const { rules, world } = beginBox(planOf(options), true);
  return new History(rules, world, inTime);
}

/** What two worlds must share to be the same; snapshots are compared by configuration and context. */
const essence = (world: World) => JSON.stringify(storeWorld(world));

describe('a world', () => {
  it('is data: JSON and its pages are enough to go on from it', () => {
    const history = begun();
    runToEnd(history, 10_000);
    const half = Math.floor(history.length / 2);
    const revived = reviveWorld(history.rules, JSON.parse(essence(history.worldAt(half))));
    const again = new History(history.rules, revived, inTime);
    runToEnd(again, 10_000);
    expect(again.length).toBe(history.length - half);
    expect(again.allRecords).toEqual(history.allRecords.slice(half));
    expect(essence(again.world)).toBe(essence(history.worldAt(history.length)));
  });

  it('never changes when later ones are made from it', () => {
    const history = begun();
    const before: string[] = [];
    while (history.position < 120 && history.forward()) before.push(essence(history.world));
    runToEnd(history, 10_000);
    expect(before.map((_text, index) => essence(history.worldAt(index + 1)))).toEqual(before);
  });
});

describe('a history', () => {
  it('goes back to the start and forward again by computing, to deep-equal worlds', () => {
    const history = begun();
    runToEnd(history, 10_000);
    const worlds = Array.from({ length: history.length + 1 }, (_world, position) =>
      essence(history.worldAt(position)),
    );
    const answers = recordedChoices(history.answers());
    const again = begun();
    while (again.choose(answers)) expect(essence(again.world)).toBe(worlds[again.position]);
    expect(again.position).toBe(history.length);
  });

  it('stops at its ends and stays', () => {
    const history = begun();
    expect(history.back()).toBe(false);
    runToEnd(history, 10_000);
    const end = history.position;
    expect(history.forward()).toBe(false);
    expect(history.position).toBe(end);
    expect(history.goTo(0)).toBe(true);
    expect(history.goTo(end)).toBe(true);
  });

  it('forks share their past and go their own ways', () => {
    const history = begun();
    history.goTo(100);
    const fork = history.fork();
    fork.forward();
    expect(history.position).toBe(100);
    expect(fork.worldAt(100)).toBe(history.worldAt(100));
  });
});
