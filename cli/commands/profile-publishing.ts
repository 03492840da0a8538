/** `palette profile publish | promote | versions | export | settings`: from a file to the versions that clusters run. */
import { type Command, Option } from 'commander';

import type { ExportOptions } from './profile-export.ts';
import type { PromoteOptions } from './profile-promote.ts';
import type { PublishOptions } from './profile-publish.ts';
import type { SettingsOptions } from './profile-settings.ts';
import type { VersionsOptions } from './profile-versions.ts';
import { examples, withApiOptions } from './options.ts';
import { withSourceOptions } from './profile-options.ts';

export function addPublishingCommands(profile: Command): void {
  examples(
    withSourceOptions(
      profile
        .command('publish <file>')
        .description(
          'Publishes the profiles of a file as versions that never change. The same content again does nothing; another content under a version that exists is refused with what differs. Either all profiles of the file are published or none.',
        ),
    )
      .option('--dry-run', 'check everything, publish nothing')
      .addOption(formatOption())
      .action(async (file: string, options: PublishOptions) => {
        const { publish } = await import('./profile-publish.ts');
        await publish(file, options);
      }),
    [
      'palette profile publish profiles.ts --project Staging',
      'palette profile publish profiles.ts#web --project Staging --dry-run --output markdown',
    ],
    ['0 published, or there already', '1 refused, or failed', '2 wrong use'],
  );
  examples(
    withApiOptions(
      profile
        .command('promote <name@version>')
        .description(
          'Publishes a version of one project in another. Content and digest stay what they are. The version may be `latest` or a range such as `1.x`.',
        )
        .requiredOption('--from <project>', 'project that has the version; `tenant` for the tenant')
        .requiredOption('--to <project>', 'project to publish it in; `tenant` for the tenant')
        .option('--dry-run', 'check everything, publish nothing'),
    )
      .addOption(formatOption())
      .action(async (reference: string, options: PromoteOptions) => {
        const { promote } = await import('./profile-promote.ts');
        await promote(reference, options);
      }),
    [
      'palette profile promote web@1.4.0 --from Staging --to Production',
      'palette profile promote web@latest --from Staging --to tenant --dry-run',
    ],
    ['0 published, or there already', '1 refused, or failed', '2 wrong use'],
  );
  examples(
    withApiOptions(
      profile
        .command('versions [name@version]')
        .description('Lists versions of profiles with their digests; of a name, of a range, or the newest of a line.')
        .option('--project <name>', 'those of this project and the tenant (default: the tenant)'),
    )
      .addOption(formatOption())
      .action(async (reference: string | undefined, options: VersionsOptions) => {
        const { versions } = await import('./profile-versions.ts');
        await versions(reference, options);
      }),
    ['palette profile versions', 'palette profile versions web --project Staging', 'palette profile versions web@1.x'],
    ['0 listed', '1 no such version, or failed', '2 wrong use'],
  );
  examples(
    withApiOptions(
      profile
        .command('export <name@version>')
        .description(
          'Writes a profile as a file that can be imported, here or elsewhere. Secret defaults are left out.',
        )
        .option('--project <name>', 'project that has the profile (default: the tenant)')
        .option('--out <file>', 'where to write it (default: standard output)')
        .addOption(new Option('--format <format>', 'how it is written').choices(['yaml', 'json']).default('yaml')),
    ).action(async (reference: string, options: ExportOptions) => {
      const { exportProfile } = await import('./profile-export.ts');
      await exportProfile(reference, options);
    }),
    [
      'palette profile export web@1.4.0 --project Staging --out web.yaml',
      'palette profile export web@latest --format json',
    ],
  );
  examples(
    withApiOptions(
      profile
        .command('settings')
        .description(
          "Shows or sets what holds for a project's profiles: whether published versions may change, and the policies that they must pass.",
        )
        .option('--project <name>', 'the project (default: the tenant)')
        .addOption(
          new Option('--versions <mode>', '`immutable` seals every published version, for ever').choices([
            'mutable',
            'immutable',
          ]),
        )
        .option('--policy <file>', 'YAML or JSON file with rules, built-in ones or CEL')
        .addOption(
          new Option(
            '--policy-mode <mode>',
            '`enforce` refuses what a rule finds an error in, `warn` tells it',
          ).choices(['enforce', 'warn', 'off']),
        ),
    ).action(async (options: SettingsOptions) => {
      const { settings } = await import('./profile-settings.ts');
      await settings(options);
    }),
    [
      'palette profile settings --project Production',
      'palette profile settings --project Production --versions immutable --policy baseline.yaml --policy-mode enforce',
    ],
  );
}

function formatOption(): Option {
  return new Option('-o, --output <format>', 'how the result is printed')
    .choices(['table', 'json', 'markdown'])
    .default('table');
}
