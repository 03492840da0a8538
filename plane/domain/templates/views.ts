/** Cluster templates in the API's shapes. */
import type { components } from '#openapi/generated/types';
import type { Scope } from '#plane/api/handler';
import type { Transaction } from '#plane/store/database';

import { ownedMetadata } from '../owned.ts';
import { nextWindow } from '#core/windows';
import { POLICY_KIND } from '../policies/policy.ts';
import type { Profile } from '../profiles/profile.ts';
import { MASK } from '../profiles/views.ts';
import { readReconciles, type Reconcile } from './reconcile-log.ts';
import type { Template, TemplateProfile } from './template.ts';
import { valueFor } from './values.ts';

type Schemas = components['schemas'];

/** A cluster of a template with how far it is. */
export interface FollowingCluster {
  readonly uid: string;
  readonly name: string;
  readonly projectUid: string;
  readonly templateUid: string;
  readonly timezone: string;
  readonly state: NonNullable<NonNullable<Schemas['v1ClusterReconcile']['status']>['state']>;
  readonly reconcile: Reconcile | undefined;
}

interface ClusterRow {
  uid: string;
  name: string;
  project_uid: string;
  template_uid: string;
  timezone: string | null;
  state: string;
  health: string;
  revision: number;
  applied_revision: number;
}

/** The clusters of templates that a scope shows, by name. */
export async function followingClusters(
  tx: Transaction,
  scope: Scope,
  templateUids: readonly string[],
): Promise<FollowingCluster[]> {
  const rows = await tx.query<ClusterRow>(
    `SELECT uid, name, project_uid, template_uid, settings->>'timezone' AS timezone, state, health, revision, applied_revision FROM clusters
     WHERE template_uid = ANY ($1::text[]) AND ($2::text IS NULL OR project_uid = $2) ORDER BY name, uid`,
    [templateUids, scope.projectUid ?? null],
  );
  const reconciles = await readReconciles(
    tx,
    rows.map(({ uid }) => uid),
  );
  return rows.map((row) => ({
    uid: row.uid,
    name: row.name,
    projectUid: row.project_uid,
    templateUid: row.template_uid,
    timezone: row.timezone ?? '',
    state: standOf(row, reconciles.get(row.uid)),
    reconcile: reconciles.get(row.uid),
  }));
}

/** What waits or failed here counts first, then what the cluster's agent says of the newest revision. */
function standOf(row: ClusterRow, reconcile: Reconcile | undefined): FollowingCluster['state'] {
  if (reconcile?.state === 'Pending') return 'Pending';
  if (reconcile?.state === 'Failed') return 'Failed';
  if (row.state === 'Pending') return 'Created';
  if (row.applied_revision >= row.revision) return row.health === 'UnHealthy' ? 'Failed' : 'Applied';
  return row.health === 'UnHealthy' ? 'Failed' : 'InProgress';
}

/** `GET /v1/clusterTemplates/{uid}` */
export function clusterTemplate(
  template: Template,
  {
    tenantUid,
    clusters,
    profiles,
    now,
  }: {
    readonly tenantUid: string;
    readonly clusters: readonly FollowingCluster[];
    readonly profiles: readonly Profile[];
    readonly now: Date;
  },
): Schemas['v1ClusterTemplate'] {
  const inState = (...states: FollowingCluster['state'][]): string[] =>
    clusters.filter(({ state }) => states.includes(state)).map(({ uid }) => uid);
  const unresolved = clusters.filter(({ reconcile }) => reconcile?.unresolved === true).length;
  return {
    metadata: ownedMetadata(template, tenantUid),
    spec: {
      cloudType: template.cloud_type,
      clusters: Object.fromEntries(clusters.map(({ uid, name }) => [uid, { clusterUid: uid, name }])),
      policies: template.policyUids.map((uid) => ({ kind: POLICY_KIND, uid })),
      profiles: template.profiles.map((entry) => templateProfile(entry, profiles)),
    },
    status: {
      state: overallState(clusters),
      clusterStatusCounts: {
        clusters: {
          applied: inState('Applied'),
          failed: inState('Failed'),
          pending: inState('Created', 'Pending', 'InProgress'),
        },
      },
      clusterVariables: { resolved: clusters.length - unresolved, unResolved: unresolved },
      ...maintenance(template, clusters, now),
    },
  };
}

function templateProfile(
  { profileUid, variables }: TemplateProfile,
  profiles: readonly Profile[],
): Schemas['v1ClusterTemplateProfile'] {
  const definitions = profiles.find(({ uid }) => uid === profileUid)?.variables ?? [];
  return {
    uid: profileUid,
    variables: variables.map(({ name, value, assignStrategy, clusters }) => {
      const secret = definitions.some((definition) => definition.name === name && definition.isSensitive);
      const shown = (text: string): string => (secret && text !== '' ? MASK : text);
      return {
        name,
        assignStrategy,
        ...(value === undefined ? {} : { value: shown(value) }),
        clusters: clusters.map((cluster) => ({ uid: cluster.uid, value: shown(cluster.value) })),
      };
    }),
  };
}

/** What a template's clusters have come to together; without clusters there is nothing applied yet. */
export function overallState(
  clusters: readonly Pick<FollowingCluster, 'state'>[],
): 'Pending' | 'Applied' | 'Failed' | 'PartiallyApplied' {
  const count = (state: FollowingCluster['state']): number => clusters.filter((one) => one.state === state).length;
  const [applied, failed] = [count('Applied'), count('Failed')];
  if (clusters.length === 0) return 'Pending';
  if (applied === clusters.length) return 'Applied';
  if (failed === clusters.length) return 'Failed';
  return failed > 0 && applied + failed === clusters.length ? 'PartiallyApplied' : 'Pending';
}

/** The window that is open, or the next, over all clusters with their own time zones. */
function maintenance(
  { schedules }: Template,
  clusters: readonly FollowingCluster[],
  now: Date,
): Pick<NonNullable<Schemas['v1ClusterTemplate']['status']>, 'maintenance'> {
  const zones = new Set(clusters.length === 0 ? [''] : clusters.map(({ timezone }) => timezone));
  const windows = [...zones].flatMap((zone) => nextWindow(schedules, now, zone) ?? []);
  const [next] = windows.sort((a, b) => a.start.getTime() - b.start.getTime());
  return next === undefined
    ? {}
    : { maintenance: { nextWindowStartTime: next.start.toISOString(), nextWindowEndTime: next.end.toISOString() } };
}

/** `GET /v1/clusterTemplates/{uid}/spectroclusters/{clusterUid}/reconcile` */
export function clusterReconcile(
  template: Template,
  cluster: FollowingCluster,
  profiles: readonly Profile[],
): Schemas['v1ClusterReconcile'] {
  const { reconcile } = cluster;
  return {
    metadata: { name: cluster.name, uid: cluster.uid },
    spec: {
      profiles: template.profiles.map(({ profileUid, variables }) => {
        const profile = profiles.find(({ uid }) => uid === profileUid);
        const stands = (profile?.variables ?? []).map((definition) => {
          const given = variables.find(({ name }) => name === definition.name);
          const value =
            (given === undefined ? undefined : valueFor(given, cluster.uid)) ?? definition.defaultValue ?? '';
          return {
            resolved: value !== '' || !definition.required,
            variable: { name: definition.name, value: definition.isSensitive && value !== '' ? MASK : value },
          };
        });
        return {
          uid: profileUid,
          name: profile?.name ?? '',
          variables: {
            resolvedVariables: stands.filter(({ resolved }) => resolved).map(({ variable }) => variable),
            unResolvedVariables: stands.filter(({ resolved }) => !resolved).map(({ variable }) => variable),
          },
        };
      }),
    },
    status: {
      state: cluster.state,
      message: reconcile?.message ?? '',
      updateLogs: [...(reconcile?.log ?? [])],
      variableStatus: { state: reconcile?.unresolved ? 'Unresolved' : 'Resolved' },
      ...(reconcile?.appliedAt === undefined ? {} : { lastAppliedTimestamp: reconcile.appliedAt.toISOString() }),
    },
  };
}
