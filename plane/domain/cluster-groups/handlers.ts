import type { components } from '#openapi/generated/types';
import type { Scope, SomeHandlers, UserContext } from '#plane/api/handler';
import type { Transaction } from '#plane/store/database';
import { newUid } from '#plane/store/uid';

import { appendResourceEvent, type ResourceChange } from '../events/resource-event.ts';
import { readMetadata } from '../metadata.ts';
import { listOwned, lockOwned, ownedMetadata, refuseTakenName, requireOwned } from '../owned.ts';
import { ownAnnotations } from '../own-annotations.ts';
import type { Profile } from '../profiles/profile.ts';
import { selectProfiles } from '../profiles/profile-store.ts';
import { profileTemplate } from '../profiles/views.ts';
import {
  GROUP,
  GroupConfig,
  readConfig,
  readGroupProfiles,
  readHosts,
  storeGroupProfiles,
  storeHosts,
  type GroupHost,
  type GroupProfile,
  type GroupRow,
} from './group.ts';

type Schemas = components['schemas'];
type Services = UserContext['services'];

export const clusterGroupHandlers = {
  v1ClusterGroupsCreate: async ({ body }, { db, scope, services }) => {
    const { name, labels } = readMetadata(body?.metadata);
    const annotations = JSON.stringify(ownAnnotations(body?.metadata?.annotations));
    const { clusterRefs, clustersConfig, profiles } = body?.spec ?? {};
    const config = readConfig(clustersConfig);
    const projectUid = scope.projectUid ?? null;
    const uid = newUid();
    await db.transaction(async (tx) => {
      await refuseTakenName(tx, GROUP, { uid, name, projectUid });
      await tx.execute(
        'INSERT INTO cluster_groups (uid, project_uid, name, labels, annotations, config) VALUES ($1, $2, $3, $4::jsonb, $5::jsonb, $6::jsonb)',
        [uid, projectUid, name, labels, annotations, JSON.stringify(config)],
      );
      await storeHosts(tx, scope, uid, config, clusterRefs ?? [], clustersConfig?.hostClustersConfig ?? []);
      await storeGroupProfiles(tx, services.secrets, scope, uid, profiles ?? []);
      await tell(tx, services, scope, { uid, project_uid: projectUid }, 'created');
    });
    return { status: 201, body: { uid } };
  },

  v1ClusterGroupsUidGet: async ({ path }, { db, scope, services }) => {
    const body = await db.transaction(
      async (tx) => {
        const row = await requireOwned<GroupRow>(tx, GROUP, scope, path.uid);
        return clusterGroup(row, await loadGroup(tx, services, row.uid), scope.tenantUid);
      },
      { readOnly: true },
    );
    return { status: 200, body };
  },

  v1ClusterGroupsUidDelete: async ({ path }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const row = await lockOwned<GroupRow>(tx, GROUP, scope, path.uid);
      await tx.execute('DELETE FROM cluster_groups WHERE uid = $1', [row.uid]);
      await tell(tx, services, scope, row, 'deleted');
    });
    return { status: 204 };
  },

  v1ClusterGroupsUidHostClusterUpdate: async ({ path, body }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const row = await lockOwned<GroupRow>(tx, GROUP, scope, path.uid);
      const config = readConfig(body?.clustersConfig);
      await tx.execute('UPDATE cluster_groups SET config = $2::jsonb, updated_at = now() WHERE uid = $1', [
        row.uid,
        JSON.stringify(config),
      ]);
      const hosts = body?.clustersConfig?.hostClustersConfig ?? [];
      await storeHosts(tx, scope, row.uid, config, body?.clusterRefs ?? [], hosts);
      await tell(tx, services, scope, row, 'updated');
    });
    return { status: 204 };
  },

  v1ClusterGroupsUidMetaUpdate: async ({ path, body }, { db, scope, services }) => {
    const { name, labels } = readMetadata(body);
    const annotations = JSON.stringify(ownAnnotations(body?.annotations));
    await db.transaction(async (tx) => {
      const row = await lockOwned<GroupRow>(tx, GROUP, scope, path.uid);
      await refuseTakenName(tx, GROUP, { uid: row.uid, name, projectUid: row.project_uid });
      await tx.execute(
        'UPDATE cluster_groups SET name = $2, labels = $3::jsonb, annotations = $4::jsonb, updated_at = now() WHERE uid = $1',
        [row.uid, name, labels, annotations],
      );
      await tell(tx, services, scope, row, 'updated');
    });
    return { status: 204 };
  },

  v1ClusterGroupsUidProfilesUpdate: async ({ path, body }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const row = await lockOwned<GroupRow>(tx, GROUP, scope, path.uid);
      await storeGroupProfiles(tx, services.secrets, scope, row.uid, body?.profiles ?? []);
      await tx.execute('UPDATE cluster_groups SET updated_at = now() WHERE uid = $1', [row.uid]);
      await tell(tx, services, scope, row, 'updated');
    });
    return { status: 204 };
  },

  v1ClusterGroupsHostClusterSummary: async (_request, { db, scope, services }) => {
    const summaries = await db.transaction(
      async (tx) => {
        const rows = await listOwned<GroupRow>(tx, GROUP, scope);
        const found: Schemas['v1ClusterGroupSummary'][] = [];
        for (const row of rows) found.push(groupSummary(row, await loadGroup(tx, services, row.uid), scope.tenantUid));
        return found;
      },
      { readOnly: true },
    );
    return { status: 200, body: { summaries } };
  },

  v1ClusterGroupsHostClusterMetadata: async (_request, { db, scope }) => {
    const rows = await db.transaction(async (tx) => listOwned<GroupRow>(tx, GROUP, scope), { readOnly: true });
    return { status: 200, body: { items: rows.map((row) => ({ uid: row.uid, name: row.name, scope: scopeOf(row) })) } };
  },
} satisfies SomeHandlers;

interface Group {
  readonly hosts: readonly GroupHost[];
  readonly profiles: readonly (GroupProfile & { readonly profile: Profile })[];
}

async function loadGroup(tx: Transaction, services: Services, uid: string): Promise<Group> {
  const attached = await readGroupProfiles(tx, services.secrets, uid);
  const profiles = await selectProfiles(tx, 'uid = ANY ($1::text[])', [attached.map(({ profileUid }) => profileUid)]);
  return {
    hosts: await readHosts(tx, uid),
    profiles: attached.flatMap((entry) => {
      const profile = profiles.find((candidate) => candidate.uid === entry.profileUid);
      return profile === undefined ? [] : [{ ...entry, profile }];
    }),
  };
}

function scopeOf(row: GroupRow): 'tenant' | 'project' {
  return row.project_uid === null ? 'tenant' : 'project';
}

function clusterGroup(row: GroupRow, { hosts, profiles }: Group, tenantUid: string): Schemas['v1ClusterGroup'] {
  const config = GroupConfig.parse(row.config);
  return {
    metadata: ownedMetadata(row, tenantUid),
    spec: {
      type: 'hostCluster',
      clusterRefs: hosts.map(({ cluster }) => ({ clusterUid: cluster.uid, clusterName: cluster.name })),
      clusterProfileTemplates: profiles.map(({ profile, overrides }) =>
        profileTemplate(
          profile,
          {
            packs: (profile.published?.packs ?? []).map((pack) => {
              const values = overrides.find(({ name }) => name === pack.name)?.values;
              return values === undefined ? pack : { ...pack, values };
            }),
          },
          new Map(),
        ),
      ),
      clustersConfig: {
        ...config,
        hostClustersConfig: hosts.map(({ cluster, endpoint }) => ({
          clusterUid: cluster.uid,
          endpointConfig: endpoint,
        })),
      },
    },
    // Whether a virtual cluster could be placed now.
    status: { isActive: hosts.some(({ cluster }) => cluster.state === 'Running' && cluster.health === 'Healthy') },
  };
}

function groupSummary(row: GroupRow, { hosts, profiles }: Group, tenantUid: string): Schemas['v1ClusterGroupSummary'] {
  const { endpointType, kubernetesDistroType } = GroupConfig.parse(row.config);
  return {
    metadata: ownedMetadata(row, tenantUid),
    spec: {
      scope: scopeOf(row),
      endpointType,
      kubernetesDistroType,
      clusterProfileTemplates: profiles.map(({ profile: { uid, name, type, cloudType } }) => ({
        uid,
        name,
        type,
        cloudType,
      })),
      hostClustersCount: hosts.length,
      hostClusters: hosts.map(({ cluster }) => ({
        kind: 'spectrocluster',
        uid: cluster.uid,
        name: cluster.name,
        projectUid: cluster.projectUid,
        tenantUid,
      })),
      virtualClustersCount: 0,
    },
  };
}

async function tell(
  tx: Transaction,
  services: Services,
  { tenantUid }: Scope,
  { uid, project_uid: projectUid }: Pick<GroupRow, 'uid' | 'project_uid'>,
  change: ResourceChange['change'],
): Promise<void> {
  await appendResourceEvent(tx, services, tenantUid, { type: 'clustergroup', uid, change, projectUid });
}
