import type { Schemas } from '#openapi/client/index';
import { resource, type OperationContext, type PlannedValues, type StateValues } from '#resources/engine/index';

import { attachedClusters, listTemplates, readTemplate, templateProfiles } from './cluster-config-template/read.ts';
import { clusterConfigTemplateSchema } from './cluster-config-template/schema.ts';
import { importIdOf } from './shared/import-id.ts';
import { labelsToTags, tagsToLabels } from './shared/labels.ts';
import { contextOf, importNamed } from './shared/named.ts';

type Planned = PlannedValues<typeof clusterConfigTemplateSchema>;
type State = StateValues<typeof clusterConfigTemplateSchema>;

export const clusterConfigTemplate = resource({
  type: 'spectrocloud_cluster_config_template',
  description:
    'A cluster template: profiles with values, and a policy of when they change, for all clusters that follow it.',
  schemaVersion: 1,
  schema: clusterConfigTemplateSchema,
  timeouts: { create: '10m', update: '10m', delete: '10m' },

  async create({ planned }, ctx) {
    const { uid } = await ctx.client.post('/v1/clusterTemplates', {
      body: {
        metadata: toMetadata(planned),
        spec: { cloudType: planned.cloudType, profiles: toProfiles(planned), policies: toPolicies(planned) },
      },
      scope: ctx.scopeOf(planned.context),
      signal: ctx.signal,
    });
    return { ...planned, id: uid, attachedCluster: [], executionState: 'Pending' };
  },

  async read({ state }, ctx) {
    const found = await readTemplate(state.id, state.context, ctx);
    return { kind: 'current', state: toState(found, state) };
  },

  async update({ planned, prior }, ctx) {
    const { client, signal } = ctx;
    const at = { path: { uid: planned.id }, scope: ctx.scopeOf(planned.context), signal };
    if (!same(toMetadata(planned), toMetadata(prior)))
      await client.patch('/v1/clusterTemplates/{uid}/metadata', { ...at, body: { metadata: toMetadata(planned) } });
    // Windows first: what changes after that waits for the new ones.
    if (!same(toPolicies(planned), toPolicies(prior)))
      await client.patch('/v1/clusterTemplates/{uid}/policies', { ...at, body: { policies: toPolicies(planned) } });
    if (!same(toProfiles(planned), toProfiles(prior)))
      await client.put('/v1/clusterTemplates/{uid}/profiles', { ...at, body: { profiles: toProfiles(planned) } });
    if ((planned.upgradeNow ?? '') !== '' && planned.upgradeNow !== prior.upgradeNow) await upgradeNow(planned, ctx);
    return toState(await readTemplate(planned.id, planned.context, ctx), planned);
  },

  async delete({ state }, ctx) {
    await ctx.client.delete('/v1/clusterTemplates/{uid}', {
      path: { uid: state.id },
      scope: ctx.scopeOf(state.context),
      signal: ctx.signal,
    });
  },

  async importState({ id }, ctx) {
    return importNamed(id, {
      word: 'cluster config template',
      read: async (uid, context) => readTemplate(uid, context, ctx),
      list: async (context) => listTemplates(context, ctx),
    });
  },

  identity: ({ planned: { name, context } }) => importIdOf(name, context),

  watched: ({ state }) => ({ type: 'clustertemplate', uid: state.id }),
});

async function upgradeNow({ id, context }: State, ctx: OperationContext): Promise<void> {
  const clusters = attachedClusters(await readTemplate(id, context, ctx));
  if (clusters.length === 0) return;
  await ctx.client.patch('/v1/spectroclusters/clusterTemplates/{uid}/clusters/upgrade', {
    path: { uid: id },
    body: { clusterUids: clusters.map(({ clusterUid }) => clusterUid) },
    scope: ctx.scopeOf(context),
    signal: ctx.signal,
  });
}

function toMetadata({ name, tags, description }: Planned): {
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
} {
  return { name, labels: tagsToLabels(tags), annotations: { description: description ?? '' } };
}

function toProfiles({ clusterProfile }: Planned): Schemas['v1ClusterTemplateProfile'][] {
  return (clusterProfile ?? []).map(({ id, variables }) => ({
    uid: id,
    variables: (variables ?? []).map(({ name, value, assignStrategy }) => ({
      name,
      assignStrategy,
      ...(value === undefined ? {} : { value }),
    })),
  }));
}

function toPolicies({ policy }: Planned): Schemas['v1PolicyRef'][] {
  return (policy ?? []).map(({ id, kind }) => ({ uid: id, kind: kind ?? 'maintenance' }));
}

function toState(found: Schemas['v1ClusterTemplate'], state: State): State {
  const { metadata, spec, status } = found;
  return {
    ...state,
    name: metadata?.name ?? state.name,
    context: contextOf(metadata, state.context),
    cloudType: spec?.cloudType ?? state.cloudType,
    description: metadata?.annotations?.['description'],
    tags: labelsToTags(metadata?.labels),
    clusterProfile: templateProfiles(found, state.clusterProfile),
    policy: (spec?.policies ?? []).map(({ uid = '', kind }) => {
      const before = state.policy?.find(({ id }) => id === uid);
      // Left out, it is what the API takes it for.
      return { id: uid, kind: before !== undefined && before.kind === undefined ? undefined : kind };
    }),
    attachedCluster: attachedClusters(found),
    executionState: status?.state ?? 'Pending',
  };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
