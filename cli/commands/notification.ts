/** `palette notification list | ack | done` */
import type { Command } from 'commander';

import { type ApiOptions, type OutputOptions, examples, outputOption, withApiOptions } from './options.ts';

export type NotificationOptions = ApiOptions & OutputOptions & { readonly project?: string };
export type NotificationListOptions = NotificationOptions & { readonly all?: true };

export function addNotificationCommands(program: Command): void {
  const notification = program
    .command('notification')
    .summary('list what waits for a decision: newer packs, waiting clusters')
    .description(
      'Packs of which a registry has a newer release than a profile has, and clusters that wait for a maintenance window or a value.',
    );
  examples(
    withApiOptions(
      notification
        .command('list')
        .description('Lists what waits and was not acknowledged, newest first.')
        .option('--project <name>', 'as this project sees it; absent: all of the tenant')
        .option('-a, --all', 'also what was acknowledged or is done')
        .addOption(outputOption()),
    ).action(async (options: NotificationListOptions) => {
      const { list } = await import('./notification-run.ts');
      await list(options);
    }),
    ['palette notification list', 'palette notification list --project shops --all'],
  );
  for (const [verb, operation, description] of [
    ['ack', 'ack', 'Notes that a notification was seen: it is listed with --all alone.'],
    ['done', 'done', 'Notes that what a notification asks for was done, or shall not be.'],
  ] as const) {
    withApiOptions(
      notification
        .command(`${verb} <uid>`)
        .description(description)
        .option('--project <name>', 'as this project sees it; absent: all of the tenant'),
    ).action(async (uid: string, options: NotificationOptions) => {
      const { mark } = await import('./notification-run.ts');
      await mark(uid, operation, options);
    });
  }
}
