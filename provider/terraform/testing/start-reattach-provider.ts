import { silentLogger, type Logger } from '#core/log';
import { createClient } from '#openapi/client/index';
import { dataSources, resources } from '#resources/registry';

import { PROVIDER_ADDRESS } from '../provider-schema-json.ts';
import { serve } from '../serve.ts';
import type { ProviderOptions } from '../session.ts';

export interface ReattachProvider {
  /** Variables for terraform, which then uses this provider instead of starting one. */
  readonly env: { readonly TF_REATTACH_PROVIDERS: string };
  close(): Promise<void>;
}

export interface ReattachOptions extends Partial<Pick<ProviderOptions, 'resources' | 'dataSources' | 'loadClient'>> {
  /** What the provider sees as its environment (SPECTROCLOUD_…). Default: nothing. */
  readonly env?: NodeJS.ProcessEnv;
  readonly log?: Logger;
}

/**
 * Runs the provider in this process for `terraform` commands that get its `env`. No installation and no `init` is
 * needed, and breakpoints and coverage work.
 *
 * @example
 * const provider = await startReattachProvider({ env: { SPECTROCLOUD_HOST: host, SPECTROCLOUD_APIKEY: key } });
 * spawnSync('terraform', ['apply', '-auto-approve'], { cwd, env: { ...process.env, ...provider.env } });
 * await provider.close();
 */
export async function startReattachProvider(options: ReattachOptions = {}): Promise<ReattachProvider> {
  const provider = { resources, dataSources, loadClient: async () => Promise.resolve(createClient), ...options };
  // One after the other: Jest's module loader fails when Terraform makes it load several at once.
  for (const load of [...Object.values(provider.resources), ...Object.values(provider.dataSources)]) await load();
  const served = await serve({
    provider: { ...provider, env: options.env ?? {}, log: options.log ?? silentLogger, version: '0.0.0-test' },
    env: {},
  });
  const config = {
    Protocol: 'grpc',
    ProtocolVersion: 6,
    Pid: process.pid,
    Test: true,
    Addr: { Network: 'unix', String: served.path },
  };
  return {
    env: { TF_REATTACH_PROVIDERS: JSON.stringify({ [PROVIDER_ADDRESS]: config }) },
    close: async () => served.close(),
  };
}
