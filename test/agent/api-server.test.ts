/** A control plane of this suite's own: its API server dies under the agent, and its nodes fall and rise. */
import { CoreV1Api, KubeConfig, type V1NodeStatus } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { mapAt } from '#kubernetes/object';
import type { ControlPlane } from '#cli/local/control-plane';

import { startCluster } from '../support/cluster.ts';
import {
  configMap,
  createSite,
  eventually,
  layer,
  openCluster,
  refTo,
  type TestCluster,
  type TestSite,
} from './support/harness.ts';

jest.setTimeout(120_000);

let controlPlane: ControlPlane;
let cluster: TestCluster;
let site: TestSite;

beforeAll(async () => {
  controlPlane = await startCluster({ controllerManager: false, scheduler: false, kwok: false });
  cluster = await openCluster(controlPlane);
  site = await createSite(cluster);
}, 20 * 60_000);
afterAll(async () => {
  await site?.stop();
  await cluster?.close();
  await controlPlane?.stop();
});

describe('an agent whose API server is killed', () => {
  it('says so, comes back with it, and heals and applies as before', async () => {
    const { signal } = new AbortController();
    const object = configMap(site.namespace, 'kept', { color: 'blue' });
    const first = await site.plane.offer({ layers: [layer('app', 10, object)] });
    await site.invite();
    const agent = await site.startAgent();
    await site.applied(first);
    const apiServer = controlPlane.service('kube-apiserver');
    await apiServer.stop();
    await eventually('it is reported', () => site.status()?.healthy === false || undefined);
    await apiServer.start({ signal });
    await site.edit(refTo(object), { data: { color: 'red' } });
    await eventually('drift is healed', async () => {
      const data = mapAt(await site.object(refTo(object)), 'data');
      return data['color'] === 'blue' || undefined;
    });
    await eventually('it is well again', () => site.status()?.healthy === true || undefined);

    await apiServer.restart('SIGKILL', { signal });
    await site.applied(await site.plane.offer({ layers: [layer('app', 10, { ...object, data: { color: 'green' } })] }));
    expect(mapAt(await site.object(refTo(object)), 'data')).toEqual({ color: 'green' });
    expect(await agent.metric('palette_agent_applies_total')).toBe(3);
  });
});

describe('an agent whose nodes fall and rise', () => {
  const nodes = ['node-a', 'node-b'];
  let own: TestSite;
  let core: CoreV1Api;
  beforeAll(async () => {
    own = await createSite(cluster);
    const config = new KubeConfig();
    config.loadFromFile(controlPlane.kubeconfig);
    core = config.makeApiClient(CoreV1Api);
  });
  afterAll(async () => {
    await own?.stop();
    for (const name of nodes) await cluster.outsider.remove({ apiVersion: 'v1', kind: 'Node', name });
  });

  function statusOf(ready: 'True' | 'False', message: string, pressure = false, known?: V1NodeStatus): V1NodeStatus {
    const time = new Date();
    const condition = (type: string, status: string, why: string) => ({
      type,
      status,
      reason: 'Told',
      message: why,
      lastHeartbeatTime: time,
      lastTransitionTime: time,
    });
    return {
      ...known,
      nodeInfo: { ...known?.nodeInfo, kubeletVersion: 'v1.34.1' } as never,
      conditions: [condition('Ready', ready, message), condition('DiskPressure', pressure ? 'True' : 'False', '')],
    };
  }

  /** As a kubelet tells of its node. */
  async function tell(name: string, ready: 'True' | 'False', message: string) {
    const node = await core.readNode({ name });
    node.status = statusOf(ready, message, false, node.status);
    await core.replaceNodeStatus({ name, body: node });
  }

  const nodesReady = (): string | undefined => {
    const found = own.status()?.conditions?.find(({ type }) => type === 'NodesReady');
    return found && `${found.status} ${found.reason}: ${found.message}`;
  };
  const events = (): string[] =>
    own.reports('event').flatMap(({ reason, message }) => (reason.startsWith('Node') ? [`${reason}: ${message}`] : []));

  it('tells which, and why, as conditions and events', async () => {
    await own.plane.offer({ layers: [] });
    await own.invite();
    await own.startAgent();
    await eventually('it looked', () => (nodesReady() === 'True NoNodes: the cluster has no nodes' ? true : undefined));
    // A kubelet registers its node with the status that it has.
    for (const name of nodes)
      await core.createNode({
        body: { metadata: { name }, status: statusOf('True', 'kubelet is ready', name === 'node-a') },
      });
    await eventually('both are ready, one under pressure', () =>
      nodesReady() === 'True UnderPressure: all are ready; under pressure: node-a (DiskPressure)' ? true : undefined,
    );
    await eventually('both have joined', () => (events().length >= nodes.length ? true : undefined));
    expect(events()).toEqual(nodes.map((name) => `NodeAdded: node ${name} joined`));

    await tell('node-b', 'False', 'the container runtime is down');
    await eventually('one has fallen', () =>
      nodesReady() === 'False NotReady: 1 of 2 nodes are not ready: node-b (the container runtime is down)'
        ? true
        : undefined,
    );
    const fallen = own.status();
    expect(fallen?.healthy).toBe(false);
    expect(fallen?.nodes).toEqual([
      { name: 'node-a', ready: true, kubeletVersion: 'v1.34.1' },
      { name: 'node-b', ready: false, kubeletVersion: 'v1.34.1' },
    ]);
    await eventually('it is an event', () =>
      events().includes('NodeNotReady: node node-b is not ready: the container runtime is down') ? true : undefined,
    );
    await tell('node-b', 'True', 'kubelet is ready');
    await eventually('it is back', () => (events().includes('NodeReady: node node-b is ready') ? true : undefined));
    expect(own.status()?.healthy).toBe(true);
    await core.deleteNode({ name: 'node-b' });
    await eventually('it is gone', () => (events().includes('NodeRemoved: node node-b is gone') ? true : undefined));
  });
});
