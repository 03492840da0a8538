/** `palette alert list | test` */
import type { Command } from 'commander';

import { type ApiOptions, type OutputOptions, examples, outputOption, withApiOptions } from './options.ts';

export type AlertOptions = ApiOptions & OutputOptions & { readonly project: string };

export function addAlertCommands(program: Command): void {
  const alert = program
    .command('alert')
    .summary('list alerts, test where they go')
    .description('Alerts of the clusters of a project; who gets them is set with the resource spectrocloud_alert.');
  examples(
    withApiOptions(
      alert
        .command('list')
        .description('Lists the alerts that were raised, newest first.')
        .option('--project <name>', 'the project', 'Default')
        .addOption(outputOption()),
    ).action(async (options: AlertOptions) => {
      const { list } = await import('./alert-run.ts');
      await list(options);
    }),
    ['palette alert list', 'palette alert list --project shops --output json'],
  );
  examples(
    withApiOptions(
      alert
        .command('test [component]')
        .description('Sends a test over every active channel of a component now. Default: ClusterHealth.')
        .option('--project <name>', 'the project', 'Default')
        .addOption(outputOption()),
    ).action(async (component: string | undefined, options: AlertOptions) => {
      const { test } = await import('./alert-run.ts');
      await test(component ?? 'ClusterHealth', options);
    }),
    ['palette alert test', 'palette alert test ClusterEvents --project shops'],
    ['0 every channel took it', '1 some did not, or there is none', '2 wrong use'],
  );
}
