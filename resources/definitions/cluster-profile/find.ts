import { isNotFound, type Scope } from '#openapi/client/index';
import { AttributeError, type OperationContext } from '#resources/engine/index';

import { looksLikeUid } from '../shared/import-id.ts';
import { listed } from '../shared/projects.ts';
import { isNewerVersion, pickVersion } from '../shared/version.ts';

/** How a profile is asked for; without a version the newest one is meant, with a range the newest in it. */
export interface ProfileQuery {
  readonly idOrName: string;
  readonly version: string | undefined;
  /** Attribute that an error is about. */
  readonly attribute: string;
}

/**
 * The identifier of the profile that is asked for.
 *
 * @throws AttributeError when there is none; it says which names or versions there are
 */
export async function findProfile(
  { idOrName, version, attribute }: ProfileQuery,
  scope: Scope,
  { client, signal }: Pick<OperationContext, 'client' | 'signal'>,
): Promise<string> {
  if (looksLikeUid(idOrName) && version === undefined) {
    try {
      await client.get('/v1/clusterprofiles/{uid}', { path: { uid: idOrName }, scope, signal });
      return idOrName;
    } catch (error) {
      // A name may have the form of an identifier.
      if (!isNotFound(error)) throw error;
    }
  }
  const { items } = await client.get('/v1/dashboard/clusterprofiles/metadata', { scope, signal });
  const versions = items.flatMap(({ metadata, spec }) =>
    metadata?.name === idOrName && metadata.uid !== undefined
      ? [{ uid: metadata.uid, version: spec?.version ?? '' }]
      : [],
  );
  if (versions.length === 0) {
    const names = [...new Set(items.flatMap(({ metadata }) => metadata?.name ?? []))];
    throw new AttributeError(
      [attribute],
      `There is no cluster profile "${idOrName}"`,
      `Profiles in reach: ${listed(names)}.`,
    );
  }
  const meant =
    version &&
    pickVersion(
      version,
      versions.map((candidate) => candidate.version),
    );
  const [first, ...others] =
    version === undefined ? versions : versions.filter((candidate) => candidate.version === meant);
  if (first === undefined) {
    const known = listed(versions.map((candidate) => candidate.version));
    throw new AttributeError(
      ['version'],
      `Cluster profile "${idOrName}" has no version "${version}"`,
      `Versions of the profile: ${known}.`,
    );
  }
  return others.reduce(
    (newest, candidate) => (isNewerVersion(candidate.version, newest.version) ? candidate : newest),
    first,
  ).uid;
}
