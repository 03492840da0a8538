/** Versions of profiles: published once, promoted, listed; and what holds for them in a scope. */
import type { components } from '#openapi/generated/types';
import { invalidRequest, notFound, PlaneError } from '#plane/api/error';
import type { SomeHandlers } from '#plane/api/handler';
import type { Variable } from '#profiles/document';
import { policyFromSpec } from '#profiles/policy/from-spec';
import { PolicyError } from '#profiles/policy/policy-error';
import { compareVersions, pickVersion } from '#profiles/version';

import { groupBy } from '../group-by.ts';
import { registryNames } from '../registries/registry-store.ts';
import type { Profile } from './profile.ts';
import { documentOf } from './profile-document.ts';
import { profileUses, requireProfile, selectProfiles, visibleProfiles } from './profile-store.ts';
import { parseDocument, promoteVersion, publishDocument, type PublishedVersion } from './publish-version.ts';
import { sealAll } from './seals.ts';
import { lockSettings, ProfileSettings, readSettings, writeSettings } from './settings.ts';

type Schemas = components['schemas'];

export const versionHandlers = {
  v1ProfileVersionsList: async ({ query }, { db, scope }) => {
    const items = await db.transaction(
      async (tx) => {
        const visible = await visibleProfiles(tx, scope);
        const named = visible.filter(({ name }) => query.name === undefined || name === query.name);
        const meant = query.version === undefined ? named : newestOf(named, query.version);
        const uses = await profileUses(
          tx,
          meant.map(({ uid }) => uid),
        );
        return meant
          .sort((a, b) => byName(a, b) || compareVersions(b.version, a.version))
          .map((profile) => versionView(profile, uses.get(profile.uid)?.length ?? 0));
      },
      { readOnly: true },
    );
    return { status: 200, body: { items } };
  },

  v1ProfileVersionsUidGet: async ({ path, query }, { db, scope }) => {
    const body = await db.transaction(
      async (tx) => {
        const profile = await requireProfile(tx, scope, path.uid);
        if (profile.published === undefined || profile.digest === undefined)
          throw notFound('published cluster profile', path.uid);
        const document = documentOf(profile, profile.published, await registryNames(tx));
        const variables = query.withSensitive === true ? document.variables : document.variables.map(withoutSecret);
        return { uid: profile.uid, digest: profile.digest, profile: { ...document, variables } };
      },
      { readOnly: true },
    );
    // as: zod's optional fields admit `undefined`, the contract's leave the key out; JSON makes them equal
    return { status: 200, body: body as Schemas['ProfileVersionDocument'] };
  },

  v1ProfileVersionsPublish: async ({ body }, ctx) => {
    const published = await publishDocument(ctx, parseDocument(body.profile), { dryRun: body.dryRun ?? false });
    return { status: 200, body: publishedView(published) };
  },

  v1ProfileVersionsPromote: async ({ body }, ctx) => {
    const { name, version, from, dryRun = false } = body;
    const promoted = await promoteVersion(ctx, { name, version, fromProjectUid: from.projectUid || undefined, dryRun });
    return { status: 200, body: publishedView(promoted) };
  },

  v1ProfileSettingsGet: async (_request, { db, scope }) => {
    const settings = await db.transaction(async (tx) => readSettings(tx, scope.projectUid), { readOnly: true });
    return { status: 200, body: settings };
  },

  v1ProfileSettingsUpdate: async ({ body }, { db, scope }) => {
    const parsed = ProfileSettings.safeParse(body);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw invalidRequest(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`);
    }
    checkRules(parsed.data);
    await db.transaction(async (tx) => {
      await lockSettings(tx, scope.projectUid, 'change');
      await writeSettings(tx, scope.projectUid, parsed.data);
      if (parsed.data.versions === 'immutable')
        await sealAll(
          tx,
          await selectProfiles(tx, "published IS NOT NULL AND coalesce(project_uid, '') = coalesce($1, '')", [
            scope.projectUid ?? null,
          ]),
        );
    });
    return { status: 204 };
  },
} satisfies SomeHandlers;

function withoutSecret({ defaultValue, ...variable }: Variable): Variable {
  return variable.isSensitive || defaultValue === undefined ? variable : { ...variable, defaultValue };
}

/** @throws PlaneError 422 `InvalidPolicy` with everything that is wrong with the rules. */
function checkRules({ policy }: ProfileSettings): void {
  try {
    policyFromSpec({ rules: policy.rules });
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new PlaneError(
      422,
      'InvalidPolicy',
      `policy: ${error.message}`,
      { problems: error.problems },
      { cause: error },
    );
  }
}

/** Of each name in each scope the version that the words stand for. */
function newestOf(profiles: readonly Profile[], wanted: string): Profile[] {
  const published = profiles.filter((profile) => profile.published !== undefined);
  const groups = groupBy(published, ({ projectUid = '', name }) => `${projectUid}/${name}`);
  return [...groups.values()].flatMap((group) => {
    const version = pickVersion(
      wanted,
      group.map((profile) => profile.version),
    );
    return group.filter((profile) => profile.version === version);
  });
}

function byName(a: Profile, b: Profile): number {
  return a.name === b.name ? 0 : a.name < b.name ? -1 : 1;
}

function versionView(profile: Profile, clusters: number): Schemas['ProfileVersion'] {
  const { uid, name, version, projectUid, type, digest } = profile;
  return {
    uid,
    name,
    version,
    ...(projectUid === undefined ? { scope: 'tenant' } : { scope: 'project', projectUid }),
    type,
    ...(digest === undefined ? {} : { digest }),
    published: profile.published !== undefined,
    sealed: profile.sealed,
    clusters,
    createdAt: profile.createdAt.toISOString(),
    modifiedAt: profile.modifiedAt.toISOString(),
  };
}

function publishedView({ findings, ...published }: PublishedVersion): Schemas['PublishedProfileVersion'] {
  return { ...published, findings: findings.map((finding) => ({ ...finding })) };
}
