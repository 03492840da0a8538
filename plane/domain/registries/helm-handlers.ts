import { invalidRequest, PlaneError } from '#plane/api/error';
import type { SomeHandlers, UserContext } from '#plane/api/handler';
import { RegistryError } from '#plane/registry/registry-error';
import type { RegistryAccess } from '#plane/registry/registry-spec';

import { page } from '../page.ts';
import { toPlaneError } from '../packs/fetch-packs.ts';
import { helmInput } from './registry-input.ts';
import { listRegistries, readableRegistries, registryAccess, type Registry } from './registry-store.ts';
import {
  changeRegistry,
  createRegistry,
  deleteRegistry,
  showRegistry,
  showSyncStatus,
  syncRegistry,
  tryRegistry,
} from './store-registry.ts';
import { helmView, metadataView, syncStatusView, type ShownRegistry } from './views.ts';

const HELM = { kind: 'helm' } as const;

export const helmHandlers = {
  v1RegistriesHelmCreate: async ({ body }, ctx) => {
    const spec = body?.spec;
    if (spec === undefined) throw invalidRequest('body.spec: where the registry stands is missing');
    const access = helmInput(spec, undefined, true);
    const { charts = [], skipSync = false } = spec.createOption ?? {};
    if (charts.length > 0) await requireCharts(ctx, access, charts);
    const name = body?.metadata?.name || spec.name || '';
    return {
      status: 201,
      body: { uid: await createRegistry(ctx, { ...body?.metadata, name }, access, { look: !skipSync }) },
    };
  },

  V1RegistriesHelmValidate: async ({ body }, ctx) => {
    if (body === undefined) throw invalidRequest('body: where the registry stands is missing');
    await tryRegistry(ctx, helmInput(body, undefined, true));
    return { status: 204 };
  },

  v1RegistriesHelmList: async ({ query }, ctx) => {
    const shown =
      query.scope === 'system'
        ? []
        : await ctx.db.transaction(async (tx) => {
            const registries = await helmRegistries(tx, ctx);
            const withAccess: ShownRegistry[] = [];
            for (const registry of registries)
              withAccess.push({ registry, access: await registryAccess(tx, ctx.services.secrets, registry) });
            return withAccess;
          });
    const { items, listmeta } = page(shown, query);
    return { status: 200, body: { items: items.map(helmView), listmeta } };
  },

  v1RegistriesHelmSummaryList: async ({ query }, ctx) => {
    const { items, listmeta } = page(await ctx.db.transaction(async (tx) => helmRegistries(tx, ctx)), query);
    return {
      status: 200,
      body: {
        items: items.map((registry) => ({
          metadata: metadataView(registry),
          spec: {
            endpoint: registry.spec?.endpoint ?? '',
            isPrivate: registry.spec?.isPrivate ?? false,
            scope: 'tenant',
          },
          status: { sync: syncStatusView(registry) },
        })),
        listmeta,
      },
    };
  },

  v1RegistriesHelmUidGet: async ({ path }, ctx) => ({
    status: 200,
    body: helmView(await showRegistry(ctx, HELM, path.uid)),
  }),

  v1RegistriesHelmUidUpdate: async ({ path, body }, ctx) => {
    const spec = body?.spec;
    if (spec === undefined) throw invalidRequest('body.spec: where the registry stands is missing');
    await changeRegistry(ctx, HELM, path.uid, body?.metadata, (before) => helmInput(spec, before, true));
    return { status: 204 };
  },

  v1RegistriesHelmUidDelete: async ({ path }, ctx) => {
    await deleteRegistry(ctx, HELM, path.uid);
    return { status: 204 };
  },

  v1RegistriesHelmUidSync: async ({ path, query }, ctx) => {
    await syncRegistry(ctx, HELM, path.uid, { force: query.forceSync ?? false });
    return { status: 202 };
  },

  v1RegistriesHelmUidSyncStatus: async ({ path }, ctx) => ({
    status: 200,
    body: await showSyncStatus(ctx, HELM, path.uid),
  }),
} satisfies SomeHandlers;

async function helmRegistries(
  tx: Parameters<typeof listRegistries>[0],
  { scope }: Pick<UserContext, 'scope'>,
): Promise<Registry[]> {
  return readableRegistries(await listRegistries(tx), scope.projectUid).filter(({ kind }) => kind === 'helm');
}

/** @throws PlaneError 422 when a chart is not there: the registry is not stored then. */
async function requireCharts(
  { services, signal }: UserContext,
  access: RegistryAccess,
  charts: readonly { readonly name?: string; readonly version?: string }[],
): Promise<void> {
  const source = services.fleet.registries.open(access);
  try {
    for (const { name = '', version = '' } of charts) {
      if ((await source.find(name, version, { signal })) === undefined)
        throw new PlaneError(422, 'RegistryNotFound', `the registry has no chart ${name} ${version}`);
    }
  } catch (error) {
    if (error instanceof RegistryError) throw toPlaneError(error);
    throw error;
  } finally {
    source.close();
  }
}
