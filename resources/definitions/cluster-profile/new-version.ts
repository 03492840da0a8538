/** A change of `version`: another version of the profile is made, and the one before stays as it is. */
import {
  ApiError,
  type ClusterProfileRead,
  type HydratedClusterProfile,
  type PaletteClient,
  type Schemas,
  type Scope,
} from '#openapi/client/index';
import { AttributeError } from '#resources/engine/index';
import type { PlannedValues } from '#resources/engine/values';

import { toPacks } from './packs.ts';
import type { clusterProfileSchema } from './schema.ts';
import { toVariables } from './variables.ts';

type Planned = PlannedValues<typeof clusterProfileSchema>;

export interface NewVersion {
  readonly uid: string;
  /** Found as it is asked for, so that nothing was made: somebody went back to a version. */
  readonly adopted: HydratedClusterProfile | undefined;
}

interface Access {
  readonly client: PaletteClient;
  readonly scope: Scope;
  readonly signal: AbortSignal;
}

export interface ProfileMetadata {
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

/** Stores a profile under its name and version, published where the API can do that at once. @returns its identifier */
export async function createProfile(
  planned: Planned,
  metadata: ProfileMetadata,
  { client, scope, signal }: Access,
): Promise<string> {
  const body = await toEntity(planned, metadata, { client, scope });
  const { uid } = await client.post('/v1/clusterprofiles', { query: { publish: true }, body, scope, signal });
  return uid;
}

/** A profile as it would be created. */
export async function toEntity(
  planned: Planned,
  metadata: ProfileMetadata,
  { client, scope }: Pick<Access, 'client' | 'scope'>,
): Promise<Schemas['v1ClusterProfileEntity']> {
  return {
    metadata,
    spec: {
      version: planned.version,
      variables: toVariables(planned.profileVariables),
      template: {
        cloudType: planned.cloud,
        type: planned.type,
        packs: await toPacks(planned.pack, undefined, client, scope),
      },
    },
  };
}

/**
 * Makes a version, or finds it where it exists with just this content: after a step back, or after an answer that was lost.
 *
 * @throws AttributeError at `version` when it exists with another content: a version is never rewritten
 */
export async function createVersion(planned: Planned, metadata: ProfileMetadata, access: Access): Promise<NewVersion> {
  const there = await findVersion(planned, access);
  if (there !== undefined) return adopt(planned, there, access);
  try {
    return { uid: await createProfile(planned, metadata, access), adopted: undefined };
  } catch (error) {
    // Somebody was faster, or the list did not show it yet.
    const made = isConflict(error) ? await findVersion(planned, access) : undefined;
    if (made === undefined) throw error;
    return adopt(planned, made, access);
  }
}

async function adopt(planned: Planned, there: There, access: Access): Promise<NewVersion> {
  const differing = await differences(planned, there.found, access);
  if (differing.length > 0) throw otherContent(planned, there, differing);
  return { uid: there.uid, adopted: there.found };
}

function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409;
}

/** What is wrong with making this version; undefined when it can be made or taken up. */
export async function versionProblem(planned: Planned, access: Access): Promise<AttributeError | undefined> {
  const there = await findVersion(planned, access);
  if (there === undefined) return undefined;
  const differing = await differences(planned, there.found, access);
  return differing.length === 0 ? undefined : otherContent(planned, there, differing);
}

/** In what a profile that is there is not what is planned. */
export async function differencesFrom(uid: string, planned: Planned, access: Access): Promise<readonly string[]> {
  const { client, scope, signal } = access;
  const found = await client.clusterProfile(uid, { scope, signal });
  return found.kind === 'absent' ? [] : differences(planned, found, access);
}

function otherContent({ name, version }: Planned, { uid }: There, differing: readonly string[]): AttributeError {
  return new AttributeError(
    ['version'],
    `Version ${version} of cluster profile "${name}" exists with another content`,
    `It differs in ${differing.join(', ')} (identifier ${uid}). A version is not rewritten, since clusters may run it: give another version, or make the configuration what that version is.`,
  );
}

interface There {
  readonly uid: string;
  readonly found: HydratedClusterProfile;
}

/** The profile of this name and version in the context itself. */
async function findVersion(
  { name, version, context }: Planned,
  { client, scope, signal }: Access,
): Promise<There | undefined> {
  const { items } = await client.get('/v1/dashboard/clusterprofiles/metadata', { scope, signal });
  for (const { metadata, spec } of items) {
    if (metadata?.uid === undefined || metadata.name !== name || spec?.version !== version) continue;
    const found: ClusterProfileRead = await client.clusterProfile(metadata.uid, { scope, signal });
    // A project sees the tenant's profiles too.
    if (found.kind !== 'absent' && (found.profile.metadata?.annotations?.['scope'] ?? context) === context)
      return { uid: metadata.uid, found };
  }
  return undefined;
}

/** In what an existing profile is not what is planned; names and descriptions are no part of it. */
async function differences(
  planned: Planned,
  { profile, variables, manifests }: HydratedClusterProfile,
  { client, scope }: Access,
): Promise<string[]> {
  const template = profile.spec?.published ?? profile.spec?.draft;
  const found = template?.packs ?? [];
  const wanted = await toPacks(planned.pack, undefined, client, scope);
  const packs = wanted.flatMap((pack, index) => {
    const there = found[index];
    if (there === undefined || there.name !== pack.name) return [`pack "${pack.name}"`];
    const contents = new Map((manifests.get(pack.name) ?? []).map(({ metadata, spec }) => [metadata?.name, spec]));
    const same =
      (there.type ?? 'spectro') === (pack.type ?? 'spectro') &&
      (pack.uid === undefined || pack.uid === '' || there.packUid === undefined || there.packUid === pack.uid) &&
      (there.values ?? '').trim() === pack.values &&
      (there.manifests ?? []).length === (pack.manifests ?? []).length &&
      (pack.manifests ?? []).every(({ name, content }) => {
        const spec = contents.get(name);
        return (spec?.published?.content ?? spec?.draft?.content ?? '').trim() === content;
      });
    return same ? [] : [`pack "${pack.name}"`];
  });
  const gone = found.slice(wanted.length).map(({ name }) => `pack "${name}"`);
  return [
    ...(template?.type === undefined || template.type === planned.type ? [] : ['type']),
    ...(template?.cloudType === undefined || template.cloudType === planned.cloud ? [] : ['cloud']),
    ...packs,
    ...gone,
    ...variableDifferences(planned, variables),
  ];
}

function variableDifferences(planned: Planned, found: HydratedClusterProfile['variables']): string[] {
  const wanted = toVariables(planned.profileVariables);
  const names = [...new Set([...wanted, ...found].map(({ name }) => name))];
  return names.flatMap((name) => {
    const [want, there] = [wanted, found].map((all) => all.find((variable) => variable.name === name));
    return want !== undefined && there !== undefined && essence(want) === essence(there) ? [] : [`variable "${name}"`];
  });
}

/** What a variable means; a secret default is not shown, so it cannot differ. */
function essence(variable: HydratedClusterProfile['variables'][number]): string {
  return JSON.stringify([
    variable.displayName ?? variable.name,
    variable.format ?? 'string',
    variable.inputType ?? 'text',
    variable.isSensitive === true ? '' : (variable.defaultValue ?? ''),
    variable.regex ?? '',
    variable.required ?? false,
    variable.immutable ?? false,
    variable.hidden ?? false,
    variable.isSensitive ?? false,
    (variable.options ?? []).map(({ value, label }) => [value, label ?? value]),
  ]);
}
