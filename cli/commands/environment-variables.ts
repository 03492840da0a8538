import { join } from 'node:path';

import { home, requireReady } from '#cli/local/home';
import { write, writeJson } from '#cli/output';
import { shellQuote } from '#cli/shell-quote';

/** What a shell needs to use the environment, by variable. @throws CliError when none runs. */
export async function environmentVariables(dir: string | undefined): Promise<Readonly<Record<string, string>>> {
  const layout = home(dir);
  const ready = await requireReady(layout);
  return {
    SPECTROCLOUD_HOST: ready.host,
    SPECTROCLOUD_APIKEY: ready.apiKey,
    SPECTROCLOUD_CA_FILE: ready.caFile,
    KUBECONFIG: ready.kubeconfig,
    TF_CLI_CONFIG_FILE: join(layout.terraform, 'terraform.rc'),
    PALETTE_HOME: layout.dir,
  };
}

export async function printEnvironment(options: {
  readonly home?: string;
  readonly output: 'shell' | 'json';
}): Promise<void> {
  const variables = await environmentVariables(options.home);
  if (options.output === 'json') writeJson(variables);
  else
    write(
      Object.entries(variables)
        .map(([name, value]) => `export ${name}=${shellQuote(value)}`)
        .join('\n'),
    );
}
