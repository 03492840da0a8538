/** Gives a cluster what its template says: the profiles, with the values that are the cluster's. */
import type { Secrets } from '#plane/domain/secrets/secrets';
import type { Transaction } from '#plane/store/database';

import { readAttachments } from '../clusters/attach.ts';
import { sealVariables } from '../clusters/attachment.ts';
import { checkValues } from '../profiles/check-variables.ts';
import type { Profile } from '../profiles/profile.ts';
import { selectProfiles } from '../profiles/profile-store.ts';
import { HELD_CONTENT } from './held.ts';
import { takeOff } from './take-off.ts';
import type { Template } from './template.ts';
import { valuesFor } from './values.ts';

/** What came of it. Where a required variable has no value nothing was changed. */
export type Followed =
  | { readonly kind: 'followed'; readonly profileUids: readonly string[] }
  | { readonly kind: 'unresolved'; readonly message: string };

/**
 * Attaches the template's profiles to a cluster and takes off those that came with the template and are in it no more.
 * The caller composes the cluster's desired state.
 *
 * @throws PlaneError 422 `InvalidVariable` when a value cannot be, such as another one for what is immutable
 */
export async function follow(
  tx: Transaction,
  secrets: Secrets,
  template: Template,
  cluster: { readonly uid: string; readonly name: string },
): Promise<Followed> {
  const profileUids = template.profiles.map(({ profileUid }) => profileUid);
  const profiles = await selectProfiles(tx, 'uid = ANY ($1::text[])', [profileUids]);
  const attached = await readAttachments(tx, secrets, cluster.uid);
  const formerProfiles = await selectProfiles(tx, 'uid = ANY ($1::text[])', [
    attached.map(({ profileUid }) => profileUid),
  ]);
  const rows: { readonly profileUid: string; readonly sealed: Uint8Array | null }[] = [];
  for (const { profileUid, variables } of template.profiles) {
    const profile = profiles.find(({ uid }) => uid === profileUid);
    // The foreign key keeps a template's profiles.
    if (profile === undefined) throw new Error(`profile ${profileUid} of template ${template.uid} is not there`);
    const given = valuesFor(variables, cluster.uid).filter(({ name }) =>
      profile.variables.some((one) => one.name === name),
    );
    // Another version of the profile takes the place of the one before.
    const former =
      formerProfiles.find(({ uid }) => uid === profileUid) ?? formerProfiles.find(({ name }) => name === profile.name);
    const fixed = immutableOf(profile, attached.find((one) => one.profileUid === former?.uid)?.values ?? {});
    const missing = missingIn(profile, [...given.map(({ name }) => name), ...Object.keys(fixed)]);
    if (missing.length > 0) {
      return {
        kind: 'unresolved',
        message: `cluster ${cluster.name} has no value for ${missing.join(', ')} of cluster profile ${profile.name} ${profile.version}`,
      };
    }
    const values = checkValues(profile.variables, given, fixed);
    rows.push({ profileUid, sealed: sealVariables(secrets, cluster.uid, profileUid, values) });
  }
  await takeOff(tx, cluster.uid, profileUids);
  for (const { profileUid, sealed } of rows) {
    await tx.execute(
      `INSERT INTO cluster_profile_attachments AS a (cluster_uid, profile_uid, overrides, variables, template_uid, held)
       SELECT $1, p.uid, '[]', $3, $4, CASE WHEN $5::boolean THEN ${HELD_CONTENT} END FROM cluster_profiles p WHERE p.uid = $2
       ON CONFLICT (cluster_uid, profile_uid) DO UPDATE SET overrides = excluded.overrides, variables = excluded.variables,
         template_uid = excluded.template_uid, held = excluded.held,
         own_overrides = CASE WHEN a.template_uid IS NULL THEN a.overrides ELSE a.own_overrides END,
         own_variables = CASE WHEN a.template_uid IS NULL THEN a.variables ELSE a.own_variables END`,
      [cluster.uid, profileUid, sealed, template.uid, template.schedules.length > 0],
    );
  }
  return { kind: 'followed', profileUids };
}

function immutableOf(profile: Profile, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) =>
      profile.variables.some((variable) => variable.name === name && variable.immutable),
    ),
  );
}

function missingIn(profile: Profile, given: readonly string[]): string[] {
  return profile.variables
    .filter(({ name, required, defaultValue }) => required && !defaultValue && !given.includes(name))
    .map(({ name }) => name);
}
