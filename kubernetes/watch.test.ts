import { Readable } from 'node:stream';

import { describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';

import type { KubeClient } from './client.ts';
import { watchKind } from './watch.ts';

const type = { apiVersion: 'v1', kind: 'Thing', plural: 'things', namespaced: true, verbs: [] };

describe('a watch', () => {
  it('is not opened in a hurry again and again where the API server ends it at once', async () => {
    const ended = new AbortController();
    let opened = 0;
    const client: Pick<KubeClient, 'list' | 'openWatch'> = {
      list: async () => ({ items: [], resourceVersion: '1' }),
      openWatch: async () => {
        if (++opened === 5) ended.abort();
        // as: of an answer's body nothing else is used
        return { status: 200, headers: {}, body: Readable.from([]) as never };
      },
    };
    const startedAt = performance.now();
    // as: a watch uses nothing else
    const events = watchKind(client as KubeClient, type, { signal: ended.signal, log: silentLogger });
    const kinds: string[] = [];
    for await (const { kind } of events) kinds.push(kind);
    expect(kinds).toEqual(['synced']);
    expect(performance.now() - startedAt).toBeGreaterThan(150);
  });
});
