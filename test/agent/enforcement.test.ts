/** The whole agent against a real API server: what it applies, in which order, and what it leaves alone. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import {
  configMap,
  createSite,
  eventually,
  layer,
  refTo,
  startCluster,
  type TestCluster,
  type TestSite,
} from './support/harness.ts';

let cluster: TestCluster;
let site: TestSite;

beforeAll(async () => {
  cluster = await startCluster();
}, 120_000);
afterAll(async () => cluster.stop());
beforeEach(async () => {
  site = await createSite(cluster);
});
afterEach(async () => site.stop());

describe('an agent', () => {
  it('registers with its token, applies the document in the order of priorities, and reports it', async () => {
    const first = configMap(site.namespace, 'first', { step: '1' });
    const second = configMap(site.namespace, 'second', { step: '2' });
    const revision = await site.plane.offer({ layers: [layer('late', 20, second), layer('early', 10, first)] });
    await site.invite();
    await site.startAgent();
    const status = await site.applied(revision);
    expect(status.healthy).toBe(true);
    expect(status.layers.map(({ name, condition, objects }) => ({ name, condition, objects }))).toEqual([
      { name: 'late', condition: 'Ready', objects: 1 },
      { name: 'early', condition: 'Ready', objects: 1 },
    ]);
    const [applied1, applied2] = [await site.object(refTo(first)), await site.object(refTo(second))];
    expect(applied1?.['data']).toEqual({ step: '1' });
    expect(Number(applied1?.metadata.resourceVersion)).toBeLessThan(Number(applied2?.metadata.resourceVersion));
    expect(site.plane.registrations).toHaveLength(1);
    const bootstrap = await eventually('the spent token is removed', async () => {
      const secret = await site.object({
        apiVersion: 'v1',
        kind: 'Secret',
        namespace: site.namespace,
        name: 'palette-agent-bootstrap',
      });
      return Object.keys(secret?.['data'] ?? {}).includes('token') ? undefined : secret;
    });
    expect(bootstrap.metadata.name).toBe('palette-agent-bootstrap');
    await eventually('a heartbeat arrives', () => site.plane.heartbeats.length > 0 || undefined);
  });
});
