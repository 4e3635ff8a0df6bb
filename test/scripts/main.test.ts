/** The command line as people meet it: help, lists, versions, and what it says to bad input. */
import { describe, expect, it } from 'vitest';
import { boxTable } from '../../scripts/cli/box-options.ts';
import { commands } from '../../scripts/commands/index.ts';
import { kjump, memoryIo } from './memory-io.ts';

describe('kjump', () => {
  it('without a command tells the commands and exits 2', async () => {
    const { code, stdout, stderr } = await kjump([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    for (const { name, about } of commands)
      expect(stderr).toMatch(new RegExp(`^ {2}${name} +${about}$`, 'm'));
  });

  it.each([['--help'], ['-h'], ['help']])('%s prints the same as a result', async (word) => {
    const { code, stdout, stderr } = await kjump([word]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe((await kjump([])).stderr);
  });

  it('--version prints the version alone', async () => {
    expect(await kjump(['--version'])).toEqual({ code: 0, stdout: '0.0.0-test\n', stderr: '' });
  });

  it('says which command may be meant', async () => {
    expect(await kjump(['rnu'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'kjump: there is no command rnu. Did you mean run? See kjump --help.\n',
    });
  });

  it('takes no option of a command before it', async () => {
    const { code, stderr } = await kjump(['--ram', '1G']);
    expect(code).toBe(2);
    expect(stderr).toBe('kjump: there is no option --ram before a command. See kjump --help.\n');
  });

  it.each([[['--list']], [['run', '--list']]])('%j names every registry', async (args) => {
    const { code, stdout } = await kjump(args);
    expect(code).toBe(0);
    const kinds = [
      'paths',
      'variants',
      'workloads',
      'devices',
      'faults',
      'quirks',
      'scenarios',
      'laws',
      'formats',
      'codecs',
      'charts',
    ];
    expect(stdout.split('\n').filter((line) => /^\w/.test(line))).toEqual(kinds);
    const listed = await kjump([...args, '--json']);
    expect(Object.keys(JSON.parse(listed.stdout))).toEqual(kinds);
    expect(JSON.parse(listed.stdout).paths.map(({ name }: { name: string }) => name)).toContain('kexec-jump');
  });
});

describe('the help of every command', () => {
  it.each(commands.map(({ name }) => [name]))('of %s is a result and fits 80 columns', async (name) => {
    const { code, stdout, stderr } = await kjump([name, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^usage: kjump ${name} `));
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('of run has every option of a box', async () => {
    const { stdout } = await kjump(['run', '--help']);
    const options = [...stdout.matchAll(/^ {2}--([\w-]+)/gm)].map((match) => match[1]);
    expect(options).toEqual(expect.arrayContaining(Object.keys(boxTable)));
  });

  it('wins over whatever else is wrong on the line', async () => {
    expect((await kjump(['run', '--frobnicate', '--help'])).code).toBe(0);
  });
});

/** Standard error without its last line, which is the same for all of them. */
async function complaint(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await kjump(['run', ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  const [message = '', ...rest] = stderr.split('\n');
  expect(rest).toEqual(['see kjump run --help', '']);
  return message.replace('kjump run: ', '');
}

describe('bad options exit 2 and say what was expected', () => {
  it.each([
    [['--falt', 'x'], '--falt: expected an option of this command, found --falt. Did you mean --fault?'],
    [['-r'], '-r: expected an option of this command, found -r.'],
    [['--ram'], '--ram: expected a value: --ram SIZE, found nothing.'],
    [['--json=yes'], '--json: expected no value: --json alone, found yes.'],
    [['1G'], '1G: expected options only, found 1G. Every option begins with two dashes.'],
    [['--ram', '1X'], '--ram: expected a size such as 512M, 1G or 1T, found 1X.'],
    [
      ['--ram', '100M'],
      '--ram: expected whole MiB from 256M to 4T, found 104857600 bytes. Write 512M, 1G, 1T.',
    ],
    [['--cpus', 'two'], '--cpus: expected a whole number, found two.'],
    [['--cpus', '9'], '--cpus: expected a whole number from 1 to 8, found 9.'],
    [['--load', 'later'], '--load: expected one of reserved, on-demand, found later.'],
    [['--freezer', 'maybe'], '--freezer: expected one of on, off, found maybe.'],
    [
      ['--variant', 'sideways'],
      expect.stringMatching(/^--variant: expected one of jump-back.*, found sideways\.$/),
    ],
    [['--fault', '@freeze'], '--fault: expected NAME or NAME@WHERE, found @freeze.'],
    [
      ['--fault', 'wakeup@nowhere'],
      expect.stringMatching(/^--fault wakeup: expected one of the places .*, found nowhere\. /),
    ],
    [['--format', 'raw'], '--format: expected one of vmcore-elf, kdump-compressed, swsusp, found raw.'],
    [['--level', '32'], '--level: expected 0 to 31, found 32.'],
    [['--limit', 'soon'], '--limit: expected a whole number, found soon.'],
    [['--picks', 'nowhere'], 'nowhere: expected a file, found nothing; check the path'],
  ])('%j', async (args, message) => {
    expect(await complaint(...args)).toEqual(message);
  });

  it('the message is red on a terminal only', async () => {
    const { stderr } = await kjump(['run', '--falt'], memoryIo({ isTerminal: true }));
    expect(stderr).toContain('<red>kjump run:</red> --falt');
  });
});
