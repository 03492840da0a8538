/**
 * Seals: what a version of a name once meant in its scope it means for ever. A seal outlives its profile, so that a version
 * cannot come back as something else.
 */
import { conflict } from '#plane/api/error';
import type { Transaction } from '#plane/store/database';

import type { Profile } from './profile.ts';
import { digestOf } from './profile-document.ts';
import { lockSettings, readSettings } from './settings.ts';
import { versionDifference } from './version-difference.ts';

type Version = Pick<Profile, 'projectUid' | 'name' | 'version'>;
type Content = Omit<Profile, 'uid' | 'createdAt' | 'modifiedAt' | 'sealed' | 'digest'>;

/** The digest that a version is sealed with; undefined for one that is open. */
export async function sealOf(tx: Transaction, { projectUid, name, version }: Version): Promise<string | undefined> {
  const [row] = await tx.query<{ digest: string }>(
    "SELECT digest FROM profile_seals WHERE name = $1 AND version = $2 AND coalesce(project_uid, '') = coalesce($3, '')",
    [name, version, projectUid ?? null],
  );
  return row?.digest;
}

/** Seals a published version. @throws PlaneError 409 `ProfileVersionExists` when it is sealed with another content. */
export async function seal(tx: Transaction, profile: Version, digest: string): Promise<void> {
  await tx.execute(
    'INSERT INTO profile_seals (project_uid, name, version, digest) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
    [profile.projectUid ?? null, profile.name, profile.version, digest],
  );
  const sealed = await sealOf(tx, profile);
  if (sealed !== undefined && sealed !== digest) throw versionExists(profile, { sealed, given: digest });
}

/** Seals every published version of a scope. */
export async function sealAll(tx: Transaction, profiles: readonly Profile[]): Promise<void> {
  for (const profile of profiles) if (profile.digest !== undefined) await seal(tx, profile, profile.digest);
}

/**
 * What must hold before a profile is stored: a sealed version keeps name, version and content. Gives the profile to store:
 * a draft that says what is sealed anyway goes.
 *
 * @param before absent for a new profile.
 * @throws PlaneError 409 `ProfileVersionExists` with the differences, or `ProfileVersionSealed` for another name.
 */
export async function keepSealed<P extends Content>(
  tx: Transaction,
  before: Profile | undefined,
  after: P,
): Promise<P> {
  if (before?.sealed && (before.name !== after.name || before.version !== after.version)) {
    throw conflict(
      'ProfileVersionSealed',
      `cluster profile ${before.name} ${before.version} is sealed: it keeps its name and version; clone it to make another version`,
    );
  }
  const sealed = await sealOf(tx, after);
  if (sealed === undefined) return after;
  const refuseOther = (given: string, template: NonNullable<P['draft']>): void => {
    if (given === sealed) return;
    throw versionExists(after, {
      sealed,
      given,
      difference:
        before?.published && before.digest === sealed
          ? versionDifference({ profile: before, template: before.published }, { profile: after, template })
          : undefined,
    });
  };
  if (after.published) refuseOther(digestOf(after, after.published), after.published);
  // A first draft may come to its content step by step: publishing looks at it.
  if (!after.draft || !before?.published) return after;
  refuseOther(digestOf(after, after.draft), after.draft);
  return { ...after, draft: undefined };
}

/** Seals what a scope of immutable versions publishes. */
export async function sealIfImmutable(tx: Transaction, profile: Version, digest: string | undefined): Promise<void> {
  if (digest === undefined) return;
  await lockSettings(tx, profile.projectUid, 'use');
  const { versions } = await readSettings(tx, profile.projectUid);
  if (versions === 'immutable') await seal(tx, profile, digest);
}

export function versionExists(
  { name, version }: Pick<Version, 'name' | 'version'>,
  found: { readonly sealed: string; readonly given: string; readonly difference?: VersionDifference | undefined },
): Error {
  const { sealed, given, difference } = found;
  const what = difference === undefined ? '' : `:\n${difference.text}\n`;
  return conflict(
    'ProfileVersionExists',
    `cluster profile ${name} ${version} is published with another content and its versions never change; raise the version${what}`,
    { published: sealed, given, ...(difference === undefined ? {} : { difference: difference.details }) },
  );
}

type VersionDifference = ReturnType<typeof versionDifference>;
