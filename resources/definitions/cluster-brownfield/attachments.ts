/** Profiles of a cluster: what is wrong with them, and what changes. */
import type { HydratedClusterProfile, PaletteClient, Schemas, Scope } from '#openapi/client/index';
import { validateVariables } from '#packs/variables';
import { AttributeError, type OperationContext } from '#resources/engine/index';

import { packType } from '../shared/pack-entity.ts';
import { variableDefinitions } from '../shared/variable-definitions.ts';
import type { Attachment, PackOverride, Planned } from './model.ts';

type Template = Schemas['v1ClusterProfileTemplate'];

/** Elements of a set have no address: errors are about the whole block. */
const PATH = ['clusterProfile'];

/** Profiles by identifier, as they were read. */
export type Profiles = ReadonlyMap<string, HydratedClusterProfile>;

/**
 * Reads the profiles that are to be attached and checks the values for their variables, before
 * anything is stored.
 *
 * @throws AttributeError at `cluster_profile`
 */
export async function checkAttachments(
  attachments: readonly Attachment[],
  client: PaletteClient,
  scope: Scope,
  signal: AbortSignal,
): Promise<Profiles> {
  const profiles = await Promise.all(
    attachments.map(async ({ id, variables }) => {
      const found = await client.clusterProfile(id, { scope, signal });
      if (found.kind === 'absent') {
        throw new AttributeError(
          PATH,
          `There is no cluster profile "${id}"`,
          'Give the identifier of a profile of this project or of the tenant.',
        );
      }
      checkVariables(found, variables ?? {});
      return [id, found] as const;
    }),
  );
  return new Map(profiles);
}

function checkVariables(
  { profile, variables }: HydratedClusterProfile,
  values: Readonly<Record<string, string>>,
): void {
  const problems = validateVariables(variableDefinitions(variables), values);
  if (problems.length === 0) return;
  throw new AttributeError(
    PATH,
    `Values for cluster profile "${profile.metadata?.name ?? ''}" are wrong`,
    `${problems.map(({ message }) => `${message}.`).join('\n')}\nValues stand in the map "variables" of the block.`,
  );
}

/** What changes about the profiles of a cluster. */
export interface ProfileChanges {
  /** Profiles to attach or to attach anew, with their values. */
  readonly attach: Schemas['v1SpectroClusterProfileEntity'][];
  /** Identifiers of profiles to take away. */
  readonly detach: string[];
  /** New values of profiles that stay as they are. */
  readonly variables: Schemas['v1SpectroClusterVariableUpdateEntity'][];
}

/**
 * Compares attachments before and after.
 *
 * @param attached what the cluster runs: a profile takes the place of another version of the same name
 * @param profiles those that are to be attached
 */
export function planProfileChanges(
  prior: Planned['clusterProfile'],
  planned: Planned['clusterProfile'],
  attached: readonly Template[],
  profiles: Profiles,
): ProfileChanges {
  const before = prior ?? [];
  const after = planned ?? [];
  const removed = before.filter(({ id }) => !after.some((candidate) => candidate.id === id));
  const replaced = new Set<string>();
  const attach: Schemas['v1SpectroClusterProfileEntity'][] = [];
  const variables: Schemas['v1SpectroClusterVariableUpdateEntity'][] = [];
  for (const attachment of after) {
    const profile = profiles.get(attachment.id);
    const former = before.find(({ id }) => id === attachment.id);
    if (former !== undefined && samePacks(former.pack, attachment.pack)) {
      const changed = changedValues(former, attachment, profile).filter(
        ({ name, value }) => former.variables?.[name] !== value,
      );
      if (changed.length > 0) variables.push({ profileUid: attachment.id, variables: changed });
      continue;
    }
    const name = profile?.profile.metadata?.name;
    const replaces =
      former === undefined
        ? removed.find(
            ({ id }) => !replaced.has(id) && attached.some((template) => template.uid === id && template.name === name),
          )
        : undefined;
    if (replaces !== undefined) replaced.add(replaces.id);
    attach.push({
      ...toAttachment(attachment, attached),
      // The API hands values of the replaced version on: those that are given no more are taken back.
      variables: changedValues(former ?? replaces, attachment, profile),
      ...(replaces === undefined ? {} : { replaceWithProfile: replaces.id }),
    });
  }
  return { attach, variables, detach: removed.flatMap(({ id }) => (replaced.has(id) ? [] : [id])) };
}

/** A profile with its values as the API takes it. */
export function toAttachment(
  attachment: Attachment,
  attached: readonly Template[] = [],
): Schemas['v1SpectroClusterProfileEntity'] {
  const packs = attached.find(({ uid }) => uid === attachment.id)?.packs ?? [];
  return {
    uid: attachment.id,
    packValues: (attachment.pack ?? []).map((pack, index) => toPackValues(pack, index, packs)),
    variables: changedValues(undefined, attachment, undefined),
  };
}

function toPackValues(
  pack: PackOverride,
  index: number,
  packs: readonly Schemas['v1PackRef'][],
): Schemas['v1PackValuesEntity'] {
  const known = packs.find(({ name }) => name === pack.name)?.manifests ?? [];
  return {
    name: pack.name,
    type: packType(pack, [...PATH, 'pack', index]),
    ...(pack.tag ? { tag: pack.tag } : {}),
    ...(pack.values ? { values: pack.values.trim() } : {}),
    manifests: (pack.manifest ?? []).map(({ name, content, uid }) => ({
      name,
      content: content.trim(),
      uid: uid || (known.find((manifest) => manifest.name === name)?.uid ?? ''),
    })),
  };
}

/** The values given, and empty ones for variables that were given a value before and are none now: the default counts again. */
function changedValues(
  former: Attachment | undefined,
  attachment: Attachment,
  profile: HydratedClusterProfile | undefined,
): Schemas['v1SpectroClusterVariable'][] {
  const values = attachment.variables ?? {};
  const unset = Object.keys(former?.variables ?? {}).filter(
    (name) => !(name in values) && profile?.variables.some((variable) => variable.name === name) === true,
  );
  return [
    ...Object.entries(values).map(([name, value]) => ({ name, value })),
    ...unset.map((name) => ({ name, value: '' })),
  ];
}

function samePacks(before: readonly PackOverride[] | undefined, after: readonly PackOverride[] | undefined): boolean {
  const content = (packs: readonly PackOverride[] | undefined): unknown =>
    (packs ?? []).map(({ name, type, tag, values, manifest }) => [
      name,
      type,
      tag ?? '',
      (values ?? '').trim(),
      (manifest ?? []).map((entry) => [entry.name, entry.content.trim()]),
    ]);
  return JSON.stringify(content(before)) === JSON.stringify(content(after));
}

/** Makes the changes. Tells whether there were any. */
export async function applyProfileChanges(
  clusterUid: string,
  { attach, detach, variables }: ProfileChanges,
  applySetting: Planned['applySetting'],
  { client, signal, scope }: Pick<OperationContext, 'client' | 'signal'> & { readonly scope: Scope },
): Promise<boolean> {
  const path = { uid: clusterUid };
  if (detach.length > 0)
    await client.delete('/v1/spectroclusters/{uid}/profiles', { path, body: { profileUids: detach }, scope, signal });
  if (attach.length > 0) {
    await client.patch('/v1/spectroclusters/{uid}/profiles', {
      path,
      body: { profiles: attach, spcApplySettings: { actionType: applySetting } },
      scope,
      signal,
    });
  }
  if (variables.length > 0)
    await client.patch('/v1/spectroclusters/{uid}/variables', { path, body: variables, scope, signal });
  return attach.length + detach.length + variables.length > 0;
}
