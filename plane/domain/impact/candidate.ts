/** The profile that a question is about: a version as it is stored, or content that nobody has published yet. */
import type { components } from '#openapi/generated/types';
import { invalidRequest } from '#plane/api/error';
import type { Scope } from '#plane/api/handler';
import type { Transaction } from '#plane/store/database';
import type { StackPack } from '#profiles/compose';
import { Variable, type ProfileType } from '#profiles/document';
import { compareVersions } from '#profiles/version';

import { checkReferences } from '../profiles/check-references.ts';
import { checkDefinitions } from '../profiles/check-variables.ts';
import { checkVersion, requireName } from '../profiles/identity.ts';
import type { ProfilePack } from '../profiles/profile.ts';
import { digestOf } from '../profiles/profile-document.ts';
import { requireProfile, selectProfiles } from '../profiles/profile-store.ts';
import { parseDocument, refuseOtherPacks, toInputs } from '../profiles/publish-version.ts';
import { resolvePacks, type PackInput } from '../profiles/resolve-packs.ts';

export interface Candidate {
  /** Of the stored version; absent for content that is not stored. */
  readonly uid: string | undefined;
  readonly name: string;
  readonly version: string;
  readonly type: string;
  readonly digest: string;
  readonly packs: readonly StackPack[];
  readonly definitions: readonly Variable[];
  /** Versions in whose place it would come. */
  readonly replaces: readonly { readonly uid: string; readonly version: string }[];
}

/** @throws PlaneError 404 or 422 that says what is wrong with the request */
export async function resolveCandidate(
  tx: Transaction,
  scope: Scope,
  { profileUid, document, content, inPlaceOf }: components['schemas']['ImpactRequest'],
): Promise<Candidate> {
  if ([profileUid, document, content].filter((given) => given !== undefined).length !== 1)
    throw invalidRequest(
      'give one of these: profileUid, a version that is stored; document or content, a profile that is not stored yet',
    );
  const found =
    profileUid !== undefined
      ? await fromStored(tx, scope, profileUid)
      : content !== undefined
        ? await fromContent(tx, scope, content)
        : await fromDocument(tx, scope, document);
  const replaces =
    inPlaceOf === undefined
      ? await versionsOf(tx, found.owner, found.name)
      : [await requireProfile(tx, scope, inPlaceOf)];
  return { ...found.candidate, replaces: replaces.map(({ uid, version }) => ({ uid, version })) };
}

interface Found {
  readonly name: string;
  /** The project whose profile it is; undefined: the tenant's. */
  readonly owner: string | undefined;
  readonly candidate: Omit<Candidate, 'replaces'>;
}

/** A draft is what would be published; without one the published content counts. */
async function fromStored(tx: Transaction, scope: Scope, uid: string): Promise<Found> {
  const profile = await requireProfile(tx, scope, uid);
  const template = profile.draft ?? profile.published ?? { packs: [] };
  const { name, version, type, variables } = profile;
  const digest = digestOf(profile, template);
  return {
    name,
    owner: profile.projectUid,
    candidate: { uid, name, version, type, digest, packs: template.packs, definitions: variables },
  };
}

async function fromDocument(tx: Transaction, scope: Scope, given: unknown): Promise<Found> {
  const document = parseDocument(given);
  const { name, version, type, cloud: cloudType, variables } = document;
  const packs = await toInputs(tx, scope.projectUid, document.layers);
  const found = await unstored(tx, scope, { name, version, type, cloudType, variables }, packs);
  refuseOtherPacks(document, { packs: found.packs });
  return found;
}

/** A profile as a request to create it would bring it. */
async function fromContent(
  tx: Transaction,
  scope: Scope,
  { metadata = {}, spec = {} }: components['schemas']['v1ClusterProfileEntity'],
): Promise<Found> {
  const { template = {} } = spec;
  const identity = {
    name: requireName(metadata.name),
    version: checkVersion(spec.version),
    type: template.type ?? 'cluster',
    cloudType: template.cloudType || 'all',
    variables: Variable.array().parse(spec.variables ?? []),
  };
  return unstored(tx, scope, identity, template.packs ?? []);
}

interface Unstored {
  readonly name: string;
  readonly version: string;
  readonly type: ProfileType;
  readonly cloudType: string;
  readonly variables: readonly Variable[];
}

async function unstored(
  tx: Transaction,
  scope: Scope,
  given: Unstored,
  inputs: readonly PackInput[],
): Promise<Found & { readonly packs: ProfilePack[] }> {
  const { name, version, type } = given;
  // Content that would be published in the project replaces the tenant's only when the project has none of the name.
  const inProject = scope.projectUid !== undefined && (await versionsOf(tx, scope.projectUid, name)).length > 0;
  const owner = inProject ? scope.projectUid : undefined;
  const known = (await versionsOf(tx, owner, name)).toSorted((a, b) => compareVersions(b.version, a.version));
  const same = known.find((profile) => profile.version === version);
  const before = same ?? known[0];
  const template = await resolvePacks(tx, type, inputs, before?.draft ?? before?.published, scope.projectUid);
  // What is masked in a profile that was read is as it was.
  const variables = checkDefinitions(given.variables, before?.variables ?? []);
  checkReferences(template, variables);
  const digest = digestOf({ ...given, labels: {}, annotations: {}, variables }, template);
  const { packs } = template;
  return {
    name,
    owner,
    packs,
    candidate: { uid: same?.uid, name, version, type, digest, packs, definitions: variables },
  };
}

async function versionsOf(
  tx: Transaction,
  owner: string | undefined,
  name: string,
): Promise<Awaited<ReturnType<typeof selectProfiles>>> {
  return selectProfiles(tx, 'name = $1 AND project_uid IS NOT DISTINCT FROM $2::text', [name, owner ?? null]);
}
