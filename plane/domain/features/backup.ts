/** Backups of a cluster, as Palette's API has them: when, on demand, what there is, and restores. */
import type { components } from '#openapi/generated/types';
import { conflict, invalidRequest, notFound } from '#plane/api/error';
import type { Scope, SomeHandlers, UserContext } from '#plane/api/handler';
import type { SomeServices } from '#plane/domain/fleet-services';
import type { Transaction } from '#plane/store/database';
import { newUid } from '#plane/store/uid';

import { issueAction } from '../actions/issue.ts';
import { backupAction, backupSchedules, resourceMode } from '../backups/backup-action.ts';
import { findBackup, listBackups, listRestores } from '../backups/backup-views.ts';
import { LOCATION, type LocationRow } from '../backups/location-store.ts';
import { dropUnusedLocations, useLocation } from '../backups/use-location.ts';
import { changeSettings, clusterMetadata, requireCluster, selectClusters, type Cluster } from '../clusters/cluster.ts';
import { recomposeClusters } from '../desired-state/recompose.ts';
import { requireOwned } from '../owned.ts';
import { checkCron } from './schedule.ts';

type Schemas = components['schemas'];

export const backupHandlers = {
  v1ClusterFeatureBackupGet: async ({ path, query }, { db, scope }) => {
    const body = await db.transaction(
      async (tx): Promise<Schemas['v1ClusterBackup']> => {
        const cluster = await requireCluster(tx, scope, path.uid);
        const { backup } = cluster.settings;
        const clusterBackupStatuses = await listBackups(tx, cluster.uid, query.backupRequestUid);
        if (!backup && clusterBackupStatuses.length === 0) throw notFound('backup configuration of cluster', path.uid);
        return {
          metadata: featureMetadata(cluster, backup?.uid ?? cluster.uid, scope),
          spec: { clusterUid: cluster.uid, config: backup?.config ?? {} },
          status: { clusterBackupStatuses },
        };
      },
      { readOnly: true },
    );
    return { status: 200, body };
  },

  v1ClusterFeatureBackupCreate: async ({ path, body }, context) => {
    const uid = newUid();
    await configure(context, path.uid, ({ settings, name }) => {
      if (settings.backup)
        throw conflict('BackupExists', `cluster ${name} has a backup configuration already; update it`);
      return { uid, config: body ?? {} };
    });
    return { status: 201, body: { uid } };
  },
  v1ClusterFeatureBackupUpdate: async ({ path, body }, context) =>
    configure(context, path.uid, ({ settings }) => ({ uid: settings.backup?.uid ?? newUid(), config: body ?? {} })),
  v1ClusterFeatureBackupScheduleReset: async ({ path }, context) => configure(context, path.uid, () => undefined),

  v1ClusterFeatureBackupOnDemandCreate: async ({ path, body }, { db, scope, services, principal }) => {
    const uid = await db.transaction(async (tx) => {
      const cluster = await requireCluster(tx, scope, path.uid, 'FOR UPDATE');
      const action = backupAction(body);
      await useLocation(tx, services, scope, cluster, action.spec.locationUid);
      return issueAction(tx, services, cluster, action, { tenantUid: scope.tenantUid, requestedBy: principal.email });
    });
    return { status: 201, body: { uid } };
  },

  v1ClusterFeatureBackupDelete: async ({ path }, { db, scope, services, principal }) => {
    await db.transaction(async (tx) => {
      const cluster = await requireCluster(tx, scope, path.uid, 'FOR UPDATE');
      const { name, locationUid } = await findBackup(tx, cluster.uid, path.requestUid);
      if (name !== path.backupName) throw notFound('backup', path.backupName);
      await useLocation(tx, services, scope, cluster, locationUid);
      const action = { type: 'delete-backup', spec: { backupName: name, locationUid } } as const;
      await issueAction(tx, services, cluster, action, {
        tenantUid: scope.tenantUid,
        requestedBy: principal.email,
        backup: { runId: path.requestUid, clusterUid: cluster.uid },
      });
    });
    return { status: 204 };
  },

  v1ClusterFeatureRestoreGet: async ({ path, query }, { db, scope }) => {
    const body = await db.transaction(
      async (tx): Promise<Schemas['v1ClusterRestore']> => {
        const cluster = await requireCluster(tx, scope, path.uid);
        return {
          metadata: featureMetadata(cluster, cluster.uid, scope),
          spec: { clusterUid: cluster.uid },
          status: { clusterRestoreStatuses: await listRestores(tx, cluster.uid, query.restoreRequestUid) },
        };
      },
      { readOnly: true },
    );
    return { status: 200, body };
  },

  v1ClusterFeatureRestoreOnDemandCreate: async ({ path, body }, { db, scope, services, principal }) => {
    const uid = await db.transaction(async (tx) => {
      const source = await requireCluster(tx, scope, path.uid);
      const { name, locationUid } = await findBackup(tx, source.uid, body.backupRequestUid);
      if (name !== body.backupName)
        throw invalidRequest(`backupName: the backup of request ${body.backupRequestUid} is named ${name}`);
      const cluster = await requireCluster(tx, scope, body.destinationClusterUid, 'FOR UPDATE');
      await useLocation(tx, services, scope, cluster, locationUid);
      return issueAction(
        tx,
        services,
        cluster,
        {
          type: 'restore',
          spec: {
            backupName: name,
            locationUid,
            namespaces: [...(body.includeNamespaces ?? [])].sort(),
            namespaceMappings: {},
            includeClusterResources: resourceMode(body),
            restorePersistentVolumes: body.restorePVs ?? true,
            preserveNodePorts: body.preserveNodePorts ?? false,
          },
        },
        {
          tenantUid: scope.tenantUid,
          requestedBy: principal.email,
          backup: { runId: body.backupRequestUid, clusterUid: source.uid },
        },
      );
    });
    return { status: 201, body: { uid } };
  },

  V1ClusterFeatureBackupLocationUidGet: async ({ path }, { db, scope }) => {
    const clusters = await db.transaction(
      async (tx) => {
        await requireOwned(tx, LOCATION, scope, path.uid);
        return usersByConfig(tx, scope, path.uid);
      },
      { readOnly: true },
    );
    const refs = clusters.map(({ uid, name }) => ({ kind: 'spectrocluster', uid, name }));
    return { status: 200, body: { clusters: refs } };
  },

  V1ClusterFeatureBackupLocationUidChange: async ({ path, body }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      await requireOwned(tx, LOCATION, scope, path.uid);
      const [other] = await tx.query<LocationRow>(
        `SELECT * FROM backup_locations WHERE type = $1 AND uid <> $2 AND (project_uid IS NULL OR project_uid = $3)
         ORDER BY is_default DESC, project_uid NULLS LAST, name LIMIT 1`,
        [body.locationType, path.uid, scope.projectUid ?? null],
      );
      if (!other)
        throw invalidRequest(`locationType: there is no other backup location of type '${body.locationType}'`);
      for (const { uid } of await usersByConfig(tx, scope, path.uid)) {
        const cluster = await requireCluster(tx, scope, uid, 'FOR UPDATE');
        const { backup } = cluster.settings;
        if (backup === undefined) continue;
        const config = { ...backup.config, backupLocationUid: other.uid };
        await storeBackup(tx, services, scope, cluster, { ...backup, config });
      }
    });
    return { status: 204 };
  },
} satisfies SomeHandlers;

async function configure(
  { db, scope, services }: UserContext,
  uid: string,
  become: (cluster: Cluster) => Cluster['settings']['backup'],
): Promise<{ status: 204 }> {
  await db.transaction(async (tx) => {
    const cluster = await requireCluster(tx, scope, uid, 'FOR UPDATE');
    await storeBackup(tx, services, scope, cluster, become(cluster));
  });
  return { status: 204 };
}

/** Stores when a cluster is backed up, and tells its agent, which gets the location and loses the one before. */
async function storeBackup(
  tx: Transaction,
  services: SomeServices,
  scope: Scope,
  cluster: Cluster,
  backup: Cluster['settings']['backup'],
): Promise<void> {
  const { uid } = cluster;
  checkCron(backup?.config.schedule?.scheduledRunTime, 'schedule.scheduledRunTime');
  const [schedule] = backupSchedules(backup?.config);
  if (schedule?.action.type === 'backup')
    await useLocation(tx, services, scope, cluster, schedule.action.spec.locationUid);
  await changeSettings(tx, services, scope, uid, { backup });
  await dropUnusedLocations(tx, services.fleet.now(), uid);
  await recomposeClusters(tx, services, scope.tenantUid, { kind: 'cluster', uid });
}

/** Clusters that the scope shows and whose schedule names the location. */
async function usersByConfig(tx: Transaction, { projectUid }: Scope, locationUid: string): Promise<readonly Cluster[]> {
  const users = await selectClusters(
    tx,
    `settings->'backup'->'config'->>'backupLocationUid' = $1 AND ($2::text IS NULL OR project_uid = $2)`,
    [locationUid, projectUid ?? null],
  );
  // In the order in which every change locks clusters.
  return users.toSorted((a, b) => (a.uid < b.uid ? -1 : 1));
}

function featureMetadata(cluster: Cluster, uid: string, scope: Scope): Schemas['v1ObjectMeta'] {
  const { name = '', annotations = {} } = clusterMetadata(cluster, scope.tenantUid);
  return { uid, name, annotations };
}
