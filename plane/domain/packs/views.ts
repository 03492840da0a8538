/** Packs in the API's shapes. */
import type { components } from '#openapi/generated/types';

import { compareVersions } from '#profiles/version';
import type { StoredPack } from './pack-store.ts';

type Schemas = components['schemas'];

/** `/v1/packs`: one version of a pack. */
export function packSummary(pack: StoredPack): Schemas['v1PackSummary'] {
  const { document } = pack;
  return {
    apiVersion: 'v1',
    kind: 'pack',
    metadata: {
      uid: pack.uid,
      name: pack.name,
      annotations: {},
      labels: {},
      creationTimestamp: pack.createdAt.toISOString(),
    },
    spec: {
      ...packKind(pack),
      annotations: document.annotations,
      // Empty while a chart is only listed.
      digest: pack.digest ?? '',
      manifests: document.manifests.map((name) => ({ kind: 'manifest', name, uid: '' })),
      presets: document.presets,
      registryUid: pack.registryUid,
      schema: document.schema,
      values: document.values,
      version: pack.version,
    },
    status: {},
  };
}

function packKind(
  pack: StoredPack,
): Pick<
  Schemas['v1PackSummarySpec'],
  'addonSubType' | 'addonType' | 'cloudTypes' | 'displayName' | 'layer' | 'name' | 'type'
> {
  const { addonSubType, addonType, cloudTypes, displayName } = pack.document;
  return { addonSubType, addonType, cloudTypes, displayName, layer: pack.layer, name: pack.name, type: pack.type };
}

/** `/v1/packs/search`: a pack over all its versions in one registry. */
export function packMetadata(versions: readonly StoredPack[], registryName: string): Schemas['v1PackMetadata'] {
  const [latest] = newestFirst(versions);
  if (!latest) return {};
  return {
    apiVersion: 'v1',
    kind: 'pack',
    metadata: { uid: latest.uid, name: latest.name, creationTimestamp: latest.createdAt.toISOString() },
    spec: {
      ...packKind(latest),
      registries: [
        {
          uid: latest.registryUid,
          name: registryName,
          scope: 'tenant',
          latestPackUid: latest.uid,
          latestVersion: latest.version,
          logoUrl: logoUrl(latest),
          annotations: latest.document.annotations,
        },
      ],
    },
  };
}

/**
 * `/v1/packs/{uid}` and `/v1/packs/{name}/registries/{uid}`: versions with their values. The
 * newest comes first; each version also stands for the tags of its series, as `1.2.x` and `1.x`.
 */
export function packTags(versions: readonly StoredPack[]): Schemas['v1PackTagEntity'] {
  const sorted = newestFirst(versions);
  const [latest] = sorted;
  if (!latest) return { tags: [], packValues: [] };
  return {
    ...packKind(latest),
    registryUid: latest.registryUid,
    logoUrl: logoUrl(latest),
    packValues: sorted.map((pack) => ({
      packUid: pack.uid,
      annotations: pack.document.annotations,
      dependencies: [],
      presets: pack.document.presets,
      readme: pack.document.readme,
      schema: pack.document.schema,
      values: pack.document.values,
    })),
    tags: sorted.map((pack) => ({
      group: '',
      packUid: pack.uid,
      tag: pack.version,
      version: pack.version,
      parentTags: parentTags(pack.version),
    })),
  };
}

/** Charts name a picture of theirs; that of a pack is in its archive. */
function logoUrl({ uid, document }: StoredPack): string {
  return document.icon ?? `/v1/packs/${uid}/logo`;
}

/** The series a version belongs to, the widest first: for `1.2.3`, `1.x` and `1.2.x`. */
export function parentTags(version: string): string[] {
  const parts = version.split('.');
  return parts.slice(0, -1).map((_, index) => `${parts.slice(0, index + 1).join('.')}.x`);
}

/** Highest version first. */
export function newestFirst<T extends { readonly version: string }>(versions: readonly T[]): T[] {
  return [...versions].sort((a, b) => compareVersions(b.version, a.version));
}
