import { describe, expect, it } from '@jest/globals';

import { createDiscovery } from './discovery.ts';
import { KubeError } from './error.ts';

const signal = new AbortController().signal;
const LIST = { resources: [{ name: 'widgets', kind: 'Widget', namespaced: true, verbs: ['list'] }] };
const GROUPS = {
  groups: [{ preferredVersion: { groupVersion: 'x.dev/v1' }, versions: [{ groupVersion: 'x.dev/v1' }] }],
};
const WIDGET = { apiVersion: 'x.dev/v1', kind: 'Widget' };

function away(): never {
  throw new KubeError('x.dev does not answer', { status: 503, reason: 'ServiceUnavailable' });
}

describe('discovery', () => {
  it('asks anew for whoever waits for an answer that another caller gave up', async () => {
    const asked: AbortSignal[] = [];
    const discovery = createDiscovery(async (_path, how) => {
      asked.push(how.signal);
      if (asked.length > 1) return LIST;
      return new Promise((_resolve, reject) =>
        how.signal.addEventListener('abort', () => reject(new Error('a newer document came')), { once: true }),
      );
    });
    const impatient = new AbortController();
    const [first, second] = [
      discovery.resourceType(WIDGET, { signal: impatient.signal }),
      discovery.resourceType(WIDGET, { signal }),
    ];
    impatient.abort();
    await expect(first).rejects.toThrow('a newer document came');
    expect(await second).toMatchObject({ plural: 'widgets' });
    expect(asked).toHaveLength(2);
  });

  it('asks once for all who wait', async () => {
    let asked = 0;
    const discovery = createDiscovery(async () => {
      asked++;
      return LIST;
    });
    await Promise.all([1, 2, 3].map(async () => discovery.resourceType(WIDGET, { signal })));
    expect(asked).toBe(1);
  });

  it('tells a group that does not answer from one that is gone, and asks it again a moment later', async () => {
    let at = 0;
    let isAway = true;
    const discovery = createDiscovery(
      async (path) => (path === '/apis' ? GROUPS : isAway ? away() : LIST),
      () => at,
    );
    const widget = { group: 'x.dev', kind: 'Widget' };
    expect(await discovery.resourceType(WIDGET, { signal })).toBeUndefined();
    await expect(discovery.preferredType(widget, { signal })).rejects.toMatchObject({ status: 503 });
    expect(await discovery.preferredType({ group: 'gone.dev', kind: 'Widget' }, { signal })).toBeUndefined();
    isAway = false;
    at += 2_000;
    expect(await discovery.typesOf('x.dev/v1', { signal })).toHaveLength(1);
    expect(await discovery.preferredType(widget, { signal })).toMatchObject({ plural: 'widgets' });
  });

  it('names every kind once, whatever version serves it, and the versions that do not answer', async () => {
    const version = (groupVersion: string): object => ({ groupVersion });
    const lists: Readonly<Record<string, readonly string[]>> = {
      '/api/v1': ['Pod'],
      '/apis/x.dev/v1': ['Widget'],
      '/apis/x.dev/v1alpha1': ['Widget', 'Gadget'],
      '/apis/y.dev/v1': ['Widget'],
    };
    const discovery = createDiscovery(async (path) => {
      if (path === '/apis')
        return {
          groups: [
            { preferredVersion: version('x.dev/v1'), versions: [version('x.dev/v1alpha1'), version('x.dev/v1')] },
            { preferredVersion: version('y.dev/v1'), versions: [version('y.dev/v1')] },
            { preferredVersion: version('away.dev/v1'), versions: [version('away.dev/v1')] },
          ],
        };
      const kinds = lists[path] ?? away();
      return { resources: kinds.map((kind) => ({ name: kind, kind, namespaced: true, verbs: [] })) };
    });
    const { types, away: missing } = await discovery.allTypes({ signal });
    expect(types.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual([
      'v1 Pod',
      'x.dev/v1 Widget',
      'x.dev/v1alpha1 Gadget',
      'y.dev/v1 Widget',
    ]);
    expect(missing).toEqual(['away.dev/v1']);
  });

  it('tells the failure of an answer to all who wait, and asks again afterwards', async () => {
    let asked = 0;
    const discovery = createDiscovery(async () => {
      asked++;
      if (asked === 1) throw new KubeError('forbidden', { status: 403, reason: 'Forbidden' });
      return LIST;
    });
    const both = [discovery.resourceType(WIDGET, { signal }), discovery.resourceType(WIDGET, { signal })];
    for (const one of both) await expect(one).rejects.toMatchObject({ status: 403 });
    expect(await discovery.resourceType(WIDGET, { signal })).toBeDefined();
  });
});
