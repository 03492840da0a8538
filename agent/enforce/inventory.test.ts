import { describe, expect, it } from '@jest/globals';

import { KubeError } from '#kubernetes/error';

import { createInventory } from './inventory.ts';

const signal = new AbortController().signal;
const MEMBER = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', namespace: 'shop' } };

function failure(status: number): KubeError {
  return new KubeError('list Widget: no', { status, reason: 'No' });
}

/** A cluster with one ConfigMap, and widgets whose list fails; they are gone once discovery is asked anew. */
function inventoryWhere(listFails: KubeError) {
  let isKnown = true;
  const inventory = createInventory(
    {
      get: async () => undefined,
      apply: async (object) => object,
      delete: async () => undefined,
      list: async ({ kind }) => {
        if (kind === 'Widget') throw listFails;
        return { resourceVersion: '1', items: [MEMBER] };
      },
      discovery: {
        preferredType: async ({ group, kind }) =>
          kind === 'Widget' && !isKnown
            ? undefined
            : { apiVersion: `${group}/v1`, kind, plural: kind, namespaced: true, verbs: ['list'] },
        invalidate: () => {
          isKnown = false;
        },
      },
    },
    'system',
  );
  return inventory;
}

describe('members of the set', () => {
  it.each([
    { name: 'not known of a kind whose API went away since discovery', status: 503, unknown: ['Widget.x.dev'] },
    { name: 'not known of a kind whose server is broken', status: 500, unknown: ['Widget.x.dev'] },
    { name: 'none of a kind whose definition went away since discovery', status: 404, unknown: [] },
  ])('are $name', async ({ status, unknown }) => {
    const inventory = inventoryWhere(failure(status));
    await inventory.addKinds(['ConfigMap', 'Widget.x.dev'], { signal });
    expect(await inventory.members({ signal })).toEqual({ objects: [MEMBER], unknown });
  });

  it.each([0, 403, 429])('cannot be told of an answer %s', async (status) => {
    const inventory = inventoryWhere(failure(status));
    await inventory.addKinds(['Widget.x.dev'], { signal });
    await expect(inventory.members({ signal })).rejects.toMatchObject({ status });
  });
});
