/** A bundle's packs and profiles into a plane: what can be refused is found out first, the same may be loaded again. */
import { CliError } from '#cli/cli-error';
import { type PaletteClient, type Schemas, type Scope } from '#openapi/client/index';
import { contentDigest, openPackArchive } from '#packs/index';
import type { BundledPack, BundleManifest, ReadBundleOptions } from '#packs/bundle/index';
import type { ProfileDocument, ProfileLayer } from '#profiles/document';
import { titleOf } from '#profiles/problem';

import { readBundleFile, refuseOther, type CheckedBundle } from './check-bundle.ts';

export interface LoadIntoPlaneOptions {
  readonly client: PaletteClient;
  /** Where profiles are published. */
  readonly scope: Scope;
  /** Name of the pack registry; undefined: the default one. */
  readonly registry: string | undefined;
  readonly trust: ReadBundleOptions['trust'];
  /** Find out what would happen, and change nothing. */
  readonly dryRun: boolean;
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface LoadedThing {
  readonly kind: 'pack' | 'profile';
  readonly name: string;
  readonly version: string;
  /** As the plane has it. */
  readonly digest: string;
  /** `present`: it was there already. With a dry run what would become of it. */
  readonly outcome: 'loaded' | 'present';
  /** What differs from the bundle, in words. */
  readonly remark: string;
}

const TENANT = { kind: 'tenant' } as const;
/** Large archives over slow lines, in milliseconds. */
const TRANSFER_MS = 5 * 60_000;

type Registry = Schemas['v1RegistryMetadata'] & { readonly uid: string };

/**
 * Loads a bundle that was checked. Packs go first and harm nobody; profiles follow when the plane would take every one.
 *
 * @throws CliError that names everything that stands against it, before anything is changed; ApiError, BundleError.
 */
export async function loadIntoPlane(
  file: string,
  { manifest, profiles }: CheckedBundle,
  options: LoadIntoPlaneOptions,
): Promise<readonly LoadedThing[]> {
  const { client, scope, signal, dryRun, note } = options;
  refuseAmbiguous(manifest.packs);
  const registries = (await client.get('/v1/registries/metadata', { scope: TENANT, signal })).items ?? [];
  const registry = packRegistry(registries, options.registry);
  const present = await findPresent(manifest.packs, registry, options);

  const digests = new Map<string, string>(present);
  const things: LoadedThing[] = [];
  if (!dryRun) await pushPacks(file, manifest, { registry, present, digests }, options);
  for (const pack of manifest.packs) {
    const digest = digests.get(pack.blob.digest) ?? pack.blob.digest;
    things.push({
      kind: 'pack',
      name: pack.name,
      version: pack.version,
      digest,
      outcome: present.has(pack.blob.digest) ? 'present' : 'loaded',
      remark: digest === pack.blob.digest ? '' : 'the same content, compressed otherwise',
    });
  }

  const documents = profiles.map((document) => forTarget(document, { registry, digests }));
  // Packs that are not there yet would be missed: a dry run can try profiles only when all are.
  const canTry = !dryRun || manifest.packs.every(({ blob }) => present.has(blob.digest));
  if (canTry) await tryAll(documents, options);
  for (const [index, document] of documents.entries()) {
    const bundled = manifest.profiles[index]?.profileDigest ?? '';
    if (!canTry) {
      things.push({ kind: 'profile', ...nameOf(document), digest: bundled, outcome: 'loaded', remark: 'not tried' });
      continue;
    }
    const published = await client.post('/v1/profileversions', {
      body: { profile: onTheWire(document), dryRun },
      scope,
      signal,
    });
    if (!dryRun) note(`${published.created ? 'published' : 'found'} profile ${titleOf(document)}`);
    things.push({
      kind: 'profile',
      ...nameOf(document),
      digest: published.digest,
      outcome: published.created ? 'loaded' : 'present',
      remark: published.digest === bundled ? '' : `its digest in the bundle is ${bundled}`,
    });
  }
  return things;
}

/** Pushes what is missing. @throws CliError that says what is there by then: it may stay, and is found again. */
async function pushPacks(
  file: string,
  manifest: BundleManifest,
  {
    registry,
    present,
    digests,
  }: Target & { readonly present: ReadonlyMap<string, string>; readonly digests: Map<string, string> },
  { client, trust, signal, note }: LoadIntoPlaneOptions,
): Promise<void> {
  const pushed: string[] = [];
  try {
    await readBundleFile(file, {
      trust,
      signal,
      onManifest: (again) => refuseOther(file, again, manifest),
      onBlob: async ({ digest }, archive) => {
        const pack = manifest.packs.find(({ blob }) => blob.digest === digest);
        if (!pack || present.has(digest)) return;
        const { digest: stored } = await client.put('/v1/registries/pack/{uid}/packs', {
          path: { uid: registry.uid },
          body: archive,
          ...(pack.signature === undefined ? {} : { signature: pack.signature }),
          scope: TENANT,
          signal,
          timeoutMs: TRANSFER_MS,
          deadlineMs: TRANSFER_MS,
        });
        digests.set(digest, stored);
        pushed.push(`${pack.name} ${pack.version}`);
        note(`pushed pack ${pack.name} ${pack.version}`);
      },
    });
  } catch (error) {
    signal.throwIfAborted();
    const there = pushed.length === 0 ? 'nothing was loaded' : `pushed so far: ${pushed.join(', ')}`;
    throw new CliError(
      `${error instanceof Error ? error.message : String(error)}\n${there}; no profile was published`,
      {
        cause: error,
        hint: 'What was pushed may stay: loading again goes on from there.',
      },
    );
  }
}

function nameOf({ name, version }: ProfileDocument): { readonly name: string; readonly version: string } {
  return { name, version };
}

/** Two contents under one name and version: a registry holds one. */
function refuseAmbiguous(packs: readonly BundledPack[]): void {
  for (const [index, pack] of packs.entries()) {
    const other = packs
      .slice(0, index)
      .find(
        ({ name, version, contentDigest }) =>
          name === pack.name && version === pack.version && contentDigest !== pack.contentDigest,
      );
    if (other)
      throw new CliError(
        `the bundle holds two packs ${pack.name} ${pack.version} with different content (${other.blob.digest}, ${pack.blob.digest}); one registry cannot hold both`,
      );
  }
}

function packRegistry(registries: readonly Schemas['v1RegistryMetadata'][], name: string | undefined): Registry {
  const kept = registries.filter(({ kind }) => kind === 'pack');
  const found =
    kept.find((one) => (name === undefined ? one.isDefault === true : one.name === name)) ??
    (name === undefined ? kept[0] : undefined);
  if (found?.uid !== undefined) return { ...found, uid: found.uid };
  throw new CliError(
    name === undefined ? 'the API has no pack registry' : `there is no pack registry named ${JSON.stringify(name)}`,
    { hint: `There are: ${kept.map((one) => one.name).join(', ') || 'none'}.` },
  );
}

/**
 * Packs that the registry has with the same content, and under which digest.
 *
 * @throws CliError that names every pack of which it has another content.
 */
async function findPresent(
  packs: readonly BundledPack[],
  registry: Registry,
  { client, signal }: LoadIntoPlaneOptions,
): Promise<ReadonlyMap<string, string>> {
  const present = new Map<string, string>();
  const conflicts: string[] = [];
  for (const pack of packs) {
    const filters = `spec.registryUid=${registry.uid}ANDspec.name=${pack.name}`;
    const { items } = await client.get('/v1/packs', { query: { filters, limit: 500 }, scope: TENANT, signal });
    const known = (items ?? []).find(({ spec }) => spec?.name === pack.name && spec.version === pack.version);
    const digest = known?.spec?.digest;
    const uid = known?.metadata?.uid;
    if (digest === undefined || uid === undefined) continue;
    if (digest === pack.blob.digest || (await contentOf(client, uid, signal)) === pack.contentDigest)
      present.set(pack.blob.digest, digest);
    else conflicts.push(`  pack ${pack.name} ${pack.version}: there with ${digest}, in the bundle ${pack.blob.digest}`);
  }
  if (conflicts.length > 0)
    throw new CliError(
      `nothing was loaded: the registry ${JSON.stringify(registry.name)} has other packs under these names and versions, and published versions never change:\n${conflicts.join('\n')}`,
      { hint: 'Load into another registry with --registry, or delete the packs there.' },
    );
  return present;
}

async function contentOf(client: PaletteClient, uid: string, signal: AbortSignal): Promise<string> {
  const timing = { timeoutMs: TRANSFER_MS, deadlineMs: TRANSFER_MS };
  const body = await client.get('/v1/packs/{uid}/content', { path: { uid }, scope: TENANT, signal, ...timing });
  return contentDigest(await openPackArchive(new Uint8Array(body)));
}

interface Target {
  readonly registry: Registry;
  readonly digests: ReadonlyMap<string, string>;
}

/** The document as it can be published there: packs come from the registry that they were loaded into. */
function forTarget(document: ProfileDocument, target: Target): ProfileDocument {
  return { ...document, layers: document.layers.map((layer) => layerForTarget(layer, target)) };
}

/** Charts too: they were bundled as packs, and no registry of charts need be in reach. */
function layerForTarget({ registry: _from, ...layer }: ProfileLayer, { registry, digests }: Target): ProfileLayer {
  if (layer.type === 'manifest' || !layer.resolved) return layer;
  const digest = digests.get(layer.resolved.digest) ?? layer.resolved.digest;
  return {
    ...layer,
    ...(registry.name === undefined ? {} : { registry: registry.name }),
    resolved: { ...layer.resolved, digest },
  };
}

/** @throws CliError with what the plane says of each profile that it does not take. */
async function tryAll(
  documents: readonly ProfileDocument[],
  { client, scope, signal }: LoadIntoPlaneOptions,
): Promise<void> {
  const refused: string[] = [];
  for (const document of documents) {
    const body = { profile: onTheWire(document), dryRun: true };
    try {
      await client.post('/v1/profileversions', { body, scope, signal });
    } catch (error) {
      signal.throwIfAborted();
      refused.push(`  profile ${titleOf(document)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (refused.length > 0)
    throw new CliError(`no profile was published; the packs are there, and may stay:\n${refused.join('\n')}`);
}

function onTheWire(document: ProfileDocument): Schemas['ProfileDocument'] {
  return document as Schemas['ProfileDocument']; // zod's optional fields admit `undefined`, the contract's leave the key out; JSON makes them equal
}
