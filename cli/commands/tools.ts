/** `palette tools list | path | build` */
import type { Command } from 'commander';

import { type OutputOptions, examples, homeOption, outputOption } from './options.ts';

export function addToolsCommands(program: Command): void {
  const tools = program
    .command('tools')
    .summary('find or build the servers that palette runs')
    .description(
      'The servers and commands that palette runs but does not write: taken from PATH or KUBEBUILDER_ASSETS where a fitting ' +
        'version is there, else built with Go, once, into $PALETTE_CACHE (default: ~/.cache/palette-iac).',
    );
  tools
    .command('list')
    .description('Lists the tools, and where each comes from. Builds nothing.')
    .addOption(outputOption())
    .action(async (options: OutputOptions) => {
      const { listTools } = await import('./tools-run.ts');
      await listTools(options);
    });
  tools
    .command('path <name>')
    .description('Prints the path of a tool; builds it when it is not there.')
    .addOption(homeOption())
    .action(async (name: string) => {
      const { printPath } = await import('./tools-run.ts');
      await printPath(name);
    });
  tools
    .command('build [names...]')
    .description(
      'Builds the named tools, or all, that are not there: about ten minutes on two cores at the first time.',
    )
    .action(async (names: string[]) => {
      const { buildTools } = await import('./tools-run.ts');
      await buildTools(names);
    });
  examples(tools, ['palette tools build', 'palette tools list', '"$(palette tools path kubectl)" get nodes']);
}
