/** `palette cluster list | get` */
import type { Command } from 'commander';

import type { TemplateOptions } from './cluster-template.ts';
import { type ApiOptions, type OutputOptions, examples, outputOption, withApiOptions } from './options.ts';

export function addClusterCommands(program: Command): void {
  const cluster = program.command('cluster').summary('list clusters, show one').description('Looks at clusters.');
  const project = '--project <name>';
  examples(
    withApiOptions(
      cluster
        .command('list')
        .description('Lists clusters with state and health.')
        .option(project, 'only those of this project')
        .addOption(outputOption()),
    ).action(async (options: ApiOptions & OutputOptions & { project?: string }) => {
      const { list } = await import('./cluster-read.ts');
      await list(options);
    }),
    ['palette cluster list', 'palette cluster list --project Default --output json'],
  );
  examples(
    withApiOptions(
      cluster
        .command('get <name>')
        .description('Shows one cluster, by name or identifier, with the packs that it runs.')
        .option(project, 'the project it is in')
        .addOption(outputOption()),
    ).action(async (name: string, options: ApiOptions & OutputOptions & { project?: string }) => {
      const { get } = await import('./cluster-read.ts');
      await get(name, options);
    }),
    ['palette cluster get local', 'palette cluster get local --project quickstart --output json'],
    ['0 found', '1 not found, or failed', '2 wrong use'],
  );
  examples(
    withApiOptions(
      cluster
        .command('template <cluster> [template]')
        .description('Makes a cluster follow a cluster template; without one, says which it follows and how far it is.')
        .option('--none', 'follow none any more')
        .option('--set <name=value>', 'a value of its own for a variable; may be repeated', collect)
        .option(project, 'the project it is in')
        .addOption(outputOption()),
    ).action(async (name: string, template: string | undefined, options: TemplateOptions) => {
      const { followTemplate } = await import('./cluster-template.ts');
      await followTemplate(name, template, options);
    }),
    [
      'palette cluster template shop-berlin shops --set greeting="Guten Tag"',
      'palette cluster template shop-berlin',
      'palette cluster template shop-berlin --none',
    ],
  );
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
