import { notFound } from '#plane/api/error';
import type { SomeHandlers } from '#plane/api/handler';

import { helmHandlers } from './helm-handlers.ts';
import { ociHandlers } from './oci-handlers.ts';
import { packRegistryHandlers } from './pack-registry-handlers.ts';
import { findRegistry, listRegistries, mayRead, readableRegistries, registryAccess } from './registry-store.ts';
import { settingsHandlers } from './settings-handlers.ts';
import { deleteRegistry } from './store-registry.ts';
import { authView, endpointView } from './views.ts';

export const registryHandlers = {
  ...helmHandlers,
  ...ociHandlers,
  ...packRegistryHandlers,
  ...settingsHandlers,

  v1RegistriesMetadata: async (_request, { db, scope }) => {
    const registries = readableRegistries(await db.transaction(listRegistries), scope.projectUid);
    return {
      status: 200,
      body: {
        items: registries.map(({ uid, name, isDefault, kind, spec }) => ({
          uid,
          name,
          kind,
          isDefault,
          isPrivate: spec?.isPrivate ?? false,
          scope: 'tenant',
        })),
      },
    };
  },

  v1RegistriesNameConfigGet: async ({ path }, { db, scope, services }) => {
    const body = await db.transaction(async (tx) => {
      const registries = readableRegistries(await listRegistries(tx), scope.projectUid);
      const registry = registries.find(({ name }) => name === path.registryName);
      if (registry === undefined) throw notFound('registry', path.registryName);
      const access = registry.spec && (await registryAccess(tx, services.secrets, registry));
      return {
        config: {
          name: registry.name,
          endpoint: endpointView(registry, services.publicUrl),
          auth:
            access === undefined || !('username' in access.credentials || access.credentials.kind === 'noAuth')
              ? { type: 'noAuth' as const }
              : authView(access),
        },
      };
    });
    return { status: 200, body };
  },

  v1RegistriesUidDelete: async ({ path }, ctx) => {
    await deleteRegistry(ctx, undefined, path.uid);
    return { status: 204 };
  },

  v1OciRegistriesGet: async ({ path }, { db, scope, services }) => {
    const body = await db.transaction(
      async (tx) => {
        const registry = await findRegistry(tx, path.uid);
        if (registry?.spec === undefined || registry.kind !== 'oci' || !mayRead(registry, scope.projectUid))
          throw notFound('oci registry', path.uid);
        const { spec } = registry;
        const access = await registryAccess(tx, services.secrets, registry);
        return {
          auth: authView(access),
          defaultRegion: spec.region,
          endpoint: spec.endpoint,
          providerType: spec.provider,
          scope: 'tenant',
          type: spec.type,
        };
      },
      { readOnly: true },
    );
    return { status: 200, body };
  },
} satisfies SomeHandlers;
