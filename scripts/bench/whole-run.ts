/** `kjump` as a process of its own that says on standard error, at the end, how large it was: kilobytes (getrusage, ru_maxrss). */
import { main } from '../cli/main.ts';
import { realIo } from '../cli/real-io.ts';

process.exitCode = await main(process.argv.slice(2), realIo());
process.stderr.write(`${process.resourceUsage().maxRSS}\n`);
