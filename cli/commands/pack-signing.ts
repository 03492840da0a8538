/** `palette pack sign | verify` */
import { type Command, Option } from 'commander';

import { examples, outputOption } from './options.ts';
import type { PackSignOptions, PackVerifyOptions } from './pack-sign.ts';

export function addPackSigningCommands(pack: Command): void {
  examples(
    pack
      .command('sign <paths...>')
      .description(
        'Signs pack archives as `cosign sign-blob --key` does: PATH.sig holds the signature. A folder is packed first, ' +
          'into NAME-VERSION.tgz in the present folder.',
      )
      .requiredOption('--key <file>', 'private key to sign with; its password is $PALETTE_KEY_PASSWORD')
      .addOption(outputOption())
      .action(async (paths: string[], options: PackSignOptions) => {
        const { signPacks } = await import('./pack-sign.ts');
        await signPacks(paths, options);
      }),
    ['palette pack sign nginx-1.0.0.tgz --key palette.key', 'palette pack sign packs/nginx-1.0.0 --key palette.key'],
  );
  examples(
    pack
      .command('verify <archives...>')
      .description('Checks the signature of pack archives, in PATH.sig unless another file is named.')
      .addOption(
        new Option('--key <file>', 'public key that must have signed it; repeatable')
          .argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value])
          .makeOptionMandatory(),
      )
      .option('--signature <file>', 'the signature, for one archive')
      .addOption(outputOption())
      .action(async (archives: string[], options: PackVerifyOptions) => {
        const { verifyPacks } = await import('./pack-sign.ts');
        await verifyPacks(archives, options);
      }),
    ['palette pack verify nginx-1.0.0.tgz --key palette.pub'],
    ['0 all are signed', '1 one is not, or is no pack', '2 wrong use'],
  );
}
