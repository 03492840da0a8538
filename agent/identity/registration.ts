/** Joining: a one-time token for credentials of one's own. */
import { createUser, fromSeed } from '@nats-io/nkeys';

import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';

import type { PlaneConnector } from '../channel/plane-connector.ts';
import { isPlaneAway, PlaneCallError } from '../channel/rest.ts';
import type { CallOptions, KubeClient } from '#kubernetes/client';
import { valueAt } from '#kubernetes/object';
import { AGENT_VERSION } from '../version.ts';
import { tokenDigest, type Bootstrap, type Identity, type IdentityStore } from './identity.ts';

export interface RegistrationContext {
  readonly client: KubeClient;
  readonly store: IdentityStore;
  readonly connect: Pick<PlaneConnector, 'connect'>;
  readonly log: Logger;
}

export type Registration =
  | { readonly kind: 'registered'; readonly identity: Identity }
  /** The plane does not take the token, and will not later. */
  | { readonly kind: 'rejected'; readonly message: string };

const BACKOFF = { baseMs: 500, maxMs: 30_000 };

/**
 * Registers with the plane, trying as long as it does not answer. The key pair is stored before
 * the token is sent: a request whose answer was lost is repeated word for word, and the plane
 * can tell it from another's.
 *
 * @throws KubeError when its own Secrets cannot be written, or the signal's reason
 */
export async function register(
  bootstrap: Bootstrap & { readonly token: string },
  { client, store, connect, log }: RegistrationContext,
  { signal }: CallOptions,
): Promise<Registration> {
  const digest = tokenDigest(bootstrap.token);
  const pending = await store.loadPending({ signal });
  const seed = pending?.tokenDigest === digest ? pending.seed : new TextDecoder().decode(createUser().getSeed());
  if (pending?.tokenDigest !== digest) await store.savePending({ seed, tokenDigest: digest }, { signal });
  const request = {
    clusterUid: bootstrap.clusterUid,
    token: bootstrap.token,
    kubernetesUid:
      (await client.get({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' }, { signal }))?.metadata.uid ??
      'unknown',
    kubernetesVersion: textOf(valueAt(await client.read('/version', { signal }), 'gitVersion')),
    agentVersion: AGENT_VERSION,
    busPublicKey: busPublicKey(seed),
  };
  const plane = connect.connect(bootstrap);
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        const credentials = await plane.register(request, { signal });
        const { planeUrl, ca, proxy, clusterUid } = bootstrap;
        const identity = {
          planeUrl,
          ...(ca === undefined ? {} : { ca }),
          ...(proxy === undefined ? {} : { proxy }),
          clusterUid,
          seed,
          tokenDigest: digest,
          credentials,
          commandCursor: 0,
        };
        await store.save(identity, { signal });
        await store.removePending({ signal });
        log.info(
          { clusterUid, clusterName: credentials.clusterName, plane: planeUrl },
          'registered with the management plane',
        );
        return { kind: 'registered', identity };
      } catch (error) {
        if (!(error instanceof PlaneCallError)) throw error;
        if (!isPlaneAway(error)) return { kind: 'rejected', message: error.message };
        log.warn({ err: error, attempt }, 'registration did not come through, trying again');
        await delay(backoffDelay(attempt, BACKOFF), { signal });
      }
    }
  } finally {
    plane.close();
  }
}

/** The public half of a NATS user seed. */
export function busPublicKey(seed: string): string {
  return fromSeed(new TextEncoder().encode(seed)).getPublicKey();
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
