/**
 * The command line: finds the command, loads only what it needs, and turns bad input into one message and exit code 2.
 * What is thrown beyond bad input is our own mistake and goes on to the user as it is.
 */
import { ImageError } from '../../image/image-error.ts';
import { OptionError } from '../../machines/options/option-error.ts';
import { commands } from '../commands/index.ts';
import { closest } from './closest.ts';
import { InputError } from './input-error.ts';
import { exitCodes, type Io } from './io.ts';

export async function main(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) {
    io.err.write(overview());
    return exitCodes.badInput;
  }
  if (name.startsWith('-') || name === 'help') return mainOption(name, rest, io);
  const command = commands.find((each) => each.name === name);
  if (command === undefined) {
    const near = closest(
      name,
      commands.map((each) => each.name),
    );
    const help = near === undefined ? 'See kjump --help.' : `Did you mean ${near}? See kjump --help.`;
    io.err.write(`kjump: there is no command ${name}. ${help}\n`);
    return exitCodes.badInput;
  }
  try {
    const run = await command.load();
    return await run(rest, io);
  } catch (error) {
    if (!isBadInput(error)) throw error;
    io.err.write(`${io.err.paint('red', `kjump ${name}:`)} ${error.message}\nsee kjump ${name} --help\n`);
    return exitCodes.badInput;
  }
}

const isBadInput = (error: unknown): error is Error =>
  error instanceof OptionError || error instanceof InputError || error instanceof ImageError;

async function mainOption(name: string, rest: readonly string[], io: Io): Promise<number> {
  switch (name) {
    case '--help':
    case '-h':
    case 'help':
      io.out.write(overview());
      return exitCodes.well;
    case '--version':
      io.out.write(`${io.version}\n`);
      return exitCodes.well;
    case '--list': {
      const { listRegistered } = await import('./list-registered.ts');
      return listRegistered(rest.includes('--json'), io);
    }
    default:
      io.err.write(`kjump: there is no option ${name} before a command. See kjump --help.\n`);
      return exitCodes.badInput;
  }
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'usage: kjump COMMAND [options]',
    '',
    'Emulates a Linux machine that hibernates by kexec jump.',
    '',
    ...commands.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`),
    '',
    'kjump COMMAND --help tells more; kjump --list names what is registered; kjump --version.',
    'Exit codes: 0 done and well, 1 the answer is no, 2 bad input, 3 stopped at a limit.',
    '',
  ].join('\n');
}
