/** What is put into a bundle, as it is collected. */
import { sha256, type Digest } from '#core/digest';
import { contentDigest } from '#packs/index';
import {
  imagesOfObjects,
  imagesOfPack,
  imagesOfValues,
  imageReference,
  type BundleManifest,
} from '#packs/bundle/index';
import { profileDigest } from '#profiles/digest';
import type { ProfileDocument } from '#profiles/document';
import type { SourcedPack } from '#profiles/render/pack-source';
import { canonicalJson } from '#protocol/canonical';
import type { DesiredState } from '#protocol/desired-state';
import { ContentDigest } from '#protocol/identifiers';
import type { SignedDesiredState } from '#protocol/signature';

export interface BundleContents {
  addProfile(document: ProfileDocument): void;
  addPack(pack: SourcedPack): void;
  addDesiredState(document: DesiredState, signed: SignedDesiredState): void;
  /** Images that objects need, and those that values and a pack list, of one user of them. */
  addImages(
    usedBy: string,
    from: { readonly objects?: readonly object[]; readonly values?: string; readonly pack?: SourcedPack['pack'] },
  ): void;
  manifest(name: string): BundleManifest;
  blob(digest: Digest): Promise<Uint8Array>;
}

export function createBundleContents(): BundleContents {
  const blobs = new Map<Digest, Uint8Array>();
  const profiles = new Map<string, BundleManifest['profiles'][number]>();
  const packs = new Map<Digest, BundleManifest['packs'][number]>();
  const desiredStates = new Map<string, BundleManifest['desiredStates'][number]>();
  const images = new Map<string, Set<string>>();

  const put = (content: Uint8Array | string): { digest: Digest; size: number } => {
    const bytes = Buffer.from(content);
    const digest = sha256(bytes);
    blobs.set(digest, bytes);
    return { digest, size: bytes.byteLength };
  };

  return {
    addProfile: (document) => {
      const { name, version } = document;
      profiles.set(`${name}\n${version}`, {
        name,
        version,
        profileDigest: ContentDigest.parse(profileDigest(document)),
        blob: put(canonicalJson(document)),
      });
    },
    addPack: ({ pack, archive, signature }) => {
      const blob = put(archive);
      const { name, version, layer } = pack;
      packs.set(blob.digest, {
        name,
        version,
        layer,
        contentDigest: contentDigest(pack),
        blob,
        ...(signature === undefined ? {} : { signature }),
      });
    },
    addDesiredState: (document, signed) => {
      desiredStates.set(document.clusterUid, {
        clusterUid: document.clusterUid,
        clusterName: document.context.system['cluster.name'] ?? document.clusterUid,
        revision: document.revision,
        packs: packsOf(document),
        blob: put(canonicalJson(signed)),
      });
    },
    addImages: (usedBy, { objects = [], values = '', pack }) => {
      const listed = imagesOfValues(values).flatMap((image) => imageReference(image) ?? []);
      for (const image of [...imagesOfObjects(objects), ...listed, ...(pack ? imagesOfPack(pack) : [])])
        images.set(image, (images.get(image) ?? new Set()).add(usedBy));
    },
    manifest: (name) => ({
      apiVersion: 'palette-iac.dev/v1',
      kind: 'Bundle',
      name,
      profiles: [...profiles.values()],
      packs: [...packs.values()],
      desiredStates: [...desiredStates.values()],
      images: [...images].map(([image, users]) => ({ image, usedBy: [...users].sort() })),
    }),
    blob: async (digest) => {
      const bytes = blobs.get(digest);
      if (!bytes) throw new TypeError(`nothing was collected under ${digest}`);
      return bytes;
    },
  };
}

/** Digests of the archives that a document's layers name, each once. */
export function packsOf({ layers }: DesiredState): Digest[] {
  return [...new Set(layers.flatMap(({ content }) => content ?? []))].sort();
}
