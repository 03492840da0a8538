/**
 * Whole cluster profiles with as few requests as the API allows: against a plane that offers bulk reads, profiles that are
 * asked for at about the same time travel together; against plain Palette one profile costs its GET, its variables and one
 * GET for each pack with manifests (at most three requests for a profile with one such pack).
 */
import { isNotFound } from './errors.ts';
import { share, type Shared } from './shared.ts';
import type { Schemas, Scope } from './contract.ts';

export interface HydratedClusterProfile {
  readonly kind: 'present';
  readonly profile: Schemas['v1ClusterProfile'];
  readonly variables: readonly Schemas['v1Variable'][];
  /** By pack name; packs without manifests are left out. */
  readonly manifests: ReadonlyMap<string, readonly Schemas['v1ManifestEntity'][]>;
}

export type ClusterProfileRead = HydratedClusterProfile | { readonly kind: 'absent' };

/** The requests that reading needs; each ends with the signal. */
export interface ProfileRequests {
  profile(uid: string, at: Reading): Promise<Schemas['v1ClusterProfile']>;
  variables(uid: string, at: Reading): Promise<Schemas['v1Variables']>;
  manifests(uid: string, packName: string, at: Reading): Promise<Schemas['v1ManifestEntities']>;
  bulk(uids: string[], at: Reading): Promise<Schemas['BulkClusterProfiles']>;
  /** Whether the API offers bulk reads; undefined before its first answer. */
  offersBulk(): boolean | undefined;
}

export interface Reading {
  readonly scope: Scope;
  readonly signal: AbortSignal;
}

/** As many as the bulk operation takes. */
const MAX_BATCH = 100;
/** How long the first profile of a batch waits for others, in milliseconds; well below one round trip. */
const BATCH_MS = 4;

interface Batch {
  readonly uids: Set<string>;
  readonly shared: Shared<Map<string, HydratedClusterProfile>>;
  readonly start: () => void;
}

export type ReadClusterProfile = (
  uid: string,
  options: { readonly scope: Scope; readonly signal?: AbortSignal | undefined },
) => Promise<ClusterProfileRead>;

export function createClusterProfileReader(requests: ProfileRequests): ReadClusterProfile {
  const batches = new Map<string, Batch>();
  let discovery: Shared<void> | undefined;

  /** Makes sure that one answer of the API has been seen; the first reader's own GET is that answer. */
  async function discover(uid: string, scope: Scope, signal: AbortSignal | undefined): Promise<void> {
    if (discovery === undefined || discovery.isAbandoned()) {
      discovery = share(async (shared) => {
        try {
          await requests.profile(uid, { scope, signal: shared });
        } catch (error) {
          if (requests.offersBulk() === undefined) throw error;
        } finally {
          discovery = undefined;
        }
      });
    }
    await discovery.join(signal);
  }

  function batchFor(scope: Scope): Batch {
    const key = scope.kind === 'tenant' ? '' : scope.projectUid;
    const open = batches.get(key);
    if (open !== undefined && open.uids.size < MAX_BATCH && !open.shared.isAbandoned()) return open;
    const uids = new Set<string>();
    let start = (): void => undefined;
    const full = new Promise<void>((resolve) => {
      start = resolve;
    });
    const shared = share(async (signal) => {
      const timer = setTimeout(start, BATCH_MS);
      await full;
      clearTimeout(timer);
      if (batches.get(key) === batch) batches.delete(key);
      signal.throwIfAborted();
      const answer = await requests.bulk([...uids], { scope, signal });
      return new Map(answer.items.map((item) => [item.uid, fromBulk(item)]));
    });
    const batch: Batch = { uids, shared, start };
    batches.set(key, batch);
    return batch;
  }

  async function readPlain(uid: string, { scope, signal }: Reading): Promise<ClusterProfileRead> {
    // What one request fails with ends the others.
    const group = new AbortController();
    const stop = (): void => group.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    const at = { scope, signal: group.signal };
    const variables = requests.variables(uid, at);
    variables.catch(() => undefined); // told below, or not at all when the profile fails first
    try {
      const profile = await requests.profile(uid, at);
      const names = packsWithManifests(profile);
      const manifests = await Promise.all(
        names.map(async (name) => [name, (await requests.manifests(uid, name, at)).items ?? []] as const),
      );
      return { kind: 'present', profile, variables: (await variables).variables ?? [], manifests: new Map(manifests) };
    } catch (error) {
      if (isNotFound(error)) return { kind: 'absent' };
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
      group.abort(new Error('the profile has been read'));
    }
  }

  return async (uid, { scope, signal }) => {
    if (requests.offersBulk() === undefined) await discover(uid, scope, signal);
    if (requests.offersBulk() !== true)
      return share((shared) => readPlain(uid, { scope, signal: shared })).join(signal);
    const batch = batchFor(scope);
    batch.uids.add(uid);
    if (batch.uids.size >= MAX_BATCH) batch.start();
    return (await batch.shared.join(signal)).get(uid) ?? { kind: 'absent' };
  };
}

function packsWithManifests(profile: Schemas['v1ClusterProfile']): string[] {
  const packs = profile.spec?.published?.packs ?? profile.spec?.draft?.packs ?? [];
  return [...new Set(packs.filter((pack) => (pack.manifests ?? []).length > 0).map((pack) => pack.name))];
}

function fromBulk(item: Schemas['BulkClusterProfile']): HydratedClusterProfile {
  return {
    kind: 'present',
    profile: item.profile,
    variables: item.variables,
    manifests: new Map(item.manifests.map(({ packName, manifests }) => [packName, manifests])),
  };
}
