import { assertNever } from '#core/assert-never';
import type { components } from '#openapi/generated/types';
import { conflict, invalidRequest, notFound, PlaneError } from '#plane/api/error';
import type { Scope, SomeHandlers, UserContext } from '#plane/api/handler';
import type { Transaction } from '#plane/store/database';
import { isUid, newUid } from '#plane/store/uid';

import { recomposeClusters } from '../desired-state/recompose.ts';
import { appendResourceEvent, type ResourceChange } from '../events/resource-event.ts';
import { ownAnnotations } from '../own-annotations.ts';
import { findPack, type StoredPack } from '../packs/pack-store.ts';
import { checkReferences } from './check-references.ts';
import { checkDefinitions } from './check-variables.ts';
import { Variable } from '#profiles/document';
import { type Profile } from './profile.ts';
import {
  insertProfile,
  profileUses,
  requireOwnProfile,
  requireProfile,
  selectProfiles,
  updateProfile,
  visibleProfiles,
} from './profile-store.ts';
import { resolvePacks } from './resolve-packs.ts';
import { clusterProfile, packManifests, variableView } from './views.ts';

type Schemas = components['schemas'];

const DEFAULT_VERSION = '1.0.0';

export const profileHandlers = {
  v1ClusterProfilesCreate: async ({ body, query }, { db, scope, services }) => {
    const { metadata = {}, spec = {} } = body ?? {};
    const { template = {} } = spec;
    const type = template.type ?? 'cluster';
    const uid = newUid();
    await db.transaction(async (tx) => {
      const resolved = await resolvePacks(tx, type, template.packs ?? [], undefined);
      const variables = checkDefinitions(Variable.array().parse(spec.variables ?? []), []);
      // Without any here they may follow in a request of their own; publishing checks then.
      if (query.publish || spec.variables !== undefined) checkReferences(resolved, variables);
      await insertProfile(tx, {
        uid,
        projectUid: scope.projectUid,
        name: requireName(metadata.name),
        version: checkVersion(spec.version),
        type,
        cloudType: template.cloudType || 'all',
        labels: metadata.labels ?? {},
        annotations: ownAnnotations(metadata.annotations),
        variables,
        ...(query.publish ? { draft: undefined, published: resolved } : { draft: resolved, published: undefined }),
      });
      await tell(tx, services, scope, { uid, projectUid: scope.projectUid }, 'created');
    });
    return { status: 201, body: { uid } };
  },

  v1ClusterProfilesGet: async ({ path, query }, { db, scope }) => {
    const body = await db.transaction(
      async (tx) => {
        const profile = await requireProfile(tx, scope, path.uid);
        return viewOf(tx, scope, profile, await packsFor(tx, profile, query.includePackMeta));
      },
      { readOnly: true },
    );
    return { status: 200, body };
  },

  v1ClusterProfilesUpdate: async ({ path, body }, { db, scope, services }) => {
    const { metadata, spec = {} } = body ?? {};
    await db.transaction(async (tx) => {
      const before = await requireOwnProfile(tx, scope, path.uid);
      const type = spec.template?.type ?? before.type;
      const template = spec.template?.packs
        ? await resolvePacks(tx, type, spec.template.packs, before.draft ?? before.published)
        : undefined;
      await updateProfile(tx, {
        ...before,
        type,
        name: metadata?.name || before.name,
        version: spec.version === undefined || spec.version === '' ? before.version : checkVersion(spec.version),
        labels: metadata?.labels ?? before.labels,
        annotations: metadata?.annotations === undefined ? before.annotations : ownAnnotations(metadata.annotations),
        draft: template ?? before.draft,
      });
      await followChange(tx, services, scope, before);
    });
    return { status: 204 };
  },

  v1ClusterProfilesDelete: async ({ path }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const profile = await requireOwnProfile(tx, scope, path.uid);
      const uses = (await profileUses(tx, [profile.uid])).get(profile.uid) ?? [];
      if (uses.length > 0) {
        const names = uses
          .map((use) => use.clusterName)
          .slice(0, 10)
          .join(', ');
        throw conflict(
          'ClusterProfileInUse',
          `cluster profile ${profile.name} ${profile.version} is in use by ${uses.length === 1 ? 'cluster' : `${uses.length} clusters:`} ${names}; detach it first`,
        );
      }
      await tx.execute('DELETE FROM cluster_profiles WHERE uid = $1', [profile.uid]);
      await tell(tx, services, scope, profile, 'deleted');
    });
    return { status: 204 };
  },

  v1ClusterProfilesPublish: async ({ path }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const profile = await requireOwnProfile(tx, scope, path.uid);
      if (profile.draft === undefined) return;
      checkReferences(profile.draft, profile.variables);
      await updateProfile(tx, { ...profile, published: profile.draft, draft: undefined });
      await followChange(tx, services, scope, profile);
    });
    return { status: 204 };
  },

  v1ClusterProfilesUidClone: async ({ path, body }, { db, scope, services }) => {
    const metadata = body?.metadata;
    if (!metadata) throw invalidRequest('metadata: expected the name of the clone');
    const uid = newUid();
    await db.transaction(async (tx) => {
      const source = await requireProfile(tx, scope, path.uid);
      const projectUid = await cloneTarget(tx, scope, metadata.target);
      await insertProfile(tx, {
        ...source,
        uid,
        projectUid,
        name: requireName(metadata.name),
        version:
          metadata.version === undefined || metadata.version === '' ? source.version : checkVersion(metadata.version),
      });
      await tell(tx, services, scope, { uid, projectUid }, 'created');
    });
    return { status: 201, body: { uid } };
  },

  v1ClusterProfilesUidMetadataUpdate: async ({ path, body }, { db, scope, services }) => {
    const { metadata = {}, spec } = body ?? {};
    await db.transaction(async (tx) => {
      const before = await requireOwnProfile(tx, scope, path.uid);
      await updateProfile(tx, {
        ...before,
        name: metadata.name || before.name,
        version: spec?.version === undefined || spec.version === '' ? before.version : checkVersion(spec.version),
        labels: metadata.labels ?? {},
        annotations: ownAnnotations(metadata.annotations),
      });
      await followChange(tx, services, scope, before);
    });
    return { status: 204 };
  },

  v1ClusterProfilesUidPacksUidManifests: async ({ path }, { db, scope }) => {
    const profile = await db.transaction(async (tx) => requireProfile(tx, scope, path.uid), { readOnly: true });
    const known = [...(profile.draft?.packs ?? []), ...(profile.published?.packs ?? [])].some(
      (pack) => pack.name === path.packName,
    );
    if (!known) throw notFound(`pack of cluster profile ${profile.name}`, path.packName);
    return { status: 200, body: { items: packManifests(profile, path.packName) } };
  },

  V1ClusterProfilesUidVariablesGet: async ({ path }, { db, scope }) => {
    const profile = await db.transaction(async (tx) => requireProfile(tx, scope, path.uid), { readOnly: true });
    return { status: 200, body: { variables: profile.variables.map(variableView) } };
  },

  V1ClusterProfilesUidVariablesPut: async ({ path, body }, { db, scope, services }) => {
    const given = Variable.array().parse(body?.variables ?? []);
    await db.transaction(async (tx) => {
      const before = await requireOwnProfile(tx, scope, path.uid);
      await updateProfile(tx, { ...before, variables: checkDefinitions(given, before.variables) });
      await followChange(tx, services, scope, before);
    });
    return { status: 204 };
  },

  V1ClusterProfilesUidVariablesPatch: async ({ path, body }, { db, scope, services }) => {
    const given = Variable.array().parse(body?.variables ?? []);
    await db.transaction(async (tx) => {
      const before = await requireOwnProfile(tx, scope, path.uid);
      const kept = before.variables.map(
        (variable) => given.find((candidate) => candidate.name === variable.name) ?? variable,
      );
      const added = given.filter((candidate) => !before.variables.some((variable) => variable.name === candidate.name));
      await updateProfile(tx, { ...before, variables: checkDefinitions([...kept, ...added], before.variables) });
      await followChange(tx, services, scope, before);
    });
    return { status: 204 };
  },

  v1ClusterProfilesMetadata: async (_request, { db, scope }) => {
    const profiles = await db.transaction(async (tx) => visibleProfiles(tx, scope), { readOnly: true });
    return {
      status: 200,
      body: {
        items: profiles.map(({ uid, name, cloudType, version }) => ({
          metadata: { uid, name },
          spec: { cloudType, version },
        })),
      },
    };
  },

  v1BulkClusterProfilesRead: async ({ body }, { db, scope }) => {
    const uids = [...new Set(body.uids)];
    const items = await db.transaction(async (tx) => bulkRead(tx, scope, uids), { readOnly: true });
    const found = new Set(items.map((item) => item.uid));
    return { status: 200, body: { items, missing: uids.filter((uid) => !found.has(uid)) } };
  },
} satisfies SomeHandlers;

type Services = UserContext['services'];
type Owned = Pick<Profile, 'uid' | 'projectUid'>;

/** What follows from a change of a profile: the documents of its clusters, where it is named, and an event. */
async function followChange(tx: Transaction, services: Services, scope: Scope, profile: Owned): Promise<void> {
  await recomposeClusters(tx, services, scope.tenantUid, { kind: 'profile', uid: profile.uid });
  await tell(tx, services, scope, profile, 'updated');
}

async function tell(
  tx: Transaction,
  services: Services,
  { tenantUid }: Scope,
  { uid, projectUid }: Owned,
  change: ResourceChange['change'],
): Promise<void> {
  await appendResourceEvent(tx, services, tenantUid, { type: 'clusterprofile', uid, change, projectUid });
}

function requireName(name: string | undefined): string {
  if (!name || name.trim() === '') throw invalidRequest('metadata.name: expected the name of the cluster profile');
  return name;
}

/** A version of three numbers, with pre-release and build as semver has them. */
function checkVersion(version: string | undefined): string {
  if (version === undefined || version === '') return DEFAULT_VERSION;
  if (/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(version)) return version;
  throw invalidRequest(`version: '${version}' is no semantic version; expected one such as 1.0.0`);
}

async function cloneTarget(
  tx: Transaction,
  scope: Scope,
  target: Schemas['v1ClusterProfileCloneTarget'] | undefined,
): Promise<string | undefined> {
  if (!target) return scope.projectUid;
  switch (target.scope) {
    case 'tenant':
      return undefined;
    case 'project': {
      const projectUid = target.projectUid || scope.projectUid;
      if (!projectUid || !isUid(projectUid))
        throw invalidRequest('metadata.target.projectUid: expected the project that the clone shall belong to');
      const rows = await tx.query('SELECT 1 FROM projects WHERE uid = $1', [projectUid]);
      if (rows.length === 0) throw notFound('project', projectUid);
      return projectUid;
    }
    case 'system':
    case 'resource':
      throw new PlaneError(
        403,
        'OperationForbidden',
        `metadata.target.scope: '${target.scope}' cannot be written; expected project or tenant`,
      );
    default:
      return assertNever(target.scope);
  }
}

async function packsFor(
  tx: Transaction,
  profile: Profile,
  includePackMeta: string | undefined,
): Promise<Map<string, StoredPack>> {
  const packs = new Map<string, StoredPack>();
  if (!includePackMeta) return packs;
  for (const { packUid } of [...(profile.draft?.packs ?? []), ...(profile.published?.packs ?? [])]) {
    const pack = isUid(packUid) && !packs.has(packUid) ? await findPack(tx, packUid) : undefined;
    if (pack) packs.set(packUid, pack);
  }
  return packs;
}

async function viewOf(
  tx: Transaction,
  scope: Scope,
  profile: Profile,
  packs: ReadonlyMap<string, StoredPack>,
): Promise<Schemas['v1ClusterProfile']> {
  const versions = await selectProfiles(tx, "name = $1 AND coalesce(project_uid, '') = coalesce($2, '')", [
    profile.name,
    profile.projectUid ?? null,
  ]);
  const uses = await profileUses(tx, [profile.uid]);
  return clusterProfile({ profile, tenantUid: scope.tenantUid, versions, uses: uses.get(profile.uid) ?? [], packs });
}

/** Four statements, however many profiles. */
async function bulkRead(
  tx: Transaction,
  scope: Scope,
  uids: readonly string[],
): Promise<Schemas['BulkClusterProfile'][]> {
  const profiles = await selectProfiles(tx, 'uid = ANY ($1::text[]) AND (project_uid IS NULL OR project_uid = $2)', [
    uids.filter(isUid),
    scope.projectUid ?? null,
  ]);
  const siblings = await tx.query<{ uid: string; name: string; version: string; project_uid: string | null }>(
    'SELECT uid, name, version, project_uid FROM cluster_profiles WHERE name = ANY ($1::text[])',
    [profiles.map((profile) => profile.name)],
  );
  const uses = await profileUses(
    tx,
    profiles.map((profile) => profile.uid),
  );
  return profiles.map((profile) => ({
    uid: profile.uid,
    profile: clusterProfile({
      profile,
      tenantUid: scope.tenantUid,
      versions: siblings.filter(
        (other) => other.name === profile.name && (other.project_uid ?? undefined) === profile.projectUid,
      ),
      uses: uses.get(profile.uid) ?? [],
      packs: new Map(),
    }),
    variables: profile.variables.map(variableView),
    manifests: [
      ...new Set(
        [...(profile.published?.packs ?? []), ...(profile.draft?.packs ?? [])]
          .filter((pack) => pack.manifests.length > 0)
          .map((pack) => pack.name),
      ),
    ].map((packName) => ({ packName, manifests: packManifests(profile, packName) })),
  }));
}
