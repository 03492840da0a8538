import { describe, expect, it } from '@jest/globals';

import { objectChange } from './object-change.ts';

const workload = (kind: string, apiVersion: string, spec: object) => ({
  apiVersion,
  kind,
  metadata: { name: 'web' },
  spec,
});
const template = (image: string) => ({ spec: { containers: [{ name: 'web', image }] } });

describe('restarts of pods', () => {
  it.each([
    { name: 'a Deployment with another image', kind: 'Deployment', apiVersion: 'apps/v1', over: {}, restarts: true },
    { name: 'a DaemonSet', kind: 'DaemonSet', apiVersion: 'apps/v1', over: {}, restarts: true },
    { name: 'a Job', kind: 'Job', apiVersion: 'batch/v1', over: {}, restarts: true },
    { name: 'a paused Deployment', kind: 'Deployment', apiVersion: 'apps/v1', over: { paused: true }, restarts: false },
    {
      name: 'a StatefulSet that waits for deletion',
      kind: 'StatefulSet',
      apiVersion: 'apps/v1',
      over: { updateStrategy: { type: 'OnDelete' } },
      restarts: false,
    },
    {
      name: 'a ReplicaSet, which leaves its pods',
      kind: 'ReplicaSet',
      apiVersion: 'apps/v1',
      over: {},
      restarts: false,
    },
    { name: "another group's Deployment", kind: 'Deployment', apiVersion: 'example.org/v1', over: {}, restarts: false },
  ])('$name: $restarts', ({ kind, apiVersion, over, restarts }) => {
    const change = objectChange(
      'app',
      workload(kind, apiVersion, { template: template('a'), ...over }),
      workload(kind, apiVersion, { template: template('b'), ...over }),
      { limit: 0 },
    );
    expect(change).toEqual({
      kind: 'changed',
      layer: 'app',
      object: { apiVersion, kind, name: 'web' },
      fields: [],
      restarts,
    });
  });

  it('do not come from other fields, from creation or from removal', () => {
    const one = workload('Deployment', 'apps/v1', { replicas: 1, template: template('a') });
    const two = workload('Deployment', 'apps/v1', { replicas: 2, template: template('a') });
    expect(objectChange('app', one, two)).toMatchObject({ kind: 'changed', restarts: false });
    expect(objectChange('app', undefined, two)).toMatchObject({ kind: 'created', fields: [], restarts: false });
    expect(objectChange('app', one, undefined)).toMatchObject({ kind: 'removed', restarts: false });
    expect(objectChange('app', one, structuredClone(one))).toBeUndefined();
  });
});
