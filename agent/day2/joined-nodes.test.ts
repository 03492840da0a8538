import { describe, expect, it } from '@jest/globals';

import type { KubeClient } from '#kubernetes/client';
import type { KubeObject } from '#kubernetes/object';

import { createJoinedNodes } from './joined-nodes.ts';
import { PATCHED_ANNOTATION } from './patch-os.ts';

const signal = new AbortController().signal;

function node(name: string, { ready = true, patched = false, cordoned = false } = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: `uid-${name}`,
      annotations: patched ? { [PATCHED_ANNOTATION]: '2026-01-01T00:00:00Z' } : {},
    },
    spec: cordoned ? { unschedulable: true } : {},
    status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
}

function serve(nodes: readonly KubeObject[]): { readonly client: KubeClient; readonly calls: string[] } {
  const calls: string[] = [];
  const client: Partial<KubeClient> = {
    list: async (_, { metadataOnly }) => {
      calls.push(`list ${metadataOnly ? 'names' : 'all'}`);
      return { items: nodes, resourceVersion: '1' };
    },
    get: async ({ name }) => {
      calls.push(`get ${name}`);
      return nodes.find(({ metadata }) => metadata.name === name);
    },
  };
  return { client: client as KubeClient, calls }; // it reads, and nothing else
}

describe('nodes that joined', () => {
  it('are those that are well, open, and were never patched; only they are looked at', async () => {
    const { client, calls } = serve([
      node('new'),
      node('old', { patched: true }),
      node('booting', { ready: false }),
      node('closed', { cordoned: true }),
    ]);
    expect(await createJoinedNodes(client)({ signal })).toEqual(['uid-new']);
    expect(calls).toEqual(['list names', 'get new', 'get booting', 'get closed']);
  });

  it('are looked for now and then', async () => {
    const { client, calls } = serve([node('old', { patched: true })]);
    const joined = createJoinedNodes(client);
    for (let times = 0; times < 3; times++) expect(await joined({ signal })).toEqual([]);
    expect(calls).toEqual(['list names']);
    const often = createJoinedNodes(client, { everyMs: 0 });
    for (let times = 0; times < 3; times++) await often({ signal });
    expect(calls).toHaveLength(4);
  });
});
