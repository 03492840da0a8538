import { describe, expect, it } from '@jest/globals';

import type { KubeObject } from '#kubernetes/object';
import { hookOf } from '../enforce/hook.ts';
import { releaseDigest } from '../enforce/release-steps.ts';
import type { Release } from '../enforce/releases.ts';
import { hooksToRun, type HookedLayer, type HookQuestion } from './hooks.ts';

const job = (name: string, events: string, weight = 0): KubeObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: {
    name,
    namespace: 'shop',
    annotations: { 'helm.sh/hook': events, 'helm.sh/hook-weight': String(weight) },
  },
});

const hooks = [
  job('second', 'pre-install,pre-upgrade', 2),
  job('first', 'pre-install,pre-upgrade', 1),
  job('after', 'post-upgrade'),
  job('check', 'test'),
  job('goodbye', 'pre-delete'),
].map(hookOf);
const objects = [{ key: 'ConfigMap shop/main', digest: 'sha256:1' }];
const app: HookedLayer = { name: 'app', objects, hooks, runTests: false };
const digest = releaseDigest(objects, hooks);
const release = (over: Partial<Release> = {}): Release => ({
  layer: 'app',
  digest,
  action: 'install',
  step: 'test',
  onDelete: [job('goodbye', 'pre-delete'), job('farewell', 'post-delete')],
  ...over,
});

function run(over: Partial<HookQuestion>): string[] {
  const question = { layers: [app], unknownLayers: new Set<string>(), releases: [], applied: new Set<string>() };
  return hooksToRun({ ...question, ...over }).map(({ event, object }) => `${event} ${object.name}`);
}

describe('hooks that a change would run', () => {
  it.each([
    { name: 'of an installation, by their weight', given: {}, want: ['pre-install first', 'pre-install second'] },
    {
      name: 'of an upgrade where objects are there without a record',
      given: { applied: new Set(['ConfigMap shop/main']) },
      want: ['pre-upgrade first', 'pre-upgrade second', 'post-upgrade after'],
    },
    {
      name: 'of an upgrade where the content is another',
      given: { releases: [release({ digest: 'sha256:other' })] },
      want: ['pre-upgrade first', 'pre-upgrade second', 'post-upgrade after'],
    },
    { name: 'none where nothing changes', given: { releases: [release()] }, want: [] },
    {
      name: 'those that are still to run',
      given: { releases: [release({ action: 'upgrade', step: 'pre' })] },
      want: ['post-upgrade after'],
    },
    {
      name: 'tests where values ask for them',
      given: { layers: [{ ...app, runTests: true }], releases: [release({ step: 'post' })] },
      want: ['test check'],
    },
    {
      name: 'of a layer that goes',
      given: { layers: [], releases: [release()] },
      want: ['pre-delete goodbye', 'post-delete farewell'],
    },
    {
      name: 'of a layer that is going, those after it',
      given: { layers: [], releases: [release({ step: 'removing' })] },
      want: ['post-delete farewell'],
    },
    {
      name: 'of an installation where a layer comes back that was going',
      given: { releases: [release({ step: 'removing' })], applied: new Set(['ConfigMap shop/main']) },
      want: ['pre-install first', 'pre-install second'],
    },
    {
      name: 'none of a layer that cannot be rendered',
      given: { layers: [], unknownLayers: new Set(['app']), releases: [release()] },
      want: [],
    },
  ])('$name', ({ given, want }) => {
    expect(run(given)).toEqual(want);
  });
});
