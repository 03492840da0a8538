import { resolve } from 'node:path';

import { home } from '#cli/local/home';
import { write, writeJson } from '#cli/output';
import { installProvider } from '#cli/provider/install';
import { shellQuote } from '#cli/shell-quote';

import type { HomeOptions, OutputOptions } from './options.ts';

export async function install(options: HomeOptions & OutputOptions & { readonly dir?: string }): Promise<void> {
  const dir = options.dir === undefined ? home(options.home).terraform : resolve(options.dir);
  const installed = await installProvider({ dir });
  if (options.output === 'json') {
    writeJson(installed);
    return;
  }
  write(`${installed.source} ${installed.version} is in ${installed.mirror}`);
  if (installed.note !== undefined) write(installed.note);
  write(`\nTo use it:\n\n  export TF_CLI_CONFIG_FILE=${shellQuote(installed.configFile)}\n  terraform init`);
}
