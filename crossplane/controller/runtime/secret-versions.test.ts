import { afterEach, describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import type { KubeClient } from '#kubernetes/client';
import { KubeError } from '#kubernetes/error';

import { createSecretVersions, secretsIn } from './secret-versions.ts';

let stop = new AbortController();
afterEach(() => {
  stop.abort();
  stop = new AbortController();
});

function watching({ intervalMs = 5 } = {}) {
  const versions = new Map<string, string>();
  const asked: string[] = [];
  const seen: string[] = [];
  const client: Pick<KubeClient, 'read'> = {
    read: async (path, { accept }) => {
      asked.push(`${path} ${accept?.includes('PartialObjectMetadata') === true ? 'metadata' : 'all'}`);
      const version = versions.get(path);
      if (version === 'away') throw new KubeError('away', { status: 0, reason: 'Unreachable' });
      if (version === undefined) throw new KubeError('none', { status: 404, reason: 'NotFound' });
      return { metadata: { resourceVersion: version } };
    },
  };
  const secrets = createSecretVersions({
    // as: nothing else is called
    kube: client as KubeClient,
    log: silentLogger,
    onLook: (owner, { version, changed }) => {
      if (changed) seen.push(`${owner} ${version}`);
    },
    intervalMs,
  });
  const run = (): Promise<void> => secrets.run({ signal: stop.signal });
  const looks = async (count: number): Promise<void> => {
    const until = asked.length + count;
    while (asked.length < until) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { versions, asked, seen, secrets, run, looks };
}

const path = '/api/v1/namespaces/shop/secrets/keys';
const keys = { namespace: 'shop', name: 'keys' };

describe('Secrets that somebody names', () => {
  it('are asked for by name, once for all who name them, and never for their content', async () => {
    // One round only.
    const { versions, asked, secrets, run } = watching({ intervalMs: 60_000 });
    versions.set(path, '1');
    secrets.want('a', [keys]);
    secrets.want('b', [keys]);
    void run();
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toEqual([`${path} metadata`]);
  });

  it('call all who name them when they change, go, and come', async () => {
    const { versions, seen, secrets, run, looks } = watching();
    versions.set(path, '1');
    secrets.want('a', [keys]);
    secrets.want('b', [keys]);
    void run();
    await looks(1);
    expect(seen).toEqual([]);
    versions.set(path, '2');
    await looks(2);
    versions.delete(path);
    await looks(2);
    versions.set(path, '3');
    await looks(2);
    expect(seen).toEqual(['a 2', 'b 2', 'a gone', 'b gone', 'a 3', 'b 3']);
  });

  it('are not taken for changed while the API server is away', async () => {
    const { versions, seen, secrets, run, looks } = watching();
    versions.set(path, '1');
    secrets.want('a', [keys]);
    void run();
    await looks(1);
    versions.set(path, 'away');
    await looks(2);
    versions.set(path, '1');
    await looks(2);
    expect(seen).toEqual([]);
  });

  it('are asked for no more when nobody names them', async () => {
    const { asked, secrets, run, looks } = watching();
    secrets.want('a', [keys, { namespace: 'shop', name: 'other' }]);
    void run();
    await looks(2);
    secrets.want('a', []);
    const before = asked.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked.length).toBeLessThanOrEqual(before + 1);
  });
});

describe('the Secrets that a managed resource names', () => {
  it('are found wherever a value is taken from one, in its own namespace unless it says another', () => {
    const found = secretsIn({
      apiVersion: 'v1',
      kind: 'X',
      metadata: { name: 'x', namespace: 'shop' },
      spec: {
        writeConnectionSecretToRef: { name: 'written, not read' },
        forProvider: {
          secretKeySecretRef: { name: 'a', key: 'k' },
          nested: [
            { tokenSecretRef: { name: 'b', namespace: 'other', key: 'k' } },
            { tokenSecretRef: { name: 'a', key: 'l' } },
          ],
        },
        initProvider: { passwordSecretRef: { name: 'c', key: 'k' } },
      },
    });
    expect(found).toEqual([
      { namespace: 'shop', name: 'a' },
      { namespace: 'other', name: 'b' },
      { namespace: 'shop', name: 'c' },
    ]);
  });
});
