/** `palette cluster list | get` */
import { Option, type Command } from 'commander';

import type { EventsOptions } from './cluster-events.ts';
import type { HealthOptions } from './cluster-health.ts';
import { addClusterAgentCommands } from './cluster-agent.ts';
import { addClusterBackups } from './cluster-backups.ts';
import { addClusterOperations } from './cluster-operations.ts';
import type { TemplateOptions } from './cluster-template.ts';
import { type ApiOptions, type OutputOptions, examples, outputOption, withApiOptions } from './options.ts';

export function addClusterCommands(program: Command): void {
  const cluster = program
    .command('cluster')
    .summary('look at clusters and act on them')
    .description('Looks at clusters, and asks their agents to act.');
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
  addEventsAndHealth(cluster);
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

function addEventsAndHealth(cluster: Command): void {
  const project = '--project <name>';
  examples(
    withApiOptions(
      cluster
        .command('events <name>')
        .description('Lists what happened to a cluster, the newest last; the same thing again is counted.')
        .option(project, 'the project it is in')
        .addOption(new Option('--severity <severity>', 'only these').choices(['info', 'warning', 'error']))
        .option('--limit <count>', 'how many', (text) => Math.max(1, Number.parseInt(text, 10) || 50), 50)
        .option('--follow', 'go on with those that come')
        .addOption(outputOption()),
    ).action(async (name: string, options: EventsOptions) => {
      const { events } = await import('./cluster-events.ts');
      await events(name, options);
    }),
    ['palette cluster events local', 'palette cluster events local --severity error --follow'],
  );
  examples(
    withApiOptions(
      cluster
        .command('health <name>')
        .description("Shows the conditions of a cluster's health, with reasons.")
        .option(project, 'the project it is in')
        .addOption(outputOption()),
    ).action(async (name: string, options: HealthOptions) => {
      const { health } = await import('./cluster-health.ts');
      await health(name, options);
    }),
    ['palette cluster health local'],
    ['0 healthy', '1 not healthy, or failed', '2 wrong use'],
  );
  addClusterAgentCommands(cluster);
  addClusterOperations(cluster);
  addClusterBackups(cluster);
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
