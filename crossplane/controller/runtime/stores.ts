/** Stores of all kinds that the controller follows; a kind whose definition comes later is picked up then. */
import type { Logger } from '#core/log';
import { delay } from '#core/retry';
import type { KubeClient } from '#kubernetes/client';
import { groupOf, type KubeObject } from '#kubernetes/object';
import { followKind, withoutManagedFields, type KindStore, type StoreChange } from '#kubernetes/store';

import { splitKey, type ObjectKey } from './object-key.ts';

export interface FollowedKind {
  readonly apiVersion: string;
  readonly kind: string;
  /** Told of each change, also of what is there at first. Must not throw. */
  readonly onChange: (change: StoreChange) => void;
}

export interface Stores {
  /** Follows the kinds that are served, and resolves when all that is there is known. @throws the signal's reason */
  begin(options: { readonly signal: AbortSignal }): Promise<void>;
  /** Picks up kinds that are not served yet, until all are, or the signal is aborted. */
  pickUp(options: { readonly signal: AbortSignal }): Promise<void>;
  find(key: ObjectKey): KubeObject | undefined;
  storeOf(group: string, kind: string): KindStore | undefined;
}

/** How soon a kind that comes later is noticed, in milliseconds. */
const LOOK_MS = 5_000;
const RETRY_MS = 1_000;
/** Whoever waits longer is told what for, in milliseconds. */
const SLOW_MS = 10_000;

export function createStores({
  kube,
  kinds,
  signal,
  log,
  lookMs = LOOK_MS,
}: {
  readonly kube: KubeClient;
  readonly kinds: readonly FollowedKind[];
  /** Ends the watches. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly lookMs?: number;
}): Stores {
  const stores = new Map<string, KindStore>();
  const missing = new Set(kinds);
  const nameOf = (group: string, kind: string): string => `${group}/${kind}`;

  /** @returns the stores that were added */
  const look = async (options: { readonly signal: AbortSignal }): Promise<KindStore[]> => {
    const added: KindStore[] = [];
    for (const wanted of missing) {
      const type = await kube.discovery.resourceType(wanted, options);
      if (!type) continue;
      const store = followKind({
        client: kube,
        type,
        signal,
        log,
        keep: withoutManagedFields,
        onChange: wanted.onChange,
      });
      stores.set(nameOf(groupOf(wanted.apiVersion), wanted.kind), store);
      missing.delete(wanted);
      added.push(store);
    }
    return added;
  };

  const lookUntilAnswered = async (options: { readonly signal: AbortSignal }): Promise<void> => {
    for (;;) {
      try {
        await look(options);
        return;
      } catch (error) {
        options.signal.throwIfAborted();
        log.warn({ err: error }, 'the API server does not tell its kinds now, trying again');
        await delay(RETRY_MS, options);
      }
    }
  };

  return {
    begin: async (options) => {
      const slow = setInterval(() => {
        const kinds = [...stores.values()].filter(({ isSynced }) => !isSynced).map(({ type }) => nameOfType(type));
        log.warn({ kinds }, 'still reading the cluster: may the controller list these kinds?');
      }, SLOW_MS);
      try {
        await lookUntilAnswered(options);
        await Promise.all([...stores.values()].map(async (store) => store.whenSynced(options)));
      } finally {
        clearInterval(slow);
      }
    },
    pickUp: async (options) => {
      if (missing.size > 0) {
        log.info(
          { kinds: [...missing].map(nameOfType) },
          'kinds that are not served yet: they are picked up when their definitions come',
        );
      }
      while (missing.size > 0 && !options.signal.aborted) {
        await delay(lookMs, options).catch(() => undefined);
        try {
          for (const { type } of await look(options)) {
            log.info({ kind: type.kind, apiVersion: type.apiVersion }, 'a kind is served now');
          }
        } catch (error) {
          if (!options.signal.aborted) log.debug({ err: error }, 'the API server does not tell its kinds now');
        }
      }
    },
    find: (key) => {
      const { group, kind, namespace, name } = splitKey(key);
      return stores.get(nameOf(group, kind))?.get(name, namespace);
    },
    storeOf: (group, kind) => stores.get(nameOf(group, kind)),
  };
}

/** `Project.m.palette-iac.dev` */
function nameOfType({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): string {
  return `${kind}.${groupOf(apiVersion)}`;
}
