/** `palette provider install` */
import type { Command } from 'commander';

import { type HomeOptions, type OutputOptions, examples, homeOption, outputOption } from './options.ts';

export function addProviderCommands(program: Command): void {
  const provider = program
    .command('provider')
    .summary("install this project's Terraform provider")
    .description("Works with this project's Terraform provider.");
  examples(
    provider
      .command('install')
      .summary('write the provider into a local mirror, so that `terraform init` finds it without a network')
      .description(
        'Writes the provider into a mirror in the file system, for Terraform and OpenTofu, together with a CLI ' +
          'configuration that uses it for spectrocloud/spectrocloud and nothing else. Your own configuration ' +
          '(~/.terraformrc) is taken over into it.',
      )
      .addOption(homeOption())
      .option('--dir <dir>', 'where to write mirror and configuration (default: terraform/ in the home folder)')
      .addOption(outputOption())
      .action(async (options: HomeOptions & OutputOptions & { dir?: string }) => {
        const { install } = await import('./provider-install.ts');
        await install(options);
      }),
    [
      'export TF_CLI_CONFIG_FILE="$(palette provider install --output json | jq -r .configFile)"',
      'palette provider install --dir ./terraform-mirror',
    ],
  );
}
