/** An agent in a Pod is replaced by its Deployment: another image, watched, and gone back from. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import {
  countStart,
  deployedImage,
  readUpgradeRecord,
  removeUpgradeRecord,
  rollOut,
  type OwnDeployment,
} from '#agent/upgrade/deployment';
import { createKubeClient, type KubeClient } from '#kubernetes/client';
import { accessFromKubeconfig } from '#kubernetes/kubeconfig';
import { valueAt } from '#kubernetes/object';

import { uniqueName } from '../support/cluster.ts';
import { eventually, openCluster, type TestCluster } from './support/harness.ts';

const OLD = `example.test/agent@sha256:${'a'.repeat(64)}`;
const NEW = `example.test/agent@sha256:${'b'.repeat(64)}`;
const LABELS = { 'app.kubernetes.io/name': 'palette-agent' };

let cluster: TestCluster;
let client: KubeClient;
let own: OwnDeployment;
const signal = AbortSignal.timeout(20 * 60_000);

beforeAll(async () => {
  cluster = await openCluster();
  client = createKubeClient(await accessFromKubeconfig(cluster.kubeconfig), { fieldManager: 'palette-agent' });
}, 20 * 60_000);
afterAll(async () => {
  client?.close();
  await cluster?.close();
});

beforeEach(async () => {
  const namespace = uniqueName('agent');
  own = { client, namespace, name: 'palette-agent', seconds: { ready: 1, progress: 3 } };
  await cluster.outsider.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  // As the import manifest makes it: the old one would end before the new one is made.
  await cluster.outsider.create({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: own.name, namespace },
    spec: {
      replicas: 1,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: {
          containers: [{ name: 'agent', image: OLD, args: ['agent', 'run'] }],
          // Its only node is no real one.
          tolerations: [{ operator: 'Exists' }],
        },
      },
    },
  });
  await eventually('the old version runs', async () => (await available()) || undefined);
});

async function deployment() {
  return client.get(
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: own.namespace, name: own.name },
    { signal },
  );
}

async function available(): Promise<boolean> {
  return valueAt(await deployment(), 'status', 'availableReplicas') === 1;
}

const HOW = { signal, now: () => performance.now(), progress: () => undefined };
const UPGRADE = {
  attempt: 'run-1',
  from: { image: OLD, version: '0.1.0' },
  to: { image: NEW, version: '0.2.0' },
};

describe('an upgrade by the own Deployment', () => {
  it('makes the new Pod beside the old one, and goes back when the new version keeps ending', async () => {
    await expect(rollOut(own, UPGRADE, HOW)).resolves.toEqual({ kind: 'done' });
    expect(await deployedImage(own, { signal })).toBe(NEW);
    const found = await deployment();
    expect(valueAt(found, 'spec', 'strategy')).toMatchObject({ rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
    // What else the manifest says of the container stays.
    expect(valueAt(found, 'spec', 'template', 'spec', 'containers')).toMatchObject([{ args: ['agent', 'run'] }]);

    for (let start = 0; start < 5; start++) expect(await countStart(own, '0.2.0', { signal })).toBe(true);
    expect(await countStart(own, '0.2.0', { signal })).toBe(false);
    expect(await deployedImage(own, { signal })).toBe(OLD);
    // The old version goes on with the run, and learns what came of it.
    expect(await countStart(own, '0.1.0', { signal })).toBe(true);
    await expect(rollOut(own, UPGRADE, HOW)).resolves.toMatchObject({
      kind: 'rolled back',
      reason: expect.stringMatching(/started 5 times/),
    });
  });

  it('a version that works is started as often as it likes', async () => {
    await rollOut(own, UPGRADE, HOW);
    await countStart(own, '0.2.0', { signal });
    await removeUpgradeRecord(own, '0.2.0', { signal });
    for (let start = 0; start < 10; start++) expect(await countStart(own, '0.2.0', { signal })).toBe(true);
    expect(await readUpgradeRecord(own, { signal })).toBeUndefined();
  });

  it('goes back when the new Pod does not become available, while the old one works on', async () => {
    await cluster.outsider.create({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'one-pod', namespace: own.namespace },
      spec: { hard: { pods: '1' } },
    });
    await eventually('the quota counts', async () => {
      const quota = await client.get(
        { apiVersion: 'v1', kind: 'ResourceQuota', namespace: own.namespace, name: 'one-pod' },
        { signal },
      );
      return valueAt(quota, 'status', 'used', 'pods') === '1' || undefined;
    });
    const end = await rollOut(own, UPGRADE, HOW);
    expect(end).toMatchObject({ kind: 'rolled back', reason: expect.stringMatching(/did not become available/) });
    expect(await deployedImage(own, { signal })).toBe(OLD);
    expect(await available()).toBe(true);
  });
});
