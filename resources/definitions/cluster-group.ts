import { isNotFound, type Schemas } from '#openapi/client/index';
import { resource, type OperationContext, type PlannedValues, type StateValues } from '#resources/engine/index';

import { checkAttachments, toAttachment } from './cluster-brownfield/attachments.ts';
import { readAttachments } from './cluster-brownfield/read.ts';
import { clusterGroupSchema } from './cluster-group/schema.ts';
import { importIdOf, type ResourceContext } from './shared/import-id.ts';
import { labelsToTags, tagsToLabels } from './shared/labels.ts';
import { contextOf, importNamed, type NamedObject } from './shared/named.ts';

type Planned = PlannedValues<typeof clusterGroupSchema>;
type State = StateValues<typeof clusterGroupSchema>;
type Config = Planned['config'][number];

export const clusterGroup = resource({
  type: 'spectrocloud_cluster_group',
  description: 'Host clusters that virtual clusters are placed on, what each of these may use, and what it runs.',
  schemaVersion: 3,
  schema: clusterGroupSchema,
  timeouts: { create: '1h', update: '1h', delete: '1h' },

  // Version 2 had cluster_profile as a list: the same elements make the set.
  upgradeState: ({ state }) => state,

  async create({ planned }, ctx) {
    const scope = ctx.scopeOf(planned.context);
    await checkAttachments(planned.clusterProfile ?? [], ctx.client, scope, ctx.signal);
    const { uid } = await ctx.client.post('/v1/clustergroups', {
      body: {
        metadata: toMetadata(planned),
        spec: { type: 'hostCluster', ...toHosts(planned), profiles: toProfiles(planned) },
      },
      scope,
      signal: ctx.signal,
    });
    return { ...planned, id: uid };
  },

  async read({ state }, ctx) {
    return { kind: 'current', state: toState(await readWhereItIs(state, ctx), state) };
  },

  async update({ planned, prior }, ctx) {
    const { client, signal } = ctx;
    const at = { path: { uid: planned.id }, scope: ctx.scopeOf(planned.context), signal };
    if (!same(planned.clusterProfile, prior.clusterProfile))
      await checkAttachments(planned.clusterProfile ?? [], client, at.scope, signal);
    if (!same(toMetadata(planned), toMetadata(prior)))
      await client.put('/v1/clustergroups/{uid}/meta', { ...at, body: { ...toMetadata(planned), uid: planned.id } });
    if (!same(toHosts(planned), toHosts(prior)))
      await client.put('/v1/clustergroups/{uid}/hostCluster', { ...at, body: toHosts(planned) });
    if (!same(toProfiles(planned), toProfiles(prior)))
      await client.put('/v1/clustergroups/{uid}/profiles', { ...at, body: { profiles: toProfiles(planned, prior) } });
    return toState(await readGroup(planned.id, planned.context, ctx), planned);
  },

  async delete({ state }, ctx) {
    await ctx.client.delete('/v1/clustergroups/{uid}', {
      path: { uid: state.id },
      scope: ctx.scopeOf(state.context),
      signal: ctx.signal,
    });
  },

  async importState({ id }, ctx) {
    return importNamed(id, {
      word: 'cluster group',
      read: async (uid, context) => readGroup(uid, context, ctx),
      list: async (context) => listGroups(context, ctx),
    });
  },

  identity: ({ planned: { name, context } }) => importIdOf(name, context),

  watched: ({ state }) => ({ type: 'clustergroup', uid: state.id }),
});

type Context = Pick<OperationContext, 'client' | 'scopeOf' | 'signal'>;

async function readGroup(
  uid: string,
  context: ResourceContext,
  { client, scopeOf, signal }: Context,
): Promise<Schemas['v1ClusterGroup']> {
  return client.get('/v1/clustergroups/{uid}', { path: { uid }, scope: scopeOf(context), signal });
}

/** Of a group that is known by its identifier alone the context is a guess: a project shows the tenant's as well. */
async function readWhereItIs({ id, context }: State, ctx: Context): Promise<Schemas['v1ClusterGroup']> {
  try {
    return await readGroup(id, context, ctx);
  } catch (error) {
    if (context === 'project' || !isNotFound(error)) throw error;
    return readGroup(id, 'project', ctx);
  }
}

/** Names and identifiers of the groups of a context. */
export async function listGroups(
  context: ResourceContext,
  { client, scopeOf, signal }: Context,
): Promise<NamedObject[]> {
  const { items } = await client.get('/v1/clustergroups/hostCluster/metadata', { scope: scopeOf(context), signal });
  return items.map(({ uid, name }) => ({ uid, name }));
}

function toMetadata({ name, tags, description }: Planned): {
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
} {
  return { name, labels: tagsToLabels(tags), annotations: { description } };
}

function toHosts({ clusters, config: [config] }: Planned): {
  clusterRefs: Schemas['v1ClusterGroupClusterRef'][];
  clustersConfig: Schemas['v1ClusterGroupClustersConfig'];
} {
  const hosts = clusters ?? [];
  return {
    clusterRefs: hosts.map(({ clusterUid }) => ({ clusterUid })),
    clustersConfig: {
      ...(config === undefined ? {} : toConfig(config)),
      hostClustersConfig: hosts.map(({ clusterUid, hostDns }) => ({
        clusterUid,
        endpointConfig: (hostDns ?? '') === '' ? {} : { ingressConfig: { host: hostDns ?? '' } },
      })),
    },
  };
}

function toConfig(config: Config): Schemas['v1ClusterGroupClustersConfig'] {
  return {
    endpointType: config.hostEndpointType === '' ? 'Ingress' : config.hostEndpointType,
    kubernetesDistroType: config.k8sDistribution,
    limitConfig: {
      cpuMilliCore: config.cpuMillicore ?? 0,
      memoryMiB: config.memoryInMb ?? 0,
      storageGiB: config.storageInGb ?? 0,
      overSubscription: config.oversubscriptionPercent ?? 0,
    },
    values: config.values,
  };
}

/** The profiles of a group; a variable that had a value and has none now gets its default again. */
function toProfiles({ clusterProfile }: Planned, prior?: Planned): Schemas['v1SpectroClusterProfileEntity'][] {
  return (clusterProfile ?? []).map((attachment) => {
    const before = prior?.clusterProfile?.find(({ id }) => id === attachment.id)?.variables ?? {};
    const { variables = [], ...entity } = toAttachment(attachment);
    const unset = Object.keys(before).filter((name) => !variables.some((variable) => variable.name === name));
    return { ...entity, variables: [...variables, ...unset.map((name) => ({ name, value: '' }))] };
  });
}

function toState({ metadata, spec }: Schemas['v1ClusterGroup'], state: State): State {
  const hosts = spec?.clustersConfig?.hostClustersConfig ?? [];
  return {
    ...state,
    name: metadata?.name ?? state.name,
    context: contextOf(metadata, state.context),
    description: metadata?.annotations?.['description'] ?? '',
    tags: labelsToTags(metadata?.labels),
    // Values of variables are not told; profiles that somebody else added are drift.
    clusterProfile: readAttachments(state.clusterProfile ?? [], spec?.clusterProfileTemplates ?? [], undefined, true),
    clusters: (spec?.clusterRefs ?? []).map(({ clusterUid = '' }) => ({
      clusterUid,
      hostDns: hosts.find((host) => host.clusterUid === clusterUid)?.endpointConfig?.ingressConfig?.host,
    })),
    config: [readConfig(spec?.clustersConfig, state.config?.[0])],
  };
}

function readConfig(found: Schemas['v1ClusterGroupClustersConfig'] | undefined, before: Config | undefined): Config {
  const limits = found?.limitConfig ?? {};
  // Without a limit and with a limit of nothing mean the same; what is written stays.
  const read = (value: number | undefined, known: number | undefined): number | undefined =>
    (value ?? 0) === 0 && (known ?? 0) === 0 ? known : (value ?? 0);
  return {
    hostEndpointType: before?.hostEndpointType === '' ? '' : (found?.endpointType ?? 'Ingress'),
    k8sDistribution: found?.kubernetesDistroType ?? 'vcluster-generic',
    cpuMillicore: read(limits.cpuMilliCore, before?.cpuMillicore),
    memoryInMb: read(limits.memoryMiB, before?.memoryInMb),
    storageInGb: read(limits.storageGiB, before?.storageInGb),
    oversubscriptionPercent: read(limits.overSubscription, before?.oversubscriptionPercent),
    values: found?.values ?? '',
  };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
