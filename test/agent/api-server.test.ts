/** The API server dies under the agent. */
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
