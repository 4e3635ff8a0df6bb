#!/usr/bin/env node
/** The program: gives the command line to `main`, and the real world with it. */
import { main } from './cli/main.ts';
import { realIo } from './cli/real-io.ts';

// `kjump … | head` closes the pipe: no more is wanted, and that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
process.exitCode = await main(process.argv.slice(2), realIo());
