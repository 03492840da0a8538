import * as z from 'zod';

import type { PaletteClient, Scope } from '#openapi/client/index';
import { AttributeError, dataSource, type DataSourceDefinition } from '#resources/engine/index';

import { listed } from './projects.ts';
import { listRegistries } from './registries.ts';

type Kind = 'helm' | 'oci' | 'pack';

const namedRegistrySchema = z.object({ name: z.string().min(1).describe('Name of the registry.') });

/** The data source that finds a registry of one kind by its name. */
export function namedRegistryData(kind: Kind, description: string): DataSourceDefinition<typeof namedRegistrySchema> {
  return dataSource({
    type: `spectrocloud_registry_${kind}`,
    description,
    schema: z.object({ ...namedRegistrySchema.shape }),

    async read({ config }, { client, scopeOf, signal }) {
      const candidates = await candidatesOf(kind, client, scopeOf('project'), signal);
      const found = candidates.find(({ name }) => name === config.name);
      if (found !== undefined) return { ...config, id: found.uid };
      throw new AttributeError(
        ['name'],
        `There is no registry "${config.name}" of this kind`,
        `Registries of the kind ${kind} in reach: ${listed(candidates.map(({ name }) => name))}.`,
      );
    },
  });
}

async function candidatesOf(
  kind: Kind,
  client: PaletteClient,
  scope: Scope,
  signal: AbortSignal,
): Promise<readonly { readonly uid: string; readonly name: string }[]> {
  switch (kind) {
    case 'pack':
      return (await listRegistries(client, scope)).filter(
        (registry) => registry.kind === 'pack' || registry.kind === 'spectro',
      );
    case 'helm': {
      const { items } = await client.get('/v1/registries/helm', { query: { limit: 1000 }, scope, signal });
      return items.flatMap(({ metadata }) => toCandidate(metadata));
    }
    case 'oci': {
      const { items } = await client.get('/v1/registries/oci/summary', { scope, signal });
      return items.flatMap(({ metadata }) => toCandidate(metadata));
    }
  }
}

function toCandidate(
  metadata: { readonly uid?: string; readonly name?: string } | undefined,
): { uid: string; name: string }[] {
  const { uid, name } = metadata ?? {};
  return uid === undefined || name === undefined ? [] : [{ uid, name }];
}
