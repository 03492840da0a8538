/** Settings of a cluster that this plane keeps; which of them act is told where they are defined. */
import type { components } from '#openapi/generated/types';
import { conflict, notFound } from '#plane/api/error';
import type { Scope, SomeHandlers, UserContext } from '#plane/api/handler';
import type { TenantDatabase } from '#plane/store/database';
import { newUid } from '#plane/store/uid';

import { refuseGroupWithoutHost } from '../cluster-groups/group.ts';
import { changeSettings, clusterMetadata, requireCluster, type Cluster } from '../clusters/cluster.ts';
import { certificateHandlers } from './certificates.ts';
import { changeFeature } from './change.ts';
import { osPatchHandlers } from './os-patch.ts';
import { scanHandlers } from './scan.ts';
import { timezoneHandlers } from './timezone.ts';

type Schemas = components['schemas'];

async function change(
  { db, scope, services }: UserContext,
  uid: string,
  changes: Parameters<typeof changeSettings>[4],
): Promise<{ status: 204 }> {
  await db.transaction(async (tx) => changeSettings(tx, services, scope, uid, changes));
  return { status: 204 };
}

async function read(db: TenantDatabase, scope: Scope, uid: string): Promise<Cluster> {
  return db.transaction(async (tx) => requireCluster(tx, scope, uid), { readOnly: true });
}

export const featureHandlers = {
  ...certificateHandlers,
  ...osPatchHandlers,
  ...scanHandlers,
  ...timezoneHandlers,

  v1SpectroClustersUidClusterMetaAttributeUpdate: async ({ path, body }, context) =>
    change(context, path.uid, { clusterMetaAttribute: body?.clusterMetaAttribute }),
  V1HostClusterConfigUpdate: async ({ path, body }, { db, scope, services }) => {
    const hostClusterConfig = body?.hostClusterConfig;
    await db.transaction(async (tx) => {
      const cluster = await requireCluster(tx, scope, path.uid, 'FOR UPDATE');
      await refuseGroupWithoutHost(tx, cluster, hostClusterConfig);
      await changeSettings(tx, services, scope, path.uid, { hostClusterConfig });
    });
    return { status: 204 };
  },
  v1SpectroClustersUidLocationPut: async ({ path, body }, context) =>
    change(context, path.uid, { location: body?.location }),
  v1SpectroClustersUidUpgradeSettings: async ({ path, body }, context) =>
    changeFeature(context, path.uid, { agentUpgrades: body?.spectroComponents }),

  v1SpectroClustersUidConfigNamespacesGet: async ({ path }, { db, scope }) => {
    const { settings } = await read(db, scope, path.uid);
    return { status: 200, body: { items: [...(settings.namespaces ?? [])] } };
  },
  v1SpectroClustersUidConfigNamespacesUpdate: async ({ path, body }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const { settings } = await requireCluster(tx, scope, path.uid, 'FOR UPDATE');
      const namespaces = (body?.namespaces ?? []).map((given): Schemas['v1ClusterNamespaceResource'] => ({
        metadata: resourceMetadata(given.metadata, settings.namespaces ?? []),
        ...(given.spec === undefined ? {} : { spec: given.spec }),
        status: { errors: [] },
      }));
      await changeSettings(tx, services, scope, path.uid, { namespaces });
    });
    return { status: 204 };
  },

  v1SpectroClustersUidConfigRbacsGet: async ({ path }, { db, scope }) => {
    const { settings } = await read(db, scope, path.uid);
    return { status: 200, body: { items: [...(settings.rbacs ?? [])] } };
  },
  v1SpectroClustersUidConfigRbacsUpdate: async ({ path, body }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const { settings } = await requireCluster(tx, scope, path.uid, 'FOR UPDATE');
      const rbacs = (body?.rbacs ?? []).map((given): Schemas['v1ClusterRbac'] => ({
        metadata: resourceMetadata(given.metadata, settings.rbacs ?? []),
        ...(given.spec === undefined ? {} : { spec: given.spec }),
        status: { errors: [] },
      }));
      await changeSettings(tx, services, scope, path.uid, { rbacs });
    });
    return { status: 204 };
  },

  v1ClusterFeatureBackupGet: async ({ path }, { db, scope }) => {
    const cluster = await read(db, scope, path.uid);
    const { backup } = cluster.settings;
    if (!backup) throw notFound('backup configuration of cluster', path.uid);
    return {
      status: 200,
      body: {
        metadata: featureMetadata(cluster, backup.uid, scope),
        spec: { clusterUid: cluster.uid, config: backup.config },
        status: { clusterBackupStatuses: [] },
      },
    };
  },
  v1ClusterFeatureBackupCreate: async ({ path, body }, { db, scope, services }) => {
    const uid = newUid();
    await db.transaction(async (tx) => {
      const { settings, name } = await requireCluster(tx, scope, path.uid, 'FOR UPDATE');
      if (settings.backup)
        throw conflict('BackupExists', `cluster ${name} has a backup configuration already; update it`);
      await changeSettings(tx, services, scope, path.uid, { backup: { uid, config: body ?? {} } });
    });
    return { status: 201, body: { uid } };
  },
  v1ClusterFeatureBackupUpdate: async ({ path, body }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const { settings } = await requireCluster(tx, scope, path.uid, 'FOR UPDATE');
      await changeSettings(tx, services, scope, path.uid, {
        backup: { uid: settings.backup?.uid ?? newUid(), config: body ?? {} },
      });
    });
    return { status: 204 };
  },
} satisfies SomeHandlers;

/** A resource that is there by its name keeps its identifier. */
function resourceMetadata(
  given: Schemas['v1ObjectMetaUpdateEntity'] | undefined,
  known: readonly { readonly metadata?: Schemas['v1ObjectMeta'] }[],
): Schemas['v1ObjectMeta'] {
  const name = given?.name ?? '';
  const before = known.find((resource) => resource.metadata?.name === name);
  return {
    uid: given?.uid || (before?.metadata?.uid ?? newUid()),
    name,
    labels: given?.labels ?? {},
    annotations: given?.annotations ?? {},
  };
}

function featureMetadata(cluster: Cluster, uid: string, scope: Scope): Schemas['v1ObjectMeta'] {
  const { name = '', annotations = {} } = clusterMetadata(cluster, scope.tenantUid);
  return { uid, name, annotations };
}
