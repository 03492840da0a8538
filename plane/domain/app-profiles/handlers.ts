import { conflict, invalidRequest, notFound } from '#plane/api/error';
import type { Scope, SomeHandlers, UserContext } from '#plane/api/handler';
import type { Transaction } from '#plane/store/database';
import { newUid } from '#plane/store/uid';

import { appendResourceEvent, type ResourceChange } from '../events/resource-event.ts';
import { readMetadata } from '../metadata.ts';
import { matchesName, matchesTags, sortNamed } from '../named-filter.ts';
import { listOwned, lockOwned, requireOwned } from '../owned.ts';
import { ownAnnotations } from '../own-annotations.ts';
import { page } from '../page.ts';
import { compareVersions } from '#profiles/version';
import { APP_PROFILE, openTiers, sealTiers, storeTiers, type AppProfileRow, type Tier } from './app-profile.ts';
import { checkTier, type TierInput } from './check-tier.ts';
import { appProfile, appProfileSummary, appTier, tierManifest } from './views.ts';

type Services = UserContext['services'];
const DEFAULT_VERSION = '1.0.0';

export const appProfileHandlers = {
  v1AppProfilesCreate: async ({ body }, { db, scope, services }) => {
    const { name, labels } = readMetadata(body?.metadata);
    const annotations = JSON.stringify(ownAnnotations(body?.metadata?.annotations));
    const { template, version } = body?.spec ?? {};
    const uid = newUid();
    const projectUid = scope.projectUid ?? null;
    await db.transaction(async (tx) => {
      const checked = checkVersion(version);
      await refuseTaken(tx, { uid, name, version: checked, project_uid: projectUid });
      const tiers = await checkTiers(tx, services, template?.appTiers ?? [], []);
      await insert(
        tx,
        { uid, projectUid, name, version: checked, labels, annotations },
        sealTiers(services.secrets, uid, tiers),
      );
      await tell(tx, services, scope, { uid, project_uid: projectUid }, 'created');
    });
    return { status: 201, body: { uid } };
  },

  v1AppProfilesUidGet: async ({ path }, { db, scope, services }) => {
    const body = await db.transaction(
      async (tx) => {
        const row = await requireOwned<AppProfileRow>(tx, APP_PROFILE, scope, path.uid);
        return appProfile(row, openTiers(services.secrets, row), await versionsOf(tx, row), scope.tenantUid);
      },
      { readOnly: true },
    );
    return { status: 200, body };
  },

  v1AppProfilesUidUpdate: async ({ path, body }, { db, scope, services }) => {
    const { name, labels } = readMetadata(body?.metadata);
    const annotations = JSON.stringify(ownAnnotations(body?.metadata?.annotations));
    const { template, version } = body?.spec ?? {};
    await db.transaction(async (tx) => {
      const row = await lockOwned<AppProfileRow>(tx, APP_PROFILE, scope, path.uid);
      const checked = version === undefined || version === '' ? row.version : checkVersion(version);
      await refuseTaken(tx, { ...row, name, version: checked });
      await tx.execute(
        'UPDATE app_profiles SET name = $2, version = $3, labels = $4::jsonb, annotations = $5::jsonb, updated_at = now() WHERE uid = $1',
        [row.uid, name, checked, labels, annotations],
      );
      if (template?.appTiers !== undefined) {
        const tiers = await checkTiers(tx, services, template.appTiers, openTiers(services.secrets, row));
        await storeTiers(tx, services.secrets, row.uid, tiers);
      }
      await tell(tx, services, scope, row, 'updated');
    });
    return { status: 204 };
  },

  v1AppProfilesUidDelete: async ({ path }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const row = await lockOwned<AppProfileRow>(tx, APP_PROFILE, scope, path.uid);
      await tx.execute('DELETE FROM app_profiles WHERE uid = $1', [row.uid]);
      await tell(tx, services, scope, row, 'deleted');
    });
    return { status: 204 };
  },

  v1AppProfilesUidClone: async ({ path, body }, { db, scope, services }) => {
    const { name = '', version, target } = body?.metadata ?? {};
    const uid = newUid();
    const projectUid = target?.projectUid || (scope.projectUid ?? null);
    await db.transaction(async (tx) => {
      const source = await requireOwned<AppProfileRow>(tx, APP_PROFILE, scope, path.uid);
      if (projectUid !== null && projectUid !== scope.projectUid) {
        const found = await tx.query('SELECT 1 FROM projects WHERE uid = $1', [projectUid]);
        if (found.length === 0) throw notFound('project', projectUid);
      }
      const copy = readMetadata({ name: name || source.name });
      const checked = version === undefined || version === '' ? source.version : checkVersion(version);
      await refuseTaken(tx, { uid, name: copy.name, version: checked, project_uid: projectUid });
      const labels = JSON.stringify(source.labels);
      const annotations = JSON.stringify(source.annotations);
      const tiers = openTiers(services.secrets, source).map((tier) => ({ ...tier, uid: newUid() }));
      await insert(
        tx,
        { uid, projectUid, name: copy.name, version: checked, labels, annotations },
        sealTiers(services.secrets, uid, tiers),
      );
      await tell(tx, services, scope, { uid, project_uid: projectUid }, 'created');
    });
    return { status: 201, body: { uid } };
  },

  v1AppProfilesUidMetadataUpdate: async ({ path, body }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const row = await lockOwned<AppProfileRow>(tx, APP_PROFILE, scope, path.uid);
      const { labels, annotations } = body?.metadata ?? {};
      const version = body?.version === undefined || body.version === '' ? row.version : checkVersion(body.version);
      await refuseTaken(tx, { ...row, version });
      await tx.execute(
        'UPDATE app_profiles SET version = $2, labels = $3::jsonb, annotations = $4::jsonb, updated_at = now() WHERE uid = $1',
        [
          row.uid,
          version,
          JSON.stringify(labels ?? {}),
          JSON.stringify(annotations === undefined ? row.annotations : ownAnnotations(annotations)),
        ],
      );
      await tell(tx, services, scope, row, 'updated');
    });
    return { status: 204 };
  },

  v1AppProfilesUidTiersGet: async ({ path }, { db, scope, services }) => {
    const { row, tiers } = await read(path.uid, { db, scope, services });
    return {
      status: 200,
      body: { metadata: { uid: row.uid, name: row.name }, spec: { appTiers: tiers.map(appTier) } },
    };
  },

  v1AppProfilesUidTiersCreate: async ({ path, body }, context) => {
    const uid = await changeTiers(context, path.uid, async (tx, tiers) => {
      const tier = await checkTier(tx, body ?? {}, undefined, tiers, context.services.fleet.now());
      return [[...tiers, tier], tier.uid];
    });
    return { status: 201, body: { uid } };
  },

  v1AppProfilesUidTiersUidGet: async ({ path }, context) => {
    const { tiers } = await read(path.uid, context);
    return { status: 200, body: appTier(requireTier(tiers, path.tierUid)) };
  },

  v1AppProfilesUidTiersUidUpdate: async ({ path, body }, context) => {
    await changeTiers(context, path.uid, async (tx, tiers) => {
      const before = requireTier(tiers, path.tierUid);
      const others = tiers.filter(({ uid }) => uid !== before.uid);
      const tier = await checkTier(tx, body ?? {}, before, others, context.services.fleet.now());
      return [tiers.map((one) => (one.uid === before.uid ? tier : one)), tier.uid];
    });
    return { status: 204 };
  },

  v1AppProfilesUidTiersUidDelete: async ({ path }, context) => {
    await changeTiers(context, path.uid, async (_tx, tiers) => {
      const { uid } = requireTier(tiers, path.tierUid);
      return [tiers.filter((tier) => tier.uid !== uid), uid];
    });
    return { status: 204 };
  },

  v1AppProfilesUidTiersUidManifestsUidGet: async ({ path }, context) => {
    const { tiers } = await read(path.uid, context);
    const manifest = requireTier(tiers, path.tierUid).manifests.find(({ uid }) => uid === path.manifestUid);
    if (manifest === undefined) throw notFound('manifest', path.manifestUid);
    return { status: 200, body: tierManifest(manifest) };
  },

  v1DashboardAppProfiles: async ({ body, query }, { db, scope, services }) => {
    const { filter = {}, sort } = body ?? {};
    return db.transaction(
      async (tx) => {
        const all = await listOwned<AppProfileRow>(tx, APP_PROFILE, scope);
        const found = all.filter(
          (row) =>
            matchesName(row.name, filter.profileName) &&
            matchesTags(row.labels, filter.tags) &&
            matchesVersion(row.version, filter.version),
        );
        const { items, listmeta } = page(sortNamed(found, sort), query);
        return {
          status: 200 as const,
          body: {
            appProfiles: items.map((row) =>
              appProfileSummary(row, openTiers(services.secrets, row), all.filter(sameProfile(row)), scope.tenantUid),
            ),
            listmeta,
          },
        };
      },
      { readOnly: true },
    );
  },

  v1DashboardAppProfilesMetadata: async (_request, { db, scope }) => {
    const rows = await db.transaction(async (tx) => listOwned<AppProfileRow>(tx, APP_PROFILE, scope), {
      readOnly: true,
    });
    return {
      status: 200,
      body: { appProfiles: rows.map(({ uid, name, version }) => ({ metadata: { uid, name }, spec: { version } })) },
    };
  },
} satisfies SomeHandlers;

type Context = Pick<UserContext, 'db' | 'scope' | 'services'>;

async function read(
  uid: string,
  { db, scope, services }: Context,
): Promise<{ readonly row: AppProfileRow; readonly tiers: readonly Tier[] }> {
  const row = await db.transaction(async (tx) => requireOwned<AppProfileRow>(tx, APP_PROFILE, scope, uid), {
    readOnly: true,
  });
  return { row, tiers: openTiers(services.secrets, row) };
}

function requireTier(tiers: readonly Tier[], uid: string): Tier {
  const tier = tiers.find((candidate) => candidate.uid === uid);
  if (tier === undefined) throw notFound('tier', uid);
  return tier;
}

/** Stores the tiers that `change` makes of those that there are. @returns what it says besides. */
async function changeTiers(
  { db, scope, services }: Context,
  uid: string,
  change: (tx: Transaction, tiers: readonly Tier[]) => Promise<readonly [tiers: readonly Tier[], uid: string]>,
): Promise<string> {
  return db.transaction(async (tx) => {
    const row = await lockOwned<AppProfileRow>(tx, APP_PROFILE, scope, uid);
    const [tiers, changed] = await change(tx, openTiers(services.secrets, row));
    await storeTiers(tx, services.secrets, row.uid, tiers);
    await tell(tx, services, scope, row, 'updated');
    return changed;
  });
}

/** Tiers of a whole profile; those of a name that was there keep their identifiers. */
async function checkTiers(
  tx: Transaction,
  services: Services,
  inputs: readonly TierInput[],
  before: readonly Tier[],
): Promise<Tier[]> {
  const tiers: Tier[] = [];
  for (const input of inputs) {
    const known = before.find(({ name, type }) => name === input.name && (input.type ?? type) === type);
    tiers.push(await checkTier(tx, input, known, tiers, services.fleet.now()));
  }
  return tiers;
}

function checkVersion(version: string | undefined): string {
  if (version === undefined || version === '') return DEFAULT_VERSION;
  if (/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(version)) return version;
  throw invalidRequest(`version: '${version}' is no semantic version; expected one such as 1.0.0`);
}

function sameProfile(row: AppProfileRow): (other: AppProfileRow) => boolean {
  return (other) => other.name === row.name && other.project_uid === row.project_uid;
}

async function versionsOf(tx: Transaction, row: AppProfileRow): Promise<Pick<AppProfileRow, 'uid' | 'version'>[]> {
  return tx.query<Pick<AppProfileRow, 'uid' | 'version'>>(
    "SELECT uid, version FROM app_profiles WHERE name = $1 AND coalesce(project_uid, '') = coalesce($2, '')",
    [row.name, row.project_uid],
  );
}

async function refuseTaken(
  tx: Transaction,
  { uid, name, version, project_uid: projectUid }: Pick<AppProfileRow, 'uid' | 'name' | 'version' | 'project_uid'>,
): Promise<void> {
  const [taken] = await tx.query<{ uid: string }>(
    "SELECT uid FROM app_profiles WHERE name = $1 AND version = $2 AND coalesce(project_uid, '') = coalesce($3, '') AND uid <> $4",
    [name, version, projectUid, uid],
  );
  if (taken)
    throw conflict(
      'AppProfileExists',
      `application profile ${name} ${version} exists already (${taken.uid}); choose another name or version, or import it`,
    );
}

async function insert(
  tx: Transaction,
  row: {
    readonly uid: string;
    readonly projectUid: string | null;
    readonly name: string;
    readonly version: string;
    readonly labels: string;
    readonly annotations: string;
  },
  tiers: Uint8Array,
): Promise<void> {
  await tx.execute(
    'INSERT INTO app_profiles (uid, project_uid, name, version, labels, annotations, tiers) VALUES ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7)',
    [row.uid, row.projectUid, row.name, row.version, row.labels, row.annotations, tiers],
  );
}

function matchesVersion(
  version: string,
  filter:
    | { eq?: string | null; ne?: string | null; gt?: string | null; lt?: string | null; beginsWith?: string | null }
    | undefined,
): boolean {
  const holds = (wanted: string | null | undefined, test: (value: string) => boolean): boolean =>
    wanted === null || wanted === undefined || test(wanted);
  return (
    holds(filter?.eq, (value) => version === value) &&
    holds(filter?.ne, (value) => version !== value) &&
    holds(filter?.gt, (value) => compareVersions(version, value) > 0) &&
    holds(filter?.lt, (value) => compareVersions(version, value) < 0) &&
    holds(filter?.beginsWith, (value) => version.startsWith(value))
  );
}

async function tell(
  tx: Transaction,
  services: Services,
  { tenantUid }: Scope,
  { uid, project_uid: projectUid }: Pick<AppProfileRow, 'uid' | 'project_uid'>,
  change: ResourceChange['change'],
): Promise<void> {
  await appendResourceEvent(tx, services, tenantUid, { type: 'appprofile', uid, change, projectUid });
}
