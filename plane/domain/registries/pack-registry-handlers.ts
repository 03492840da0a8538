import { invalidRequest } from '#plane/api/error';
import type { SomeHandlers, UserContext } from '#plane/api/handler';
import type { RegistryAccess } from '#plane/registry/registry-spec';
import type { Transaction } from '#plane/store/database';

import { page } from '../page.ts';
import { packInput } from './registry-input.ts';
import { listRegistries, readableRegistries, registryAccess, type Registry } from './registry-store.ts';
import {
  changeRegistry,
  createRegistry,
  deleteRegistry,
  requireRegistry,
  showSyncStatus,
  syncRegistry,
  tryRegistry,
} from './store-registry.ts';
import { endpointView, metadataView, packRegistryView, syncStatusView } from './views.ts';

const PACK = { kind: 'pack' } as const;

export const packRegistryHandlers = {
  v1RegistriesPackCreate: async ({ body, query }, ctx) => {
    const spec = body?.spec;
    if (spec === undefined) throw invalidRequest('body.spec: where the registry stands is missing');
    const name = body?.metadata?.name || spec.name || '';
    const access = packInput(spec, undefined);
    const uid = await createRegistry(ctx, { ...body?.metadata, name }, access, { look: query.skipPackSync !== true });
    return { status: 201, body: { uid } };
  },

  V1RegistriesPackValidate: async ({ body }, ctx) => {
    if (body === undefined) throw invalidRequest('body: where the registry stands is missing');
    await tryRegistry(ctx, packInput(body, undefined));
    return { status: 204 };
  },

  v1RegistriesPackList: async ({ query }, ctx) => {
    const registries = query.scope === 'system' ? [] : await ctx.db.transaction(async (tx) => withAccess(tx, ctx));
    const { items, listmeta } = page(registries, query);
    return {
      status: 200,
      body: {
        items: items.map(({ registry, access }) => packRegistryView(registry, access, ctx.services.publicUrl)),
        listmeta,
      },
    };
  },

  v1RegistriesPackSummaryList: async ({ query }, ctx) => {
    const { items, listmeta } = page(await ctx.db.transaction(async (tx) => packRegistries(tx, ctx)), query);
    return {
      status: 200,
      body: {
        items: items.map((registry) => ({
          metadata: metadataView(registry),
          spec: {
            endpoint: endpointView(registry, ctx.services.publicUrl),
            private: registry.spec?.isPrivate ?? false,
            scope: 'tenant',
          },
          status: { sync: syncStatusView(registry) },
        })),
        listmeta,
      },
    };
  },

  v1RegistriesPackUidGet: async ({ path }, { db, scope, services }) => {
    const body = await db.transaction(
      async (tx) => {
        const registry = await requireRegistry(tx, PACK, path.uid, scope.projectUid);
        const access = registry.spec && (await registryAccess(tx, services.secrets, registry));
        return packRegistryView(registry, access, services.publicUrl);
      },
      { readOnly: true },
    );
    return { status: 200, body };
  },

  v1RegistriesPackUidUpdate: async ({ path, body }, ctx) => {
    const spec = body?.spec;
    if (spec === undefined) throw invalidRequest('body.spec: where the registry stands is missing');
    await changeRegistry(ctx, PACK, path.uid, body?.metadata, (before) => packInput(spec, before));
    return { status: 204 };
  },

  v1RegistriesPackUidDelete: async ({ path }, ctx) => {
    await deleteRegistry(ctx, PACK, path.uid);
    return { status: 204 };
  },

  v1RegistriesPackUidSync: async ({ path, query }, ctx) => {
    await syncRegistry(ctx, PACK, path.uid, { force: query.forceSync ?? false });
    return { status: 202 };
  },

  v1RegistriesPackUidSyncStatus: async ({ path }, ctx) => ({
    status: 200,
    body: await showSyncStatus(ctx, PACK, path.uid),
  }),
} satisfies SomeHandlers;

async function packRegistries(tx: Transaction, { scope }: Pick<UserContext, 'scope'>): Promise<Registry[]> {
  return readableRegistries(await listRegistries(tx), scope.projectUid).filter(({ kind }) => kind === 'pack');
}

async function withAccess(
  tx: Transaction,
  ctx: Pick<UserContext, 'scope' | 'services'>,
): Promise<{ registry: Registry; access: RegistryAccess | undefined }[]> {
  const shown = [];
  for (const registry of await packRegistries(tx, ctx))
    shown.push({
      registry,
      access: registry.spec && (await registryAccess(tx, ctx.services.secrets, registry)),
    });
  return shown;
}
