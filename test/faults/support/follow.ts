/** What a namespace's ConfigMaps hold, as the API server tells of each change at once. */
import { createKubeClient } from '#kubernetes/client';
import { accessFromKubeconfig } from '#kubernetes/kubeconfig';
import { mapAt, type KubeObject } from '#kubernetes/object';
import { watchKind } from '#kubernetes/watch';
import { silentLogger } from '#core/log';

export interface Followed {
  /** Values of one key of the data, by the ConfigMap's name. */
  values(): ReadonlyMap<string, unknown>;
  /** Calls `look` now and on each change until it gives true. @throws Error naming `what` when that takes too long. */
  until(what: string, look: (values: ReadonlyMap<string, unknown>) => boolean, timeoutMs?: number): Promise<void>;
  stop(): void;
}

export async function followConfigMaps(kubeconfig: string, namespace: string, key: string): Promise<Followed> {
  const stop = new AbortController();
  const { signal } = stop;
  const client = createKubeClient(await accessFromKubeconfig(kubeconfig), { fieldManager: 'test' });
  const type = await client.discovery.resourceType({ apiVersion: 'v1', kind: 'ConfigMap' }, { signal });
  if (type === undefined) throw new Error('the API server has no ConfigMaps');
  const values = new Map<string, unknown>();
  const lookers = new Set<() => void>();
  const note = ({ metadata, ...object }: KubeObject): void =>
    void values.set(metadata.name, mapAt(object, 'data')[key]);
  const run = async (): Promise<void> => {
    for await (const event of watchKind(client, type, { namespace, signal, log: silentLogger })) {
      if (event.kind === 'synced') {
        values.clear();
        event.objects.forEach(note);
      } else if (event.kind === 'deleted') values.delete(event.object.metadata.name);
      else note(event.object);
      for (const look of lookers) look();
    }
  };
  run().catch(() => undefined); // Whoever waits has a time limit.
  return {
    values: () => values,
    until: async (what, look, timeoutMs = 60_000) =>
      new Promise<void>((resolve, reject) => {
        const end = (settle: () => void): void => {
          clearTimeout(timer);
          lookers.delete(check);
          settle();
        };
        const timer = setTimeout(
          () =>
            end(() =>
              reject(
                new Error(
                  `waited ${timeoutMs / 1000} s in vain: ${what}; now ${JSON.stringify(Object.fromEntries(values))}`,
                ),
              ),
            ),
          timeoutMs,
        );
        const check = (): void => {
          if (look(values)) end(resolve);
        };
        lookers.add(check);
        check();
      }),
    stop: () => {
      stop.abort();
      client.close();
    },
  };
}
