/** `kjump run`, in process. */
import { describe, expect, it } from 'vitest';
import { commands } from '../../scripts/commands/index.ts';
import { kjump, memoryIo, type Outcome } from './memory-io.ts';

/** Long enough to boot, far from any end. */
const stopped = ['run', '--limit', '40'];

const outcomes = new Map<string, Promise<Outcome>>();

/** Each command line once: a run costs a second, and nothing in it changes. */
function once(...args: readonly string[]): Promise<Outcome> {
  const key = args.join(' ');
  const outcome = outcomes.get(key) ?? kjump(args);
  outcomes.set(key, outcome);
  return outcome;
}

describe('the default run', () => {
  it('is restored, obeys every law and exits 0', async () => {
    const { code, stdout, stderr } = await once('run', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      path: 'kexec-jump',
      variant: 'jump-back',
      verdict: 'restored',
      violations: [],
      files: [],
      isStopped: false,
    });
  });

  it('finds memory of A as it was, and counts the pages that it did not compare', async () => {
    const { memory, excepted } = JSON.parse((await once('run', '--json')).stdout);
    expect(memory.before).toMatch(/^[0-9a-f]{64}$/);
    expect(memory.after).toBe(memory.before);
    expect(excepted).toContainEqual(expect.objectContaining({ name: 'swap page', pages: 1 }));
  });

  it('counts every page of A once', async () => {
    const { pages } = JSON.parse((await once('run', '--json')).stdout);
    const { total, zero, cache, cachePrivate, user, free, kernel, saved, skipped } = pages;
    expect(cache + cachePrivate + user + free + kernel).toBe(total);
    expect(saved + skipped).toBe(total);
    expect(zero).toBeLessThanOrEqual(skipped + 1);
    for (const count of [zero, cache, user, free, kernel, saved]) expect(count).toBeGreaterThan(0);
    expect(pages).toMatchObject({ hugetlb: 0, hwpoison: 0, offline: 0 });
  });

  it('goes through the phases of both kernels, one after the other', async () => {
    const { phases } = JSON.parse((await once('run', '--json')).stdout);
    const told = phases.map(({ name, actor }: { name: string; actor: string }) => `${actor} ${name}`);
    expect(told).toMatchInlineSnapshot(`
      [
        "firmware power-on",
        "original power-on",
        "original work",
        "original load",
        "original work",
        "original freeze",
        "original quiesce",
        "original cpus",
        "original jump",
        "dump boot",
        "dump save",
        "dump load",
        "dump freeze",
        "dump quiesce",
        "dump cpus",
        "dump jump",
        "original return",
        "original resume",
        "original thaw",
        "original work",
      ]
    `);
    for (const { start, end } of phases) expect(end).toBeGreaterThanOrEqual(start);
  });

  it("keeps A's clock standing while A is away", async () => {
    const { clockGaps, phases } = JSON.parse((await once('run', '--json')).stdout);
    const named = (name: string, actor: string) =>
      phases.find((phase: { name: string; actor: string }) => phase.name === name && phase.actor === actor);
    expect(clockGaps).toHaveLength(1);
    expect(clockGaps[0].startNs).toBeLessThanOrEqual(named('boot', 'dump').start);
    expect(clockGaps[0].endNs).toBe(named('return', 'original').start);
  });

  it('told to people, has these parts and ends with the verdict', async () => {
    const { stdout } = await once('run');
    const lines = stdout.split('\n');
    const digits = (line: string): string => line.replaceAll(/[\d.,]+/g, '#');
    expect(lines.filter((line) => /^\S/.test(line)).map(digits)).toMatchInlineSnapshot(`
      [
        "kexec-jump jump-back: A to B# B saves the image# B jumps back to A",
        "A second kernel saves the first one and jumps back into it#",
        "time line# # s in # steps",
        "boots",
        "pages of A at the jump",
        "memory of A is the same# but for # page that the way itself writes",
        "image",
        "log",
        "laws: all hold",
        "next",
        "verdict: restored",
      ]
    `);
    expect(stdout.endsWith('\nverdict: restored\n')).toBe(true);
  });

  it('fits 80 columns but for lines of a log', async () => {
    const lines = (await once('run')).stdout.split('\n');
    expect(lines.filter((line) => line.length > 80 && !/^ {2}[AB] \[/.test(line))).toEqual([]);
  });

  it('is the same text every time', async () => {
    expect((await kjump(['run'])).stdout).toBe((await once('run')).stdout);
  });
});

describe('a crash', () => {
  it('begins anew with the firmware after B has restarted the machine', async () => {
    const { phases } = JSON.parse((await once('run', '--path', 'kdump', '--json')).stdout);
    const told = phases.map(({ name, actor }: { name: string; actor: string }) => `${actor} ${name}`);
    const since = told.slice(told.indexOf('original panic'));
    expect(since).toEqual([
      'original panic',
      'original jump',
      'dump boot',
      'dump save',
      'dump off',
      'firmware power-on',
      'original power-on',
      'original work',
    ]);
  });
});

describe('faults', () => {
  it('are told with the step in which they struck', async () => {
    const { stdout } = await once('run', '--fault', 'wakeup@freeze', '--json');
    const [fault] = JSON.parse(stdout).faults;
    expect(fault).toEqual({ name: 'wakeup', where: 'freeze', struckAt: expect.any(Number) });
    const { stdout: text } = await once('run', '--fault', 'wakeup@freeze');
    expect(text).toContain(`  fault     wakeup at freeze: struck in step ${fault.struckAt}\n`);
    expect(text).toContain(`  echo goto ${fault.struckAt} | kjump step --fault wakeup@freeze\n`);
  });

  it('that never struck are told as such', async () => {
    const { stdout } = await once('run', '--path', 'kdump', '--fault', 'wakeup@freeze');
    expect(stdout).toContain('  fault     wakeup at freeze: never struck, the place did not come\n');
  });
});

describe('exit codes', () => {
  it('1 when the path does not reach its goal', async () => {
    const { code, stdout } = await once('run', '--fault', 'wakeup@freeze');
    expect(code).toBe(1);
    expect(stdout.endsWith('\nverdict: aborted\n')).toBe(true);
  });

  it('0 when another path reaches its own goal', async () => {
    const { code, stdout } = await once('run', '--path', 'kdump', '--json');
    const { verdict, goal, memory } = JSON.parse(stdout);
    expect({ code, verdict, goal, after: memory.after }).toEqual({
      code: 0,
      verdict: 'dumped',
      goal: 'dumped',
      after: null,
    });
  });

  it('3 when the limit comes first, with everything that is known by then', async () => {
    const { code, stdout } = await once(...stopped);
    expect(code).toBe(3);
    expect(
      stdout.endsWith('\nstopped at the limit of 40 steps; the run had not ended\nverdict: none\n'),
    ).toBe(true);
    const json = await once(...stopped, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ verdict: 'none', steps: 40, isStopped: true });
  });

  it('a limit that is just enough is no limit', async () => {
    const { steps } = JSON.parse((await once('run', '--json')).stdout);
    const { code } = await kjump(['run', '--json', '--limit', String(steps)]);
    expect(code).toBe(0);
  });
});

describe('outputs', () => {
  it('progress goes to standard error, on a terminal only, and is gone at the end', async () => {
    const { stderr } = await kjump(stopped, memoryIo({ isTerminal: true }));
    expect(stderr).toContain('\r\u001b[Kstep 40, ');
    expect(stderr.endsWith('\r\u001b[K')).toBe(true);
    expect((await once(...stopped)).stderr).toBe('');
  });

  it('colour is on a terminal only, and never in JSON', async () => {
    const { stdout } = await kjump(stopped, memoryIo({ isTerminal: true, columns: 120 }));
    expect(stdout).toContain('<bold>image</bold>');
    const plain = await kjump(stopped, memoryIo({ columns: 120 }));
    expect(stdout.replaceAll(/<\/?\w+>/g, '')).toBe(plain.stdout);
    const json = await kjump([...stopped, '--json'], memoryIo({ isTerminal: true }));
    expect(json.stdout).toBe((await once(...stopped, '--json')).stdout);
  });

  it('--out takes the report instead of standard output, without colour', async () => {
    const memory = memoryIo({ isTerminal: true });
    const { stdout } = await kjump([...stopped, '--out', 'report.txt'], memory);
    expect(stdout).toBe('');
    expect(memory.io.files.read('report.txt')).toBe((await once(...stopped)).stdout);
  });

  it('a wide terminal gets longer bars', async () => {
    const barOf = (text: string): number => /power-on.*?(█+)/.exec(text)?.[1]?.length ?? 0;
    const wide = await kjump(stopped, memoryIo({ columns: 120 }));
    expect(barOf(wide.stdout)).toBeGreaterThan(barOf((await once(...stopped)).stdout));
  });

  it('every command it names is registered', async () => {
    const texts = [await once('run'), await once('run', '--fault', 'wakeup@freeze')].map(
      ({ stdout }) => stdout,
    );
    const named = texts.flatMap((text) => [...text.matchAll(/kjump (\w+)/g)].map((match) => match[1]));
    const known = commands.map(({ name }) => name);
    expect([...new Set(named)].filter((name) => !known.includes(name ?? ''))).toEqual([]);
    expect(named.length).toBeGreaterThan(3);
  });
});
