/** A cluster as it is stored. */

import type { components } from '#openapi/generated/types';
import { notFound } from '#plane/api/error';
import type { Scope } from '#plane/api/handler';
import type { SqlValue, Transaction } from '#plane/store/database';
import { isUid } from '#plane/store/uid';
import { StatusReport } from '#protocol/report';

import { tellCluster } from './cluster-event.ts';

type Schemas = components['schemas'];

export type ClusterState = 'Pending' | 'Importing' | 'Running' | 'Deleting';
export type ClusterHealth = 'Unknown' | 'Healthy' | 'UnHealthy';

/**
 * What users set on a cluster beside its profiles, as the API has it. What its agent acts on travels with the desired
 * state.
 */
export interface ClusterSettings {
  readonly timezone?: string;
  readonly clusterMetaAttribute?: string;
  readonly hostClusterConfig?: Schemas['v1HostClusterConfig'];
  readonly osPatchConfig?: Schemas['v1OsPatchConfig'];
  readonly location?: Schemas['v1ClusterLocation'];
  readonly agentUpgrades?: 'lock' | 'unlock';
  /** The release that its agent is to run, over the tenant's choice. */
  readonly agentRelease?: string;
  readonly proxy?: Schemas['v1ClusterProxySpec'];
  readonly namespaces?: readonly Schemas['v1ClusterNamespaceResource'][];
  readonly rbacs?: readonly Schemas['v1ClusterRbac'][];
  readonly backup?: { readonly uid: string; readonly config: Schemas['v1ClusterBackupConfig'] };
  readonly complianceScan?: { readonly uid: string; readonly config: Schemas['v1ClusterComplianceScheduleConfig'] };
}

export interface Cluster {
  readonly uid: string;
  readonly projectUid: string;
  readonly name: string;
  readonly cloudType: string;
  readonly importMode: 'full' | 'read-only';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly settings: ClusterSettings;
  /** The cluster template that it follows. */
  readonly templateUid: string | undefined;
  readonly importToken: Uint8Array;
  readonly state: ClusterState;
  readonly health: ClusterHealth;
  readonly status: StatusReport | undefined;
  /** When the agent says it sent that, but not later than it arrived. */
  readonly statusSentAt: Date | undefined;
  readonly message: string;
  readonly kubernetesUid: string | undefined;
  readonly kubernetesVersion: string;
  readonly agentVersion: string;
  readonly heartbeatAt: Date | undefined;
  readonly revision: number;
  readonly appliedRevision: number;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
  readonly deletingAt: Date | undefined;
}

interface ClusterRow {
  uid: string;
  project_uid: string;
  name: string;
  cloud_type: string;
  import_mode: 'full' | 'read-only';
  labels: Record<string, string>;
  annotations: Record<string, string>;
  settings: ClusterSettings;
  template_uid: string | null;
  import_token: Uint8Array;
  state: ClusterState;
  health: ClusterHealth;
  status: unknown;
  status_sent_at: Date | null;
  message: string;
  kubernetes_uid: string | null;
  kubernetes_version: string;
  agent_version: string;
  heartbeat_at: Date | null;
  revision: number;
  applied_revision: number;
  created_at: Date;
  modified_at: Date;
  deleting_at: Date | null;
}

const Status = StatusReport.nullable().catch(null);

function fromRow(row: ClusterRow): Cluster {
  return {
    uid: row.uid,
    projectUid: row.project_uid,
    name: row.name,
    cloudType: row.cloud_type,
    importMode: row.import_mode,
    labels: row.labels,
    annotations: row.annotations,
    settings: row.settings,
    templateUid: row.template_uid ?? undefined,
    importToken: row.import_token,
    state: row.state,
    health: row.health,
    status: Status.parse(row.status) ?? undefined,
    statusSentAt: row.status_sent_at ?? undefined,
    message: row.message,
    kubernetesUid: row.kubernetes_uid ?? undefined,
    kubernetesVersion: row.kubernetes_version,
    agentVersion: row.agent_version,
    heartbeatAt: row.heartbeat_at ?? undefined,
    revision: row.revision,
    appliedRevision: row.applied_revision,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    deletingAt: row.deleting_at ?? undefined,
  };
}

const COLUMNS = `uid, project_uid, name, cloud_type, import_mode, labels, annotations, settings, template_uid, import_token, state, health, status, status_sent_at, message,
  kubernetes_uid, kubernetes_version, agent_version, heartbeat_at, revision, applied_revision, created_at, modified_at, deleting_at`;

/** `where` is SQL of the caller's own, never of a request. */
export async function selectClusters(
  tx: Transaction,
  where: string,
  params: readonly SqlValue[],
  lock: '' | 'FOR UPDATE' = '',
): Promise<Cluster[]> {
  const rows = await tx.query<ClusterRow>(
    `SELECT ${COLUMNS} FROM clusters WHERE ${where} ORDER BY uid ${lock}`,
    params,
  );
  return rows.map(fromRow);
}

/** A cluster that the scope shows: without a project, any of the tenant. @throws PlaneError 404 */
export async function requireCluster(
  tx: Transaction,
  scope: Scope,
  uid: string,
  lock: '' | 'FOR UPDATE' = '',
): Promise<Cluster> {
  const [cluster] = isUid(uid)
    ? await selectClusters(
        tx,
        'uid = $1 AND ($2::text IS NULL OR project_uid = $2)',
        [uid, scope.projectUid ?? null],
        lock,
      )
    : [];
  if (!cluster) throw notFound('cluster', uid);
  return cluster;
}

/** Changes settings of a cluster and tells so; a key set to undefined is removed. @throws PlaneError 404 */
export async function changeSettings(
  tx: Transaction,
  services: Parameters<typeof tellCluster>[1],
  scope: Scope,
  uid: string,
  change: { [Key in keyof ClusterSettings]?: ClusterSettings[Key] | undefined },
): Promise<void> {
  const cluster = await requireCluster(tx, scope, uid, 'FOR UPDATE');
  await tx.execute('UPDATE clusters SET settings = $2::jsonb, modified_at = now() WHERE uid = $1', [
    uid,
    JSON.stringify({ ...cluster.settings, ...change }),
  ]);
  await tellCluster(tx, services, scope.tenantUid, cluster, 'updated');
}

/** Metadata in the API's shape. */
export function clusterMetadata(cluster: Cluster, tenantUid: string): Schemas['v1ObjectMeta'] {
  return {
    uid: cluster.uid,
    name: cluster.name,
    labels: { ...cluster.labels },
    annotations: { ...cluster.annotations, scope: 'project', projectUid: cluster.projectUid, tenantUid },
    creationTimestamp: cluster.createdAt.toISOString(),
    lastModifiedTimestamp: cluster.modifiedAt.toISOString(),
    ...(cluster.deletingAt === undefined ? {} : { deletionTimestamp: cluster.deletingAt.toISOString() }),
  };
}
