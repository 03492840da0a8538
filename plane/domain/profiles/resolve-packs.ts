/** From packs as a profile's author names them to packs as they are in the registries. */
import { PlaneError } from '#plane/api/error';
import type { Transaction } from '#plane/store/database';
import { isUid, newUid } from '#plane/store/uid';

import { MANIFEST_PACK } from '../packs/manifest-pack.ts';
import { PacksNeeded, type PackNeed } from '../packs/fetch-packs.ts';
import { findPack, selectPacks, type StoredPack } from '../packs/pack-store.ts';
import { newestFirst, parentTags } from '../packs/views.ts';
import { listRegistries, readableRegistries, type Registry } from '../registries/registry-store.ts';
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
 * @param reader the project that resolves it, which must be allowed to read the registries; undefined: the tenant.
 * @throws PlaneError 422 that names the pack and tag; PacksNeeded when archives are to be fetched first.
 */
export async function resolvePacks(
  tx: Transaction,
  type: ProfileType,
  inputs: readonly PackInput[],
  before: ProfileTemplate | undefined,
  reader?: string,
): Promise<ProfileTemplate> {
  const registries = readableRegistries(await listRegistries(tx), reader);
  const packs: ProfilePack[] = [];
  const needs: PackNeed[] = [];
  const names = new Set<string>();
  for (const input of inputs) {
    if (names.has(input.name))
      throw refuse('DuplicatePack', `pack ${input.name} stands in the profile twice; each pack may stand once`);
    names.add(input.name);
    const known = before?.packs.find((pack) => pack.name === input.name);
    try {
      packs.push(await resolvePack(tx, registries, input, known));
    } catch (error) {
      // All that is missing is fetched together.
      if (!(error instanceof PacksNeeded)) throw error;
      needs.push(...error.needs);
    }
  }
  if (needs.length > 0) throw new PacksNeeded(needs);
  refuseWrongLayers(type, packs);
  return { packs };
}

async function resolvePack(
  tx: Transaction,
  registries: readonly Registry[],
  input: PackInput,
  before: ProfilePack | undefined,
): Promise<ProfilePack> {
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
  const pack = await findStored(tx, registries, input, tag);
  if (pack.digest === undefined) throw new PacksNeeded([{ kind: 'listed', uid: pack.uid }]);
  return {
    name: input.name,
    layer: pack.layer,
    // As it was asked for: a configuration and its answer must agree.
    type: input.type ?? pack.type,
    tag: tag === '' ? pack.version : tag,
    version: pack.version,
    packUid: pack.uid,
    registryUid: pack.registryUid,
    digest: pack.digest,
    values,
    manifests,
  };
}

async function findStored(
  tx: Transaction,
  registries: readonly Registry[],
  input: PackInput,
  tag: string,
): Promise<StoredPack> {
  const uid = input.uid ?? '';
  const name = packName(input.name);
  if (uid !== '') {
    const pack = isUid(uid) ? await findPack(tx, uid) : undefined;
    if (!pack || !registries.some((registry) => registry.uid === pack.registryUid))
      throw refuse('PackNotFound', `pack ${input.name}${tag && ` ${tag}`}: no pack has the identifier '${uid}'`);
    if (pack.name !== name)
      throw refuse(
        'PackNotFound',
        `pack ${input.name}: the identifier '${uid}' belongs to pack ${pack.name} ${pack.version}`,
      );
    return pack;
  }
  const candidates = registriesFor(registries, input);
  const known: string[] = [];
  for (const registry of candidates) {
    const versions = newestFirst(await selectPacks(tx, 'registry_uid = $1 AND name = $2', [registry.uid, name]));
    const found =
      versions.find((pack) => tag === '' || pack.version === tag) ??
      versions.find((pack) => parentTags(pack.version).includes(tag));
    if (found) return found;
    known.push(...versions.map((pack) => pack.version));
  }
  // What is not in the list may be in the registry all the same: one that is not synchronised, or a version of today.
  const [elsewhere] = candidates.filter(({ spec }) => spec !== undefined);
  if (elsewhere !== undefined && isExact(tag))
    throw new PacksNeeded([{ kind: 'wanted', registryUid: elsewhere.uid, name, version: tag }]);
  const where = candidates.map((registry) => registry.name).join(', ');
  throw refuse(
    'PackNotFound',
    known.length === 0
      ? `pack ${input.name} does not exist in registry ${where}; ${elsewhere === undefined ? 'push it first (palette pack push)' : 'give its exact version, or synchronise the registry'}`
      : `pack ${input.name} has no tag '${tag}' in registry ${where}; there are ${known.slice(0, 10).join(', ')}`,
  );
}

/** The registry that is named; without a name the default one, for charts those of their kind. */
function registriesFor(registries: readonly Registry[], { name, type, registryUid }: PackInput): readonly Registry[] {
  if (registryUid) {
    const registry = registries.find((candidate) => candidate.uid === registryUid);
    if (registry) return [registry];
    throw refuse('RegistryNotFound', `pack ${name}: no registry has the identifier '${registryUid}'`);
  }
  if (type !== 'helm' && type !== 'oci') return registries.filter((candidate) => candidate.isDefault);
  const ofKind = registries.filter((candidate) => candidate.kind === type);
  if (ofKind.length > 0) return ofKind;
  throw refuse('RegistryNotFound', `pack ${name}: there is no registry of kind ${type}; register one first`);
}

/** One pack may stand in a profile several times, as `first--nginx` and `second--nginx`. */
function packName(name: string): string {
  const [, own] = name.split('--');
  return own === undefined || own === '' ? name : own;
}

/** A version, and no series of them such as `1.2.x`. */
function isExact(tag: string): boolean {
  return /^v?\d/.test(tag) && !/(^|\.)x($|\.)/.test(tag) && !/[\s<>=^~|*]/.test(tag);
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
