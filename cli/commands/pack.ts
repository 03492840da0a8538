/** `palette pack lint | push | list` */
import type { Command } from 'commander';

import { type ApiOptions, type OutputOptions, examples, outputOption, withApiOptions } from './options.ts';
import { addPackSigningCommands } from './pack-signing.ts';

export function addPackCommands(program: Command): void {
  const pack = program
    .command('pack')
    .summary('check packs, push them, list them')
    .description('Works with packs: what cluster profiles are made of.');
  examples(
    pack
      .command('lint <paths...>')
      .description('Checks pack folders or archives and says file, line and reason of every problem. Needs no API.')
      .addOption(outputOption())
      .option('--strict', 'warnings fail too')
      .action(async (paths: string[], options: OutputOptions & { strict?: true }) => {
        const { lint } = await import('./pack-lint.ts');
        await lint(paths, options);
      }),
    ['palette pack lint packs/*', 'palette pack lint nginx-1.0.0.tgz --output json'],
    ['0 no errors', '1 errors were found', '2 wrong use'],
  );
  examples(
    withApiOptions(
      pack
        .command('push <paths...>')
        .description(
          'Checks pack folders or archives and pushes them into a pack registry. The same pack may be pushed again.',
        )
        .option('--registry <name>', 'pack registry to push to (default: the first one)')
        .addOption(outputOption()),
    ).action(async (paths: string[], options: ApiOptions & OutputOptions & { registry?: string }) => {
      const { push } = await import('./pack-push.ts');
      await push(paths, options);
    }),
    ['palette pack push packs/nginx-1.0.0', 'palette pack push packs/* --registry "Palette Registry"'],
  );
  examples(
    withApiOptions(
      pack
        .command('list')
        .description('Lists the packs of all registries, one line for each version.')
        .option('--name <name>', 'only packs of this name')
        .addOption(outputOption()),
    ).action(async (options: ApiOptions & OutputOptions & { name?: string }) => {
      const { list } = await import('./pack-list.ts');
      await list(options);
    }),
    ['palette pack list', 'palette pack list --name nginx --output json'],
  );
  addPackSigningCommands(pack);
}
