import { assertNever } from '#core/assert-never';
import type { components } from '#openapi/generated/types';
import { conflict, invalidRequest, notFound, PlaneError } from '#plane/api/error';
import type { Scope, SomeHandlers, UserContext } from '#plane/api/handler';
import type { Transaction } from '#plane/store/database';
import { isUid, newUid } from '#plane/store/uid';

import { ownAnnotations } from '../own-annotations.ts';
import { findPack, type StoredPack } from '../packs/pack-store.ts';
import { refuseUnreadable } from './check-registries.ts';
import { checkReferences } from './check-references.ts';
import { checkDefinitions } from './check-variables.ts';
import { Variable } from '#profiles/document';
import { exchangeHandlers } from './exchange-handlers.ts';
import { followChange, tell } from './follow-change.ts';
import { checkVersion, requireName } from './identity.ts';
import { type Profile } from './profile.ts';
import {
  insertProfile,
  profileUses,
  requireOwnProfile,
  requireProfile,
  selectProfiles,
  updateProfile,
  visibleProfiles,
  type NewProfile,
} from './profile-store.ts';
import { refuseShared, templateUses } from '../templates/profile-uses.ts';
import { resolvePacks } from './resolve-packs.ts';
import { versionHandlers } from './version-handlers.ts';
import { clusterProfile, packManifests, variableView } from './views.ts';
import { withPolicies } from './with-policies.ts';

type Schemas = components['schemas'];

export const profileHandlers = {
  ...exchangeHandlers,
  ...versionHandlers,

  v1ClusterProfilesCreate: async ({ body, query }, ctx) => {
    const { scope, services } = ctx;
    const { metadata = {}, spec = {} } = body ?? {};
    const { template = {} } = spec;
    const type = template.type ?? 'cluster';
    const uid = newUid();
    const prepare = async (tx: Transaction): Promise<NewProfile> => {
      const resolved = await resolvePacks(tx, type, template.packs ?? [], undefined, scope.projectUid);
      const variables = checkDefinitions(Variable.array().parse(spec.variables ?? []), []);
      // Without any here they may follow in a request of their own; publishing checks then.
      if (query.publish || spec.variables !== undefined) checkReferences(resolved, variables);
      return {
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
      };
    };
    await withPolicies(ctx, scope.projectUid, prepare, async (tx, profile) => {
      await insertProfile(tx, profile);
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
        ? await resolvePacks(tx, type, spec.template.packs, before.draft ?? before.published, scope.projectUid)
        : undefined;
      await updateProfile(tx, before, {
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
      await refuseShared(tx, profile);
      await tx.execute('DELETE FROM cluster_profiles WHERE uid = $1', [profile.uid]);
      await tell(tx, services, scope, profile, 'deleted');
    });
    return { status: 204 };
  },

  v1ClusterProfilesPublish: async ({ path }, ctx) => {
    const { scope, services } = ctx;
    const prepare = async (tx: Transaction): Promise<Change> => {
      const before = await requireOwnProfile(tx, scope, path.uid);
      if (before.draft === undefined) return { ...before, before };
      checkReferences(before.draft, before.variables);
      return { ...before, published: before.draft, draft: undefined, before };
    };
    await withPolicies(ctx, scope.projectUid, prepare, async (tx, { before, ...after }) => {
      if (before.draft === undefined) return;
      await updateProfile(tx, before, after);
      await followChange(tx, services, scope, before);
    });
    return { status: 204 };
  },

  v1ClusterProfilesUidClone: async ({ path, body }, ctx) => {
    const { db, scope, services } = ctx;
    const metadata = body?.metadata;
    if (!metadata) throw invalidRequest('metadata: expected the name of the clone');
    const uid = newUid();
    const projectUid = await db.transaction(async (tx) => cloneTarget(tx, scope, metadata.target));
    const prepare = async (tx: Transaction): Promise<NewProfile> => {
      const source = await requireProfile(tx, scope, path.uid);
      for (const template of [source.draft, source.published])
        if (template !== undefined) await refuseUnreadable(tx, projectUid, template);
      return {
        ...source,
        // What another scope's policies saw counts for nothing here.
        digest: undefined,
        policyFindings: [],
        uid,
        projectUid,
        name: requireName(metadata.name),
        ...(metadata.version === undefined || metadata.version === ''
          ? {}
          : { version: checkVersion(metadata.version) }),
      };
    };
    await withPolicies(ctx, projectUid, prepare, async (tx, clone) => {
      await insertProfile(tx, clone);
      await tell(tx, services, scope, { uid, projectUid }, 'created');
    });
    return { status: 201, body: { uid } };
  },

  v1ClusterProfilesUidMetadataUpdate: async ({ path, body }, { db, scope, services }) => {
    const { metadata = {}, spec } = body ?? {};
    await db.transaction(async (tx) => {
      const before = await requireOwnProfile(tx, scope, path.uid);
      await updateProfile(tx, before, {
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

  V1ClusterProfilesUidVariablesPut: async ({ path, body }, ctx) => {
    const given = Variable.array().parse(body?.variables ?? []);
    await changeVariables(ctx, path.uid, () => given);
    return { status: 204 };
  },

  V1ClusterProfilesUidVariablesPatch: async ({ path, body }, ctx) => {
    const given = Variable.array().parse(body?.variables ?? []);
    await changeVariables(ctx, path.uid, (before) => {
      const kept = before.map((variable) => given.find((candidate) => candidate.name === variable.name) ?? variable);
      const added = given.filter((candidate) => !before.some((variable) => variable.name === candidate.name));
      return [...kept, ...added];
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

/** A profile as it is to be, with how it was. */
type Change = Profile & { readonly before: Profile };

async function changeVariables(
  ctx: UserContext,
  uid: string,
  change: (before: readonly Variable[]) => readonly Variable[],
): Promise<void> {
  const { scope, services } = ctx;
  const prepare = async (tx: Transaction): Promise<Change> => {
    const before = await requireOwnProfile(tx, scope, uid);
    return { ...before, variables: checkDefinitions(change(before.variables), before.variables), before };
  };
  await withPolicies(ctx, scope.projectUid, prepare, async (tx, { before, ...after }) => {
    await updateProfile(tx, before, after);
    await followChange(tx, services, scope, before);
  });
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
  const templates = (await templateUses(tx, [profile.uid])).get(profile.uid) ?? [];
  return clusterProfile({
    profile,
    tenantUid: scope.tenantUid,
    versions,
    uses: uses.get(profile.uid) ?? [],
    templates,
    packs,
  });
}

/** Five statements, however many profiles. */
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
  const templates = await templateUses(
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
      templates: templates.get(profile.uid) ?? [],
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
