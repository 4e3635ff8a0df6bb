/** `kjump image`: dumps and hibernation images, read, checked and turned into each other. Each verb is a command of its own. */
import { closest } from '../cli/closest.ts';
import { type CommandRun, exitCodes } from '../cli/io.ts';
import { imageVerbs } from '../image/verbs/index.ts';

export const image: CommandRun = async (args, io) => {
  const [name, ...rest] = args;
  const verb = imageVerbs.find((each) => each.name === name);
  if (verb !== undefined) return (await verb.load())(rest, io);
  if (name === '--list') {
    const { listRegistered } = await import('../cli/list-registered.ts');
    return listRegistered(rest.includes('--json'), io);
  }
  if (name === '--help' || name === '-h') {
    io.out.write(overview());
    return exitCodes.well;
  }
  io.err.write(name === undefined ? overview() : unknown(name));
  return exitCodes.badInput;
};

function unknown(name: string): string {
  const near = closest(
    name,
    imageVerbs.map((each) => each.name),
  );
  const help = near === undefined ? '' : ` Did you mean ${near}?`;
  return `kjump image: there is no verb ${name}.${help} See kjump image --help.\n`;
}

function overview(): string {
  const width = Math.max(...imageVerbs.map(({ name }) => name.length));
  return [
    'usage: kjump image VERB FILE… [options]',
    '',
    'Dumps and hibernation images: what they are, whether they are whole, what is in them, and any of them as another.',
    '',
    ...imageVerbs.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`),
    '',
    'kjump image VERB --help tells more; kjump image --list names formats and codecs.',
    'Exit codes: 0 done and well, 1 the answer is no, 2 bad input.',
    '',
  ].join('\n');
}
