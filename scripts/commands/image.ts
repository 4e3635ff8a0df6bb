/** `kjump image`: dumps and hibernation images, read, checked and turned into each other. Each verb is a command of its own. */
import { closest } from '../cli/closest.ts';
import { type CommandRun, exitCodes } from '../cli/io.ts';
import { wrap } from '../cli/wrap.ts';
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
    io.out.write(overview(Math.min(io.out.columns, widestColumns)));
    return exitCodes.well;
  }
  io.err.write(name === undefined ? overview(Math.min(io.err.columns, widestColumns)) : unknown(name));
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

function overview(columns: number): string {
  const nameColumns = Math.max(...imageVerbs.map(({ name }) => name.length)) + 4;
  const verbs = imageVerbs.flatMap(({ name, about }) => {
    const [first = '', ...rest] = wrap(about, columns - nameColumns);
    return [
      `  ${name.padEnd(nameColumns - 2)}${first}`,
      ...rest.map((line) => ' '.repeat(nameColumns) + line),
    ];
  });
  return [
    'usage: kjump image VERB FILE… [options]',
    '',
    ...wrap(
      'Dumps and hibernation images: what they are, whether they are whole, what is in them, and any of them as another.',
      columns,
    ),
    '',
    ...verbs,
    '',
    ...wrap('kjump image VERB --help tells more; kjump image --list names formats and codecs.', columns),
    'Exit codes: 0 done and well, 1 the answer is no, 2 bad input.',
    '',
  ].join('\n');
}

/** Lines longer than this are hard to read, however wide the terminal is. */
const widestColumns = 100;
