/**
 * `npm run fuzz`: damaged inputs for every codec and every format; each must be taken or refused with a typed error, within a second
 * and a bound of memory. The same seed gives the same inputs. Exits 1 when anything is found, and saves the inputs that found it.
 */
import { OptionError } from '../../machines/options/option-error.ts';
import { InputError } from '../cli/input-error.ts';
import { exitCodes, type Io } from '../cli/io.ts';
import { parseOptions } from '../cli/parse.ts';
import { realIo } from '../cli/real-io.ts';
import { fuzz } from './fuzz.ts';
import { fuzzHelp, fuzzTable } from './options.ts';

const io = realIo();
process.exitCode = await main(process.argv.slice(2), io);

async function main(args: readonly string[], io: Io): Promise<number> {
  try {
    const { values } = parseOptions(fuzzTable, args);
    if (!values.help) return await fuzz(values, io);
    io.out.write(fuzzHelp(io.out.columns));
    return exitCodes.well;
  } catch (error) {
    if (!(error instanceof OptionError || error instanceof InputError)) throw error;
    io.err.write(`fuzz: ${error.message}\nsee npm run fuzz -- --help\n`);
    return exitCodes.badInput;
  }
}
