/** Publishing a version of a profile once and for all: from a document, or from another scope. */
import { invalidRequest, notFound, PlaneError } from '#plane/api/error';
import type { UserContext } from '#plane/api/handler';
import type { Transaction } from '#plane/store/database';
import { isUid, newUid } from '#plane/store/uid';
import { ProfileDocument, type ProfileLayer } from '#profiles/document';
import type { PolicyFinding } from '#profiles/policy/policy';
import { compareVersions, pickVersion } from '#profiles/version';

import { listRegistries, readableRegistries } from '../registries/registry-store.ts';
import { refuseUnreadable } from './check-registries.ts';
import { checkReferences } from './check-references.ts';
import { checkDefinitions } from './check-variables.ts';
import { followChange, tell } from './follow-change.ts';
import { checkVersion } from './identity.ts';
import type { Profile, ProfileTemplate } from './profile.ts';
import { digestOf } from './profile-document.ts';
import { insertProfile, selectProfiles, updateProfile } from './profile-store.ts';
import { resolvePacks, type PackInput } from './resolve-packs.ts';
import { seal, sealOf, versionExists } from './seals.ts';
import { tagsToLabels } from './tags.ts';
import { versionDifference } from './version-difference.ts';
import { withPolicies } from './with-policies.ts';

export interface PublishedVersion {
  /** Absent when a dry run would make a new one. */
  readonly uid?: string;
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  /** Whether the version is new in its scope. */
  readonly created: boolean;
  readonly findings: readonly PolicyFinding[];
}

type Candidate = Omit<Profile, 'createdAt' | 'modifiedAt' | 'digest' | 'sealed'> & {
  readonly published: ProfileTemplate;
  /** What is there under the name and version. */
  readonly existing: Profile | undefined;
  /** Of what is there: the policies have seen it. */
  readonly digest: string | undefined;
};

/**
 * Publishes a document as a version in the scope, and seals it.
 *
 * @throws PlaneError 409 `ProfileVersionExists` for another content under a version that exists, with the differences; 422
 *   for packs that are not there or are not the resolved ones, for wrong variables, for policies that are enforced.
 */
export async function publishDocument(
  ctx: UserContext,
  document: ProfileDocument,
  { dryRun }: { readonly dryRun: boolean },
): Promise<PublishedVersion> {
  const { scope } = ctx;
  const version = checkVersion(document.version);
  const prepare = async (tx: Transaction): Promise<Candidate> => {
    const existing = await findVersion(tx, scope.projectUid, document.name, version);
    const before = existing?.draft ?? existing?.published;
    const inputs = await toInputs(tx, scope.projectUid, document.layers);
    const published = await resolvePacks(tx, document.type, inputs, before, scope.projectUid);
    refuseOtherPacks(document, published);
    const variables = checkDefinitions(document.variables, existing?.variables ?? []);
    checkReferences(published, variables);
    return {
      uid: existing?.uid ?? newUid(),
      projectUid: scope.projectUid,
      name: document.name,
      version,
      type: document.type,
      cloudType: document.cloud || 'all',
      labels: tagsToLabels(document.tags),
      annotations: { ...existing?.annotations, description: document.description },
      variables,
      draft: undefined,
      published,
      policyFindings: existing?.policyFindings ?? [],
      existing,
      digest: existing?.digest,
    };
  };
  return storeOnce(ctx, prepare, dryRun);
}

export interface Promotion {
  readonly name: string;
  /** A version, `latest`, or a range. */
  readonly version: string;
  /** Undefined: the tenant. */
  readonly fromProjectUid: string | undefined;
  readonly dryRun: boolean;
}

/** Publishes a version of another scope in this one; the digest stays. @throws PlaneError as `publishDocument`; 404. */
export async function promoteVersion(ctx: UserContext, promotion: Promotion): Promise<PublishedVersion> {
  const { scope } = ctx;
  if (promotion.fromProjectUid === scope.projectUid)
    throw invalidRequest(
      'from: the version is to be published where it is; name another project, or none for the tenant',
    );
  const prepare = async (tx: Transaction): Promise<Candidate> => {
    const source = await findPublished(tx, promotion);
    await refuseUnreadable(tx, scope.projectUid, source.published);
    const existing = await findVersion(tx, scope.projectUid, source.name, source.version);
    return {
      ...source,
      uid: existing?.uid ?? newUid(),
      projectUid: scope.projectUid,
      draft: undefined,
      policyFindings: existing?.policyFindings ?? [],
      existing,
      digest: existing?.digest,
    };
  };
  return storeOnce(ctx, prepare, promotion.dryRun);
}

/** Of two that publish a version at the same time the second finds what the first has stored. */
async function storeOnce(
  ctx: UserContext,
  prepare: (tx: Transaction) => Promise<Candidate>,
  dryRun: boolean,
): Promise<PublishedVersion> {
  const attempt = async (): Promise<PublishedVersion> =>
    withPolicies(ctx, ctx.scope.projectUid, prepare, async (tx, candidate) => store(tx, ctx, candidate, dryRun));
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof PlaneError && error.code === 'ClusterProfileExists') return attempt();
    throw error;
  }
}

/** The profile of the scope itself that is called so. */
async function findVersion(
  tx: Transaction,
  projectUid: string | undefined,
  name: string,
  version: string,
): Promise<Profile | undefined> {
  const [profile] = await selectProfiles(
    tx,
    "name = $1 AND version = $2 AND coalesce(project_uid, '') = coalesce($3, '')",
    [name, version, projectUid ?? null],
  );
  return profile;
}

async function findPublished(
  tx: Transaction,
  { name, version, fromProjectUid }: Promotion,
): Promise<Profile & { readonly published: ProfileTemplate }> {
  if (fromProjectUid !== undefined) {
    const rows = isUid(fromProjectUid) ? await tx.query('SELECT 1 FROM projects WHERE uid = $1', [fromProjectUid]) : [];
    if (rows.length === 0) throw notFound('project', fromProjectUid);
  }
  const profiles = await selectProfiles(
    tx,
    "name = $1 AND published IS NOT NULL AND coalesce(project_uid, '') = coalesce($2, '')",
    [name, fromProjectUid ?? null],
  );
  const versions = profiles.map((profile) => profile.version);
  const meant = pickVersion(version, versions);
  const found = profiles.find((profile) => profile.version === meant);
  if (found?.published) return { ...found, published: found.published };
  const known = versions.sort((a, b) => compareVersions(b, a)).slice(0, 10);
  throw new PlaneError(
    404,
    'ResourceNotFound',
    known.length === 0
      ? `no version of cluster profile ${name} is published where it is to come from`
      : `cluster profile ${name} has no published version ${version} where it is to come from; there are ${known.join(', ')}`,
  );
}

async function store(
  tx: Transaction,
  { scope, services }: UserContext,
  { existing, digest: _digest, ...profile }: Candidate,
  dryRun: boolean,
): Promise<PublishedVersion> {
  const digest = digestOf(profile, profile.published);
  const result = { name: profile.name, version: profile.version, digest, findings: profile.policyFindings };
  if (existing?.published && existing.digest !== digest) {
    throw versionExists(profile, {
      sealed: existing.digest ?? '',
      given: digest,
      difference: versionDifference(
        { profile: existing, template: existing.published },
        { profile, template: profile.published },
      ),
    });
  }
  const sealed = await sealOf(tx, profile);
  if (sealed !== undefined && sealed !== digest) throw versionExists(profile, { sealed, given: digest });
  const created = existing?.published === undefined;
  if (dryRun) return { ...result, created, ...(existing === undefined ? {} : { uid: existing.uid }) };
  if (existing === undefined) {
    await insertProfile(tx, profile);
    await tell(tx, services, scope, profile, 'created');
  } else if (created || !sameDescription(existing, profile)) {
    const { createdAt, modifiedAt, sealed: wasSealed } = existing;
    // What is published stays, with the identifiers of its manifests.
    const published = existing.published ?? profile.published;
    await updateProfile(tx, existing, { ...profile, published, digest, sealed: wasSealed, createdAt, modifiedAt });
    await followChange(tx, services, scope, profile);
  }
  await seal(tx, profile, digest);
  return { ...result, uid: profile.uid, created };
}

/** Labels and annotations are no part of the content. */
function sameDescription(
  a: Pick<Profile, 'labels' | 'annotations'>,
  b: Pick<Profile, 'labels' | 'annotations'>,
): boolean {
  return sameEntries(a.labels, b.labels) && sameEntries(a.annotations, b.annotations);
}

function sameEntries(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => a[key] === b[key]);
}

/**
 * Layers as packs are asked for.
 *
 * @param reader the project that asks; undefined: the tenant.
 * @throws PlaneError 422 for a registry that is not there
 */
export async function toInputs(
  tx: Transaction,
  reader: string | undefined,
  layers: readonly ProfileLayer[],
): Promise<PackInput[]> {
  const registries = readableRegistries(await listRegistries(tx), reader);
  return layers.map(({ name, layer, type, registry, version, resolved, values, manifests }) => {
    const found = registries.find((candidate) => candidate.name === registry);
    if (registry !== undefined && !found) {
      const known = registries.map((candidate) => candidate.name).join(', ');
      throw new PlaneError(
        422,
        'RegistryNotFound',
        `layer ${name}: there is no registry ${JSON.stringify(registry)}; there are ${known}`,
      );
    }
    return {
      name,
      type,
      layer,
      tag: resolved?.version ?? version,
      registryUid: found?.uid,
      values,
      manifests,
    };
  });
}

/** A resolved layer means one content and no other. */
export function refuseOtherPacks({ layers }: ProfileDocument, { packs }: ProfileTemplate): void {
  for (const { name, resolved } of layers) {
    const digest = packs.find((pack) => pack.name === name)?.digest;
    if (resolved === undefined || digest === resolved.digest) continue;
    throw new PlaneError(
      422,
      'PackDigestMismatch',
      `layer ${name}: the registry's pack of version ${resolved.version} is not the one that the profile is locked to; expected ${resolved.digest}, there is ${digest ?? 'none'}. Push that pack, or lock the profile anew`,
      { layer: name, expected: resolved.digest, found: digest },
    );
  }
}

/** A document of a request. @throws PlaneError 422 with the path of what is wrong. */
export function parseDocument(value: unknown): ProfileDocument {
  const parsed = ProfileDocument.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalidRequest(`profile.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`);
}
