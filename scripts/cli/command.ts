/** What all commands have in common: `--help` and `--list` win over everything else, then options are parsed, then it runs. */
import type { CommandTold } from './help.ts';
import { commandHelp } from './help.ts';
import { type CommandRun, exitCodes, type Io } from './io.ts';
import { flag, type OptionTable } from './options.ts';
import { type Parsed, type PositionalRule, parseOptions } from './parse.ts';

export type CommandPlan<Table extends OptionTable> = Omit<CommandTold, 'table' | 'takes'> & {
  readonly table: Table;
  readonly positionals?: PositionalRule;
  readonly run: (parsed: Parsed<Table>, io: Io) => Promise<number>;
};

/** In every command's table, so that parsing and help know them. */
const commonTable = {
  json: flag('the result as JSON'),
  list: flag('names what is registered, and does nothing else'),
  help: flag('this text'),
} satisfies OptionTable;

export type WithCommon<Table extends OptionTable> = Table & typeof commonTable;

export function command<Table extends OptionTable>(
  plan: Omit<CommandPlan<Table>, 'run'> & { readonly run: CommandPlan<WithCommon<Table>>['run'] },
): CommandRun {
  const { positionals } = plan;
  const table = { ...plan.table, ...commonTable };
  return async (args, io) => {
    if (isAskedFor('--help', args)) {
      const { name, about, notes } = plan;
      const told = { name, about, notes, table, ...(positionals && { takes: positionals.takes }) };
      io.out.write(commandHelp(told, io.out.columns));
      return exitCodes.well;
    }
    if (isAskedFor('--list', args)) {
      const { listRegistered } = await import('./list-registered.ts');
      return listRegistered(args.includes('--json'), io);
    }
    return plan.run(parseOptions(table, args, positionals), io);
  };
}

function isAskedFor(option: '--help' | '--list', args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).includes(option);
}
