/** `palette cluster backup | restore | actions` */
import { type Command, Option } from 'commander';

import type { ActionsOptions, BackupOptions, RestoreOptions } from './cluster-backup.ts';
import { examples, outputOption, withApiOptions } from './options.ts';

const PROJECT = ['--project <name>', 'the project it is in'] as const;
const NO_WAIT = ['--no-wait', 'do not wait for the end'] as const;
const EXIT_CODES = ['0 done', '1 it failed, or there is no such cluster', '2 wrong use'] as const;

export function addClusterBackups(cluster: Command): void {
  examples(
    withApiOptions(
      cluster
        .command('backup <name>')
        .description('Backs a cluster up by its Velero; with --list the backups that there are.')
        .option('--location <name>', 'where it is kept: name or identifier; that of the schedule, or the default')
        .option('--prefix <text>', 'first part of its name', 'manual')
        .option('--namespace <name>', 'only this namespace; may be repeated', collect)
        .addOption(new Option('--expiry-hours <hours>', 'how long it is kept').argParser(Number).default(720))
        .option('--no-disks', 'leave volumes out')
        .option('--list', 'only list backups')
        .addOption(new Option('--delete <backup>', 'delete this backup where it is kept').conflicts('list'))
        .option(...NO_WAIT)
        .option(...PROJECT)
        .addOption(outputOption()),
    ).action(async (name: string, options: BackupOptions) => {
      const { backup } = await import('./cluster-backup.ts');
      await backup(name, options);
    }),
    [
      'palette cluster backup shop-berlin --location nightly --namespace shop',
      'palette cluster backup shop-berlin --list',
      'palette cluster backup shop-berlin --delete manual-20260110-120000-1f2e',
    ],
    EXIT_CODES,
  );
  examples(
    withApiOptions(
      cluster
        .command('restore <name> <backup>')
        .description('Restores a backup of a cluster, into it or into another one.')
        .option('--into <cluster>', 'the cluster that it is restored into')
        .option('--namespace <name>', 'only this namespace; may be repeated', collect)
        .option('--no-disks', 'leave volumes out')
        .option('--node-ports', 'keep the numbers of node ports')
        .option(...NO_WAIT)
        .option(...PROJECT)
        .addOption(outputOption()),
    ).action(async (name: string, backupName: string, options: RestoreOptions) => {
      const { restore } = await import('./cluster-backup.ts');
      await restore(name, backupName, options);
    }),
    [
      'palette cluster restore shop-berlin nightly-20260110-010000-9c3d',
      'palette cluster restore shop-berlin nightly-20260110-010000-9c3d --into shop-hamburg --namespace shop',
    ],
    EXIT_CODES,
  );
  examples(
    withApiOptions(
      cluster
        .command('actions <name> [action]')
        .description(
          'Lists what the agent of a cluster was asked to do once and what schedules began; shows or ends one.',
        )
        .option('--type <type>', 'only these types, joined by commas')
        .addOption(new Option('--cancel', 'ask the agent to end it'))
        .addOption(new Option('--artifact <name>', 'write something that it brought to a file').conflicts('cancel'))
        .option('--out <file>', 'the file; the name of the artifact in this folder when absent')
        .option(...PROJECT)
        .addOption(outputOption()),
    ).action(async (name: string, action: string | undefined, options: ActionsOptions) => {
      const { actions } = await import('./cluster-backup.ts');
      await actions(name, action, options);
    }),
    [
      'palette cluster actions shop-berlin --type backup,restore',
      'palette cluster actions shop-berlin 6f1c7a52-0f5e-4f1c-9a3e-1d2b3c4d5e6f --cancel',
    ],
    EXIT_CODES,
  );
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
