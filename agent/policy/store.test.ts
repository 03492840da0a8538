import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { sha256 } from '#core/digest';
import { ClusterUid } from '#protocol/identifiers';
import { generateSigningKey, trustedKey } from '#protocol/signature';

import type { KubeClient } from '#kubernetes/client';
import { objectKey, refOf, type KubeObject } from '#kubernetes/object';
import { CHUNK_BYTES, splitChunks } from './chunks.ts';
import { createPolicyStore, type PolicyStore, type StoredPolicy } from './store.ts';

const { signal } = new AbortController();
const clusterUid = ClusterUid.parse('a'.repeat(24));
const secretType = { apiVersion: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true, verbs: ['list'] };

/** Secrets in memory; the write number `failAt` and all after it fail, as if the agent was killed. */
function secrets() {
  const stored = new Map<string, KubeObject>();
  const state = { writes: 0, failAt: Number.POSITIVE_INFINITY };
  const write = (): void => {
    if (++state.writes >= state.failAt) throw new Error('killed');
  };
  const unused = (): never => {
    throw new Error('the store does not use this');
  };
  const client: KubeClient = {
    server: new URL('https://127.0.0.1'),
    discovery: {
      resourceType: async () => secretType,
      preferredType: unused,
      apiVersions: unused,
      typesOf: unused,
      allTypes: unused,
      invalidate: unused,
    },
    get: async (ref) => stored.get(objectKey(ref)),
    list: async () => ({ items: [...stored.values()], resourceVersion: '1' }),
    apply: async (object) => {
      write();
      stored.set(objectKey(refOf(object)), object);
      return object;
    },
    delete: async (ref) => {
      write();
      stored.delete(objectKey(ref));
    },
    create: unused,
    may: unused,
    replace: unused,
    mergePatch: unused,
    openWatch: unused,
    read: unused,
    probe: unused,
    readText: unused,
    evict: unused,
    close: () => undefined,
  };
  return { client, stored, state };
}

const none = async (): Promise<undefined> => undefined;
const giving =
  (...archives: readonly Buffer[]) =>
  async (digest: string): Promise<Buffer | undefined> =>
    archives.find((archive) => sha256(archive) === digest);

const policy = (revision: number): StoredPolicy => ({
  clusterUid,
  revision,
  signed: { payload: `payload-${revision}`, protected: 'p', signature: 's' },
  trustedKeys: [trustedKey(generateSigningKey())],
});

describe('chunks', () => {
  it('put together again are what was split, and none is larger than a Secret takes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.integer({ min: 1, max: 64 }), (bytes, size) => {
        const parts = splitChunks(bytes, size);
        expect(Buffer.concat(parts)).toEqual(Buffer.from(bytes));
        expect(parts.every((part) => part.length <= size)).toBe(true);
        expect(parts.length).toBeGreaterThan(0);
      }),
    );
    expect(CHUNK_BYTES).toBeLessThan(1024 * 1024);
  });
});

describe('the policy store', () => {
  const large = Buffer.alloc(2 * CHUNK_BYTES + 5, 7);
  const digest = sha256(large);

  it('gives back what was stored, to a new life too, and keeps no rests', async () => {
    const { client, stored } = secrets();
    const store = createPolicyStore(client, 'n');
    await store.save(policy(1), [digest], giving(large), { signal });
    await store.save(policy(2), [digest], none, { signal });
    const next = createPolicyStore(client, 'n');
    expect(await next.load({ signal })).toMatchObject({ revision: 2, signed: { payload: 'payload-2' } });
    expect(Buffer.from((await next.pack(digest, { signal })) ?? []).equals(large)).toBe(true);
    // An index, one document, three parts of the archive.
    expect(stored.size).toBe(5);
    await next.remove({ signal });
    expect(stored.size).toBe(0);
  });

  it('has one whole policy, the old or the new, wherever the agent is killed', async () => {
    for (let failAt = 1; failAt <= 8; failAt++) {
      const { client, state } = secrets();
      const store = createPolicyStore(client, 'n');
      await store.save(policy(1), [digest], giving(large), { signal });
      state.failAt = state.writes + failAt;
      const other = Buffer.from('another archive');
      await store.save(policy(2), [sha256(other)], giving(other), { signal }).catch(() => undefined);
      const next = createPolicyStore(client, 'n');
      const loaded = await next.load({ signal });
      const archive = await next.pack(loaded?.revision === 1 ? digest : sha256(other), { signal });
      expect(archive).toBeDefined();
    }
  });

  it('refuses what was changed in the cluster', async () => {
    const { client, stored } = secrets();
    await createPolicyStore(client, 'n').save(policy(1), [digest], giving(large), { signal });
    for (const [key, secret] of stored) {
      if (key.includes('index')) continue;
      stored.set(key, { ...secret, data: { chunk: Buffer.from('changed').toString('base64') } });
    }
    await expect(createPolicyStore(client, 'n').load({ signal })).rejects.toThrow('last known policy');
  });

  it('asks again for an archive whose parts are missing or not what they were, and for no other', async () => {
    const other = Buffer.from('another archive');
    const { client, stored } = secrets();
    const store = createPolicyStore(client, 'n');
    const both = [digest, sha256(other)];
    await store.save(policy(1), both, giving(large, other), { signal });
    const partOf = (archive: string): string =>
      [...stored.keys()].find((key) => key.includes(archive.slice('sha256:'.length, 'sha256:'.length + 40))) ?? '';
    stored.delete(partOf(digest));
    const asked: string[] = [];
    const giveAll = async (wanted: string): Promise<Buffer | undefined> => {
      asked.push(wanted);
      return giving(large, other)(wanted);
    };
    await store.save(policy(2), both, giveAll, { signal });
    expect(asked).toEqual([digest]);

    const part = stored.get(partOf(sha256(other)));
    if (!part) throw new Error('the part is not there');
    stored.set(partOf(sha256(other)), { ...part, data: { chunk: Buffer.from('changed').toString('base64') } });
    await expect(store.pack(sha256(other), { signal })).rejects.toThrow('expected');
    await store.save(policy(3), both, giveAll, { signal });
    expect(asked).toEqual([digest, sha256(other)]);
    expect(await (await loaded(client)).pack(sha256(other), { signal })).toEqual(other);
  });

  it('keeps an archive that comes later, for the next life too', async () => {
    const { client } = secrets();
    const store = createPolicyStore(client, 'n');
    await store.save(policy(1), [digest], none, { signal });
    expect(await store.pack(digest, { signal })).toBeUndefined();
    await store.keep(large, { signal });
    const next = await loaded(client);
    expect(Buffer.from((await next.pack(digest, { signal })) ?? []).equals(large)).toBe(true);
  });
});

async function loaded(client: KubeClient): Promise<PolicyStore> {
  const store = createPolicyStore(client, 'n');
  await store.load({ signal });
  return store;
}
