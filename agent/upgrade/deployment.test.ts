/** Upgrades by the own Deployment, killed between any two writes; the real Deployment controller is in test/agent. */
import { beforeEach, describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import type { KubeClient } from '#kubernetes/client';
import { objectKey, refOf, type KubeObject } from '#kubernetes/object';

import { countStart, deployedImage, giveUp, readUpgradeRecord, rollOut, type OwnDeployment } from './deployment.ts';
import { openUpgrades, type Upgrades } from './upgrades.ts';

const OLD = { image: 'old@sha256:1', version: '0.1.0' };
const NEW = { image: 'new@sha256:2', version: '0.2.0' };
const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'palette-system', name: 'palette-agent' };
const { signal } = new AbortController();

interface Cluster {
  readonly own: OwnDeployment;
  /** Whether Pods of the new image become available. */
  newIsAvailable: boolean;
  /** The write of this number fails, and all after it. */
  failAt: number;
  writes: number;
}

let cluster: Cluster;
let now = 0;

function createCluster(): Cluster {
  const stored = new Map<string, KubeObject>();
  const state: Cluster = { own: undefined as never, newIsAvailable: true, failAt: Infinity, writes: 0 };
  const unused = (): never => {
    throw new Error('not used here');
  };
  const write = (): void => {
    if (++state.writes >= state.failAt) throw new Error('killed');
  };
  const client: Partial<KubeClient> = {
    get: async (ref) => {
      const found = stored.get(objectKey(ref));
      if (found?.kind !== 'Deployment') return found;
      const isAvailable = state.newIsAvailable || imageOf(found) === OLD.image;
      const counts = { replicas: 1, updatedReplicas: 1, availableReplicas: isAvailable ? 1 : 0, observedGeneration: 1 };
      const conditions = isAvailable
        ? []
        : [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded', message: 'the quota is used up' }];
      return { ...found, status: { ...counts, conditions } };
    },
    apply: async (object) => {
      write();
      stored.set(objectKey(refOf(object)), { ...object, metadata: { ...object.metadata, generation: 1 } });
      return object;
    },
    delete: async (ref) => {
      write();
      stored.delete(objectKey(ref));
    },
    create: unused,
  };
  // Only these are used.
  Object.assign(state, { own: { client: client as KubeClient, namespace: 'palette-system', name: 'palette-agent' } });
  stored.set(objectKey(DEPLOYMENT), deploymentOf(OLD.image));
  return state;
}

function deploymentOf(image: string): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'palette-agent', namespace: 'palette-system', generation: 1 },
    spec: { replicas: 1, template: { spec: { containers: [{ name: 'agent', image }] } } },
  };
}

function imageOf(deployment: KubeObject): string {
  return JSON.stringify(deployment).includes(NEW.image) ? NEW.image : OLD.image;
}

async function upgrade(attempt: string): Promise<unknown> {
  return rollOut(
    cluster.own,
    { attempt, from: OLD, to: NEW },
    { signal, now: () => (now += 1_000), progress: () => undefined },
  );
}

const image = async (): Promise<string> => deployedImage(cluster.own, { signal });

async function agent(version: string, probationMs = 60_000): Promise<Upgrades> {
  return openUpgrades(
    { namespace: 'palette-system', kubeconfig: undefined, deployment: 'palette-agent', releaseKeyFile: undefined },
    { client: cluster.own.client, launcher: undefined, log: silentLogger, version, probationMs },
  );
}

beforeEach(() => {
  cluster = createCluster();
});

describe('an upgrade by the own Deployment', () => {
  it('is tried anew when it is asked for again after it failed', async () => {
    cluster.newIsAvailable = false;
    await expect(upgrade('run-1')).resolves.toMatchObject({
      kind: 'rolled back',
      reason: expect.stringMatching(/quota/),
    });
    cluster.newIsAvailable = true;
    await expect(upgrade('run-1')).resolves.toMatchObject({ kind: 'rolled back' });
    expect(await image()).toBe(OLD.image);
    await expect(upgrade('run-2')).resolves.toEqual({ kind: 'done' });
    expect(await image()).toBe(NEW.image);
  });

  it('ends with the old image wherever the agent is killed while it goes back', async () => {
    for (let failAt = 1; failAt <= 6; failAt++) {
      cluster = createCluster();
      cluster.newIsAvailable = false;
      cluster.failAt = failAt;
      await upgrade('run-1').catch(() => undefined);
      cluster.failAt = Infinity;
      await expect(upgrade('run-1')).resolves.toMatchObject({ kind: 'rolled back' });
      expect(await image()).toBe(OLD.image);
    }
  });

  it('a version that keeps ending goes back, also when it is killed while it does', async () => {
    await upgrade('run-1');
    for (let start = 0; start < 5; start++) expect(await countStart(cluster.own, '0.2.0', { signal })).toBe(true);
    // The reason is written, and the image not yet.
    cluster.failAt = cluster.writes + 2;
    await expect(countStart(cluster.own, '0.2.0', { signal })).rejects.toThrow('killed');
    expect(await image()).toBe(NEW.image);
    cluster.failAt = Infinity;
    expect(await countStart(cluster.own, '0.2.0', { signal })).toBe(false);
    expect(await image()).toBe(OLD.image);
    await expect(upgrade('run-1')).resolves.toMatchObject({
      kind: 'rolled back',
      reason: expect.stringMatching(/started 5 times/),
    });
  });

  it('a version that runs and does not come to work asks for the one before it', async () => {
    await upgrade('run-1');
    const upgrades = await agent('0.2.0', 20);
    const never = async (how: { readonly signal: AbortSignal }): Promise<void> =>
      new Promise((_, reject) => how.signal.addEventListener('abort', () => reject(how.signal.reason)));
    await upgrades.confirm(never, { signal });
    expect(await image()).toBe(OLD.image);
    await expect(upgrades.confirmed({ signal: AbortSignal.timeout(20) })).rejects.toThrow();
    // Somebody asks for it by hand all the same: it stays.
    await cluster.own.client.apply(deploymentOf(NEW.image), { signal });
    expect(await countStart(cluster.own, '0.2.0', { signal })).toBe(true);
  });

  it('keeps the record of a version that failed when the one before it works again', async () => {
    await upgrade('run-1');
    await giveUp(cluster.own, '0.2.0', 'it cannot work', { signal });
    await (await agent('0.1.0')).confirm(async () => undefined, { signal });
    // The run that is still under way would roll it out again, and so on.
    await expect(upgrade('run-1')).resolves.toEqual({ kind: 'rolled back', reason: 'it cannot work' });
    expect(await image()).toBe(OLD.image);
  });

  it('keeps the new version on probation when the old one is started again while it is rolled out', async () => {
    await upgrade('run-1');
    await (await agent('0.1.0')).confirm(async () => undefined, { signal });
    expect(await readUpgradeRecord(cluster.own, { signal })).toMatchObject({ attempt: 'run-1', to: NEW });
  });

  it('is no success when the new version gave up before it became available', async () => {
    const { client } = cluster.own;
    const apply: KubeClient['apply'] = async (object, how) => {
      const applied = await client.apply(object, how);
      if (imageOf(object) === NEW.image) await giveUp(cluster.own, '0.2.0', 'it keeps ending', { signal });
      return applied;
    };
    const how = { signal, now: () => (now += 1_000), progress: () => undefined };
    await expect(
      rollOut({ ...cluster.own, client: { ...client, apply } }, { attempt: 'run-1', from: OLD, to: NEW }, how),
    ).resolves.toEqual({ kind: 'rolled back', reason: 'it keeps ending' });
  });

  it('puts a version on probation whose image is deployed already', async () => {
    await cluster.own.client.apply(deploymentOf(NEW.image), { signal });
    await expect(upgrade('run-1')).resolves.toEqual({ kind: 'done' });
    expect(await readUpgradeRecord(cluster.own, { signal })).toMatchObject({ attempt: 'run-1', starts: 0 });
  });

  it('forgets the upgrade once the version works, however long the API server is away', async () => {
    await upgrade('run-1');
    const upgrades = await agent('0.2.0');
    cluster.failAt = cluster.writes + 1;
    const confirming = upgrades.confirm(async () => undefined, { signal });
    await expect(upgrades.confirmed({ signal: AbortSignal.timeout(50) })).rejects.toThrow();
    cluster.failAt = Infinity;
    await confirming;
    await upgrades.confirmed({ signal });
    expect(await readUpgradeRecord(cluster.own, { signal })).toBeUndefined();
  });
});
