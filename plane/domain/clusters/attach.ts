/** Attaching profiles to a cluster and taking them off. */
import type { components } from '#openapi/generated/types';
import { conflict, invalidRequest, notFound, PlaneError } from '#plane/api/error';
import type { Scope } from '#plane/api/handler';
import type { Secrets } from '#plane/domain/secrets/secrets';
import type { Transaction } from '#plane/store/database';

import type { PackOverride } from '#profiles/compose';
import { checkValues } from '../profiles/check-variables.ts';
import type { Profile } from '../profiles/profile.ts';
import { requireProfile } from '../profiles/profile-store.ts';
import { openVariables, sealVariables, type VariableValues } from './attachment.ts';
import type { Cluster } from './cluster.ts';

type ProfileEntity = components['schemas']['v1SpectroClusterProfileEntity'];

interface Attachment {
  readonly profileUid: string;
  readonly values: VariableValues;
  /** The template that gave it; absent: the cluster has it by itself. */
  readonly templateUid: string | undefined;
}

/** What a cluster has attached. */
export async function readAttachments(tx: Transaction, secrets: Secrets, clusterUid: string): Promise<Attachment[]> {
  const rows = await tx.query<{ profile_uid: string; variables: Uint8Array | null; template_uid: string | null }>(
    'SELECT profile_uid, variables, template_uid FROM cluster_profile_attachments WHERE cluster_uid = $1 ORDER BY attached_at, profile_uid',
    [clusterUid],
  );
  return rows.map((row) => ({
    profileUid: row.profile_uid,
    values: openVariables(secrets, clusterUid, row.profile_uid, row.variables),
    templateUid: row.template_uid ?? undefined,
  }));
}

/** @throws PlaneError 409 while the cluster is being deleted. */
export function refuseDeleting(cluster: Cluster): void {
  if (cluster.state === 'Deleting')
    throw conflict('ClusterBeingDeleted', `cluster ${cluster.name} is being deleted; it takes no changes`);
}

/**
 * Attaches a profile, in place of another where the request says so. The replaced profile's
 * variable values go over to variables of the same name.
 *
 * @throws PlaneError 422 or 404 that names what is wrong; the caller's transaction takes it all back.
 */
export async function attachProfile(
  tx: Transaction,
  secrets: Secrets,
  scope: Scope,
  cluster: Cluster,
  entity: ProfileEntity,
): Promise<void> {
  if (!entity.uid) throw invalidRequest('profiles: each entry needs the uid of a cluster profile');
  const profile = await requireProfile(
    tx,
    { ...scope, projectUid: scope.projectUid ?? projectOf(cluster) },
    entity.uid,
  );
  if (profile.published === undefined) {
    throw new PlaneError(
      422,
      'ClusterProfileNotPublished',
      `cluster profile ${profile.name} ${profile.version} is a draft; publish it first`,
    );
  }
  if (cluster.importMode === 'read-only') {
    throw new PlaneError(
      422,
      'ClusterReadOnly',
      `cluster ${cluster.name} was imported read-only; import it in full mode to attach profiles`,
    );
  }
  const attached = await readAttachments(tx, secrets, cluster.uid);
  refuseOfTemplate(cluster, attached, [profile.uid, entity.replaceWithProfile ?? '']);
  const replaced = replacedBy(entity, attached, profile, cluster);
  const current = attached.find((attachment) => attachment.profileUid === profile.uid);
  const before = current?.values ?? keepDefined(replaced?.values ?? {}, profile);
  const values = checkValues(profile.variables, entity.variables ?? [], before);
  if (replaced && replaced.profileUid !== profile.uid) await detach(tx, cluster.uid, [replaced.profileUid]);
  await tx.execute(
    `INSERT INTO cluster_profile_attachments (cluster_uid, profile_uid, overrides, variables) VALUES ($1, $2, $3::jsonb, $4)
     ON CONFLICT (cluster_uid, profile_uid) DO UPDATE SET overrides = excluded.overrides, variables = excluded.variables`,
    [
      cluster.uid,
      profile.uid,
      JSON.stringify(overridesOf(entity, profile)),
      sealVariables(secrets, cluster.uid, profile.uid, values),
    ],
  );
}

function projectOf(cluster: Cluster): Scope['projectUid'] {
  // Stored by the import, which had it as a ProjectUid.
  return cluster.projectUid as Scope['projectUid'];
}

function replacedBy(
  entity: ProfileEntity,
  attached: readonly Attachment[],
  profile: Profile,
  cluster: Cluster,
): Attachment | undefined {
  if (!entity.replaceWithProfile) return undefined;
  const found = attached.find((attachment) => attachment.profileUid === entity.replaceWithProfile);
  // The replacement may have happened before: a repeated request is answered alike.
  if (!found && !attached.some((attachment) => attachment.profileUid === profile.uid)) {
    throw notFound(`cluster profile attached to cluster ${cluster.name}`, entity.replaceWithProfile);
  }
  return found;
}

function keepDefined(values: VariableValues, profile: Profile): VariableValues {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => profile.variables.some((variable) => variable.name === name)),
  );
}

/** What a cluster, or a group of clusters, has in place of a profile's values and manifests. @throws PlaneError 422 */
export function overridesOf(
  entity: Pick<ProfileEntity, 'packValues'>,
  profile: Pick<Profile, 'name' | 'version' | 'published'>,
): PackOverride[] {
  return (entity.packValues ?? []).map(({ name, values, manifests }) => {
    if (!profile.published?.packs.some((pack) => pack.name === name)) {
      throw new PlaneError(
        422,
        'PackNotFound',
        `cluster profile ${profile.name} ${profile.version} has no pack ${name}`,
      );
    }
    const own = (manifests ?? []).flatMap((manifest) =>
      manifest.content === undefined ? [] : [{ name: manifest.name, content: manifest.content.trim() }],
    );
    return {
      name,
      ...(values === undefined || values.trim() === '' ? {} : { values: values.trim() }),
      ...(own.length === 0 ? {} : { manifests: own }),
    };
  });
}

/**
 * What a template gives is changed in the template: a cluster's own change would be gone with the template's next.
 *
 * @throws PlaneError 409
 */
export function refuseOfTemplate(
  cluster: Pick<Cluster, 'name'>,
  attached: readonly Attachment[],
  profileUids: readonly string[],
): void {
  const given = attached.find(
    ({ profileUid, templateUid }) => templateUid !== undefined && profileUids.includes(profileUid),
  );
  if (given === undefined) return;
  throw conflict(
    'ProfileOfTemplate',
    `cluster profile '${given.profileUid}' comes to cluster ${cluster.name} with cluster template '${given.templateUid ?? ''}'; change it there`,
  );
}

/** Takes profiles off; those that are not attached are passed over. */
export async function detach(tx: Transaction, clusterUid: string, profileUids: readonly string[]): Promise<void> {
  await tx.execute(
    'DELETE FROM cluster_profile_attachments WHERE cluster_uid = $1 AND profile_uid = ANY ($2::text[])',
    [clusterUid, profileUids],
  );
}
