/** `palette agent release pack | trust | publish | list | use | remove` */
import type { Command } from 'commander';

import type { PackReleaseOptions, PublishOptions, UseOptions } from './agent-releases.ts';
import { type ApiOptions, type OutputOptions, examples, outputOption, withApiOptions } from './options.ts';

export function addAgentReleaseCommands(agent: Command): void {
  const release = agent
    .command('release')
    .summary('versions of the agent: pack, publish and choose them')
    .description(
      'Versions of the agent. A release is one archive, signed; the plane keeps it, agents fetch it by its digest and ' +
        'replace themselves.',
    );
  examples(
    release
      .command('pack')
      .description('Packs the agent of this installation as a release, to be signed and published.')
      .option('--image <image@sha256:...>', 'the same version as a container image, for agents that run in Pods')
      .option('--out <file>', 'where to write it (default: palette-agent-VERSION.tgz)')
      .addOption(outputOption())
      .action(async (options: PackReleaseOptions) => {
        const { packRelease } = await import('./agent-releases.ts');
        await packRelease(options);
      }),
    ['palette agent release pack', 'palette agent release pack --image registry.example/palette@sha256:…'],
  );
  examples(
    withApiOptions(
      release
        .command('trust <keys...>')
        .description('Names the public keys that sign releases; they take the place of those before.')
        .addOption(outputOption()),
    ).action(async (keys: string[], options: ApiOptions & OutputOptions) => {
      const { trustKeys } = await import('./agent-releases.ts');
      await trustKeys(keys, options);
    }),
    ['palette agent release trust release.pub'],
  );
  examples(
    withApiOptions(
      release
        .command('publish <archive>')
        .description('Publishes a release. Its signature is made with --key, or read from ARCHIVE.sig.')
        .option('--key <file>', 'private key to sign with; its password is $PALETTE_KEY_PASSWORD')
        .addOption(outputOption()),
    ).action(async (archive: string, options: PublishOptions) => {
      const { publishRelease } = await import('./agent-releases.ts');
      await publishRelease(archive, options);
    }),
    ['palette agent release publish palette-agent-1.2.0.tgz --key release.key'],
    ['0 published, or there already', '1 refused', '2 wrong use'],
  );
  examples(
    withApiOptions(
      release.command('list').description('Lists the releases that were published.').addOption(outputOption()),
    ).action(async (options: ApiOptions & OutputOptions) => {
      const { listReleases } = await import('./agent-releases.ts');
      await listReleases(options);
    }),
    ['palette agent release list'],
  );
  examples(
    withApiOptions(
      release
        .command('use [version]')
        .description('Chooses the release that all agents of the tenant run; they upgrade by themselves.')
        .option('--none', 'choose none: each agent stays as it is'),
    ).action(async (version: string | undefined, options: UseOptions) => {
      const { useRelease } = await import('./agent-releases.ts');
      await useRelease(version, options);
    }),
    ['palette agent release use 1.2.0', 'palette agent release use --none'],
  );
  examples(
    withApiOptions(release.command('remove <version>').description('Removes a release that nobody has chosen.')).action(
      async (version: string, options: ApiOptions) => {
        const { removeRelease } = await import('./agent-releases.ts');
        await removeRelease(version, options);
      },
    ),
    ['palette agent release remove 1.1.0'],
  );
}
