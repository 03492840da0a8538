#!/usr/bin/env node
import { runCommandLine } from './program.ts';

// Not process.exit: what was written to a pipe shall arrive.
process.exitCode = await runCommandLine(process.argv.slice(2));
