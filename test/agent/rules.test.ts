/** How a document's rules are kept against others at the same real API server. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { clusterLayer, type ClusterResources } from '#profiles/cluster-layer';
import { mapAt, valueAt, type KubeObject, type ObjectRef } from '#kubernetes/object';
import type { DesiredLayer, Enforcement } from '#protocol/desired-state';

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

jest.setTimeout(60_000);

let cluster: TestCluster;
let site: TestSite;

beforeAll(async () => {
  cluster = await openCluster();
}, 20 * 60_000);
afterAll(async () => cluster.close());
beforeEach(async () => {
  site = await createSite(cluster);
  await site.invite();
});
afterEach(async () => site.stop());

const ruled = (enforcement: Enforcement, ...objects: readonly object[]): DesiredLayer => ({
  ...layer('app', 10, ...objects),
  enforcement,
});

const dataOf = async (object: KubeObject): Promise<unknown> => mapAt(await site.object(refTo(object)), 'data');

function deployment(name: string, { image = 'example.com/a', app = name, replicas = 1 } = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: site.namespace },
    spec: {
      replicas,
      selector: { matchLabels: { app } },
      template: { metadata: { labels: { app } }, spec: { containers: [{ name: 'main', image }] } },
    },
  };
}

const problem = async (name: string, text: string | RegExp): Promise<string> =>
  eventually(
    `${name} is a problem`,
    () => {
      const found = site
        .status()
        ?.layers.flatMap(({ problems }) => problems)
        .find((one) => one.name === name);
      return found && new RegExp(text).test(found.message) ? found.message : undefined;
    },
    () => JSON.stringify(site.status()?.layers),
  );

describe('conflicts with other managers', () => {
  it('are reported and not fought over, and the rest goes on; what is given up is taken', async () => {
    const theirs = configMap(site.namespace, 'theirs', { color: 'red' });
    await site.create(theirs);
    const before = await site.object(refTo(theirs));
    const mine = configMap(site.namespace, 'mine', { color: 'blue' });
    const wanted = configMap(site.namespace, 'theirs', { color: 'blue', size: '1' });
    const revision = await site.plane.offer({ layers: [ruled({ conflicts: 'report' }, wanted, mine)] });
    await site.startAgent();
    expect(await problem('theirs', 'somebody manages data.color')).toContain('conflicts: take');
    expect(await dataOf(mine)).toEqual({ color: 'blue' });
    const now = await site.object(refTo(theirs));
    expect(now?.metadata.resourceVersion).toBe(before?.metadata.resourceVersion);
    await site.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: theirs.metadata });
    await site.applied(revision);
    expect(await dataOf(theirs)).toEqual({ color: 'blue', size: '1' });
  });

  it('of an object that was the agent’s are told with the manager and what it made of them', async () => {
    const shared = configMap(site.namespace, 'shared', { color: 'blue', size: '1' });
    const revision = await site.plane.offer({ layers: [ruled({ conflicts: 'report' }, shared)] });
    await site.startAgent();
    await site.applied(revision);
    await site.edit(refTo(shared), { data: { color: 'red' } });
    await problem('shared', 'somebody manages data.color');
    expect(await dataOf(shared)).toEqual({ color: 'red', size: '1' });
    await eventually('it is told', () => site.reports('drift').length > 0 || undefined);
    expect(site.reports('drift')).toMatchObject([
      { action: 'reported', manager: 'somebody', diff: [{ path: 'data.color', before: 'blue', after: 'red' }] },
    ]);
  });
});

describe("fields that are others' to set", () => {
  it('are made with the object, then left to whoever sets them, and never lost', async () => {
    const ignore = [{ kind: 'Deployment', fields: ['/spec/replicas'] }];
    const first = deployment('web', { replicas: 2 });
    await site.plane.offer({ layers: [ruled({ ignore }, first)] });
    const agent = await site.startAgent();
    const replicas = async (): Promise<unknown> => valueAt(await site.object(refTo(first)), 'spec', 'replicas');
    await eventually('it is made with two', async () => (await replicas()) === 2 || undefined);
    // Nobody else has set it: what the agent no longer applies must not fall back to the default.
    const image = async (): Promise<unknown> => JSON.stringify((await site.object(refTo(first)))?.['spec']);
    await site.plane.offer({ layers: [ruled({ ignore }, deployment('web', { replicas: 3, image: 'example.com/b' }))] });
    await eventually('the image changes', async () => String(await image()).includes('example.com/b') || undefined);
    expect(await replicas()).toBe(2);
    await site.edit(refTo(first), { spec: { replicas: 5 } });
    await site.plane.offer({ layers: [ruled({ ignore }, deployment('web', { replicas: 3, image: 'example.com/c' }))] });
    await eventually(
      'the image changes again',
      async () => String(await image()).includes('example.com/c') || undefined,
    );
    expect(await replicas()).toBe(5);
    await site.edit(refTo(first), { spec: { replicas: 6 } });
    const owner = (await site.object(refTo(first)))?.metadata.managedFields?.find(
      ({ manager }) => manager === 'somebody',
    );
    expect(JSON.stringify(owner)).toContain('f:replicas');
    expect(site.reports('drift')).toEqual([]);
    expect(await agent.metric('palette_agent_heals_total')).toBe(0);
  });

  it('may be in every item of a list', async () => {
    const ignore = [{ fields: ['/webhooks/*/clientConfig/caBundle'] }];
    const hook = (failurePolicy: string): KubeObject => ({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: site.namespace },
      webhooks: ['a', 'b'].map((name) => ({
        name: `${name}.example.com`,
        failurePolicy,
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        clientConfig: { url: 'https://127.0.0.1:1/', caBundle: '' },
        objectSelector: { matchLabels: { none: site.namespace } },
      })),
    });
    const made = hook('Ignore');
    await site.plane.offer({ layers: [ruled({ ignore }, made)] });
    await site.startAgent();
    const live = await eventually('it is made', async () => site.object(refTo(made)));
    const ca = Buffer.from(CERTIFICATE).toString('base64');
    const webhooks = live['webhooks'];
    const injected = (Array.isArray(webhooks) ? webhooks : []).map((one: object) => ({
      ...one,
      clientConfig: { url: 'https://127.0.0.1:1/', caBundle: ca },
    }));
    await site.edit(refTo(made), { webhooks: injected });
    await site.applied(await site.plane.offer({ layers: [ruled({ ignore }, hook('Fail'))] }));
    const found = await site.object(refTo(made));
    expect(JSON.stringify(found).split(ca)).toHaveLength(3);
    expect(found?.['webhooks']).toMatchObject([{ failurePolicy: 'Fail' }, { failurePolicy: 'Fail' }]);
    await site.applied(await site.plane.offer({ layers: [] }));
  });
});

describe('what cannot be changed in place', () => {
  it('is a problem that names the field, or made anew, as the rules say; volumes are never deleted', async () => {
    const claim = (storage: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: site.namespace },
      spec: { accessModes: [storage], resources: { requests: { storage: '1Gi' } }, storageClassName: '' },
    });
    await site.plane.offer({ layers: [ruled({}, deployment('web'), claim('ReadWriteOnce'))] });
    await site.startAgent();
    const before = await eventually('both are there', async () => {
      const found = [await site.object(refTo(deployment('web'))), await site.object(refTo(claim('')))];
      return found.every((one) => one !== undefined) ? found : undefined;
    });
    const changed = [deployment('web', { app: 'other' }), claim('ReadWriteMany')];
    await site.plane.offer({ layers: [ruled({}, ...changed)] });
    await problem('web', 'field is immutable');
    await site.plane.offer({ layers: [ruled({ immutable: 'recreate' }, ...changed)] });
    await eventually('it is another deployment', async () => {
      const now = await site.object(refTo(deployment('web')));
      return now && now.metadata.uid !== before[0]?.metadata.uid ? true : undefined;
    });
    await problem('data', /immutable|forbidden/i);
    expect((await site.object(refTo(claim(''))))?.metadata.uid).toBe(before[1]?.metadata.uid);
  });
});

describe('drift', () => {
  it('is told with its diff and who made it; secret and sensitive values never', async () => {
    const secret: KubeObject = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'secret', namespace: site.namespace },
      stringData: { password: 'hunter2' },
    };
    const plain = configMap(site.namespace, 'plain', { color: 'blue', token: '{{ .spectro.var.token }}' });
    const revision = await site.plane.offer({
      context: { system: {}, macros: {}, variables: { token: 'canary-value' }, packs: {} },
      sensitive: ['token'],
      layers: [layer('app', 10, secret, plain)],
    });
    await site.startAgent();
    await site.applied(revision);
    await site.edit(refTo(plain), { data: { color: 'red', token: 'canary-value-changed' } });
    await site.edit(refTo(secret), { data: { password: Buffer.from('opened').toString('base64') } });
    const reports = await eventually('both are told', () => {
      const found = site.reports('drift');
      return found.length >= 2 ? found : undefined;
    });
    const byName = Object.fromEntries(reports.map((report) => [report.object.name, report]));
    expect(byName['plain']).toMatchObject({
      action: 'healed',
      manager: 'somebody',
      diff: [
        { path: 'data.color', before: 'blue', after: 'red' },
        { path: 'data.token', before: expect.stringContaining('sensitive') },
      ],
    });
    expect(byName['secret']).toMatchObject({ manager: 'somebody', fields: ['data.password'] });
    expect(JSON.stringify(site.plane.reports)).not.toMatch(/canary-value|hunter2|opened|aHVudGVyMg|b3BlbmVk/);
  });

  it('that is made again and again is healed less often, and who makes it is named', async () => {
    const fought = configMap(site.namespace, 'fought', { color: 'blue' });
    const watched = configMap(site.namespace, 'watched', { color: 'blue' });
    const toldOnly = { ...layer('told', 20, watched), enforcement: { drift: 'alert' as const } };
    const revision = await site.plane.offer({ layers: [layer('app', 10, fought), toldOnly] });
    await site.startAgent();
    await site.applied(revision);
    const reported = (): number => site.reports('drift').filter(({ action }) => action === 'reported').length;
    for (let round = 0; reported() < 6; round++) {
      const before = reported();
      await site.edit(refTo(watched), { data: { color: `red-${round}` } });
      await eventually('it is told', () => reported() > before || undefined);
    }
    const damped = site.reports('drift').find(({ object, message }) => object.name === 'watched' && message !== '');
    expect(damped?.message).toBe('somebody changes it again and again: the agent tells of it less often now');
    for (let round = 0; round < 7; round++) {
      await eventually(
        'it is as desired',
        async () => mapAt(await site.object(refTo(fought)), 'data')['color'] === 'blue' || undefined,
      );
      await site.edit(refTo(fought), { data: { color: `red-${round}` } });
    }
    const told = await eventually('the fight is told', () =>
      site.reports('drift').find(({ object, message }) => object.name === 'fought' && message !== ''),
    );
    expect(told.message).toBe('somebody changes it again and again: the agent heals it less often now');
  });

  it('is met by the word of each layer: one is healed, one only told, one let be', async () => {
    const names = ['heal', 'alert', 'ignore'] as const;
    const layers = names.map((drift, at) => ({
      ...layer(drift, at, configMap(site.namespace, drift, { color: 'blue' })),
      enforcement: { drift },
    }));
    await site.plane.offer({ layers });
    await site.startAgent();
    await site.applied(1);
    for (const name of names) await site.edit(refTo(configMap(site.namespace, name, {})), { data: { color: 'red' } });
    await eventually('two are told', () => site.reports('drift').length === 2 || undefined);
    const colors = await Promise.all(names.map(async (name) => dataOf(configMap(site.namespace, name, {}))));
    expect(colors).toEqual([{ color: 'blue' }, { color: 'red' }, { color: 'red' }]);
  });
});

describe("the cluster's namespaces and role bindings", () => {
  const settings = (resources: ClusterResources): DesiredLayer[] => {
    const made = clusterLayer(resources);
    return made ? [made] : [];
  };

  it('come with labels, quotas and bindings; what was there before is let go of, what was made is removed', async () => {
    const [old, fresh] = [`${site.namespace}-old`, `${site.namespace}-fresh`];
    const namespace = (name: string): ObjectRef => ({ apiVersion: 'v1', kind: 'Namespace', name });
    await site.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: old, labels: { mine: 'yes' } } });
    const labels = { team: 'shop' };
    const roleBindings = [
      {
        type: 'RoleBinding' as const,
        namespace: fresh,
        role: { kind: 'ClusterRole' as const, name: 'view' },
        subjects: [{ type: 'User' as const, name: 'ann' }],
      },
    ];
    const revision = await site.plane.offer({
      layers: settings({
        namespaces: [
          { name: old, labels, cpuCores: 1 },
          { name: fresh, labels, memoryMiB: 64 },
          { name: `/${site.namespace}-o.*/`, memoryMiB: 32 },
        ],
        roleBindings,
      }),
    });
    const agent = await site.startAgent();
    await eventually(
      'all of it is there',
      () => site.status()?.layers[0]?.objects === 5 || undefined,
      () => JSON.stringify(site.status()),
    );
    await site.applied(revision);
    expect((await site.object(namespace(old)))?.metadata.labels).toMatchObject({ team: 'shop', mine: 'yes' });
    const quota = await site.object({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      namespace: fresh,
      name: 'palette-quota',
    });
    expect(quota?.['spec']).toEqual({ hard: { 'requests.memory': '64Mi' } });
    // A namespace of the pattern that comes later gets its quota at once, not with the next comparison.
    const later = `${site.namespace}-other`;
    await site.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: later } });
    await eventually('the new namespace has its quota', async () =>
      site.object({ apiVersion: 'v1', kind: 'ResourceQuota', namespace: later, name: 'palette-quota' }),
    );
    // The mark that it was there before outlives what is applied later, and the agent.
    await site.edit(namespace(old), { metadata: { labels: { team: 'other' } } });
    await eventually('it is healed', () => site.reports('drift').length === 1 || undefined);
    await agent.stop();
    await site.startAgent();
    await site.applied(await site.plane.offer({ layers: [] }));
    const kept = await site.object(namespace(old));
    expect(kept?.metadata.labels).toEqual({ mine: 'yes', 'kubernetes.io/metadata.name': old });
    expect(kept?.metadata.annotations ?? {}).toEqual({});
    expect(
      await site.object({ apiVersion: 'v1', kind: 'ResourceQuota', namespace: old, name: 'palette-quota' }),
    ).toBeUndefined();
    expect(await site.object(namespace(fresh))).toBeUndefined();
  });
});

const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBdzCCAR2gAwIBAgIBATAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDEwR0ZXN0MB4X
-----END CERTIFICATE-----
`;
