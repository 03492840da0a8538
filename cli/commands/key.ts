/** `palette key generate` */
import type { Command } from 'commander';

import { examples } from './options.ts';

export function addKeyCommands(program: Command): void {
  const key = program
    .command('key')
    .summary('make keys that sign packs and bundles')
    .description('Keys that sign packs and bundles; cosign reads and writes the same.');
  examples(
    key
      .command('generate')
      .description(
        'Makes a key pair (ECDSA P-256): PREFIX.key, encrypted with the password in $PALETTE_KEY_PASSWORD, and ' +
          'PREFIX.pub, which whoever checks signatures is given. Files that are there are left alone.',
      )
      .option('--prefix <path>', 'path of both files, without their endings', 'palette')
      .action(async (options: { prefix: string }) => {
        const { generateKey } = await import('./key-generate.ts');
        await generateKey(options.prefix);
      }),
    ['PALETTE_KEY_PASSWORD=… palette key generate --prefix site', 'palette bundle create base@1.0.0 --key site.key'],
  );
}
