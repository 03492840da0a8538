import { describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import { KubeError } from '#kubernetes/error';
import { objectKey, refOf, type KubeObject } from '#kubernetes/object';

import type { PruneResult } from './prune.ts';
import type { Release } from './releases.ts';
import { afterRemoval, beforeRemoval, removalsOf, withRemovals, type RemovalContext } from './removals.ts';
import type { ViewedLayer } from './layer-state.ts';

type Remaining = PruneResult['remaining'][number];

const left = (name: string, layer: string, refused = false): Remaining => {
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name };
  return {
    target: { ref, uid: `uid-${name}`, layer, adopted: false },
    problem: { ...ref, message: refused ? 'it cannot be removed: no' : 'it is being removed: it is not gone yet' },
    refused,
  };
};

const layer = (
  name: string,
  condition: ViewedLayer['condition'],
  problems: ViewedLayer['problems'] = [],
): ViewedLayer => ({
  state: {
    layer: { name, version: '1.0.0', profile: { uid: 'p', name: 'p', version: '1' } },
    startedAt: '2026-01-01T00:00:00Z',
    endedAt: undefined,
  },
  condition,
  message: '',
  objects: 2,
  problems,
});

const since = '2026-01-02T00:00:00Z';

describe('what is told of a removal', () => {
  it('names the layer, what its hook said, and its objects, those that were refused first', () => {
    const removals = removalsOf([['app', 'hook pre-delete failed']], {
      remaining: [left('slow', 'base'), left('kept', 'base', true)],
      unknown: ['Widget.example.com'],
    });
    expect(removals).toMatchObject([
      { layer: 'app', failed: true, message: 'hook pre-delete failed', problems: [] },
      {
        layer: 'base',
        failed: true,
        message: '1 of 2 objects cannot be removed',
        problems: [{ name: 'kept' }, { name: 'slow' }],
      },
      { layer: 'Widget.example.com', failed: false },
    ]);
  });

  it('makes a layer that is gone one of the layers that are told', () => {
    const [told, ...more] = withRemovals([], removalsOf([['app', 'the hook failed']], { remaining: [], unknown: [] }), {
      since,
    });
    expect(more).toEqual([]);
    expect(told).toMatchObject({
      condition: 'Error',
      message: 'the hook failed',
      state: { startedAt: since, layer: { name: 'app' } },
    });
  });

  it.each([
    {
      name: 'a layer that is ready is not while something of it is to go',
      is: 'Ready',
      refused: false,
      want: 'NotReady',
    },
    { name: 'what is refused is an error of the layer', is: 'NotReady', refused: true, want: 'Error' },
    { name: 'a layer in error stays what it is', is: 'Error', refused: true, want: 'Error' },
    { name: 'a layer on its way stays on its way', is: 'Applying', refused: false, want: 'Applying' },
  ] as const)('$name', ({ is, refused, want }) => {
    const own = { apiVersion: 'v1', kind: 'Secret', name: 'own', message: 'its own fault' };
    const removals = removalsOf([], { remaining: [left('old', 'app', refused)], unknown: [] });
    const [told] = withRemovals([layer('app', is, [own])], removals, { since });
    expect(told?.condition).toBe(want);
    expect(told?.problems.map(({ name }) => name).toSorted()).toEqual(['old', 'own']);
    expect(told?.problems[0]?.name).toBe(is === want ? 'own' : 'old');
  });
});

const job = (name: string, event: string, namespace = 'shop'): KubeObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace, annotations: { 'helm.sh/hook': event } },
});

const release = (...onDelete: readonly KubeObject[]): Release => ({
  layer: 'app',
  digest: 'sha256:1',
  action: 'install',
  step: 'post',
  onDelete: [...onDelete],
});

/** A cluster with the namespace `shop` in which a Job ends at once, as it is told, and an agent with one release. */
function removal(first: Release, { fails = false }: { readonly fails?: boolean } = {}) {
  const objects = new Map<string, KubeObject>();
  const ran: string[] = [];
  const kinds = new Set<string>();
  let record: Release | undefined = first;
  const conditions = [{ type: fails ? 'Failed' : 'Complete', status: 'True', message: 'it is made to fail' }];
  const context: RemovalContext = {
    client: {
      get: async (ref) => objects.get(objectKey(ref)),
      apply: async (object) => {
        if (object.metadata.namespace !== 'shop')
          throw new KubeError('no such namespace', { status: 404, reason: 'NotFound' });
        expect(kinds).toContain('Job.batch');
        ran.push(object.metadata.name);
        objects.set(objectKey(refOf(object)), { ...object, status: { conditions } });
        return object;
      },
      delete: async (ref) => void objects.delete(objectKey(ref)),
    },
    releases: {
      reload: async () => record,
      refOf: () => ({ apiVersion: 'v1', kind: 'Secret', namespace: 'system', name: 'record' }),
      save: async (next) => {
        record = next;
      },
      remove: async () => {
        record = undefined;
      },
    },
    inventory: { addKinds: async (given) => [...given].forEach((kind) => kinds.add(kind)) },
    patienceMs: 1_000,
    onWrite: () => undefined,
    log: silentLogger,
    signal: new AbortController().signal,
  };
  return { context, ran, objects, kinds, record: () => record, gone: () => (record ? [record] : []) };
}

const NOTHING = { remaining: [], unknown: [] };

describe('hooks of a removal', () => {
  it('run once before it, however many passes it takes, and once after it', async () => {
    const { context, ran, objects, record, gone } = removal(
      release(job('goodbye', 'pre-delete'), job('end', 'post-delete')),
    );
    for (const remaining of [[left('slow', 'app')], []]) {
      expect(await beforeRemoval(gone(), context)).toEqual(new Map());
      await afterRemoval(gone(), { remaining, unknown: [] }, context);
    }
    expect(ran).toEqual(['goodbye', 'end']);
    expect([...objects]).toEqual([]);
    expect(record()).toBeUndefined();
  });

  it('are run again where they failed, and what they leave is found by its kind', async () => {
    const { context, ran, gone } = removal(release(job('goodbye', 'pre-delete')), { fails: true });
    for (let pass = 0; pass < 2; pass++)
      expect((await beforeRemoval(gone(), context)).get('app')).toContain('goodbye failed: it is made to fail');
    expect(ran).toEqual(['goodbye', 'goodbye']);
  });

  it('run where others have nothing left to do, since their namespace is gone', async () => {
    const { context, ran, gone } = removal(
      release(job('before', 'pre-delete', 'gone'), job('goodbye', 'pre-delete'), job('other', 'pre-delete', 'gone')),
    );
    expect(await beforeRemoval(gone(), context)).toEqual(new Map());
    expect(ran).toEqual(['goodbye']);
  });

  it('do not end it while there may be objects that cannot be looked for', async () => {
    const { context, ran, record, gone } = removal(release(job('end', 'post-delete')));
    await afterRemoval(gone(), { remaining: [], unknown: ['Widget.example.com'] }, context);
    expect(record()).toBeDefined();
    expect(ran).toEqual([]);
    await afterRemoval(gone(), NOTHING, context);
    expect(record()).toBeUndefined();
    expect(ran).toEqual(['end']);
  });
});
