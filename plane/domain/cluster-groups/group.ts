/** Cluster groups as they are stored: host clusters, what virtual clusters on them may use, and what they run. */
import { z } from 'zod';

import type { PackOverride } from '#profiles/compose';
import type { components } from '#openapi/generated/types';
import { conflict, invalidRequest, notFound, PlaneError } from '#plane/api/error';
import type { Scope } from '#plane/api/handler';
import type { OwnedKind, OwnedRow } from '#plane/domain/owned';
import type { Secrets } from '#plane/domain/secrets/secrets';
import type { Transaction } from '#plane/store/database';
import { isUid } from '#plane/store/uid';

import { overridesOf } from '../clusters/attach.ts';
import { selectClusters, type Cluster } from '../clusters/cluster.ts';
import { checkValues } from '../profiles/check-variables.ts';
import { requireProfile } from '../profiles/profile-store.ts';

type Schemas = components['schemas'];

export const GROUP: OwnedKind = { table: 'cluster_groups', word: 'cluster group' };

export interface GroupRow extends OwnedRow {
  /** GroupConfig */
  readonly config: unknown;
}

const LIMITS = ['cpu', 'cpuMilliCore', 'memory', 'memoryMiB', 'storageGiB', 'overSubscription'] as const;

/** What holds for every virtual cluster of a group. */
export const GroupConfig = z.object({
  endpointType: z.enum(['Ingress', 'LoadBalancer']).default('Ingress'),
  kubernetesDistroType: z.enum(['k3s', 'cncf_k8s', 'vcluster-generic']).default('vcluster-generic'),
  /** Limits of one virtual cluster; absent or 0: none. */
  limitConfig: z.partialRecord(z.enum(LIMITS), z.int().min(0)).default({}),
  /** YAML for the virtual clusters' own chart. */
  values: z.string().default(''),
});
export type GroupConfig = z.infer<typeof GroupConfig>;

/** A host cluster of a group, and where virtual clusters on it are reached. */
export interface GroupHost {
  readonly cluster: Cluster;
  readonly endpoint: Schemas['v1HostClusterEndpointConfig'];
}

/** The configuration of a request. @throws PlaneError 422 that names the limit that is none */
export function readConfig(given: Schemas['v1ClusterGroupClustersConfig'] | undefined): GroupConfig {
  const { endpointType, kubernetesDistroType, limitConfig, values } = given ?? {};
  const read = GroupConfig.safeParse({ endpointType, kubernetesDistroType, limitConfig, values });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw invalidRequest(`clustersConfig.${(issue?.path ?? []).join('.')}: ${issue?.message ?? 'is wrong'}`);
}

/**
 * Stores which clusters a group has.
 *
 * @throws PlaneError 404 for a cluster out of reach, 422 for one that hosts nothing or is reached in another way
 */
export async function storeHosts(
  tx: Transaction,
  scope: Scope,
  groupUid: string,
  config: GroupConfig,
  refs: readonly Schemas['v1ClusterGroupClusterRef'][],
  hosts: readonly Schemas['v1ClusterGroupHostClusterConfig'][],
): Promise<void> {
  const uids = refs.map(({ clusterUid = '' }) => clusterUid);
  const clusters = await selectClusters(tx, 'uid = ANY ($1::text[]) AND ($2::text IS NULL OR project_uid = $2)', [
    uids.filter(isUid),
    scope.projectUid ?? null,
  ]);
  const stranger = hosts.find(({ clusterUid = '' }) => !uids.includes(clusterUid));
  if (stranger !== undefined)
    throw invalidRequest(
      `clustersConfig.hostClustersConfig: cluster '${stranger.clusterUid ?? ''}' is not of the group`,
    );
  await tx.execute('DELETE FROM cluster_group_clusters WHERE group_uid = $1', [groupUid]);
  for (const [position, uid] of uids.entries()) {
    const cluster = clusters.find((candidate) => candidate.uid === uid);
    if (cluster === undefined) throw notFound('cluster', uid);
    if (uids.indexOf(uid) !== position) throw invalidRequest(`clusterRefs: cluster ${cluster.name} stands there twice`);
    refuseUnfit(cluster, config);
    await tx.execute(
      'INSERT INTO cluster_group_clusters (group_uid, cluster_uid, position, endpoint) VALUES ($1, $2, $3, $4::jsonb)',
      [
        groupUid,
        uid,
        position,
        JSON.stringify(hosts.find(({ clusterUid }) => clusterUid === uid)?.endpointConfig ?? {}),
      ],
    );
  }
}

function refuseUnfit({ name, settings, state }: Cluster, { endpointType }: GroupConfig): void {
  const { hostClusterConfig } = settings;
  if (hostClusterConfig?.isHostCluster !== true)
    throw new PlaneError(
      422,
      'NotAHostCluster',
      `cluster ${name} hosts no virtual clusters; make it a host first (host_config of the cluster)`,
    );
  const type = hostClusterConfig.clusterEndpoint?.type;
  if (type !== undefined && type !== endpointType)
    throw new PlaneError(
      422,
      'EndpointTypeMismatch',
      `cluster ${name} is reached by ${type}, the group by ${endpointType}; a group has one way`,
    );
  if (state === 'Deleting') throw conflict('ClusterBeingDeleted', `cluster ${name} is being deleted`);
}

/** The host clusters of a group in its order. */
export async function readHosts(tx: Transaction, groupUid: string): Promise<GroupHost[]> {
  const rows = await tx.query<{ cluster_uid: string; endpoint: Schemas['v1HostClusterEndpointConfig'] }>(
    'SELECT cluster_uid, endpoint FROM cluster_group_clusters WHERE group_uid = $1 ORDER BY position',
    [groupUid],
  );
  const clusters = await selectClusters(tx, 'uid = ANY ($1::text[])', [rows.map((row) => row.cluster_uid)]);
  return rows.flatMap(({ cluster_uid: uid, endpoint }) => {
    const cluster = clusters.find((candidate) => candidate.uid === uid);
    return cluster === undefined ? [] : [{ cluster, endpoint }];
  });
}

/**
 * A cluster that belongs to a group stays a host, and reached as its group is.
 *
 * @throws PlaneError 409 that names the group
 */
export async function refuseGroupWithoutHost(
  tx: Transaction,
  { uid, name }: Pick<Cluster, 'uid' | 'name'>,
  wanted: Schemas['v1HostClusterConfig'] | undefined,
): Promise<void> {
  const groups = await tx.query<{ name: string; config: unknown }>(
    'SELECT g.name, g.config FROM cluster_group_clusters c JOIN cluster_groups g ON g.uid = c.group_uid WHERE c.cluster_uid = $1 ORDER BY g.name',
    [uid],
  );
  const type = wanted?.clusterEndpoint?.type;
  const torn = groups.find(
    ({ config }) =>
      wanted?.isHostCluster !== true || (type !== undefined && type !== GroupConfig.parse(config).endpointType),
  );
  if (torn !== undefined)
    throw conflict(
      'ClusterInGroup',
      `cluster ${name} hosts the virtual clusters of cluster group ${torn.name}; take it out of the group first`,
    );
}

/**
 * Stores which profiles the virtual clusters of a group run.
 *
 * @throws PlaneError 404 or 422 that names the profile and what is wrong with it
 */
export async function storeGroupProfiles(
  tx: Transaction,
  secrets: Secrets,
  scope: Scope,
  groupUid: string,
  entities: readonly Schemas['v1SpectroClusterProfileEntity'][],
): Promise<void> {
  const before = await readGroupProfiles(tx, secrets, groupUid);
  await tx.execute('DELETE FROM cluster_group_profiles WHERE group_uid = $1', [groupUid]);
  for (const [position, entity] of entities.entries()) {
    const uid = entity.uid ?? '';
    if (uid === '') throw invalidRequest(`profiles[${position}].uid: expected the identifier of a cluster profile`);
    if (entities.findIndex((other) => other.uid === uid) !== position)
      throw invalidRequest(`profiles: cluster profile '${uid}' stands there twice`);
    const profile = await requireProfile(tx, scope, uid);
    if (profile.type !== 'add-on' || profile.published === undefined)
      throw invalidRequest(
        `profiles: cluster profile ${profile.name} ${profile.version} is ${profile.published === undefined ? 'a draft' : `of type ${profile.type}`}; virtual clusters run published add-ons`,
      );
    const known = before.find(({ profileUid }) => profileUid === uid)?.values ?? {};
    const values = checkValues(profile.variables, entity.variables ?? [], known);
    await tx.execute(
      'INSERT INTO cluster_group_profiles (group_uid, profile_uid, position, overrides, variables) VALUES ($1, $2, $3, $4::jsonb, $5)',
      [
        groupUid,
        uid,
        position,
        JSON.stringify(overridesOf(entity, profile)),
        Object.keys(values).length === 0 ? null : secrets.seal(JSON.stringify(values), purpose(groupUid, uid)),
      ],
    );
  }
}

export interface GroupProfile {
  readonly profileUid: string;
  readonly overrides: readonly PackOverride[];
  readonly values: Readonly<Record<string, string>>;
}

/** The profiles of a group in its order. */
export async function readGroupProfiles(tx: Transaction, secrets: Secrets, groupUid: string): Promise<GroupProfile[]> {
  const rows = await tx.query<{ profile_uid: string; overrides: PackOverride[]; variables: Uint8Array | null }>(
    'SELECT profile_uid, overrides, variables FROM cluster_group_profiles WHERE group_uid = $1 ORDER BY position',
    [groupUid],
  );
  return rows.map(({ profile_uid: profileUid, overrides, variables }) => ({
    profileUid,
    overrides,
    values:
      variables === null
        ? {}
        : z
            .record(z.string(), z.string())
            .parse(JSON.parse(secrets.openText(variables, purpose(groupUid, profileUid)))),
  }));
}

function purpose(groupUid: string, profileUid: string): string {
  return `group-variables/${groupUid}/${profileUid}`;
}
