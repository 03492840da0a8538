/**
 * Archives of listed charts and packs come when they are first needed. An operation that meets one which is not there
 * says so by PacksNeeded; its transaction is undone, the archives are fetched with no transaction open, and it is asked
 * again.
 */
import { PlaneError } from '#plane/api/error';
import type { Secrets } from '#plane/domain/secrets/secrets';
import type { OpenSource } from '#plane/registry/open-source';
import { RegistryError } from '#plane/registry/registry-error';
import type { FoundVersion, Source } from '#plane/registry/source';
import type { TenantDatabase } from '#plane/store/database';
import { isUniqueViolation } from '#plane/store/errors';
import { newUid } from '#plane/store/uid';

import { findRegistry, registryAccess, usedBytes, type Registry } from '../registries/registry-store.ts';
import { storeBlob } from './blob-store.ts';
import { openFetched } from './open-fetched.ts';
import { listedDocument } from './pack-document.ts';
import { completePack, findPack, findPackVersion, insertPack, type PackType, type StoredPack } from './pack-store.ts';
import { refuseOverQuota } from './quota.ts';

export type PackNeed =
  | { readonly kind: 'listed'; readonly uid: string }
  /** Not in the list: looked for by its exact name and version. */
  | { readonly kind: 'wanted'; readonly registryUid: string; readonly name: string; readonly version: string };

/** Thrown in a transaction that needs archives. Who does not fetch them tells the caller to come again. */
export class PacksNeeded extends PlaneError {
  readonly needs: readonly PackNeed[];

  constructor(needs: readonly PackNeed[]) {
    super(503, 'PackNotFetched', 'the plane has not fetched all charts yet that this needs; try again', undefined, {
      headers: { 'Retry-After': '2' },
    });
    this.needs = needs;
  }
}

export interface FetchDependencies {
  readonly db: TenantDatabase;
  readonly secrets: Secrets;
  readonly open: OpenSource;
  readonly quotaBytes: number;
  readonly signal: AbortSignal;
}

/** What one round fetched may say what else is needed, a few times. */
const ROUNDS = 3;
/** For all archives of one request, in milliseconds; below what a request may take. */
const TIMEOUT_MS = 40_000;
const AT_ONCE = 4;

/** Runs work, and again after fetching what it needs. @throws PlaneError 422 that says why an archive cannot be had. */
export async function withFetchedPacks<T>(dependencies: () => FetchDependencies, work: () => Promise<T>): Promise<T> {
  for (let round = 1; ; round++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PacksNeeded) || round === ROUNDS) throw error;
      const given = dependencies();
      const signal = AbortSignal.any([given.signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const waiting = [...error.needs];
      const fetchers = Array.from({ length: AT_ONCE }, async () => {
        for (let need = waiting.shift(); need !== undefined; need = waiting.shift())
          await fetchPack({ ...given, signal }, need);
      });
      await Promise.all(fetchers);
    }
  }
}

/** Fetches one archive and stores it. @throws PlaneError 422. */
export async function fetchPack(dependencies: FetchDependencies, need: PackNeed): Promise<void> {
  try {
    await fetchOne(dependencies, need);
  } catch (error) {
    if (error instanceof RegistryError) throw toPlaneError(error);
    throw error;
  }
}

/** How a registry's failure is told to the caller of an operation. */
export function toPlaneError(error: RegistryError): PlaneError {
  return new PlaneError(422, error.code, error.message, undefined, { cause: error });
}

async function fetchOne({ db, secrets, open, quotaBytes, signal }: FetchDependencies, need: PackNeed): Promise<void> {
  const { pack, registry, access } = await db.transaction(
    async (tx) => {
      const pack = need.kind === 'listed' ? await findPack(tx, need.uid) : undefined;
      const registry = await findRegistry(tx, need.kind === 'listed' ? (pack?.registryUid ?? '') : need.registryUid);
      return { pack, registry, access: registry?.spec && (await registryAccess(tx, secrets, registry)) };
    },
    { readOnly: true },
  );
  // Removed meanwhile: whoever asks again is told.
  if (registry === undefined || access === undefined || pack?.digest !== undefined) return;
  const source = open(access);
  try {
    const listed =
      pack ?? (need.kind === 'wanted' ? await listWanted({ db, signal }, source, registry, need) : undefined);
    if (listed?.source === undefined || listed.digest !== undefined) return;
    const { publicKeys } = registry.settings;
    const opened = await openFetched(listed, await source.fetch(listed.source, { publicKeys, signal }), publicKeys);
    await db.transaction(async (tx) => {
      refuseOverQuota(registry, { used: await usedBytes(tx, registry.uid), added: opened.archive.length, quotaBytes });
      await storeBlob(tx, opened.digest, opened.archive);
      await completePack(tx, listed.uid, { ...opened, layer: opened.pack.layer, logo: opened.pack.logo });
    });
  } finally {
    source.close();
  }
}

/** Puts a version that was looked for by its name beside those that were listed. */
async function listWanted(
  { db, signal }: Pick<FetchDependencies, 'db' | 'signal'>,
  source: Source,
  registry: Registry,
  { name, version }: { readonly name: string; readonly version: string },
): Promise<Pick<StoredPack, 'uid' | 'name' | 'version' | 'type' | 'document' | 'source' | 'digest'>> {
  const found = await source.find(name, version, { signal });
  if (found === undefined)
    throw new RegistryError('RegistryNotFound', `registry ${registry.name} has no ${name} ${version}`);
  const pack = listedPack(registry, found);
  try {
    await db.transaction(async (tx) => insertPack(tx, pack));
    return pack;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const known = await db.transaction(async (tx) => findPackVersion(tx, registry.uid, name, version));
    return known ?? pack;
  }
}

/** A listed version as it is stored. */
export function listedPack(
  registry: Pick<Registry, 'uid' | 'kind' | 'spec'>,
  found: FoundVersion,
): Omit<StoredPack, 'createdAt'> {
  return {
    uid: newUid(),
    registryUid: registry.uid,
    name: found.name,
    version: found.version,
    type: packTypeOf(registry),
    layer: 'addon',
    digest: undefined,
    source: found.source,
    signature: undefined,
    document: listedDocument(found),
  };
}

function packTypeOf({ kind, spec }: Pick<Registry, 'kind' | 'spec'>): PackType {
  if (kind === 'pack' || spec?.provider === 'pack') return 'spectro';
  return kind;
}
