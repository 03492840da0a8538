/** Upgrades, scaling and new certificates through Cluster API, in both versions of its objects. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Cancelled } from '#agent/day2/action';
import { ActionImages } from '#agent/day2/images';
import { createRenewCertificates } from '#agent/day2/renew-certificates';
import { createScale } from '#agent/day2/scale';
import { createUpgradeKubernetes } from '#agent/day2/upgrade-kubernetes';
import type { ControlPlane } from '#cli/local/control-plane';
import { createKubeClient, type KubeClient } from '#kubernetes/client';
import { accessFromKubeconfig } from '#kubernetes/kubeconfig';

import { kubectl, startCluster } from '../support/cluster.ts';
import { clusterApiDefinitions, startMachineController, type MachineController } from './support/cluster-api.ts';
import { jsonArtifact, testContext, type TestContext } from './support/context.ts';

const NAMESPACE = 'palette-machines';
const images = ActionImages.parse({});
const times = { stuckMs: 4_000, everyMs: 50 };
const upgrade = createUpgradeKubernetes({ images, machineTimes: times });
const scale = createScale({ times });
let renewed = 0;
const renew = createRenewCertificates({
  images,
  machineTimes: times,
  renewCredentials: async () => {
    renewed++;
  },
});

let cluster: ControlPlane;
let client: KubeClient;
let controller: MachineController;

async function begin(version: string, how: { readonly topology: boolean }): Promise<void> {
  cluster = await startCluster({ kwok: false, scheduler: false, controllerManager: false });
  client = createKubeClient(await accessFromKubeconfig(cluster.kubeconfig), { fieldManager: 'test' });
  // Nobody provides machines yet.
  await expect(scale({ pool: 'a', replicas: 1 }, context())).rejects.toThrow('not managed by a Cluster API of its own');
  await expect(upgrade({ version: 'v1.34.3' }, context())).rejects.toThrow(
    'whoever provides the cluster upgrades Kubernetes',
  );
  await expect(renew({ scope: 'control-plane' }, context())).rejects.toThrow(
    'whoever provides it renews its certificates',
  );
  await set(version, how);
}

async function end(): Promise<void> {
  await controller?.stop();
  client?.close();
  await cluster?.stop();
}

async function set(version: string, { topology }: { readonly topology: boolean }): Promise<void> {
  const apply = async (...objects: readonly object[]): Promise<string> =>
    kubectl(cluster, ['apply', '-f', '-'], {
      input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
    });
  await apply(...clusterApiDefinitions(version));
  await kubectl(cluster, ['wait', 'crd', '--all', '--for=condition=Established', '--timeout=30s']);
  const at = (name: string, labels: Record<string, string> = {}): object => ({
    name,
    namespace: 'default',
    labels: { 'cluster.x-k8s.io/cluster-name': 'own', ...labels },
  });
  await apply(
    {
      apiVersion: `cluster.x-k8s.io/${version}`,
      kind: 'Cluster',
      metadata: { name: 'own', namespace: 'default' },
      spec: {
        controlPlaneRef: {
          kind: 'KubeadmControlPlane',
          name: 'own-cp',
          ...(version === 'v1beta1'
            ? { apiVersion: 'controlplane.cluster.x-k8s.io/v1beta1' }
            : { apiGroup: 'controlplane.cluster.x-k8s.io' }),
        },
        ...(topology
          ? {
              topology: {
                version: 'v1.33.4',
                controlPlane: { replicas: 3 },
                workers: { machineDeployments: [{ name: 'pool-a', class: 'default', replicas: 2 }] },
              },
            }
          : {}),
      },
    },
    {
      apiVersion: `controlplane.cluster.x-k8s.io/${version}`,
      kind: 'KubeadmControlPlane',
      metadata: at('own-cp'),
      spec: { replicas: 3, version: 'v1.33.4' },
    },
    {
      apiVersion: `cluster.x-k8s.io/${version}`,
      kind: 'MachineDeployment',
      metadata: at('own-md', topology ? { 'topology.cluster.x-k8s.io/deployment-name': 'pool-a' } : {}),
      spec: { replicas: 2, template: { spec: { version: 'v1.33.4' } } },
    },
    // Of another cluster, whose machines are elsewhere: nothing of it may change.
    {
      apiVersion: `cluster.x-k8s.io/${version}`,
      kind: 'Machine',
      metadata: { name: 'other', namespace: 'default', labels: { 'cluster.x-k8s.io/cluster-name': 'other' } },
      spec: { clusterName: 'other', version: 'v1.30.0' },
    },
  );
  controller = startMachineController(client, version);
  await eventually(async () => (await machines()).length === 5);
}

async function machines(): Promise<string[]> {
  const text = await kubectl(cluster, [
    'get',
    'machines.cluster.x-k8s.io',
    '-n',
    'default',
    '-l',
    'cluster.x-k8s.io/cluster-name=own',
    '-o',
    'jsonpath={range .items[?(@.status.nodeRef)]}{.metadata.name}={.spec.version} {end}',
  ]);
  return text
    .trim()
    .split(' ')
    .filter((part) => part !== '')
    .sort();
}

function context(): TestContext {
  return testContext(client, { namespace: NAMESPACE });
}

describe.each([
  { version: 'v1beta1', topology: false },
  { version: 'v1beta2', topology: true },
])('with Cluster API $version, topology: $topology', ({ version, topology }) => {
  const pool = topology ? 'pool-a' : 'own-md';
  beforeAll(async () => begin(version, { topology }), 20 * 60_000);
  afterAll(end);

  it.each([
    { to: 'v1.32.0', why: /it cannot be brought back to v1.32.0/ },
    { to: 'v1.35.0', why: /the next minor version is 1.34: v1.35.0 would leave one out/ },
  ])('refuses to bring Kubernetes v1.33.4 to $to', async ({ to, why }) => {
    const before = await machines();
    await expect(upgrade({ version: to }, context())).rejects.toThrow(why);
    expect(await machines()).toEqual(before);
  });

  it('upgrades every machine, the control plane first', async () => {
    const given = context();
    const { message, result } = await upgrade({ version: '1.34.2' }, given);
    expect(message).toBe('cluster own runs Kubernetes v1.34.2');
    expect(result).toMatchObject({ from: 'v1.33.4', version: 'v1.34.2', by: 'cluster-api' });
    expect((await machines()).map((one) => one.split('=')[1])).toEqual(Array.from({ length: 5 }, () => 'v1.34.2'));
    const other = await kubectl(cluster, [
      'get',
      'machine',
      'other',
      '-n',
      'default',
      '-o',
      'jsonpath={.spec.version}',
    ]);
    expect(other).toBe('v1.30.0');
    if (!topology) {
      const first = given.told.findIndex((step) => step.startsWith('own-md'));
      expect(first).toBeGreaterThan(0);
      expect(given.told.slice(first).some((step) => step.startsWith('control plane'))).toBe(false);
    }
  });

  it('gives a pool more machines and fewer', async () => {
    expect((await scale({ pool, replicas: 4 }, context())).message).toBe(`pool ${pool} has 4 machines, all ready`);
    expect(await machines()).toHaveLength(7);
    await scale({ pool, replicas: 1 }, context());
    expect(await machines()).toHaveLength(4);
    await expect(scale({ pool: 'nowhere', replicas: 1 }, context())).rejects.toThrow(
      `there is no pool nowhere; there are: control-plane, ${pool}`,
    );
    await expect(scale({ pool: 'control-plane', replicas: 2 }, context())).rejects.toThrow('odd number');
  });

  it('changes the size although others write to the same object all the time', async () => {
    const busy = client.mergePatch.bind(client);
    let meanwhile = 0;
    const contested: KubeClient = {
      ...client,
      mergePatch: async (ref, patch, how) => {
        // Between the read and the write of another.
        if (ref.kind === 'Cluster' && meanwhile++ < 2)
          await busy(ref, { metadata: { annotations: { touched: String(meanwhile) } } }, how);
        return busy(ref, patch, how);
      },
    };
    await scale({ pool, replicas: 1 }, testContext(contested, { namespace: NAMESPACE }));
    expect(meanwhile).toBe(topology ? 3 : 0);
  });

  it('says of what was begun and is cancelled that it goes on', async () => {
    const given = context();
    const begun = scale({ pool, replicas: 2 }, { ...given, progress: () => given.stop.abort(new Cancelled()) });
    await expect(begun).rejects.toThrow('Cluster API goes on to 2 machines');
    await eventually(async () => (await machines()).length === 5);
    await scale({ pool, replicas: 1 }, context());
  });

  it('leaves a pool alone that an autoscaler keeps at other sizes', async () => {
    const annotations = ['min-size=1', 'max-size=3'].map(
      (one) => `cluster.x-k8s.io/cluster-api-autoscaler-node-group-${one}`,
    );
    await kubectl(cluster, ['annotate', 'machinedeployment', 'own-md', '-n', 'default', ...annotations]);
    await expect(scale({ pool, replicas: 9 }, context())).rejects.toThrow(
      'kept between 1 and 3 machines by the autoscaler',
    );
    expect(await machines()).toHaveLength(4);
  });

  it('replaces the machines of the control plane, whose certificates are new then', async () => {
    const before = await machines();
    // Machines are told apart by whole seconds.
    const newest = Date.now();
    await eventually(() => Date.now() - newest > 1_100);
    const given = context();
    const { result } = await renew({ scope: 'control-plane' }, given);
    expect(result).toEqual({ scope: 'control-plane', by: 'cluster-api' });
    const after = await machines();
    const isControlPlane = (name: string): boolean => name.startsWith('own-cp-');
    expect(after.filter(isControlPlane)).toHaveLength(3);
    expect(after.filter((name) => isControlPlane(name) && before.includes(name))).toEqual([]);
    expect(after.filter((name) => !isControlPlane(name))).toEqual(before.filter((name) => !isControlPlane(name)));
    expect(JSON.stringify(jsonArtifact(given, 'report.json'))).toContain('2031-01-01T00:00:00.000Z');
  });

  it('says where an upgrade is stuck', async () => {
    controller.breakNew(true);
    await expect(upgrade({ version: 'v1.34.3' }, context())).rejects.toThrow(/: stuck at \d of \d machines for /);
  });
});

it('renews the agent’s own credentials', async () => {
  renewed = 0;
  expect((await renew({ scope: 'agent' }, context())).message).toBe('the agent has new credentials');
  expect(renewed).toBe(1);
});

async function eventually(check: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 50_000;
  while (!(await check())) {
    if (Date.now() > end) throw new Error('did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
