/** Cluster profiles in the API's shapes. */
import { sha256 } from '#core/digest';
import type { components } from '#openapi/generated/types';

import type { StoredPack } from '../packs/pack-store.ts';
import type { Variable } from '#profiles/document';
import type { Profile, ProfilePack, ProfileTemplate } from './profile.ts';
import type { ProfileUse } from './profile-store.ts';
import type { TemplateUse } from '../templates/profile-uses.ts';
import { compareVersions } from '#profiles/version';

type Schemas = components['schemas'];

/** What reads of a sensitive value show in its place; sent back, it means "as it was". */
export const MASK = '********';

export interface ProfileView {
  readonly profile: Profile;
  readonly tenantUid: string;
  /** Every version of the profile's name in its scope. */
  readonly versions: readonly { readonly uid: string; readonly version: string }[];
  readonly uses: readonly ProfileUse[];
  /** Templates that give it. */
  readonly templates: readonly TemplateUse[];
  /** Packs by identifier, to add their schema and presets; empty when those were not asked for. */
  readonly packs: ReadonlyMap<string, StoredPack>;
}

export function clusterProfile({
  profile,
  tenantUid,
  versions,
  uses,
  templates,
  packs,
}: ProfileView): Schemas['v1ClusterProfile'] {
  const shown = profile.published ?? { packs: [] };
  return {
    apiVersion: 'v1',
    kind: 'clusterprofile',
    metadata: profileMetadata(profile, tenantUid),
    spec: {
      version: profile.version,
      ...(profile.draft === undefined ? {} : { draft: profileTemplate(profile, profile.draft, packs) }),
      published: {
        ...profileTemplate(profile, shown, packs),
        ...(profile.digest === undefined ? {} : { digest: profile.digest }),
      },
      versions: [...versions]
        .sort((a, b) => compareVersions(a.version, b.version))
        .map(({ uid, version }) => ({ uid, version })),
    },
    status: {
      hasUserMacros: [...(profile.draft?.packs ?? []), ...shown.packs].some(usesMacros),
      inUseClusterTemplates: templates.map(({ uid, name, project_uid: projectUid }) => ({
        kind: 'clustertemplate',
        uid,
        name,
        ...(projectUid === null ? {} : { projectUid }),
      })),
      inUseClusterUids: uses.map((use) => use.clusterUid),
      inUseClusters: uses.map((use) => ({
        kind: 'spectrocluster',
        uid: use.clusterUid,
        name: use.clusterName,
        projectUid: use.projectUid,
        tenantUid,
      })),
      isPublished: profile.published !== undefined,
      sealed: profile.sealed,
      policyFindings: profile.policyFindings.map((finding) => ({ ...finding })),
    },
  };
}

function profileMetadata(profile: Profile, tenantUid: string): Schemas['v1ObjectMeta'] {
  const scope =
    profile.projectUid === undefined
      ? { scope: 'tenant', tenantUid }
      : { scope: 'project', projectUid: profile.projectUid, tenantUid };
  return {
    uid: profile.uid,
    name: profile.name,
    labels: { ...profile.labels },
    annotations: { ...profile.annotations, ...scope },
    creationTimestamp: profile.createdAt.toISOString(),
    lastModifiedTimestamp: profile.modifiedAt.toISOString(),
  };
}

/** One of the profile's stacks. */
export function profileTemplate(
  profile: Pick<Profile, 'uid' | 'name' | 'version' | 'type' | 'cloudType'>,
  template: ProfileTemplate,
  packs: ReadonlyMap<string, StoredPack>,
): Schemas['v1ClusterProfileTemplate'] {
  return {
    uid: profile.uid,
    name: profile.name,
    type: profile.type,
    cloudType: profile.cloudType,
    profileVersion: profile.version,
    packs: template.packs.map((pack) => packRef(pack, packs.get(pack.packUid))),
  };
}

/** A pack of a stack; with the pack's own schema and presets when it is given. */
export function packRef(pack: ProfilePack, stored: StoredPack | undefined): Schemas['v1PackRef'] {
  return {
    name: pack.name,
    layer: pack.layer,
    type: pack.type,
    tag: pack.tag,
    version: pack.version,
    packUid: pack.packUid,
    registryUid: pack.registryUid,
    ...(pack.digest === undefined ? {} : { digest: pack.digest }),
    values: pack.values,
    manifests: pack.manifests.map(({ uid, name }) => ({ kind: 'manifest', uid, name })),
    isInvalid: false,
    ...(stored === undefined
      ? {}
      : { schema: stored.document.schema, presets: stored.document.presets, annotations: stored.document.annotations }),
  };
}

function usesMacros(pack: ProfilePack): boolean {
  return [pack.values, ...pack.manifests.map((manifest) => manifest.content)].some((text) =>
    /\{\{[^}]*\.spectro\.macro\./.test(text),
  );
}

/** The manifests written in one pack of the profile, as drafted and as published. */
export function packManifests(profile: Profile, packName: string): Schemas['v1ManifestEntity'][] {
  const draft = profile.draft?.packs.find((pack) => pack.name === packName)?.manifests ?? [];
  const published = profile.published?.packs.find((pack) => pack.name === packName)?.manifests ?? [];
  const uids = [...new Set([...published, ...draft].map((manifest) => manifest.uid))];
  return uids.map((uid) => {
    const drafted = draft.find((manifest) => manifest.uid === uid);
    const live = published.find((manifest) => manifest.uid === uid);
    return {
      metadata: { uid, name: (drafted ?? live)?.name ?? '' },
      spec: {
        ...(drafted === undefined ? {} : { draft: manifestData(drafted.content) }),
        // Clients read the published content; of a profile never published it is the draft's.
        published: manifestData((live ?? drafted)?.content ?? ''),
      },
    };
  });
}

function manifestData(content: string): Schemas['v1ManifestData'] {
  return { content, digest: sha256(content) };
}

/** A variable's definition; the default of a sensitive one is not shown. */
export function variableView(variable: Variable): Schemas['v1Variable'] {
  const { options, defaultValue, ...rest } = variable;
  return {
    ...rest,
    format: rest.format ?? 'string',
    inputType: rest.inputType ?? 'text',
    ...(defaultValue === undefined
      ? {}
      : { defaultValue: rest.isSensitive && defaultValue !== '' ? MASK : defaultValue }),
    ...(options ? { options } : {}),
  } as Schemas['v1Variable']; // zod's optional fields admit `undefined`, the contract's leave the key out; JSON makes them equal
}
