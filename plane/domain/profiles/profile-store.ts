/** Cluster profiles in the database. */
import type { Scope } from '#plane/api/handler';
import { notFound, PlaneError } from '#plane/api/error';
import type { SqlValue, Transaction } from '#plane/store/database';
import { isUniqueViolation } from '#plane/store/errors';
import { isUid } from '#plane/store/uid';

import { groupBy } from '../group-by.ts';
import { Variable, type ProfileType } from '#profiles/document';
import type { PolicyFinding } from '#profiles/policy/policy';
import { ProfileTemplate, type Profile } from './profile.ts';
import { digestOf } from './profile-document.ts';
import { keepSealed, sealIfImmutable } from './seals.ts';

interface ProfileRow {
  uid: string;
  project_uid: string | null;
  name: string;
  version: string;
  type: ProfileType;
  cloud_type: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  draft: unknown;
  published: unknown;
  variables: unknown;
  digest: string | null;
  sealed: boolean;
  policy_findings: readonly PolicyFinding[];
  created_at: Date;
  modified_at: Date;
}

function fromRow(row: ProfileRow): Profile {
  const content = {
    uid: row.uid,
    projectUid: row.project_uid ?? undefined,
    name: row.name,
    version: row.version,
    type: row.type,
    cloudType: row.cloud_type,
    labels: row.labels,
    annotations: row.annotations,
    draft: row.draft === null ? undefined : ProfileTemplate.parse(row.draft),
    published: row.published === null ? undefined : ProfileTemplate.parse(row.published),
    variables: Variable.array().parse(row.variables),
  };
  return {
    ...content,
    // Rows of the time before digests were kept have none.
    digest: row.digest ?? (content.published && digestOf(content, content.published)),
    sealed: row.sealed,
    policyFindings: row.policy_findings,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}

const COLUMNS = `uid, project_uid, name, version, type, cloud_type, labels, annotations, draft, published, variables, digest,
  policy_findings, created_at, modified_at, published IS NOT NULL AND EXISTS (
    SELECT 1 FROM profile_seals AS seal WHERE seal.tenant_uid = cluster_profiles.tenant_uid AND seal.name = cluster_profiles.name
    AND seal.version = cluster_profiles.version AND coalesce(seal.project_uid, '') = coalesce(cluster_profiles.project_uid, '')) AS sealed`;

/** `where` is SQL of the caller's own, never of a request. */
export async function selectProfiles(tx: Transaction, where: string, params: readonly SqlValue[]): Promise<Profile[]> {
  const rows = await tx.query<ProfileRow>(
    `SELECT ${COLUMNS} FROM cluster_profiles WHERE ${where} ORDER BY name, created_at, uid`,
    params,
  );
  return rows.map(fromRow);
}

/** Profiles that a scope shows: the tenant's own, and in a project that project's too. */
export async function visibleProfiles(tx: Transaction, scope: Scope): Promise<Profile[]> {
  return selectProfiles(tx, '(project_uid IS NULL OR project_uid = $1)', [scope.projectUid ?? null]);
}

/** A profile that the scope shows. @throws PlaneError 404 */
export async function requireProfile(tx: Transaction, scope: Scope, uid: string): Promise<Profile> {
  const [profile] = isUid(uid)
    ? await selectProfiles(tx, 'uid = $1 AND (project_uid IS NULL OR project_uid = $2)', [
        uid,
        scope.projectUid ?? null,
      ])
    : [];
  if (!profile) throw notFound('cluster profile', uid);
  return profile;
}

/** A profile to change, locked. @throws PlaneError 404, or 403 for a tenant's profile seen from a project. */
export async function requireOwnProfile(tx: Transaction, scope: Scope, uid: string): Promise<Profile> {
  const rows = isUid(uid) ? await tx.query('SELECT 1 FROM cluster_profiles WHERE uid = $1 FOR UPDATE', [uid]) : [];
  if (rows.length === 0) throw notFound('cluster profile', uid);
  const profile = await requireProfile(tx, scope, uid);
  if (profile.projectUid === undefined && scope.projectUid !== undefined) {
    throw new PlaneError(
      403,
      'OperationForbidden',
      `cluster profile ${profile.name} belongs to the tenant; change it without the header ProjectUid (context "tenant")`,
    );
  }
  return profile;
}

/** As a caller has it; digest and seal follow. */
export type NewProfile = Omit<Profile, 'createdAt' | 'modifiedAt' | 'digest' | 'sealed' | 'policyFindings'> &
  Partial<Pick<Profile, 'policyFindings' | 'digest'>>;

/**
 * Stores a new profile.
 *
 * @throws PlaneError 409 `ClusterProfileExists` when its name and version are taken, `ProfileVersionExists` when they
 *   stood for another content once and for all.
 */
export async function insertProfile(tx: Transaction, given: NewProfile): Promise<void> {
  await refuseTaken(tx, given);
  const profile = await keepSealed(tx, undefined, { policyFindings: [], ...given });
  const digest = profile.published && digestOf(profile, profile.published);
  const stored = tx.execute(
    `INSERT INTO cluster_profiles (uid, project_uid, name, version, type, cloud_type, labels, annotations, draft, published, variables, digest, policy_findings)
     VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9::jsonb, $10::jsonb, $11::jsonb, $12, $13::jsonb)`,
    [
      profile.uid,
      profile.projectUid ?? null,
      profile.name,
      profile.version,
      profile.type,
      profile.cloudType,
      JSON.stringify(profile.labels),
      JSON.stringify(profile.annotations),
      json(profile.draft),
      json(profile.published),
      JSON.stringify(profile.variables),
      digest ?? null,
      JSON.stringify(profile.policyFindings),
    ],
  );
  await stored.catch((error: unknown) => {
    // Somebody was faster since the look above.
    if (isUniqueViolation(error)) throw taken(profile);
    throw error;
  });
  await sealIfImmutable(tx, profile, digest);
}

/**
 * Stores a profile that was read and changed.
 *
 * @throws PlaneError 409 `ClusterProfileExists` when its name and version are taken, `ProfileVersionExists` or
 *   `ProfileVersionSealed` when the version is sealed and would not stay what it is.
 */
export async function updateProfile(tx: Transaction, before: Profile, given: Profile): Promise<void> {
  await refuseTaken(tx, given);
  const profile = await keepSealed(tx, before, given);
  const digest = profile.published && digestOf(profile, profile.published);
  await tx.execute(
    `UPDATE cluster_profiles SET name = $2, version = $3, type = $4, cloud_type = $5, labels = $6::jsonb, annotations = $7::jsonb,
       draft = $8::jsonb, published = $9::jsonb, variables = $10::jsonb, digest = $11, policy_findings = $12::jsonb, modified_at = now()
     WHERE uid = $1`,
    [
      profile.uid,
      profile.name,
      profile.version,
      profile.type,
      profile.cloudType,
      JSON.stringify(profile.labels),
      JSON.stringify(profile.annotations),
      json(profile.draft),
      json(profile.published),
      JSON.stringify(profile.variables),
      digest ?? null,
      JSON.stringify(profile.policyFindings),
    ],
  );
  await sealIfImmutable(tx, profile, digest);
}

function json(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

async function refuseTaken(
  tx: Transaction,
  profile: Pick<Profile, 'uid' | 'projectUid' | 'name' | 'version'>,
): Promise<void> {
  const [known] = await tx.query<{ uid: string }>(
    "SELECT uid FROM cluster_profiles WHERE name = $1 AND version = $2 AND coalesce(project_uid, '') = coalesce($3, '') AND uid <> $4",
    [profile.name, profile.version, profile.projectUid ?? null, profile.uid],
  );
  if (known) throw taken(profile, known.uid);
}

function taken({ name, version }: Pick<Profile, 'name' | 'version'>, uid?: string): PlaneError {
  return new PlaneError(
    409,
    'ClusterProfileExists',
    `cluster profile ${name} ${version} exists already${uid === undefined ? '' : ` (${uid})`}; choose another name or version, or import it`,
    uid === undefined ? undefined : { uid },
  );
}

export interface ProfileUse {
  readonly clusterUid: string;
  readonly clusterName: string;
  readonly projectUid: string;
}

/** Clusters that run each of the profiles. */
export async function profileUses(tx: Transaction, profileUids: readonly string[]): Promise<Map<string, ProfileUse[]>> {
  const rows = await tx.query<ProfileUse & { readonly profileUid: string }>(
    `SELECT a.profile_uid AS "profileUid", c.uid AS "clusterUid", c.name AS "clusterName", c.project_uid AS "projectUid" FROM cluster_profile_attachments a JOIN clusters c ON c.uid = a.cluster_uid
     WHERE a.profile_uid = ANY ($1::text[]) ORDER BY c.uid`,
    [profileUids],
  );
  return groupBy(rows, ({ profileUid }) => profileUid);
}
