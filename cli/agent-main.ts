/** What a release of the agent starts: the commands of the agent, and nothing else of `palette`. */
import { Command } from 'commander';

import { exitCodes } from './cli-error.ts';
import { addAgentCommands } from './commands/agent.ts';
import { toldExitCode } from './comparison.ts';
import { tellError } from './tell-error.ts';
import { version } from './version.ts';

const program = new Command('palette').exitOverride().version(version, '-V, --version');
addAgentCommands(program);
try {
  await program.parseAsync(process.argv.slice(2), { from: 'user' });
} catch (error) {
  process.exitCode = toldExitCode(error, exitCodes) ?? tellError(error);
}
