/** What an agent tells of its cluster's health: conditions in reports, events to the plane and in the cluster, metrics. */
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { StatusReport } from '#protocol/report';

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

let cluster: TestCluster;
let site: TestSite;

beforeAll(async () => {
  cluster = await openCluster();
}, 20 * 60_000);
afterAll(async () => cluster.close());
beforeEach(async () => {
  site = await createSite(cluster);
});
afterEach(async () => site.stop());

function condition(status: StatusReport | undefined, type: string): string | undefined {
  const found = status?.conditions?.find((one) => one.type === type);
  return found && `${found.status} ${found.reason}`;
}

describe('an agent', () => {
  it('tells conditions with reasons, and what becomes of them as events, in the plane and in the cluster', async () => {
    const fine = configMap(site.namespace, 'fine', { a: '1' });
    const revision = await site.plane.offer({ layers: [layer('app', 10, fine)] });
    await site.invite();
    const agent = await site.startAgent();
    await site.applied(revision);
    const well = await eventually('everything was looked at', () => {
      const status = site.status();
      return condition(status, 'PodsHealthy')?.includes('NotKnown') === false ? status : undefined;
    });
    expect(condition(well, 'ApiServerReachable')).toBe('True Answering');
    expect(condition(well, 'ControlPlaneHealthy')).toBe('True AllChecksPass');
    expect(condition(well, 'PacksReady')).toBe('True AllReady');
    expect(condition(well, 'NodesReady')).toMatch(/^True /);
    // The plane knows itself whether it is reached.
    expect(condition(well, 'PlaneConnected')).toBeUndefined();

    await site.plane.offer({
      layers: [layer('app', 10, fine, { ...configMap(site.namespace, 'bad', {}), data: { a: 1 } })],
    });
    const failed = await eventually('the failure is an event', () =>
      site.reports('event').find(({ reason }) => reason === 'PackFailed'),
    );
    expect(failed).toMatchObject({ severity: 'error', count: 1 });
    expect(failed.message).toContain(`ConfigMap ${site.namespace}/bad`);
    await eventually(
      'the condition says so',
      () => condition(site.status(), 'PacksReady') === 'False Failed' || undefined,
    );
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfig);
    const core = config.makeApiClient(CoreV1Api);
    await eventually('Kubernetes has the event, too', async () => {
      const { items } = await core.listNamespacedEvent({ namespace: 'default' });
      return items.find(
        ({ reason, involvedObject }) => reason === 'PackFailed' && involvedObject.name === site.namespace,
      );
    });

    await site.edit(refTo(fine), { data: { a: 'changed by hand' } });
    const healed = await eventually('a heal is told', () =>
      site.reports('event').find(({ reason }) => reason === 'DriftHealed'),
    );
    expect(healed.object).toMatchObject({ kind: 'ConfigMap', name: 'fine' });
    expect(healed.message).not.toContain('changed by hand');
    await eventually('and stands with its object', async () => {
      const { items } = await core.listNamespacedEvent({ namespace: site.namespace });
      return items.find(({ reason, involvedObject }) => reason === 'DriftHealed' && involvedObject.name === 'fine');
    });
    expect(await agent.metric('palette_agent_events_total')).toBeGreaterThanOrEqual(3);
    expect(await agent.metric('palette_agent_layers')).toBe(1);
  });

  it('tells when the plane is away, and that it is back when it is', async () => {
    const revision = await site.plane.offer({ layers: [layer('app', 10, configMap(site.namespace, 'fine', {}))] });
    await site.invite();
    const agent = await site.startAgent();
    await site.applied(revision);
    await site.plane.stop();
    await eventually(
      'the agent notices',
      async () =>
        (await agent.metric('palette_agent_events_total{severity="warning",reason="PlaneUnreachable"}')) === 1 ||
        undefined,
    );
    await site.plane.start();
    const back = await eventually('the plane hears of it when it is back', () =>
      site.reports('event').find(({ reason }) => reason === 'PlaneBack'),
    );
    const away = site.reports('event').find(({ reason }) => reason === 'PlaneUnreachable');
    expect(away?.severity).toBe('warning');
    expect(Date.parse(back.firstAt)).toBeGreaterThanOrEqual(Date.parse(away?.firstAt ?? ''));
    await eventually(
      'heartbeats were lost and counted',
      async () => (await agent.metric('palette_agent_heartbeats_total')) >= 1 || undefined,
    );
  });
});
