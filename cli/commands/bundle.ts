/** `palette bundle create | inspect | verify | load` */
import { type Command, Option } from 'commander';

import { examples, outputOption, withApiOptions } from './options.ts';
import { withClusterOptions, withSourceOptions } from './profile-options.ts';
import type { BundleCreateOptions } from './bundle-create.ts';
import type { BundleLoadOptions } from './bundle-load.ts';

export function addBundleCommands(program: Command): void {
  const bundle = program
    .command('bundle')
    .summary('carry profiles and packs where no network goes')
    .description(
      'Bundles: profiles, their packs and the list of images they need in one signed file, loaded into another plane, ' +
        'or into a cluster whose agent reaches none.',
    );
  examples(
    withClusterOptions(
      withSourceOptions(
        bundle
          .command('create [profiles...]')
          .description(
            'Writes a bundle of profiles: FILE, FILE#NAME, or NAME@VERSION of what is published. Packs come from ' +
              'folders or from the API; profiles are rendered to learn which images they need.',
          )
          .requiredOption('--key <file>', 'private key to sign with; its password is $PALETTE_KEY_PASSWORD')
          .option('--out <file>', 'file to write (default: NAME.bundle.tgz)')
          .option('--name <name>', 'name of the bundle (default: that of its first profile)')
          .addOption(
            repeatable(
              '--desired-state <cluster>',
              "a cluster's desired state, for its agent; repeatable. Holds values of variables, sensitive ones too",
            ),
          )
          .option('--no-render', 'list the images that packs name, and render nothing')
          .addOption(outputOption()),
      ),
    ).action(async (profiles: string[], options: BundleCreateOptions) => {
      const { createBundle } = await import('./bundle-create.ts');
      await createBundle(profiles, options);
    }),
    [
      'palette bundle create profiles.ts --packs packs --key site.key --out site.bundle.tgz',
      'palette bundle create base@1.2.0 shop@latest --project Production --key site.key',
      'palette bundle create --desired-state edge-1 --project Production --key site.key',
    ],
  );
  examples(
    bundle
      .command('inspect <file>')
      .description('Shows what a bundle holds. Without --key nobody vouches for it.')
      .addOption(repeatable('--key <file>', 'public key to check the signature with; repeatable'))
      .option('--images', 'print the images alone, one a line')
      .addOption(outputOption())
      .action(async (file: string, options) => {
        const { inspectBundle } = await import('./bundle-read.ts');
        await inspectBundle(file, options);
      }),
    [
      'palette bundle inspect site.bundle.tgz',
      'palette bundle inspect site.bundle.tgz --images | xargs -n1 crane pull',
    ],
  );
  examples(
    bundle
      .command('verify <file>')
      .description('Checks signature, digests, packs and profiles of a bundle. Needs no API.')
      .addOption(repeatable('--key <file>', 'public key that must have signed it; repeatable').makeOptionMandatory())
      .addOption(outputOption())
      .action(async (file: string, options) => {
        const { verifyBundle } = await import('./bundle-read.ts');
        await verifyBundle(file, options);
      }),
    ['palette bundle verify site.bundle.tgz --key site.pub'],
  );
  examples(
    withApiOptions(
      bundle
        .command('load <file>')
        .description(
          'Checks a bundle, then pushes its packs and publishes its profiles; or, with --kubeconfig, hands its desired ' +
            'state to the agent of that cluster. The same bundle may be loaded again.',
        )
        .addOption(repeatable('--key <file>', 'public key that must have signed it; repeatable').makeOptionMandatory())
        .option('--project <name>', 'project to publish in (default: the tenant)')
        .option('--registry <name>', 'pack registry to push to (default: the default one)')
        .option('--dry-run', 'say what would be loaded, and change nothing')
        .option('--kubeconfig <file>', 'load into the agent of this cluster, and into no plane')
        .option('--namespace <name>', "the agent's namespace", 'palette-system')
        .option('--timeout <seconds>', 'how long the agent is waited for', '120')
        .addOption(outputOption()),
    ).action(async (file: string, options: BundleLoadOptions) => {
      const { loadBundle } = await import('./bundle-load.ts');
      await loadBundle(file, options);
    }),
    [
      'palette bundle load site.bundle.tgz --key site.pub --project Production',
      'palette bundle load edge-1.bundle.tgz --key site.pub --kubeconfig edge-1.kubeconfig',
    ],
  );
}

function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, before: readonly string[] | undefined) => [
    ...(before ?? []),
    value,
  ]);
}
