import { describe, expect, it } from 'vitest';
import { type StepperErrorCode, stepperErrorCodes } from '../../scripts/stepper/stepper-error.ts';
import { kjump, memoryIo } from '../scripts/memory-io.ts';
import { quickBox, stepped } from './stepped.ts';

/** For each code, lines of which the last one cannot be obeyed, and what is said. */
const provocations: Readonly<
  Record<StepperErrorCode, { readonly lines: readonly string[]; readonly says: string }>
> = {
  'verb.unknown': { lines: ['frobnicate'], says: 'verb: expected one of s n c' },
  'verb.usage': { lines: ['s 0'], says: 's: expected how many steps, from 1, found 0.' },
  'place.unknown': { lines: ['b nowhere'], says: 'place: expected an actor and a state' },
  'place.pattern': {
    lines: ['b /(/'],
    says: 'place: expected a regular expression between two slashes, found /(/.',
  },
  'thing.unknown': { lines: ['p nothing'], says: 'thing: expected machine, an actor' },
  'topic.unknown': { lines: ['info wether'], says: 'info: expected one of actors, channels' },
  'branch.unknown': { lines: ['switch elsewhere'], says: 'branch: expected one of main, found elsewhere.' },
  'branch.taken': { lines: ['fork main'], says: 'branch: expected a new name, found main.' },
  'position.unknown': { lines: ['goto 9999'], says: 'where the run ends, found 9999.' },
  'pick.unknown': { lines: ['pick 9'], says: 'pick: expected 1 to 1, found 9. See info picks.' },
  'stop.unknown': { lines: ['b jump.left', 'delete 7'], says: 'delete: expected one of 1, found 7.' },
  'fault.past': {
    lines: ['c jump.left', 'inject device-fails@freeze:gpu', 's', 'save x'],
    says: 'save: expected a run that comes out the same from the start',
  },
  'source.depth': { lines: ['source loop'], says: 'source: expected files of lines at most 8 deep' },
};

describe.each(stepperErrorCodes)('%s', (code) => {
  const { lines, says } = provocations[code];
  const files = { loop: 'source loop' };

  it('is told on the error output, the last good position stays, and the next line is obeyed', async () => {
    const memory = memoryIo({ files, lines: [...lines, 'where'] });
    const before = memoryIo({ files, lines: [...lines.slice(0, -1), 'where'] });
    const { code: exitCode, stdout, stderr } = await stepped([], quickBox, memory);
    expect(stderr).toMatch(/^step: /);
    expect(stderr).toContain(says);
    expect(exitCode).toBe(0);
    const last = (text: string): string | undefined => text.trimEnd().split('\n').at(-1);
    expect(last(stdout)).toBe(last((await stepped([], quickBox, before)).stdout));
  });

  it('has its code and its facts in the answer for programs', async () => {
    const memory = memoryIo({ files, lines });
    const { stdout } = await stepped([], [...quickBox, '--json'], memory);
    const answer = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
    expect(answer.error).toMatchObject({ code, where: expect.any(String), expected: expect.any(String) });
  });
});

describe('what the box says no to is told the same way', () => {
  it.each([
    ['inject nothing@freeze:gpu', '--fault: expected one of'],
    ['inject device-fails@freeze:toaster', '--fault device-fails: expected one of the places'],
    ['inject device-fails@', 'inject: expected NAME or NAME@WHERE'],
    ['source nowhere.txt', 'nowhere.txt: expected a file'],
    ['where now', 'where: expected nothing behind it, found now.'],
    ['until', 'until: expected a place, found nothing.'],
    ['diff 1 2 3', 'diff: expected at most two steps or branches'],
    ['diff main@999', 'diff: expected a step of main that is known, 0 to 0, found 999.'],
    ['help me', 'help: expected places, things, or one of'],
    ['goto x', 'goto: expected the number of a step, start or end, found x.'],
  ])('%s', async (line, says) => {
    const { code, stderr } = await stepped([line]);
    expect(stderr).toContain(says);
    expect(code).toBe(0);
  });
});

describe('bad options', () => {
  it.each([
    [['--path', 'nowhere'], '--path: expected one of'],
    [['--ram', '3'], '--ram: expected'],
    [['--frob'], '--frob'],
    [['--picks', 'nothing.json'], 'nothing.json: expected a file'],
    [['--scenario', 'b'], 'expected one of a0'],
    [['--mem-max', '0x5ffffff'], 'expected --load on-demand beside it'],
    [['a-file'], 'expected options only'],
  ])('%j end with exit code 2 and nothing on the output', async (args, says) => {
    const { code, stdout, stderr } = await kjump(['step', ...args], memoryIo({ lines: ['where'] }));
    expect(stderr).toContain(says);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('a list of picks that goes on behind the end of the run is refused', async () => {
    const files = { 'long.json': JSON.stringify(Array.from({ length: 5000 }, () => 0)) };
    const { code, stderr } = await stepped([], [...quickBox, '--picks', 'long.json'], memoryIo({ files }));
    expect(stderr).toContain('long.json: expected');
    expect(code).toBe(2);
  });
});
