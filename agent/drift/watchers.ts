/** One watch for each version and kind that has desired objects, feeding the table. */
import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';

import type { ObjectTable } from '../enforce/table.ts';
import type { KubeClient } from '#kubernetes/client';
import type { KubeError } from '#kubernetes/error';
import type { ResourceType } from '#kubernetes/discovery';
import { watchKind } from '#kubernetes/watch';
import { joinSignals } from '../signals.ts';

export interface Watchers {
  /** Starts watches that are missing and waits until each has listed what there is. */
  ensure(types: readonly ResourceType[], options: { readonly signal: AbortSignal }): Promise<void>;
  /** Ends watches of all other types. */
  retain(types: readonly ResourceType[]): void;
  readonly size: number;
}

const RESTART = { baseMs: 500, maxMs: 60_000 };

interface Running {
  readonly synced: Promise<void>;
  readonly stop: AbortController;
}

export function createWatchers(options: {
  readonly client: KubeClient;
  readonly table: ObjectTable;
  readonly labelSelector: string;
  readonly log: Logger;
  readonly signal: AbortSignal;
}): Watchers {
  const { client, table, labelSelector, log } = options;
  const running = new Map<string, Running>();
  const id = (type: ResourceType): string => `${type.apiVersion}/${type.kind}`;

  const start = (type: ResourceType): Running => {
    const stop = new AbortController();
    const signal = joinSignals(options.signal, stop.signal);
    let markSynced: () => void = () => undefined;
    const synced = new Promise<void>((resolve) => {
      markSynced = resolve;
    });
    let warned = false;
    // Without the right to look nothing is known of what is there; whoever applies is refused then, and told why.
    const onForbidden = (error: KubeError): void => {
      if (!warned) log.warn({ err: error, kind: type.kind }, 'objects of this kind may not be watched');
      warned = true;
      markSynced();
    };
    const follow = async (): Promise<void> => {
      for await (const event of watchKind(client, type, { labelSelector, log, signal, onForbidden })) {
        switch (event.kind) {
          case 'synced':
            table.observeAll(type, event.objects);
            markSynced();
            break;
          case 'changed':
            table.observe(event.object);
            break;
          case 'deleted':
            table.observeGone(event.object);
            break;
        }
      }
    };
    void again(follow, { log, kind: type.kind, signal });
    return { synced, stop };
  };

  return {
    ensure: async (types, { signal }) => {
      const waits = types.map(async (type) => {
        const known = running.get(id(type)) ?? start(type);
        running.set(id(type), known);
        await orAborted(known.synced, signal);
      });
      await Promise.all(waits);
    },
    retain: (types) => {
      const keep = new Set(types.map(id));
      for (const [key, { stop }] of running) {
        if (keep.has(key)) continue;
        stop.abort();
        running.delete(key);
      }
    },
    get size() {
      return running.size;
    },
  };
}

/** Follows a kind for as long as it takes: what one object does to the agent must not make it blind to all others. */
async function again(
  follow: () => Promise<void>,
  { log, kind, signal }: { readonly log: Logger; readonly kind: string; readonly signal: AbortSignal },
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      await follow();
    } catch (error) {
      if (signal.aborted) return;
      log.error({ err: error, kind }, 'watch ended, beginning anew');
      await delay(backoffDelay(failures, RESTART), { signal }).catch(() => undefined);
    }
  }
}

/** Waits for a promise, but not past the signal. @throws the signal's reason */
async function orAborted(pending: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const ended = new AbortController();
  try {
    await Promise.race([
      pending,
      new Promise<never>((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(asError(signal.reason)), { once: true, signal: ended.signal }),
      ),
    ]);
  } finally {
    ended.abort();
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
