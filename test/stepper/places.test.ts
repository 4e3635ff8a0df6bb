import { beforeAll, describe, expect, it } from 'vitest';
import { answers, type JsonAnswer, stepped, told } from './stepped.ts';

/** Each kind of place, and what the first step that comes there is told to have done. */
const firstMet = {
  '3': 'step 3',
  '/Freezing user space/': '"[',
  original: 'original hears control.arrived',
  'original kexec': 'original enters kexec.syncing',
  'original kexec.freezing': 'original enters kexec.freezing.deciding',
  'original/gpu frozen': 'original/gpu enters frozen',
  'kexec.freezing': 'original enters kexec.freezing.deciding',
  load: 'operator begins load',
  boot: 'dump begins boot',
  'jump.ask': 'original hears jump.ask',
  'callback.done': 'original/disk hears callback.done',
  'device.call': 'original/disk orders device.call original disk prepare',
  'freezer.begin': 'original prints "Freezing user space processes"',
  'jump.left': 'note jump.left original',
  'work.complete': 'work.complete processor',
  'freeze:gpu': 'original/gpu orders device.call original gpu freeze',
  'dump/freeze:disk': 'dump/disk orders device.call dump disk freeze',
  'dump/kexec.jump': 'dump orders kexec.jump dump',
};

describe('a place', () => {
  let journeys: readonly JsonAnswer[] = [];

  beforeAll(async () => {
    journeys = await answers(...Object.keys(firstMet).flatMap((place) => ['restart', `c ${place}`]));
  });

  it.each(Object.entries(firstMet))('%s is met: %s', (place, met) => {
    const journey = journeys[2 * Object.keys(firstMet).indexOf(place) + 1];
    expect(journey.reasons).toEqual([expect.stringContaining(`${place}: ${met}`)]);
  });

  it('may be a state that is only passed through', async () => {
    const [journey] = await answers('c original kexec.arriving');
    expect(journey.reasons).toEqual(['original kexec.arriving: original enters kexec.arriving']);
    expect(journey.last.turns[0].after).not.toContain('arriving');
  });

  it('is met at the same steps in both directions', async () => {
    const [, first, second, third, again, home] = await answers('b freeze', 'c', 'c', 'c', 'rc', 'rc');
    expect([second.step, first.step]).toEqual([again.step, home.step]);
    expect(third.step).toBeGreaterThan(second.step);
  });

  it('is met at once when the same step is made again', async () => {
    const [stop, before, again] = await answers('c jump.left', 'rs', 'c jump.left');
    expect(before.step).toBe(stop.step - 1);
    expect(again.step).toBe(stop.step);
  });

  it.each([
    ['orginal kexec', 'Did you mean original kexec?'],
    ['original kexec.freezin', 'Did you mean original kexec.freezing?'],
    ['jmp.left', 'Did you mean jump.left?'],
    ['original running now', 'found running now'],
    ['/(/', 'a regular expression between two slashes'],
    ['//', 'a regular expression between two slashes'],
    ['/open', 'a regular expression between two slashes'],
  ])('that does not exist is told, with the nearest that does: %s', async (place, help) => {
    const { code, stderr } = await stepped([`b ${place}`]);
    expect(stderr).toContain(help);
    expect(code).toBe(0);
  });

  it('is listed, and taken away by its number', async () => {
    expect(
      await told('b jump.left', 'watch owner', 'b', 'delete 1', 'info breakpoints', 'delete'),
    ).toMatchInlineSnapshot(`
      "breakpoint 1: jump.left
      watchpoint 2: owner
      breakpoint 1: jump.left
      watchpoint 2: owner
      watchpoint 2: owner
      watchpoint 2: owner
      no breakpoints and no watchpoints"
    `);
  });
});
