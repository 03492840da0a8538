import * as z from 'zod';

import type { PaletteClient, Scope } from '#openapi/client/index';
import { AttributeError, computed, dataSource } from '#resources/engine/index';

import { listed } from './shared/projects.ts';
import { listRegistries } from './shared/registries.ts';

export const registryDataSchema = z.object({
  name: z.string().min(1).describe('Name of the registry.'),
  type: z
    .enum(['', 'pack', 'helm', 'oci', 'spectro', 'manifest'])
    .default('')
    .describe('Kind of registry to look among: `helm`, `oci`, or anything else for all of them.'),
  syncStatus: computed(z.string()).describe('How the last synchronisation went; empty where the registry has none.'),
});

interface Candidate {
  readonly uid: string;
  readonly name: string;
  readonly syncStatus: string;
}

export const registryData = dataSource({
  type: 'spectrocloud_registry',
  description: 'Finds a registry of packs, charts or images by its name.',
  schema: registryDataSchema,

  async read({ config }, { client, scopeOf, signal }) {
    const candidates = await listCandidates(config.type, client, scopeOf('project'), signal);
    const found = candidates.find(({ name }) => name === config.name);
    if (found === undefined) {
      throw new AttributeError(
        ['name'],
        `There is no registry "${config.name}"`,
        `Registries in reach: ${listed(candidates.map(({ name }) => name))}.`,
      );
    }
    return { ...config, id: found.uid, syncStatus: found.syncStatus };
  },
});

async function listCandidates(
  type: string,
  client: PaletteClient,
  scope: Scope,
  signal: AbortSignal,
): Promise<Candidate[]> {
  switch (type) {
    case 'oci': {
      const { items } = await client.get('/v1/registries/oci/summary', { scope, signal });
      return items.flatMap(({ metadata, status }) => toCandidate(metadata, status?.sync?.status));
    }
    case 'helm': {
      const { items } = await client.get('/v1/registries/helm', { scope, signal });
      return items.flatMap(({ metadata, status }) => toCandidate(metadata, status?.helmSyncStatus?.status));
    }
    default:
      return (await listRegistries(client, scope)).map(({ uid, name }) => ({ uid, name, syncStatus: '' }));
  }
}

function toCandidate(
  metadata: { readonly uid?: string; readonly name?: string } | undefined,
  syncStatus: string | undefined,
): Candidate[] {
  const { uid, name } = metadata ?? {};
  return uid === undefined || name === undefined ? [] : [{ uid, name, syncStatus: syncStatus ?? '' }];
}
