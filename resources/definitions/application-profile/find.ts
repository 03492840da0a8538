import { isNotFound, type Scope } from '#openapi/client/index';
import { AttributeError, type OperationContext } from '#resources/engine/index';

import { looksLikeUid } from '../shared/import-id.ts';
import { listed } from '../shared/projects.ts';
import { isNewerVersion } from '../shared/version.ts';

/** A version of an application profile. */
export interface FoundProfile {
  readonly uid: string;
  readonly version: string;
}

/**
 * The application profile of that name; without a version the newest one.
 *
 * @throws AttributeError when there is none; it says which names or versions there are
 */
export async function findAppProfile(
  {
    name,
    version,
    attribute,
  }: { readonly name: string; readonly version: string | undefined; readonly attribute: string },
  scope: Scope,
  { client, signal }: Pick<OperationContext, 'client' | 'signal'>,
): Promise<FoundProfile> {
  const all: (FoundProfile & { readonly name: string })[] = [];
  for (let next = ''; ;) {
    const { appProfiles = [], listmeta } = await client.post('/v1/dashboard/appProfiles', {
      body: { filter: {}, sort: [] },
      query: next === '' ? {} : { continue: next },
      repeatable: true,
      scope,
      signal,
    });
    for (const { metadata, spec } of appProfiles)
      if (metadata?.uid !== undefined && metadata.name !== undefined)
        all.push({ uid: metadata.uid, name: metadata.name, version: spec?.version ?? '' });
    next = listmeta?.continue ?? '';
    if (next === '' || appProfiles.length === 0) break;
  }
  const versions = all.filter((profile) => profile.name === name);
  if (versions.length === 0)
    throw new AttributeError(
      [attribute],
      `There is no application profile "${name}"`,
      `Those in reach: ${listed([...new Set(all.map((profile) => profile.name))])}.`,
    );
  const [first, ...others] = versions.filter((profile) => version === undefined || profile.version === version);
  if (first === undefined)
    throw new AttributeError(
      ['version'],
      `Application profile "${name}" has no version "${version ?? ''}"`,
      `Versions of the profile: ${listed(versions.map((profile) => profile.version))}.`,
    );
  return others.reduce((newest, one) => (isNewerVersion(one.version, newest.version) ? one : newest), first);
}

/** The identifier of an application profile that is given by identifier, or by name and perhaps version. */
export async function resolveAppProfile(
  idOrName: string,
  version: string | undefined,
  scope: Scope,
  ctx: Pick<OperationContext, 'client' | 'signal'>,
): Promise<string> {
  if (looksLikeUid(idOrName)) {
    try {
      await ctx.client.get('/v1/appProfiles/{uid}', { path: { uid: idOrName }, scope, signal: ctx.signal });
      return idOrName;
    } catch (error) {
      // A name may have the form of an identifier.
      if (!isNotFound(error)) throw error;
    }
  }
  return (await findAppProfile({ name: idOrName, version, attribute: 'id' }, scope, ctx)).uid;
}
