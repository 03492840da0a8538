/** `palette registry list | add | sync | settings | remove` */
import { type Command, Option } from 'commander';

import { type ApiOptions, type OutputOptions, examples, outputOption, withApiOptions } from './options.ts';
import type { AddOptions } from './registry-add.ts';
import type { SettingsOptions } from './registry-settings.ts';

/** How often an option may be given. */
const each = (value: string, before: readonly string[] | undefined): string[] => [...(before ?? []), value];

export function addRegistryCommands(program: Command): void {
  const registry = program
    .command('registry')
    .summary('registries of charts, OCI artifacts and packs')
    .description('Works with the registries that charts and packs come from. Registries belong to the tenant.');
  examples(
    withApiOptions(
      registry
        .command('list')
        .description('Lists registries, and how the plane last looked into each.')
        .addOption(outputOption()),
    ).action(async (options: ApiOptions & OutputOptions) => {
      const { list } = await import('./registry-list.ts');
      await list(options);
    }),
    ['palette registry list', 'palette registry list --output json'],
  );
  examples(
    withApiOptions(
      registry
        .command('add <name> <endpoint>')
        .description('Registers a registry. Secrets are read from files or standard input (`-`), never from options.')
        .addOption(
          new Option('--kind <kind>', 'chart repository, OCI registry, or pack registry')
            .choices(['helm', 'oci', 'pack'])
            .makeOptionMandatory(),
        )
        .option('--username <name>', 'user name, with --password-file')
        .option('--password-file <file>', 'holds the password')
        .option('--token-file <file>', 'holds a token; of another plane, its API key')
        .option('--registry-ca <file>', 'PEM certificates to trust in place of the usual ones')
        .option('--insecure', 'trust any certificate')
        .option('--path <path>', 'OCI: what the names of the repositories begin with')
        .addOption(
          new Option('--provider <provider>', 'OCI: what it holds').choices(['helm', 'pack', 'zarf']).default('helm'),
        )
        .option('--no-sync', 'OCI: do not look into it; charts are found by their exact names all the same')
        .option('--wait', 'wait until the plane has looked into it')
        .addOption(outputOption()),
    ).action(async (name: string, endpoint: string, options: AddOptions) => {
      const { add } = await import('./registry-add.ts');
      await add(name, endpoint, options);
    }),
    [
      'palette registry add bitnami https://charts.bitnami.com/bitnami --kind helm --wait',
      'palette registry add harbor https://harbor.example.com --kind oci --path team/charts --username robot --password-file secret.txt',
      'palette registry add central https://palette.example.com/v1/registries/pack/UID --kind pack --token-file api-key',
    ],
  );
  examples(
    withApiOptions(
      registry
        .command('sync <name>')
        .description('Has the plane look into a registry now.')
        .option('--wait', 'wait until it has, and fail when it could not'),
    ).action(async (name: string, options: ApiOptions & { wait?: true }) => {
      const { sync } = await import('./registry-sync.ts');
      await sync(name, options);
    }),
    ['palette registry sync bitnami --wait'],
  );
  examples(
    withApiOptions(
      registry
        .command('settings <name>')
        .summary('show or set who may use a registry, its quota, and the keys that it trusts')
        .description('Shows the settings of a registry; with options, sets them. What is not given takes its default.')
        .option('--quota <bytes>', 'how many bytes of archives it may hold')
        .option('--key <file>', 'public key (cosign.pub) that must have signed what it holds; repeatable', each)
        .option('--read-project <uid>', 'project that may read it; repeatable (default: all)', each)
        .option('--push-project <uid>', 'project that may push to it; repeatable (default: all)', each)
        .option('--reset', 'set everything back to its default')
        .addOption(outputOption()),
    ).action(async (name: string, options: SettingsOptions) => {
      const { settings } = await import('./registry-settings.ts');
      await settings(name, options);
    }),
    [
      'palette registry settings "Palette Registry"',
      'palette registry settings "Palette Registry" --key cosign.pub --quota 5000000000',
    ],
  );
  examples(
    withApiOptions(
      registry
        .command('remove <name>')
        .description('Removes a registry and what was found in it. Refused while a cluster profile uses it.'),
    ).action(async (name: string, options: ApiOptions) => {
      const { remove } = await import('./registry-remove.ts');
      await remove(name, options);
    }),
    ['palette registry remove bitnami'],
  );
}
