import { randomUUID } from 'node:crypto';

import { notFound } from '#plane/api/error';
import type { SomeHandlers } from '#plane/api/handler';

import { recomposeClusters } from '../desired-state/recompose.ts';
import { enqueuePoke } from '../events/outbox.ts';
import { tellCluster } from './cluster-event.ts';
import { checkValues } from '../profiles/check-variables.ts';
import { selectProfiles } from '../profiles/profile-store.ts';
import { MASK, variableView } from '../profiles/views.ts';
import { storeClusterValues } from '../templates/assign.ts';
import { ownAnnotations } from '../own-annotations.ts';
import { page } from '../page.ts';
import { attachProfile, detach, readAttachments, refuseDeleting, refuseOfTemplate } from './attach.ts';
import { sealVariables } from './attachment.ts';
import { clusterMetadata, requireCluster, selectClusters } from './cluster.ts';
import { deleteCluster } from './delete.ts';
import { fetchImportManifest } from './fetch-import-manifest.ts';
import { importCluster } from './import-cluster.ts';
import { loadView, loadViews } from './load-view.ts';
import { matchesSearch, sortClusters } from './search.ts';
import { clusterOverview, clusterSummary, spectroCluster } from './views.ts';

const COMMAND_LIFETIME = '1 day';

export const clusterHandlers = {
  v1SpectroClustersGenericImport: async ({ body }, context) => importCluster(context, 'generic', body),
  v1SpectroClustersAwsImport: async ({ body }, context) => importCluster(context, 'aws', body),
  v1SpectroClustersAzureImport: async ({ body }, context) => importCluster(context, 'azure', body),
  v1SpectroClustersGcpImport: async ({ body }, context) => importCluster(context, 'gcp', body),
  v1SpectroClustersCloudStackImport: async ({ body }, context) => importCluster(context, 'apache-cloudstack', body),

  v1SpectroClustersUidImportManifest: async ({ path, query }, context) => {
    const manifest = await fetchImportManifest(context, path.uid, query.token);
    return {
      status: 200,
      headers: {
        'cache-control': 'no-store',
        'content-disposition': `attachment; filename="palette-agent-${path.uid}.yaml"`,
      },
      body: manifest,
    };
  },

  v1SpectroClustersGet: async ({ path, query }, { db, scope, services }) => {
    const view = await db.transaction(
      async (tx) =>
        loadView(tx, services, scope.tenantUid, await requireCluster(tx, scope, path.uid), {
          withPacks: Boolean(query.includePackMeta),
        }),
      { readOnly: true },
    );
    const profiles = query.profileType
      ? view.profiles.filter(({ profile }) => profile.type === query.profileType)
      : view.profiles;
    return { status: 200, body: spectroCluster({ ...view, profiles }) };
  },

  v1SpectroClustersDelete: async ({ path, query }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const cluster = await requireCluster(tx, scope, path.uid, 'FOR UPDATE');
      await deleteCluster(tx, services, scope.tenantUid, cluster, { force: query.forceDelete === true });
    });
    return { status: 204 };
  },

  v1SpectroClustersSummaryUidOverview: async ({ path }, { db, scope, services }) => {
    const view = await db.transaction(
      async (tx) => loadView(tx, services, scope.tenantUid, await requireCluster(tx, scope, path.uid)),
      { readOnly: true },
    );
    return { status: 200, body: clusterOverview(view) };
  },

  v1SpectroClustersSearchFilterSummary: async ({ query, body }, { db, scope, services }) => {
    return db.transaction(
      async (tx) => {
        const clusters = await selectClusters(tx, '($1::text IS NULL OR project_uid = $1)', [scope.projectUid ?? null]);
        const found = sortClusters(
          clusters.filter((cluster) => matchesSearch(cluster, body?.filter)),
          body?.sort,
        );
        const { items, listmeta } = page(found, query);
        const views = await loadViews(tx, services, scope.tenantUid, items);
        return { status: 200 as const, body: { items: views.map(clusterSummary), listmeta } };
      },
      { readOnly: true },
    );
  },

  v1SpectroClustersUidMetadataUpdate: async ({ path, body }, { db, scope, services }) => {
    const { metadata = {} } = body ?? {};
    await db.transaction(async (tx) => {
      const cluster = await requireCluster(tx, scope, path.uid, 'FOR UPDATE');
      await tx.execute(
        'UPDATE clusters SET name = $2, labels = $3::jsonb, annotations = $4::jsonb, modified_at = now() WHERE uid = $1',
        [
          cluster.uid,
          metadata.name || cluster.name,
          JSON.stringify(metadata.labels ?? {}),
          JSON.stringify(ownAnnotations(metadata.annotations)),
        ],
      );
      await recomposeClusters(tx, services, scope.tenantUid, { kind: 'cluster', uid: cluster.uid });
      await tellCluster(tx, services, scope.tenantUid, cluster, 'updated');
    });
    return { status: 204 };
  },

  v1SpectroClustersPatchProfiles: async ({ path, body }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const cluster = await requireCluster(tx, scope, path.uid, 'FOR UPDATE');
      refuseDeleting(cluster);
      for (const entity of body?.profiles ?? []) await attachProfile(tx, services.secrets, scope, cluster, entity);
      await recomposeClusters(tx, services, scope.tenantUid, { kind: 'cluster', uid: cluster.uid });
      await tellCluster(tx, services, scope.tenantUid, cluster, 'updated');
    });
    return { status: 204 };
  },

  v1SpectroClustersDeleteProfiles: async ({ path, body }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const cluster = await requireCluster(tx, scope, path.uid, 'FOR UPDATE');
      refuseDeleting(cluster);
      const attached = await readAttachments(tx, services.secrets, cluster.uid);
      refuseOfTemplate(cluster, attached, body?.profileUids ?? []);
      await detach(tx, cluster.uid, body?.profileUids ?? []);
      await recomposeClusters(tx, services, scope.tenantUid, { kind: 'cluster', uid: cluster.uid });
      await tellCluster(tx, services, scope.tenantUid, cluster, 'updated');
    });
    return { status: 204 };
  },

  v1SpectroClustersUidVariablesGet: async ({ path }, { db, scope, services }) => {
    const body = await db.transaction(
      async (tx) => {
        const cluster = await requireCluster(tx, scope, path.uid);
        const attached = await readAttachments(tx, services.secrets, cluster.uid);
        const profiles = await selectProfiles(tx, 'uid = ANY ($1::text[])', [
          attached.map((attachment) => attachment.profileUid),
        ]);
        return attached.map(({ profileUid, values }) => ({
          profileUid,
          variables: (profiles.find((profile) => profile.uid === profileUid)?.variables ?? []).map((definition) => {
            const value = values[definition.name] ?? definition.defaultValue ?? '';
            return { ...variableView(definition), value: definition.isSensitive && value !== '' ? MASK : value };
          }),
        }));
      },
      { readOnly: true },
    );
    return { status: 200, body };
  },

  v1SpectroClustersUidVariablesPatch: async ({ path, body }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const cluster = await requireCluster(tx, scope, path.uid, 'FOR UPDATE');
      refuseDeleting(cluster);
      const attached = await readAttachments(tx, services.secrets, cluster.uid);
      for (const { profileUid, variables } of body ?? []) {
        const attachment = attached.find((candidate) => candidate.profileUid === profileUid);
        const [profile] = attachment ? await selectProfiles(tx, 'uid = $1', [profileUid]) : [];
        if (!attachment || !profile) throw notFound(`cluster profile attached to cluster ${cluster.name}`, profileUid);
        const given = { uid: profileUid, variables: variables ?? [] };
        if (attachment.templateUid !== undefined)
          await storeClusterValues(tx, services, attachment.templateUid, cluster.uid, [given]);
        const values = checkValues(profile.variables, given.variables, attachment.values);
        await tx.execute(
          'UPDATE cluster_profile_attachments SET variables = $3 WHERE cluster_uid = $1 AND profile_uid = $2',
          [cluster.uid, profileUid, sealVariables(services.secrets, cluster.uid, profileUid, values)],
        );
      }
      await recomposeClusters(tx, services, scope.tenantUid, { kind: 'cluster', uid: cluster.uid });
      await tellCluster(tx, services, scope.tenantUid, cluster, 'updated');
    });
    return { status: 204 };
  },

  // Whoever brings a cluster keeps its kubeconfig; this plane is never given one.
  v1SpectroClustersUidAdminKubeConfig: async ({ path }, { db, scope }) => {
    await db.transaction(async (tx) => requireCluster(tx, scope, path.uid), { readOnly: true });
    throw notFound('kubeconfig of imported cluster', path.uid);
  },
  v1SpectroClustersUidKubeConfigClientGet: async ({ path }, { db, scope }) => {
    await db.transaction(async (tx) => requireCluster(tx, scope, path.uid), { readOnly: true });
    throw notFound('kubeconfig of imported cluster', path.uid);
  },

  // Nodes of imported clusters are their owner's: nothing here ever has to replace them.
  v1SpectroClustersUidRepaveGet: async ({ path }, { db, scope }) => {
    const cluster = await db.transaction(async (tx) => requireCluster(tx, scope, path.uid), { readOnly: true });
    return {
      status: 200,
      body: {
        metadata: clusterMetadata(cluster, scope.tenantUid),
        spec: { reasons: [], spectroClusterUid: cluster.uid },
        status: { state: 'Approved', message: '' },
      },
    };
  },
  v1SpectroClustersUidRepaveApproveUpdate: async ({ path }, { db, scope }) => {
    await db.transaction(async (tx) => requireCluster(tx, scope, path.uid), { readOnly: true });
    return { status: 204 };
  },

  v1SpectroClustersUidCommandsCreate: async ({ path, body }, { db, scope, services }) => {
    const id = randomUUID();
    await db.transaction(async (tx) => {
      const cluster = await requireCluster(tx, scope, path.uid, 'FOR UPDATE');
      refuseDeleting(cluster);
      await tx.execute(
        `INSERT INTO cluster_commands (id, cluster_uid, cursor, type, expires_at)
         SELECT $1, $2, coalesce(max(cursor), 0) + 1, $3, now() + interval '${COMMAND_LIFETIME}' FROM cluster_commands WHERE cluster_uid = $2`,
        [id, cluster.uid, body.type],
      );
      await enqueuePoke(tx, scope.tenantUid, cluster.uid, 'commands');
      tx.afterCommit(() => services.fleet.changed(scope.tenantUid));
    });
    return { status: 201, body: { uid: id } };
  },
} satisfies SomeHandlers;
