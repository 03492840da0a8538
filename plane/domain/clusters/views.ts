/** Clusters in the API's shapes. */
import type { components } from '#openapi/generated/types';
import type { LayerStatus, ObjectProblem } from '#protocol/report';

import type { Profile } from '../profiles/profile.ts';
import type { PackOverride } from '#profiles/compose';
import type { StoredPack } from '../packs/pack-store.ts';
import { profileTemplate } from '../profiles/views.ts';
import { clusterMetadata, type Cluster } from './cluster.ts';

type Schemas = components['schemas'];

export interface AttachedView {
  readonly profile: Profile;
  readonly overrides: readonly PackOverride[];
}

export interface ClusterView {
  readonly cluster: Cluster;
  readonly tenantUid: string;
  readonly projectName: string;
  readonly profiles: readonly AttachedView[];
  readonly packs: ReadonlyMap<string, StoredPack>;
  /** How `kubectl` joins this cluster: `kubectl apply -f <address>`. */
  readonly importLink: string;
}

/** `GET /v1/spectroclusters/{uid}` */
export function spectroCluster(view: ClusterView): Schemas['v1SpectroCluster'] {
  const { cluster } = view;
  const { settings } = cluster;
  return {
    apiVersion: 'v1',
    kind: 'spectrocluster',
    metadata: clusterMetadata(cluster, view.tenantUid),
    spec: {
      cloudType: cluster.cloudType,
      clusterType: cluster.importMode === 'read-only' ? 'AlloyMonitor' : 'AlloyExtend',
      cloudConfigRef: { kind: cluster.cloudType, name: cluster.name, uid: cloudConfigUid(cluster) },
      clusterConfig: {
        clusterMetaAttribute: settings.clusterMetaAttribute ?? '',
        timezone: settings.timezone ?? '',
        ...(settings.hostClusterConfig === undefined ? {} : { hostClusterConfig: settings.hostClusterConfig }),
        machineManagementConfig: { osPatchConfig: settings.osPatchConfig ?? {} },
        clusterResources: {
          namespaces: (settings.namespaces ?? []).map(reference('clusterNamespace')),
          rbacs: (settings.rbacs ?? []).map(reference('clusterRbac')),
        },
      },
      clusterProfileTemplates: view.profiles.map((attached) => attachedTemplate(attached, cluster, view.packs)),
      ...(cluster.templateUid === undefined
        ? {}
        : { clusterTemplate: { uid: cluster.templateUid, projectUid: cluster.projectUid } }),
    },
    status: {
      state: cluster.state,
      clusterImport: clusterImport(view),
      conditions: conditions(cluster),
      packs: packStatuses(view),
      location: settings.location ?? {},
      services: [],
      apiEndpoints: [],
      addOnServices: [],
      fips: { mode: 'none' },
      profileStatus: { hasUserMacros: false },
      repave: { state: 'Approved' },
      spcApply: { canBeApplied: true, actionType: 'DownloadAndInstall' },
      upgrades: [],
    },
  };
}

/** A cluster's cloud configuration shares its identifier: an imported cluster has exactly one. */
export function cloudConfigUid(cluster: Pick<Cluster, 'uid'>): string {
  return cluster.uid;
}

function reference(
  kind: string,
): (resource: { readonly metadata?: Schemas['v1ObjectMeta'] }) => Schemas['v1ResourceReference'] {
  return ({ metadata }) => ({ kind, name: metadata?.name ?? '', uid: metadata?.uid ?? '' });
}

/** The profile's stack as this cluster runs it. */
function attachedTemplate(
  { profile, overrides }: AttachedView,
  cluster: Cluster,
  packs: ReadonlyMap<string, StoredPack>,
): Schemas['v1ClusterProfileTemplate'] {
  const published = profile.published?.packs ?? [];
  const own = published.map((pack) => {
    const override = overrides.find((candidate) => candidate.name === pack.name);
    return override?.values?.trim() ? { ...pack, values: override.values } : pack;
  });
  const running = runningDigest(profile, cluster);
  return {
    ...profileTemplate(profile, { packs: own }, packs),
    ...(profile.digest === undefined ? {} : { digest: profile.digest }),
    ...(running === undefined ? {} : { runningDigest: running }),
  };
}

/** The content of a profile that the agent last said to be applied; undefined while it is on the way to another. */
function runningDigest({ uid }: Profile, { status }: Cluster): string | undefined {
  const layers = status?.layers.filter(({ profileUid }) => profileUid === uid) ?? [];
  const [first] = layers;
  const same = layers.every(
    ({ condition, profileDigest }) =>
      (condition === 'Ready' || condition === 'NotReady') && profileDigest === first?.profileDigest,
  );
  return same ? first?.profileDigest : undefined;
}

function clusterImport({ cluster, importLink }: ClusterView): Schemas['v1ClusterImport'] {
  return {
    importLink,
    isBrownfield: true,
    state: cluster.state === 'Pending' || cluster.state === 'Importing' ? 'importing' : 'imported',
  };
}

function conditions(cluster: Cluster): Schemas['v1ClusterCondition'][] {
  const time = (cluster.heartbeatAt ?? cluster.modifiedAt).toISOString();
  return [
    {
      type: 'Healthy',
      status: cluster.health === 'Healthy' ? 'True' : cluster.health === 'UnHealthy' ? 'False' : 'Unknown',
      reason: cluster.health,
      message: cluster.message,
      lastProbeTime: time,
    },
    // As the agent saw them last.
    ...(cluster.status?.conditions ?? []).map(({ lastTransitionAt, ...condition }) => ({
      ...condition,
      lastProbeTime: (cluster.statusSentAt ?? cluster.modifiedAt).toISOString(),
      lastTransitionTime: lastTransitionAt,
    })),
  ];
}

/** `GET /v1/dashboard/spectroclusters/{uid}/overview` */
export function clusterOverview(view: ClusterView): Schemas['v1SpectroClusterUidSummary'] {
  const { cluster } = view;
  const templates = view.profiles.map((attached) => templateMeta(attached));
  return {
    metadata: clusterMetadata(cluster, view.tenantUid),
    spec: {
      archTypes: [],
      cloudConfig: cloudConfig(cluster),
      clusterProfileTemplates: templates,
      ...(templates[0] === undefined ? {} : { clusterProfileTemplate: templates[0] }),
    },
    status: {
      state: cluster.state,
      health: health(cluster),
      clusterImport: clusterImport(view),
      conditions: conditions(cluster),
      kubeMeta: {
        hasKubeConfig: false,
        hasKubeConfigClient: false,
        hasManifest: false,
        kubernetesVersion: cluster.kubernetesVersion,
      },
      packs: packStatuses(view),
      location: metaLocation(cluster.settings.location),
      notifications: { isAvailable: false },
      fips: { mode: 'none' },
      spcApply: { canBeApplied: true },
      services: [],
      apiEndpoints: [],
      addOnServices: [],
      upgrades: [],
      workspaces: [],
    },
  };
}

/** One item of `POST /v1/dashboard/spectroclusters/search` */
export function clusterSummary(view: ClusterView): Schemas['v1SpectroClusterSummary'] {
  const { cluster } = view;
  const templates = view.profiles.map((attached) => templateMeta(attached));
  return {
    metadata: clusterMetadata(cluster, view.tenantUid),
    specSummary: {
      archTypes: [],
      cloudConfig: cloudConfig(cluster),
      clusterConfig: { timezone: cluster.settings.timezone ?? '' },
      clusterProfileTemplates: templates,
      ...(templates[0] === undefined ? {} : { clusterProfileTemplate: templates[0] }),
      projectMeta: { uid: cluster.projectUid, name: view.projectName },
    },
    status: {
      state: cluster.state,
      health: health(cluster),
      clusterImport: clusterImport(view),
      location: metaLocation(cluster.settings.location),
      notifications: { isAvailable: false },
      fips: { mode: 'none' },
    },
  };
}

function cloudConfig(cluster: Cluster): Schemas['v1CloudConfigMeta'] {
  return { cloudType: cluster.cloudType, uid: cloudConfigUid(cluster), machinePools: [] };
}

function templateMeta({ profile }: AttachedView): Schemas['v1ClusterProfileTemplateMeta'] {
  return {
    uid: profile.uid,
    name: profile.name,
    type: profile.type,
    cloudType: profile.cloudType,
    scope: profile.projectUid === undefined ? 'tenant' : 'project',
    packs: (profile.published?.packs ?? []).map(({ name, layer, tag, version, packUid, registryUid, type }) => ({
      name,
      layer,
      tag,
      version,
      packUid,
      registryUid,
      type,
    })),
  };
}

function health(cluster: Cluster): Schemas['v1SpectroClusterHealthStatus'] {
  return {
    state: cluster.health,
    agentVersion: cluster.agentVersion,
    conditions:
      cluster.message === ''
        ? []
        : [
            {
              type: cluster.health,
              message: cluster.message,
              relatedObject: { kind: 'spectrocluster', name: cluster.name, uid: cluster.uid },
            },
          ],
    ...(cluster.heartbeatAt === undefined ? {} : { lastHeartBeatTimestamp: cluster.heartbeatAt.toISOString() }),
  };
}

function metaLocation(location: Schemas['v1ClusterLocation'] | undefined): Schemas['v1ClusterMetaSpecLocation'] {
  const { geoLoc, countryCode = '', countryName = '', regionCode = '', regionName = '' } = location ?? {};
  const coordinates =
    geoLoc?.longitude === undefined || geoLoc.latitude === undefined ? [] : [geoLoc.longitude, geoLoc.latitude];
  return { countryCode, countryName, regionCode, regionName, coordinates };
}

/** Every pack of the attached profiles with what the agent says about it. */
export function packStatuses({
  cluster,
  profiles,
}: Pick<ClusterView, 'cluster' | 'profiles'>): Schemas['v1ClusterPackStatus'][] {
  const reported = cluster.status;
  return profiles.flatMap(({ profile }) =>
    (profile.published?.packs ?? []).map((pack): Schemas['v1ClusterPackStatus'] => {
      const layer = reported?.layers.find(
        (candidate) => candidate.name === pack.name && candidate.profileUid === profile.uid,
      );
      const common = { name: pack.name, profileUid: profile.uid, type: pack.type, version: pack.version, services: [] };
      if (!layer || !reported)
        return { ...common, condition: waiting(`it waits for revision ${cluster.revision}`), manifests: [] };
      // What is ready of an older revision says nothing about this one; what failed is still worth telling.
      const outdated = reported.revision < cluster.revision && layer.condition === 'Ready';
      return {
        ...common,
        condition: outdated ? waiting(`revision ${cluster.revision} is on its way`) : layerCondition(layer),
        manifests: layer.problems.map((problem) => ({
          name: objectName(problem),
          uid: '',
          condition: problemCondition(problem),
        })),
        startTime: layer.startedAt,
        ...(layer.endedAt === undefined ? {} : { endTime: layer.endedAt }),
      };
    }),
  );
}

function waiting(message: string): Schemas['v1ClusterCondition'] {
  return { type: 'Pending', status: 'False', reason: 'Pending', message };
}

function layerCondition(layer: LayerStatus): Schemas['v1ClusterCondition'] {
  return {
    type: layer.condition,
    status: layer.condition === 'Ready' ? 'True' : 'False',
    reason: layer.condition,
    message: [layer.message, ...layer.problems.map(problemText)].filter((text) => text !== '').join('; '),
  };
}

function problemCondition(problem: ObjectProblem): Schemas['v1ClusterCondition'] {
  return {
    type: 'Error',
    status: 'False',
    reason: problem.field ?? '',
    message: problem.field === undefined ? problem.message : `${problem.field}: ${problem.message}`,
  };
}

function problemText(problem: ObjectProblem): string {
  return `${objectName(problem)}: ${problem.field === undefined ? '' : `${problem.field}: `}${problem.message}`;
}

function objectName({ kind, namespace, name }: ObjectProblem): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
