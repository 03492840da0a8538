import type { components } from '#openapi/generated/types';
import { notFound } from '#plane/api/error';
import type { SomeHandlers } from '#plane/api/handler';
import type { TenantDatabase } from '#plane/store/database';

import { page } from '../page.ts';
import { listRegistries, type Registry } from './registry-store.ts';

export const registryHandlers = {
  v1RegistriesMetadata: async (_request, { db }) => {
    const registries = await db.transaction(listRegistries);
    return {
      status: 200,
      body: {
        items: registries.map(({ uid, name, isDefault }) => ({
          uid,
          name,
          kind: 'pack',
          isDefault,
          isPrivate: false,
          scope: 'tenant',
        })),
      },
    };
  },

  v1RegistriesPackList: async ({ query }, { db, services }) => {
    const registries = query.scope === 'system' ? [] : await db.transaction(listRegistries);
    const { items, listmeta } = page(registries, query);
    return {
      status: 200,
      body: { items: items.map((registry) => packRegistry(registry, services.publicUrl)), listmeta },
    };
  },

  v1RegistriesPackUidSyncStatus: async ({ path }, { db }) => {
    const registry = await requireRegistry(db, path.uid);
    return { status: 200, body: syncStatus(registry) };
  },

  // Charts and OCI artefacts come inside packs here; there are no such registries yet.
  v1RegistriesHelmList: async ({ query }) => ({ status: 200, body: { items: [], listmeta: page([], query).listmeta } }),
  v1RegistriesHelmUidGet: async ({ path }) => {
    throw notFound('Helm registry', path.uid);
  },
  v1RegistriesHelmUidSyncStatus: async ({ path }) => {
    throw notFound('Helm registry', path.uid);
  },
  v1OciRegistriesSummary: async () => ({ status: 200, body: { items: [] } }),
  v1BasicOciRegistriesUidSyncStatus: async ({ path }) => {
    throw notFound('OCI registry', path.uid);
  },
} satisfies SomeHandlers;

async function requireRegistry(db: TenantDatabase, uid: string): Promise<Registry> {
  const registries = await db.transaction(listRegistries);
  const registry = registries.find((candidate) => candidate.uid === uid);
  if (!registry) throw notFound('registry', uid);
  return registry;
}

function packRegistry(registry: Registry, publicUrl: string): components['schemas']['v1PackRegistry'] {
  return {
    apiVersion: 'v1',
    kind: 'packregistry',
    metadata: {
      uid: registry.uid,
      name: registry.name,
      annotations: {},
      labels: {},
      creationTimestamp: registry.createdAt.toISOString(),
    },
    spec: {
      name: registry.name,
      registryUid: registry.uid,
      endpoint: `${publicUrl}/v1/registries/pack/${registry.uid}`,
      auth: { type: 'noAuth' },
      private: false,
      scope: 'tenant',
    },
    status: { packSyncStatus: syncStatus(registry) },
  };
}

/** What is pushed is there at once: the built-in registry is always in step with itself. */
function syncStatus(registry: Registry): components['schemas']['v1RegistrySyncStatus'] {
  const time = registry.createdAt.toISOString();
  return { isSyncSupported: true, lastRunTime: time, lastSyncedTime: time, message: '', status: 'Success' };
}
