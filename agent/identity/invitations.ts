/** Follows the bootstrap secret: the newest invitation, whenever one comes. */
import type { Logger } from '#core/log';

import type { KubeClient } from '#kubernetes/client';
import type { KubeObject } from '#kubernetes/object';
import { watchKind } from '#kubernetes/watch';
import { createWake, type Wake } from '../wake.ts';
import { BOOTSTRAP_SECRET, bootstrapFrom, tokenDigest, type Bootstrap } from './identity.ts';

export interface Invitation extends Bootstrap {
  readonly token: string;
}

export interface Invitations {
  /** An invitation that was not declined; undefined while there is none. */
  open(): Invitation | undefined;
  /** What the secret says now, with a token or without. */
  newest(): Bootstrap | undefined;
  /** This token is of no use: not offered again. */
  decline(invitation: Invitation): void;
  /** Aborted when another invitation, or none, takes this one's place. */
  replaced(invitation: Invitation): AbortSignal;
  /** Rings when the secret changed. */
  readonly changed: Wake;
  /** Follows until the signal is aborted. */
  run(): Promise<void>;
}

export function followInvitations(options: {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly log: Logger;
  readonly signal: AbortSignal;
}): Invitations {
  const { client, namespace, log, signal } = options;
  const changed = createWake();
  const declined = new Set<string>();
  const waiting = new Map<string, AbortController>();
  const idOf = ({ planeUrl, token = '' }: Bootstrap): string => `${planeUrl} ${token}`;
  let newest: Bootstrap | undefined;

  const take = (secret: KubeObject | undefined): void => {
    try {
      newest = secret && bootstrapFrom(secret);
    } catch (error) {
      newest = undefined;
      log.error({ err: error }, 'bootstrap secret cannot be used: apply the import manifest again');
    }
    for (const [id, controller] of waiting) {
      if (newest && idOf(newest) === id) continue;
      waiting.delete(id);
      controller.abort(new Error('another invitation came'));
    }
    changed.notify();
  };

  return {
    open: () => {
      const token = newest?.token;
      if (!newest || token === undefined || declined.has(tokenDigest(token))) return undefined;
      return { ...newest, token };
    },
    newest: () => newest,
    decline: ({ token }) => void declined.add(tokenDigest(token)),
    replaced: (invitation) => {
      const controller = waiting.get(idOf(invitation)) ?? new AbortController();
      waiting.set(idOf(invitation), controller);
      return controller.signal;
    },
    changed,
    run: async () => {
      const type = { apiVersion: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true, verbs: [] };
      const fieldSelector = `metadata.name=${BOOTSTRAP_SECRET}`;
      for await (const event of watchKind(client, type, { namespace, fieldSelector, log, signal })) {
        if (event.kind === 'synced') take(event.objects[0]);
        else take(event.kind === 'changed' ? event.object : undefined);
      }
    },
  };
}
