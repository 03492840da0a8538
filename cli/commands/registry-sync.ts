import { CliError } from '#cli/cli-error';
import { connect } from '#cli/connect';
import { write } from '#cli/output';
import { delay } from '#core/retry';
import type { PaletteClient } from '#openapi/client/index';

import type { ApiOptions } from './options.ts';
import { findRegistry, statusOf, TENANT, type FoundRegistry } from './registry-find.ts';

const LOOK_MS = 500;
const LONGEST_MS = 1_800_000;

export async function sync(name: string, options: ApiOptions & { readonly wait?: true }): Promise<void> {
  const client = await connect(options);
  try {
    const registry = await findRegistry(client, name);
    const before = (await statusOf(client, registry)).lastSyncedTime;
    await request(client, registry);
    if (options.wait) await awaitSync(client, registry, before);
    write(`registry ${name} ${options.wait ? 'is looked into' : 'will be looked into'}`);
  } finally {
    client.close();
  }
}

async function request(client: PaletteClient, { uid, kind, type }: FoundRegistry): Promise<void> {
  const given = { path: { uid }, repeatable: true, scope: TENANT };
  switch (kind) {
    case 'helm':
      return client.post('/v1/registries/helm/{uid}/sync', given);
    case 'pack':
      return client.post('/v1/registries/pack/{uid}/sync', given);
    case 'oci':
      return type === 'ecr'
        ? client.post('/v1/registries/oci/{uid}/ecr/sync', given)
        : client.post('/v1/registries/oci/{uid}/basic/sync', given);
  }
}

/** Waits for the end of a run. @throws CliError when the registry could not be looked into. */
export async function awaitSync(client: PaletteClient, registry: FoundRegistry, before?: string): Promise<void> {
  const signal = AbortSignal.timeout(LONGEST_MS);
  for (;;) {
    const { status = '', message = '', isSyncSupported, lastSyncedTime } = await statusOf(client, registry);
    if (isSyncSupported === false) return;
    if (status === 'Success' && (before === undefined || lastSyncedTime !== before)) {
      if (message !== '') process.stderr.write(`${message}\n`);
      return;
    }
    if (status === 'Failed')
      throw new CliError(`registry ${registry.name} could not be looked into: ${message}`, {
        hint: `The plane tries again by itself; \`palette registry sync ${JSON.stringify(registry.name)}\` tries now.`,
      });
    await delay(LOOK_MS, { signal });
  }
}
