/** From the end back to the start and forward again by computing: the same worlds, the same pages, the same story. */
import { describe, expect, it } from 'vitest';
import type { BoxOptions } from '../../machines/options/box-options.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { beginBox } from '../../machines/system/begin.ts';
import { inTime, recordedChoices } from '../../machines/system/choices.ts';
import { History, runToEnd } from '../../machines/system/history.ts';
import { storyOf } from '../../machines/system/story.ts';
import type { World } from '../../machines/system/world.ts';

const quick: Partial<BoxOptions> = {
  ramBytes: 2 ** 28,
  tasks: 1,
  work: 4,
  devices: ['disk', 'gpu', 'console', 'timer'],
};

function newHistory(options: Partial<BoxOptions>): History {
  const { rules, world } = beginBox(planOf(options), true);
  return new History(rules, world, inTime);
}

const worldsOf = (history: History): readonly World[] =>
  Array.from({ length: history.length + 1 }, (_, position) => history.worldAt(position));

/** All records of all actors and of the machine, as they would be stored; memory and disk are compared page by page. */
function recordsOf(world: World): string {
  const { step, machine, actors, queues, clock } = world;
  const states = Object.entries(actors).map(([name, actor]) => ({
    name,
    value: actor?.value,
    context: actor?.context,
  }));
  return JSON.stringify({ step, machine, states, queues, clock });
}

function expectSame(one: readonly World[], other: readonly World[]): void {
  expect(one.map(recordsOf)).toEqual(other.map(recordsOf));
  const isSame = (world: World, position: number): boolean => {
    const twin = other[position];
    return twin?.memory.equals(world.memory) === true && twin.medium.equals(world.medium);
  };
  expect(one.filter((world, position) => !isSame(world, position)).map(({ step }) => step)).toEqual([]);
}

describe.each([
  ['reserved', { ...quick, cpus: 2 }],
  ['on demand', { ...quick, load: 'on-demand' }],
  ['with a fault on the way', { ...quick, faults: [{ name: 'device-fails', where: 'freeze:gpu' }] }],
] as const)('a jump, %s', (_name, options) => {
  const ended = (): History => {
    const history = newHistory(options);
    runToEnd(history, 100_000);
    return history;
  };

  it('goes back to the very same worlds it came from', () => {
    const history = ended();
    const worlds = worldsOf(history);
    for (let position = history.length; position >= 0; position -= 1) {
      expect(history.position).toBe(position);
      expect(history.world).toBe(worlds[position]);
      expect(history.back()).toBe(position > 0);
    }
  });

  it('is computed again from the start: the same worlds, page ids and story', () => {
    const history = ended();
    const [worlds, story, picks] = [worldsOf(history), storyOf(history.allRecords), history.answers()];
    while (history.back());
    const recorded = recordedChoices(picks);
    while (history.position < worlds.length - 1) expect(history.choose(recorded)).toBe(true);
    expect(history.world).not.toBe(worlds.at(-1));
    expectSame(worlds, worldsOf(history));
    expect(storyOf(history.allRecords)).toEqual(story);
    expect(history.answers()).toEqual(picks);
  });

  it('is computed again from the middle', () => {
    const history = ended();
    const worlds = worldsOf(history);
    const middle = Math.floor(worlds.length / 2);
    history.goTo(middle);
    while (history.choose(inTime(history.rules, history.world)));
    expectSame(worlds.slice(middle), worldsOf(history).slice(middle));
  });

  it('is the same in another box with a store of contents of its own, page ids included', () => {
    const history = ended();
    const again = newHistory(options);
    const recorded = recordedChoices(history.answers());
    while (again.length < history.length) again.choose(recorded);
    expectSame(worldsOf(history), worldsOf(again));
    expect(storyOf(again.allRecords)).toEqual(storyOf(history.allRecords));
  });
});
