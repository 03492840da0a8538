#!/usr/bin/env node
import { runCommandLine } from './program.ts';

// Whoever reads the output may have seen enough of it (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

// Not process.exit: what was written to a pipe shall arrive.
process.exitCode = await runCommandLine(process.argv.slice(2));
