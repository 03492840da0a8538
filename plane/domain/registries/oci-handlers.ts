import { invalidRequest } from '#plane/api/error';
import type { SomeHandlers } from '#plane/api/handler';

import { basicOciInput, ecrInput } from './registry-input.ts';
import { listRegistries, readableRegistries } from './registry-store.ts';
import {
  changeRegistry,
  createRegistry,
  deleteRegistry,
  showRegistry,
  showSyncStatus,
  syncRegistry,
  tryRegistry,
} from './store-registry.ts';
import { basicOciView, ecrView, ociSummaryView } from './views.ts';

const BASIC = { kind: 'oci', type: 'basic' } as const;
const ECR = { kind: 'oci', type: 'ecr' } as const;

export const ociHandlers = {
  v1OciRegistriesSummary: async (_request, { db, scope }) => {
    const registries = readableRegistries(await db.transaction(listRegistries), scope.projectUid);
    const items = registries.flatMap((registry) =>
      registry.kind === 'oci' && registry.spec ? [ociSummaryView(registry, registry.spec)] : [],
    );
    return { status: 200, body: { items } };
  },

  v1BasicOciRegistriesCreate: async ({ body, query }, ctx) => {
    const access = basicOciInput(required(body?.spec), undefined);
    const uid = await createRegistry(ctx, body?.metadata, access, { look: query.skipPackSync !== true });
    return { status: 201, body: { uid } };
  },
  v1BasicOciRegistriesValidate: async ({ body }, ctx) => {
    await tryRegistry(ctx, basicOciInput(required(body), undefined));
    return { status: 204 };
  },
  v1BasicOciRegistriesUidGet: async ({ path }, ctx) => ({
    status: 200,
    body: basicOciView(await showRegistry(ctx, BASIC, path.uid)),
  }),
  v1BasicOciRegistriesUidUpdate: async ({ path, body }, ctx) => {
    const spec = required(body?.spec);
    await changeRegistry(ctx, BASIC, path.uid, body?.metadata, (before) => basicOciInput(spec, before));
    return { status: 204 };
  },
  v1BasicOciRegistriesUidDelete: async ({ path }, ctx) => {
    await deleteRegistry(ctx, BASIC, path.uid);
    return { status: 204 };
  },
  v1BasicOciRegistriesUidSync: async ({ path, query }, ctx) => {
    await syncRegistry(ctx, BASIC, path.uid, { force: query.forceSync ?? false });
    return { status: 202 };
  },
  v1BasicOciRegistriesUidSyncStatus: async ({ path }, ctx) => ({
    status: 200,
    body: await showSyncStatus(ctx, BASIC, path.uid),
  }),

  v1EcrRegistriesCreate: async ({ body, query }, ctx) => {
    const access = ecrInput(required(body?.spec), undefined);
    const uid = await createRegistry(ctx, body?.metadata, access, { look: query.skipPackSync !== true });
    return { status: 201, body: { uid } };
  },
  v1EcrRegistriesValidate: async ({ body }, ctx) => {
    await tryRegistry(ctx, ecrInput(required(body), undefined));
    return { status: 204 };
  },
  v1EcrRegistriesUidGet: async ({ path }, ctx) => ({
    status: 200,
    body: ecrView(await showRegistry(ctx, ECR, path.uid)),
  }),
  v1EcrRegistriesUidUpdate: async ({ path, body }, ctx) => {
    const spec = required(body?.spec);
    await changeRegistry(ctx, ECR, path.uid, body?.metadata, (before) => ecrInput(spec, before));
    return { status: 204 };
  },
  v1EcrRegistriesUidDelete: async ({ path }, ctx) => {
    await deleteRegistry(ctx, ECR, path.uid);
    return { status: 204 };
  },
  v1EcrRegistriesUidSync: async ({ path, query }, ctx) => {
    await syncRegistry(ctx, ECR, path.uid, { force: query.forceSync ?? false });
    return { status: 202 };
  },
  v1EcrRegistriesUidSyncStatus: async ({ path }, ctx) => ({
    status: 200,
    body: await showSyncStatus(ctx, ECR, path.uid),
  }),
} satisfies SomeHandlers;

function required<T>(spec: T | undefined): T {
  if (spec === undefined) throw invalidRequest('body.spec: where the registry stands is missing');
  return spec;
}
