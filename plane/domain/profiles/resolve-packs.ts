/** From packs as a profile's author names them to packs as they are in the registries. */
import { PlaneError } from '#plane/api/error';
import type { Transaction } from '#plane/store/database';
import { isUid, newUid } from '#plane/store/uid';

import { MANIFEST_PACK } from '../packs/manifest-pack.ts';
import { findPack, selectPacks, type StoredPack } from '../packs/pack-store.ts';
import { newestFirst, parentTags } from '../packs/views.ts';
import { listRegistries } from '../registries/registry-store.ts';
import { LAYERS, type ProfileType } from '#profiles/document';
import { type ProfileManifest, type ProfilePack, type ProfileTemplate } from './profile.ts';

/** A pack as the API's requests have it. */
export interface PackInput {
  readonly name: string;
  readonly type?: 'spectro' | 'helm' | 'manifest' | 'oci' | undefined;
  readonly layer?: string | undefined;
  readonly tag?: string | undefined;
  readonly uid?: string | undefined;
  readonly registryUid?: string | undefined;
  readonly values?: string | undefined;
  readonly manifests?:
    | readonly {
        readonly name?: string | undefined;
        readonly content?: string | undefined;
        readonly uid?: string | undefined;
      }[]
    | null
    | undefined;
}

function refuse(code: string, message: string): PlaneError {
  return new PlaneError(422, code, message);
}

/**
 * Resolves a stack of packs.
 *
 * @param before the template it replaces: its manifests keep their identifiers, and their content
 *   where the request leaves it out.
 * @throws PlaneError 422 that names the pack and tag.
 */
export async function resolvePacks(
  tx: Transaction,
  type: ProfileType,
  inputs: readonly PackInput[],
  before: ProfileTemplate | undefined,
): Promise<ProfileTemplate> {
  const packs: ProfilePack[] = [];
  for (const input of inputs) {
    if (packs.some((pack) => pack.name === input.name))
      throw refuse('DuplicatePack', `pack ${input.name} stands in the profile twice; each pack may stand once`);
    packs.push(
      await resolvePack(
        tx,
        input,
        before?.packs.find((pack) => pack.name === input.name),
      ),
    );
  }
  refuseWrongLayers(type, packs);
  return { packs };
}

async function resolvePack(tx: Transaction, input: PackInput, before: ProfilePack | undefined): Promise<ProfilePack> {
  const manifests = resolveManifests(input, before);
  const values = (input.values ?? '').trim();
  const tag = (input.tag ?? '').trim();
  if (input.type === 'manifest' || input.uid === MANIFEST_PACK) {
    const layer = LAYERS.find((candidate) => candidate === (input.layer || 'addon'));
    if (layer === undefined)
      throw refuse(
        'InvalidPackLayer',
        `pack ${input.name}: '${input.layer}' is no layer; expected one of ${LAYERS.join(', ')}`,
      );
    return {
      name: input.name,
      layer,
      type: 'manifest',
      tag,
      version: '',
      packUid: MANIFEST_PACK,
      registryUid: input.registryUid ?? '',
      values,
      manifests,
    };
  }
  if (input.type === 'helm' || input.type === 'oci') {
    throw refuse(
      'PackTypeNotSupported',
      `pack ${input.name}: type '${input.type}' needs a registry of that kind and there is none; push its chart inside a pack (palette pack push)`,
    );
  }
  const pack = await findStored(tx, input, tag);
  return {
    name: pack.name,
    layer: pack.layer,
    type: 'spectro',
    tag: tag === '' ? pack.version : tag,
    version: pack.version,
    packUid: pack.uid,
    registryUid: pack.registryUid,
    digest: pack.digest,
    values,
    manifests,
  };
}

async function findStored(tx: Transaction, input: PackInput, tag: string): Promise<StoredPack> {
  const uid = input.uid ?? '';
  if (uid !== '') {
    const pack = isUid(uid) ? await findPack(tx, uid) : undefined;
    if (!pack)
      throw refuse('PackNotFound', `pack ${input.name}${tag && ` ${tag}`}: no pack has the identifier '${uid}'`);
    if (pack.name !== input.name)
      throw refuse(
        'PackNotFound',
        `pack ${input.name}: the identifier '${uid}' belongs to pack ${pack.name} ${pack.version}`,
      );
    return pack;
  }
  const registries = await listRegistries(tx);
  const registry = input.registryUid
    ? registries.find((candidate) => candidate.uid === input.registryUid)
    : registries.find((candidate) => candidate.isDefault);
  if (!registry)
    throw refuse('RegistryNotFound', `pack ${input.name}: no registry has the identifier '${input.registryUid ?? ''}'`);
  const versions = newestFirst(await selectPacks(tx, 'registry_uid = $1 AND name = $2', [registry.uid, input.name]));
  const found =
    versions.find((pack) => tag === '' || pack.version === tag) ??
    versions.find((pack) => parentTags(pack.version).includes(tag));
  if (found) return found;
  const known = versions
    .map((pack) => pack.version)
    .slice(0, 10)
    .join(', ');
  throw refuse(
    'PackNotFound',
    known === ''
      ? `pack ${input.name} does not exist in registry ${registry.name}; push it first (palette pack push)`
      : `pack ${input.name} has no tag '${tag}' in registry ${registry.name}; there are ${known}`,
  );
}

function resolveManifests(input: PackInput, before: ProfilePack | undefined): ProfileManifest[] {
  const manifests: ProfileManifest[] = [];
  for (const { name = '', content, uid = '' } of input.manifests ?? []) {
    if (name === '') throw refuse('InvalidManifest', `pack ${input.name}: a manifest has no name`);
    if (manifests.some((manifest) => manifest.name === name))
      throw refuse('InvalidManifest', `pack ${input.name}: manifest ${name} stands there twice`);
    const known = before?.manifests.find((manifest) => (uid === '' ? manifest.name === name : manifest.uid === uid));
    const text = content ?? known?.content;
    if (text === undefined) throw refuse('InvalidManifest', `pack ${input.name}: manifest ${name} has no content`);
    manifests.push({ uid: known?.uid ?? newUid(), name, content: text.trim() });
  }
  return manifests;
}

function refuseWrongLayers(type: ProfileType, packs: readonly ProfilePack[]): void {
  const seen = new Map<string, string>();
  for (const { name, layer } of packs) {
    const addon = layer === 'addon';
    if (type === 'add-on' && !addon)
      throw refuse(
        'InvalidPackLayer',
        `pack ${name} is of layer ${layer}; a profile of type add-on holds add-ons only`,
      );
    if (type === 'infra' && addon)
      throw refuse(
        'InvalidPackLayer',
        `pack ${name} is an add-on; a profile of type infra holds kernel, os, k8s, cni and csi only`,
      );
    const other = seen.get(layer);
    if (!addon && other !== undefined)
      throw refuse(
        'InvalidPackLayer',
        `packs ${other} and ${name} are both of layer ${layer}; a profile holds one of it`,
      );
    seen.set(layer, name);
  }
}
