import type { components } from '#openapi/generated/types';
import { conflict, invalidRequest, notFound } from '#plane/api/error';
import type { Scope, SomeHandlers, UserContext } from '#plane/api/handler';
import type { Transaction } from '#plane/store/database';
import { newUid } from '#plane/store/uid';

import { readAttachments, refuseDeleting } from '../clusters/attach.ts';
import { tellCluster } from '../clusters/cluster-event.ts';
import { requireCluster } from '../clusters/cluster.ts';
import { recomposeClusters } from '../desired-state/recompose.ts';
import { appendResourceEvent, type ResourceChange } from '../events/resource-event.ts';
import { readMetadata } from '../metadata.ts';
import { matchesName, matchesTags, sortNamed } from '../named-filter.ts';
import { listOwned, lockOwned, ownedMetadata, refuseTakenName, requireOwned } from '../owned.ts';
import { ownAnnotations } from '../own-annotations.ts';
import { page } from '../page.ts';
import { requirePolicies } from '../policies/policy.ts';
import { selectProfiles } from '../profiles/profile-store.ts';
import type { Profile } from '../profiles/profile.ts';
import { MASK, variableView } from '../profiles/views.ts';
import { joinTemplate, leaveTemplate, storeClusterValues } from './assign.ts';
import { checkTemplateProfiles, withMappings } from './check-template.ts';
import { followSchedules, followTemplate } from './reconcile.ts';
import {
  loadTemplate,
  loadTemplates,
  storePolicies,
  storeProfiles,
  TEMPLATE,
  type Template,
  type TemplateRow,
} from './template.ts';
import { valueFor } from './values.ts';
import { clusterReconcile, clusterTemplate, followingClusters, overallState } from './views.ts';

type Services = UserContext['services'];
type Schemas = components['schemas'];

export const templateHandlers = {
  V1ClusterTemplatesCreate: async ({ body }, { db, scope, services }) => {
    const { name, labels } = readMetadata(body?.metadata);
    const annotations = JSON.stringify(ownAnnotations(body?.metadata?.annotations));
    const { cloudType = '', profiles, policies } = body?.spec ?? {};
    if (cloudType === '') throw invalidRequest('spec.cloudType: expected the cloud that the template is for, or all');
    const projectUid = scope.projectUid ?? null;
    const uid = newUid();
    await db.transaction(async (tx) => {
      await refuseTakenName(tx, TEMPLATE, { uid, name, projectUid });
      const checked = await checkTemplateProfiles(tx, scope, cloudType, profiles ?? [], []);
      const rules = await requirePolicies(tx, scope, policies ?? []);
      await tx.execute(
        'INSERT INTO cluster_templates (uid, project_uid, name, cloud_type, labels, annotations) VALUES ($1, $2, $3, $4, $5::jsonb, $6::jsonb)',
        [uid, projectUid, name, cloudType, labels, annotations],
      );
      await storeProfiles(tx, services.secrets, uid, checked);
      await storePolicies(
        tx,
        uid,
        rules.map((rule) => rule.uid),
      );
      await tell(tx, services, scope, { uid, project_uid: projectUid }, 'created');
    });
    return { status: 201, body: { uid } };
  },

  V1ClusterTemplatesUidGet: async ({ path }, { db, scope, services }) => {
    const body = await db.transaction(
      async (tx) => {
        const { template, profiles } = await load(tx, services, scope, path.uid);
        const clusters = await followingClusters(tx, scope, [template.uid]);
        return clusterTemplate(template, { tenantUid: scope.tenantUid, clusters, profiles, now: services.fleet.now() });
      },
      { readOnly: true },
    );
    return { status: 200, body };
  },

  V1ClusterTemplatesUidDelete: async ({ path }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const row = await lockOwned<TemplateRow>(tx, TEMPLATE, scope, path.uid);
      const clusters = await tx.query<{ name: string }>(
        'SELECT name FROM clusters WHERE template_uid = $1 ORDER BY name LIMIT 11',
        [row.uid],
      );
      if (clusters.length > 0) {
        const names = clusters.map(({ name }) => name).slice(0, 10);
        throw conflict(
          'ClusterTemplateInUse',
          `cluster template ${row.name} is followed by ${names.join(', ')}${clusters.length > names.length ? ' and more' : ''}; make them follow another one, or none, first`,
        );
      }
      await tx.execute('DELETE FROM cluster_templates WHERE uid = $1', [row.uid]);
      await tell(tx, services, scope, row, 'deleted');
    });
    return { status: 204 };
  },

  V1ClusterTemplatesUidMetadataUpdate: async ({ path, body }, { db, scope, services }) => {
    const { name, labels } = readMetadata(body?.metadata);
    const annotations = JSON.stringify(ownAnnotations(body?.metadata?.annotations));
    await db.transaction(async (tx) => {
      const row = await lockOwned<TemplateRow>(tx, TEMPLATE, scope, path.uid);
      await refuseTakenName(tx, TEMPLATE, { uid: row.uid, name, projectUid: row.project_uid });
      await tx.execute(
        'UPDATE cluster_templates SET name = $2, labels = $3::jsonb, annotations = $4::jsonb, updated_at = now() WHERE uid = $1',
        [row.uid, name, labels, annotations],
      );
      await tell(tx, services, scope, row, 'updated');
    });
    return { status: 204 };
  },

  V1ClusterTemplatesUidPoliciesUpdate: async ({ path, body }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const row = await lockOwned<TemplateRow>(tx, TEMPLATE, scope, path.uid);
      const policies = await requirePolicies(tx, ownerScope(scope, row), body?.policies ?? []);
      await storePolicies(
        tx,
        row.uid,
        policies.map(({ uid }) => uid),
      );
      await followSchedules(tx, services, scope.tenantUid, row.uid);
      await touch(tx, services, scope, row);
    });
    return { status: 204 };
  },

  V1ClusterTemplatesUidProfilesUpdate: async ({ path, body }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const row = await lockOwned<TemplateRow>(tx, TEMPLATE, scope, path.uid);
      const before = await loadTemplate(tx, services.secrets, row);
      const owner = ownerScope(scope, row);
      const profiles = await checkTemplateProfiles(tx, owner, row.cloud_type, body?.profiles ?? [], before.profiles);
      await storeProfiles(tx, services.secrets, row.uid, profiles);
      await followTemplate(tx, services, scope.tenantUid, row.uid, { when: 'window' });
      await touch(tx, services, scope, row);
    });
    return { status: 204 };
  },

  V1ClusterTemplatesUidProfilesVariablesPatch: async ({ path, body }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const row = await lockOwned<TemplateRow>(tx, TEMPLATE, scope, path.uid);
      const { template, profiles } = await load(tx, services, scope, row.uid);
      const attached = await tx.query<{ uid: string }>('SELECT uid FROM clusters WHERE template_uid = $1', [row.uid]);
      const groups = body?.profiles ?? [];
      const stranger = groups.find(({ uid }) => !template.profiles.some(({ profileUid }) => profileUid === uid));
      if (stranger !== undefined) throw notFound(`cluster profile of cluster template ${row.name}`, stranger.uid);
      const changed = template.profiles.map((entry) => {
        const mappings = groups
          .filter(({ uid }) => uid === entry.profileUid)
          .flatMap(({ variables }) => variables ?? []);
        const profile = profiles.find(({ uid }) => uid === entry.profileUid);
        if (mappings.length === 0 || profile === undefined) return entry;
        const uids = attached.map(({ uid }) => uid);
        return { ...entry, variables: withMappings(profile, entry.variables, mappings, uids) };
      });
      await storeProfiles(tx, services.secrets, row.uid, changed);
      await followTemplate(tx, services, scope.tenantUid, row.uid, { when: 'window' });
      await touch(tx, services, scope, row);
    });
    return { status: 204 };
  },

  V1ClusterTemplatesUidProfilesProfileUidVariablesGet: async ({ path }, { db, scope, services }) => {
    const variables = await db.transaction(
      async (tx) => {
        const { template, profiles } = await load(tx, services, scope, path.uid);
        const profile = profiles.find(({ uid }) => uid === path.profileUid);
        if (profile === undefined)
          throw notFound(`cluster profile of cluster template ${template.name}`, path.profileUid);
        return assignments(tx, services, scope, template, profile);
      },
      { readOnly: true },
    );
    return { status: 200, body: { variables } };
  },

  V1ClusterTemplatesUidClusterReconcileClusterUidGet: async ({ path }, { db, scope, services }) => {
    const body = await db.transaction(
      async (tx) => {
        const { template, profiles } = await load(tx, services, scope, path.uid);
        const clusters = await followingClusters(tx, scope, [template.uid]);
        const cluster = clusters.find(({ uid }) => uid === path.clusterUid);
        if (cluster === undefined) throw notFound(`cluster of cluster template ${template.name}`, path.clusterUid);
        return clusterReconcile(template, cluster, profiles);
      },
      { readOnly: true },
    );
    return { status: 200, body };
  },

  V1ClusterTemplatesUidSpectroClustersUidVariablesPatch: async ({ path, body }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const { templateUid } = await requireCluster(tx, scope, path.clusterUid);
      if (templateUid === undefined) throw notFound('cluster template of cluster', path.clusterUid);
      await storeClusterValues(tx, services, templateUid, path.clusterUid, body?.profiles ?? []);
      await followTemplate(tx, services, scope.tenantUid, templateUid, {
        clusterUids: [path.clusterUid],
        when: 'window',
      });
    });
    return { status: 204 };
  },

  V1SpectroClustersTemplatesUidClustersUpgrade: async ({ path, body }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const row = await requireOwned<TemplateRow>(tx, TEMPLATE, scope, path.uid);
      const clusters = await followingClusters(tx, scope, [row.uid]);
      const asked = body?.clusterUids ?? [];
      const stranger = asked.find((uid) => !clusters.some((cluster) => cluster.uid === uid));
      if (stranger !== undefined) throw notFound(`cluster of cluster template ${row.name}`, stranger);
      const uids = asked.length === 0 ? clusters.map(({ uid }) => uid) : asked;
      await followTemplate(tx, services, scope.tenantUid, row.uid, { clusterUids: uids, when: 'now' });
    });
    return { status: 204 };
  },

  v1SpectroClustersUidClusterTemplateUpdate: async ({ path, body }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const cluster = await requireCluster(tx, scope, path.uid, 'FOR UPDATE');
      refuseDeleting(cluster);
      if (body.uid === '') await leaveTemplate(tx, cluster.uid);
      else await joinTemplate(tx, services, scope, cluster, body.uid, body.profiles ?? []);
      await recomposeClusters(tx, services, scope.tenantUid, { kind: 'cluster', uid: cluster.uid });
      await tellCluster(tx, services, scope.tenantUid, cluster, 'updated');
    });
    return { status: 204 };
  },

  v1ClusterTemplatesFilterSummary: async ({ body, query }, { db, scope, services }) => {
    const { filter = {}, sort } = body ?? {};
    return db.transaction(
      async (tx) => {
        const templates = await loadTemplates(tx, services.secrets, await listOwned<TemplateRow>(tx, TEMPLATE, scope));
        const clouds: readonly string[] = filter.cloudType ?? [];
        const found = templates.filter(
          (template) =>
            matchesName(template.name, filter.clusterTemplateName) &&
            matchesTags(template.labels, filter.tags) &&
            matchesName(template.project_uid ?? '', filter.projectUid) &&
            (clouds.length === 0 || clouds.includes(template.cloud_type)) &&
            (filter.policyUid === undefined || template.policyUids.some((uid) => matchesName(uid, filter.policyUid))),
        );
        const { items, listmeta } = page(sortNamed(found, sort, { cloudType: (row) => row.cloud_type }), query);
        const clusters = await followingClusters(
          tx,
          scope,
          items.map(({ uid }) => uid),
        );
        return {
          status: 200 as const,
          body: {
            items: items.map((template): Schemas['v1ClusterTemplateSummary'] => {
              const own = clusters.filter(({ templateUid }) => templateUid === template.uid);
              return {
                metadata: ownedMetadata(template, scope.tenantUid),
                spec: {
                  // The contract's list of clouds is that of Palette; templates are stored as they were asked for.
                  cloudType: template.cloud_type as Schemas['v1CloudType'],
                  clusters: own.map(({ uid, name, projectUid }) => ({ uid, name, projectUid })),
                },
                status: { inUseClusters: own.map(({ uid, name }) => ({ uid, name })), state: overallState(own) },
              };
            }),
            listmeta,
          },
        };
      },
      { readOnly: true },
    );
  },

  v1ClusterTemplatesMetadataGet: async (_request, { db, scope }) => {
    const rows = await db.transaction(async (tx) => listOwned<TemplateRow>(tx, TEMPLATE, scope), { readOnly: true });
    return {
      status: 200,
      body: {
        items: rows.map(({ uid, name, project_uid: projectUid }) => ({
          uid,
          name,
          ...(projectUid === null ? {} : { projectUid }),
        })),
      },
    };
  },
} satisfies SomeHandlers;

/** A template sees what its owner sees: the tenant's cannot give a project's profile. */
function ownerScope({ tenantUid, projectUid }: Scope, row: Pick<TemplateRow, 'project_uid'>): Scope {
  return row.project_uid === null ? { tenantUid } : { tenantUid, projectUid };
}

async function load(
  tx: Transaction,
  services: Services,
  scope: Scope,
  uid: string,
): Promise<{ readonly template: Template; readonly profiles: readonly Profile[] }> {
  const row = await requireOwned<TemplateRow>(tx, TEMPLATE, scope, uid);
  const template = await loadTemplate(tx, services.secrets, row);
  const profiles = await selectProfiles(tx, 'uid = ANY ($1::text[])', [
    template.profiles.map(({ profileUid }) => profileUid),
  ]);
  return { template, profiles };
}

async function touch(tx: Transaction, services: Services, scope: Scope, row: TemplateRow): Promise<void> {
  await tx.execute('UPDATE cluster_templates SET updated_at = now() WHERE uid = $1', [row.uid]);
  await tell(tx, services, scope, row, 'updated');
}

async function tell(
  tx: Transaction,
  services: Services,
  { tenantUid }: Scope,
  { uid, project_uid: projectUid }: Pick<TemplateRow, 'uid' | 'project_uid'>,
  change: ResourceChange['change'],
): Promise<void> {
  await appendResourceEvent(tx, services, tenantUid, { type: 'clustertemplate', uid, change, projectUid });
}

/** Who gives which value to each variable of a profile of the template. */
async function assignments(
  tx: Transaction,
  services: Services,
  scope: Scope,
  template: Template,
  profile: Profile,
): Promise<Schemas['v1ClusterTemplateProfileVariableWithClusters'][]> {
  const clusters = await followingClusters(tx, scope, [template.uid]);
  const current = new Map<string, Readonly<Record<string, string>>>();
  for (const { uid } of clusters) {
    const attached = await readAttachments(tx, services.secrets, uid);
    current.set(uid, attached.find(({ profileUid }) => profileUid === profile.uid)?.values ?? {});
  }
  const given = template.profiles.find(({ profileUid }) => profileUid === profile.uid)?.variables ?? [];
  return profile.variables.map((definition) => {
    const variable = given.find(({ name }) => name === definition.name);
    const shown = (value: string): string => (definition.isSensitive && value !== '' ? MASK : value);
    return {
      variable: variableView(definition),
      clusters: clusters.map(({ uid }) => {
        const wanted = (variable && valueFor(variable, uid)) ?? '';
        const assigned = current.get(uid)?.[definition.name] ?? '';
        const own = variable?.assignStrategy === 'cluster' && variable.clusters.some((cluster) => cluster.uid === uid);
        return {
          uid,
          value: shown(wanted),
          assignedValue: shown(assigned),
          assignedBy: own ? ('spectrocluster' as const) : ('clustertemplate' as const),
          assignmentState: wanted === assigned ? ('Assigned' as const) : ('Pending' as const),
        };
      }),
    };
  });
}
