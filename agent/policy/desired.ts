/** Decides on each document that comes: in force, the same as before, or refused. */
import { verifyDesiredState, type TrustedKey, SignedDesiredState, documentDigest } from '#protocol/signature';
import type { ClusterUid, ContentDigest } from '#protocol/identifiers';
import type { DesiredState } from '#protocol/desired-state';
import type { Logger } from '#core/log';

import { isPlaneAway, PlaneCallError } from '../channel/rest.ts';
import { createKeyedLock } from '../enforce/keyed-lock.ts';
import type { PolicyInForce } from '../enforce/policy-in-force.ts';
import type { CallOptions } from '#kubernetes/client';
import type { PolicyStore } from './store.ts';

export interface PolicyKeeperOptions {
  readonly store: PolicyStore;
  readonly fetchPack: (digest: ContentDigest, options: CallOptions) => Promise<Uint8Array>;
  readonly log: Logger;
}

export interface AcceptOptions extends CallOptions {
  /** Where archives come from that are not stored yet. Default: the plane. */
  readonly fetchPack?: PolicyKeeperOptions['fetchPack'];
}

export interface PolicyKeeper {
  inForce(): PolicyInForce | undefined;
  /**
   * The stored policy, verified again. @throws DesiredStateRefused when someone changed it,
   * Error when it cannot be read.
   */
  restore(clusterUid: ClusterUid, options: CallOptions): Promise<PolicyInForce | undefined>;
  /**
   * Verifies a document, fetches and stores what it needs, and puts it in force; the same one
   * again changes nothing. One after the other: each is measured against the one before it.
   *
   * @throws DesiredStateRefused, PlaneCallError or KubeError when it cannot be stored now, or what
   *   `fetchPack` throws.
   */
  accept(
    body: unknown,
    trust: { readonly clusterUid: ClusterUid; readonly trustedKeys: readonly TrustedKey[] },
    options: AcceptOptions,
  ): Promise<PolicyInForce>;
  remove(options: CallOptions): Promise<void>;
}

export function createPolicyKeeper({ store, fetchPack, log }: PolicyKeeperOptions): PolicyKeeper {
  let current: PolicyInForce | undefined;
  const oneAtATime = createKeyedLock();

  const packOf: PolicyInForce['pack'] = async (digest, { signal }) => {
    const stored = await store.pack(digest, { signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      log.warn({ err: error, digest }, 'stored pack archive cannot be used, fetching it again');
      return undefined;
    });
    if (stored) return stored;
    const archive = await fetchPack(digest, { signal });
    // Without it in the cluster the next start would need the plane.
    await store.keep(archive, { signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      log.warn({ err: error, digest }, 'pack archive cannot be stored now');
    });
    return archive;
  };
  const putInForce = (document: DesiredState, digest: ContentDigest): PolicyInForce => {
    current = { document, digest, pack: packOf };
    return current;
  };

  const accept: PolicyKeeper['accept'] = async (body, { clusterUid, trustedKeys }, options) => {
    const sameCluster = current?.document.clusterUid === clusterUid;
    const minRevision = current && sameCluster ? current.document.revision : 0;
    const document = await verifyDesiredState(body, { clusterUid, trustedKeys, minRevision });
    const signed = SignedDesiredState.parse(body);
    const digest = documentDigest(signed);
    // With archives of its own it may bring what the one in force lacks.
    if (current?.digest === digest && options.fetchPack === undefined) return current;
    const layers = document.lifecycle === 'deleting' ? [] : document.layers;
    const packs = layers.flatMap(({ content }) => (content === undefined ? [] : [content]));
    const fetch = options.fetchPack ?? fetchPack;
    await store.save(
      { signed, trustedKeys: [...trustedKeys], clusterUid, revision: document.revision },
      packs,
      async (pack) => archiveFor(pack, fetch, log, { signal: options.signal }),
      options,
    );
    return putInForce(document, digest);
  };

  return {
    inForce: () => current,
    restore: async (clusterUid, options) => {
      const stored = await store.load(options);
      if (!stored || stored.clusterUid !== clusterUid) return undefined;
      const document = await verifyDesiredState(stored.signed, {
        clusterUid,
        trustedKeys: stored.trustedKeys,
        minRevision: stored.revision,
      });
      return putInForce(document, documentDigest(stored.signed));
    },
    accept: async (body, trust, options) => oneAtATime('policy', async () => accept(body, trust, options)),
    remove: async (options) => {
      current = undefined;
      await store.remove(options);
    },
  };
}

/**
 * The archive to store, or undefined when the plane will not give it: that layer fails then and
 * says so, the others go on. A plane that does not answer is waited for instead.
 */
async function archiveFor(
  digest: ContentDigest,
  fetch: PolicyKeeperOptions['fetchPack'],
  log: Logger,
  options: CallOptions,
): Promise<Uint8Array | undefined> {
  try {
    return await fetch(digest, options);
  } catch (error) {
    if (!(error instanceof PlaneCallError) || isPlaneAway(error) || error.status === 401) throw error;
    log.warn({ err: error, digest }, 'pack archive cannot be had');
    return undefined;
  }
}
