/** The command line: names, options and help. What a command does is loaded when it is called, so that help is quick. */
import { Command } from 'commander';

import { exitCodes } from './cli-error.ts';
import { addAgentCommands } from './commands/agent.ts';
import { addBundleCommands } from './commands/bundle.ts';
import { addAlertCommands } from './commands/alert.ts';
import { addClusterCommands } from './commands/cluster.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addCrossplaneCommands } from './commands/crossplane.ts';
import { addEnvironmentCommands } from './commands/environment.ts';
import { examples } from './commands/options.ts';
import { addKeyCommands } from './commands/key.ts';
import { addLocalCommands } from './commands/local.ts';
import { addNotificationCommands } from './commands/notification.ts';
import { addPackCommands } from './commands/pack.ts';
import { addPlaneCommands } from './commands/plane.ts';
import { addProfileCommands } from './commands/profile.ts';
import { addProviderCommands } from './commands/provider.ts';
import { addRegistryCommands } from './commands/registry.ts';
import { addToolsCommands } from './commands/tools.ts';
import { toldExitCode } from './comparison.ts';
import { tellError } from './tell-error.ts';
import { version } from './version.ts';

export function createProgram(): Command {
  // Subcommands take the settings over that are there when they are made.
  const program = new Command('palette')
    .exitOverride()
    .showHelpAfterError('(--help says how it is used)')
    .showSuggestionAfterError()
    .description(
      'Cluster profiles as code: the management plane, its agents, packs, and the environment to try them on this machine.',
    )
    .version(version, '-V, --version');
  examples(program, [
    'palette up',
    'eval "$(palette env)"',
    'palette pack push packs/nginx-1.0.0',
    'palette cluster list',
  ]);
  addEnvironmentCommands(program);
  addPackCommands(program);
  addRegistryCommands(program);
  addProfileCommands(program);
  addBundleCommands(program);
  addKeyCommands(program);
  addClusterCommands(program);
  addAlertCommands(program);
  addNotificationCommands(program);
  addProviderCommands(program);
  addAgentCommands(program);
  addLocalCommands(program);
  addPlaneCommands(program);
  addCrossplaneCommands(program);
  addToolsCommands(program);
  addCompletionCommand(program);
  return program;
}

/** Runs a command line (without `node` and the script). Gives the exit code; never throws. */
export async function runCommandLine(args: readonly string[], program: Command = createProgram()): Promise<number> {
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    return toldExitCode(error, exitCodes) ?? tellError(error);
  }
}
