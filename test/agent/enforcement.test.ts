/** The whole agent against a real API server: what it applies, in which order, and what it leaves alone. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { mapAt, type JsonMap, type KubeObject, type ObjectRef } from '#kubernetes/object';
import type { DesiredLayer } from '#protocol/desired-state';

import {
  configMap,
  createSite,
  eventually,
  layer,
  refTo,
  openCluster,
  type TestCluster,
  type TestSite,
} from './support/harness.ts';

const dataOf = (object: KubeObject | undefined): JsonMap => mapAt(object, 'data');

function namespaceNamed(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

function podTemplate(app: string) {
  return { metadata: { labels: { app } }, spec: { containers: [{ name: 'main', image: 'example.com/none' }] } };
}

function definition(group: string): KubeObject {
  const schema = {
    openAPIV3Schema: {
      type: 'object',
      properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
    },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}

jest.setTimeout(60_000);

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

  it('heals a changed field and a deleted object at once, and names what was changed', async () => {
    const kept = configMap(site.namespace, 'kept', { color: 'blue', size: '1' });
    const lost = configMap(site.namespace, 'lost', { here: 'yes' });
    const revision = await site.plane.offer({ layers: [layer('app', 10, kept, lost)] });
    await site.invite();
    await site.startAgent();
    await site.applied(revision);

    await site.edit(refTo(kept), { data: { color: 'red', extra: 'of others' } });
    await eventually(
      'the field is healed',
      async () => dataOf(await site.object(refTo(kept)))['color'] === 'blue' || undefined,
    );
    // A field that others added is theirs.
    expect(dataOf(await site.object(refTo(kept)))['extra']).toBe('of others');

    await site.remove(refTo(lost));
    await eventually('the object is back', async () => site.object(refTo(lost)));
    const drifts = await eventually('both are reported', () => {
      const reports = site.reports('drift');
      return reports.length >= 2 ? reports : undefined;
    });
    expect(
      drifts.map(({ object, layer, change, fields, action }) => ({ name: object.name, layer, change, fields, action })),
    ).toEqual([
      { name: 'kept', layer: 'app', change: 'modified', fields: ['data.color'], action: 'healed' },
      { name: 'lost', layer: 'app', change: 'deleted', fields: [], action: 'healed' },
    ]);
  });

  it('brings a whole namespace back', async () => {
    const name = `${site.namespace}-away`;
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    const inside = configMap(name, 'inside', { here: 'yes' });
    const revision = await site.plane.offer({ layers: [layer('app', 10, inside, namespace)] });
    await site.invite();
    await site.startAgent();
    await site.applied(revision);
    const before = await site.object(refTo(inside));
    await site.remove({ apiVersion: 'v1', kind: 'Namespace', name });
    await eventually('the object is there again, as a new one', async () => {
      const now = await site.object(refTo(inside));
      return (now !== undefined && now.metadata.uid !== before?.metadata.uid) || undefined;
    });
    expect((await site.applied(revision)).healthy).toBe(true);
  });

  it('only reports drift when the policy is to alert, after a restart too', async () => {
    const policy = { drift: 'alert', resyncSeconds: 600 } as const;
    const watched = configMap(site.namespace, 'watched', { color: 'blue' });
    const lost = configMap(site.namespace, 'lost', {});
    const revision = await site.plane.offer({ policy, layers: [layer('app', 10, watched, lost)] });
    await site.invite();
    const first = await site.startAgent();
    await site.applied(revision);
    await eventually('it is settled', async () => (await site.settledDocument()) ?? undefined);

    await site.edit(refTo(watched), { data: { color: 'red' } });
    await eventually('it is reported', () => site.reports('drift').length === 1 || undefined);
    expect(site.reports('drift')[0]).toMatchObject({ action: 'reported', fields: ['data.color'] });
    await first.stop();
    await site.remove(refTo(lost));
    const second = await site.startAgent();
    await eventually('both are reported by the new one', () => site.reports('drift').length === 3 || undefined);
    expect(await second.metric('palette_agent_applies_total')).toBe(0);
    expect(dataOf(await site.object(refTo(watched)))['color']).toBe('red');
    expect(await site.object(refTo(lost))).toBeUndefined();
  });

  it("prunes a removed layer, and leaves others' objects alone", async () => {
    const [empty, shared] = [`${site.namespace}-empty`, `${site.namespace}-shared`];
    const stays = configMap(site.namespace, 'stays', {});
    const goes = [
      namespaceNamed(empty),
      namespaceNamed(shared),
      configMap(empty, 'goes', {}),
      configMap(shared, 'goes', {}),
      {
        ...configMap(site.namespace, 'protected', {}),
        metadata: {
          name: 'protected',
          namespace: site.namespace,
          annotations: { 'palette-iac.dev/prune': 'disabled' },
        },
      },
    ];
    const first = await site.plane.offer({ layers: [layer('base', 10, stays), layer('extra', 20, ...goes)] });
    await site.invite();
    await site.startAgent();
    await site.applied(first);
    const foreign = configMap(shared, 'foreign', { mine: 'yes' });
    await site.create(foreign);
    const second = await site.plane.offer({ layers: [layer('base', 10, stays)] });
    await site.applied(second);
    const there = async (ref: ObjectRef): Promise<boolean> => (await site.object(ref)) !== undefined;
    expect(await there(refTo(stays))).toBe(true);
    expect(await there({ apiVersion: 'v1', kind: 'Namespace', name: empty })).toBe(false);
    expect(await there(refTo(configMap(shared, 'goes', {})))).toBe(false);
    expect(await there(refTo(foreign))).toBe(true);
    expect(await there(refTo(configMap(site.namespace, 'protected', {})))).toBe(true);
    const kept = await site.object({ apiVersion: 'v1', kind: 'Namespace', name: shared });
    expect(Object.keys(kept?.metadata.labels ?? {})).toEqual(['kubernetes.io/metadata.name']);
  });

  it('names the layer, the object and the field that the API server rejects; the others go on; a fix heals it', async () => {
    const good = configMap(site.namespace, 'good', {});
    const bad = (replicas: number | string): KubeObject => ({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'bad', namespace: site.namespace },
      spec: { replicas, selector: { matchLabels: { app: 'bad' } }, template: podTemplate('bad') },
    });
    const layers = (replicas: number | string): DesiredLayer[] => [
      layer('broken', 10, bad(replicas), configMap(site.namespace, 'beside', {})),
      layer('fine', 20, good),
    ];
    await site.plane.offer({ layers: layers(-1) });
    await site.invite();
    await site.startAgent();
    const status = await eventually('the failure is reported', () => {
      const now = site.status();
      return now?.phase === 'failed' && now.layers.at(-1)?.condition === 'Ready' ? now : undefined;
    });
    expect(status.healthy).toBe(false);
    expect(status.layers[0]).toMatchObject({
      name: 'broken',
      condition: 'Error',
      problems: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'bad', field: 'spec.replicas' }],
    });
    expect(status.layers[0]?.problems[0]?.message).toContain('must be greater than or equal to 0');
    expect(await site.object(refTo(good))).toBeDefined();
    expect(await site.object(refTo(configMap(site.namespace, 'beside', {})))).toBeDefined();

    await site.plane.offer({ layers: layers('many') });
    await eventually('a wrong type is named too', () => {
      const problem = site.status()?.layers[0]?.problems[0];
      return (problem?.field === 'spec.replicas' && problem.message.includes('got string')) || undefined;
    });
    await site.applied(await site.plane.offer({ layers: layers(0) }));
  });

  it('establishes definitions before it uses them', async () => {
    const group = `${site.namespace}.example.com`;
    const widget: KubeObject = {
      apiVersion: `${group}/v1`,
      kind: 'Widget',
      metadata: { name: 'one' },
      spec: { size: 3 },
    };
    const revision = await site.plane.offer({
      layers: [
        layer(
          'operator',
          10,
          { ...widget, metadata: { name: 'same-layer', namespace: site.namespace } },
          definition(group),
        ),
        layer('user', 20, { ...widget, metadata: { name: 'other-layer', namespace: site.namespace } }),
      ],
    });
    await site.invite();
    await site.startAgent();
    await site.applied(revision);
    for (const name of ['same-layer', 'other-layer']) {
      const found = await site.object({ ...refTo(widget), namespace: site.namespace, name });
      expect(found?.['spec']).toEqual({ size: 3 });
    }
    await site.applied(await site.plane.offer({ layers: [] }));
    expect(
      await site.object({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        name: `widgets.${group}`,
      }),
    ).toBeUndefined();
  });

  it('gives up waiting for an older document when a newer one comes', async () => {
    const stuck: KubeObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'stuck', namespace: site.namespace },
      spec: { ...podTemplate('stuck').spec, nodeSelector: { 'example.com/none': 'such' } },
    };
    const after = configMap(site.namespace, 'after', {});
    await site.plane.offer({ layers: [layer('first', 10, stuck), layer('second', 20, after)] });
    await site.invite();
    await site.startAgent();
    const waiting = await eventually('the first wave is waited for', () => {
      const now = site.status();
      return now?.layers[0]?.condition === 'NotReady' ? now : undefined;
    });
    expect(waiting.layers[1]?.condition).toBe('Pending');
    expect(await site.object(refTo(after))).toBeUndefined();
    await site.applied(await site.plane.offer({ layers: [layer('second', 20, after)] }));
    expect(await site.object(refTo(stuck))).toBeUndefined();
  });
});
