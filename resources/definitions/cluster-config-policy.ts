import type { Schemas } from '#openapi/client/index';
import { resource, type OperationContext, type PlannedValues } from '#resources/engine/index';

import { clusterConfigPolicySchema } from './cluster-config-policy.schema.ts';
import { importIdOf, type ResourceContext } from './shared/import-id.ts';
import { labelsToTags, tagsToLabels } from './shared/labels.ts';
import { contextOf, importNamed } from './shared/named.ts';

type Planned = PlannedValues<typeof clusterConfigPolicySchema>;

export const clusterConfigPolicy = resource({
  type: 'spectrocloud_cluster_config_policy',
  description: 'Maintenance windows: when changes of a cluster template reach the clusters that follow it.',
  schemaVersion: 1,
  schema: clusterConfigPolicySchema,
  timeouts: { create: '10m', update: '10m', delete: '10m' },

  async create({ planned }, ctx) {
    const { uid } = await ctx.client.post('/v1/spcPolicies/maintenance', {
      body: toEntity(planned),
      scope: ctx.scopeOf(planned.context),
      signal: ctx.signal,
    });
    return { ...planned, id: uid };
  },

  async read({ state }, ctx) {
    const { metadata, spec } = await readPolicy(state.id, state.context, ctx);
    return {
      kind: 'current',
      state: {
        ...state,
        name: metadata?.name ?? state.name,
        context: contextOf(metadata, state.context),
        policyType: 'maintenance' as const,
        tags: labelsToTags(metadata?.labels),
        schedules: readSchedules(spec),
      },
    };
  },

  async update({ planned }, ctx) {
    await ctx.client.put('/v1/spcPolicies/maintenance/{uid}', {
      path: { uid: planned.id },
      body: toEntity(planned, planned.id),
      scope: ctx.scopeOf(planned.context),
      signal: ctx.signal,
    });
    return planned;
  },

  async delete({ state }, ctx) {
    await ctx.client.delete('/v1/spcPolicies/{uid}', {
      path: { uid: state.id },
      scope: ctx.scopeOf(state.context),
      signal: ctx.signal,
    });
  },

  async importState({ id }, ctx) {
    return importNamed(id, {
      word: 'cluster config policy',
      read: async (uid, context) => readPolicy(uid, context, ctx),
      list: async (context) => listPolicies(context, ctx),
    });
  },

  identity: ({ planned: { name, context } }) => importIdOf(name, context),

  watched: ({ state }) => ({ type: 'spcpolicy', uid: state.id }),
});

type Context = Pick<OperationContext, 'client' | 'scopeOf' | 'signal'>;

/** A policy by its identifier. @throws ApiError 404 */
export async function readPolicy(
  uid: string,
  context: ResourceContext,
  { client, scopeOf, signal }: Context,
): Promise<Schemas['v1SpcPolicyEntity']> {
  return client.get('/v1/spcPolicies/maintenance/{uid}', { path: { uid }, scope: scopeOf(context), signal });
}

/** Names and identifiers of the policies of a context. */
export async function listPolicies(
  context: ResourceContext,
  { client, scopeOf, signal }: Context,
): Promise<{ uid: string | undefined; name: string | undefined }[]> {
  const found: { uid: string | undefined; name: string | undefined }[] = [];
  for (let next = ''; ;) {
    const { items, listmeta } = await client.post('/v1/dashboard/spcPolicies', {
      body: { filter: {}, sort: [] },
      query: next === '' ? {} : { continue: next },
      repeatable: true,
      scope: scopeOf(context),
      signal,
    });
    found.push(...items.map(({ metadata }) => ({ uid: metadata?.uid, name: metadata?.name })));
    next = listmeta?.continue ?? '';
    if (next === '' || items.length === 0) return found;
  }
}

export function readSchedules(
  spec: Schemas['v1SpcPolicySpec'] | undefined,
): { name: string; startCron: string; durationHrs: number }[] {
  return (spec?.schedules ?? []).map(({ name, startCron, durationHrs }) => ({ name, startCron, durationHrs }));
}

function toEntity(planned: Planned, uid?: string): Schemas['v1SpcPolicyEntity'] {
  return {
    metadata: {
      name: planned.name,
      labels: tagsToLabels(planned.tags),
      ...(uid === undefined ? {} : { uid }),
    },
    spec: {
      schedules: (planned.schedules ?? []).map(({ name, startCron, durationHrs }) => ({
        name,
        startCron,
        durationHrs,
      })),
    },
  };
}
