/** The hard cases of applying, each at a real API server: what comes to rest, and stays at rest. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { ensureAuthority, ensureCertificate } from '#cli/local/pki';
import { mapAt, valueAt, type KubeObject } from '#kubernetes/object';

import {
  configMap,
  createSite,
  eventually,
  layer,
  openCluster,
  refTo,
  type TestCluster,
  type TestSite,
} from '../../agent/support/harness.ts';

jest.setTimeout(90_000);

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

const at = (apiVersion: string, kind: string, name: string, content: object): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: site.namespace },
  ...content,
});

const wide = (apiVersion: string, kind: string, name: string, content: object): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name },
  ...content,
});

const podSpec = (more: object = {}): object => ({
  // A node that is not there: nothing runs.
  nodeSelector: { 'example.com/none': 'such' },
  containers: [{ name: 'main', image: 'example.com/a', ...more }],
});

const definitionOf = (group: string, versions: readonly string[], served: string): KubeObject =>
  wide('apiextensions.k8s.io/v1', 'CustomResourceDefinition', `gadgets.${group}`, {
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'gadgets', singular: 'gadget', kind: 'Gadget', listKind: 'GadgetList' },
      versions: versions.map((name) => ({
        name,
        served: true,
        storage: name === served,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  size: { type: 'integer', default: 1 },
                  text: { type: 'string' },
                  parts: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['id'],
                    items: {
                      type: 'object',
                      required: ['id'],
                      properties: { id: { type: 'string' }, weight: { type: 'integer', default: 7 } },
                    },
                  },
                },
              },
              status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            },
          },
        },
      })),
    },
    status: { storedVersions: [], conditions: [], acceptedNames: { kind: '', plural: '' } },
  });

/** Compares everything with the API server, and gives how many writes and reports of drift that made. */
async function comparedAgain(agent: { metric(name: string): Promise<number> }): Promise<object> {
  const [writes, passes] = [
    await agent.metric('palette_agent_applies_total'),
    await agent.metric('palette_agent_passes_total'),
  ];
  const cursor = (site.plane.commands.at(-1)?.cursor ?? 0) + 1;
  const id = `00000000-0000-4000-8000-${String(cursor).padStart(12, '0')}`;
  const issuedAt = new Date().toISOString();
  const expiresAt = new Date(Date.now() + 60_000).toISOString();
  site.plane.commands.push({ id, cursor, type: 'resync', issuedAt, expiresAt });
  await eventually('the resync is done', () => site.reports('command').find(({ commandId }) => commandId === id));
  await eventually(
    'it was a pass',
    async () => (await agent.metric('palette_agent_passes_total')) > passes || undefined,
  );
  return { writes: (await agent.metric('palette_agent_applies_total')) - writes, drifts: site.reports('drift') };
}

const REST = { writes: 0, drifts: [] };

describe('objects come to rest', () => {
  it('whatever the API server makes of them', async () => {
    const group = `${site.namespace}.example.com`;
    const objects = [
      // Two ports of one number: keys of the list are port and protocol.
      at('v1', 'Service', 'list-map-keys', {
        spec: {
          selector: { app: 'x' },
          ports: [
            { name: 'udp', port: 53, protocol: 'UDP' },
            { name: 'tcp', port: 53, protocol: 'TCP', targetPort: 'dns' },
          ],
        },
      }),
      at('apps/v1', 'Deployment', 'defaulted', {
        spec: {
          selector: { matchLabels: { app: 'd' } },
          template: {
            // What generators write: null for a time that nobody set.
            metadata: { labels: { app: 'd' }, creationTimestamp: null },
            spec: podSpec({
              ports: [{ containerPort: 53, protocol: 'UDP' }, { containerPort: 53 }],
              env: [{ name: 'EMPTY', value: '' }, { name: 'NONE' }],
              resources: {},
            }),
          },
          replicas: 0,
        },
        status: {},
      }),
      at('apps/v1', 'Deployment', 'nulls', {
        spec: {
          replicas: 0,
          strategy: null,
          minReadySeconds: null,
          selector: { matchLabels: { app: 'n' } },
          template: {
            metadata: { labels: { app: 'n' }, annotations: null },
            spec: {
              ...podSpec({ resources: null, command: null, securityContext: {} }),
              affinity: null,
              volumes: null,
            },
          },
        },
      }),
      at('v1', 'Pod', 'quantities', {
        spec: podSpec({
          resources: { limits: { cpu: '1000m', memory: '1024Mi' }, requests: { cpu: '0.5', memory: '536870912' } },
        }),
      }),
      at('v1', 'ResourceQuota', 'quota', { spec: { hard: { cpu: '4000m', memory: '2048Mi', pods: '1k' } } }),
      at('v1', 'PersistentVolumeClaim', 'claim', {
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1024Mi' } }, storageClassName: '' },
      }),
      at('v1', 'Secret', 'write-only', { stringData: { password: 'x' }, data: { other: 'eQ==' } }),
      at('v1', 'ServiceAccount', 'account', {
        automountServiceAccountToken: false,
        secrets: [],
        imagePullSecrets: null,
      }),
      at('networking.k8s.io/v1', 'NetworkPolicy', 'empty', {
        spec: { podSelector: {}, ingress: [], policyTypes: ['Ingress'] },
      }),
      at('batch/v1', 'CronJob', 'cron', {
        spec: {
          schedule: '0 0 31 2 *',
          jobTemplate: { spec: { template: { spec: { ...podSpec(), restartPolicy: 'Never' } } } },
        },
      }),
      at('autoscaling/v2', 'HorizontalPodAutoscaler', 'scaler', {
        spec: {
          maxReplicas: 3,
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' },
          metrics: [
            { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
          ],
        },
      }),
      // The control plane fills the rules, whatever the chart says.
      wide('rbac.authorization.k8s.io/v1', 'ClusterRole', `${site.namespace}-part`, {
        metadata: { name: `${site.namespace}-part`, labels: { [`${site.namespace}/gather`]: 'yes' } },
        rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
      }),
      wide('rbac.authorization.k8s.io/v1', 'ClusterRole', `${site.namespace}-all`, {
        aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [`${site.namespace}/gather`]: 'yes' } }] },
        rules: [],
      }),
      definitionOf(group, ['v1'], 'v1'),
      at(`${group}/v1`, 'Gadget', 'custom', {
        spec: { parts: [{ id: 'b' }, { id: 'a', weight: 1 }] },
        status: { made: 'up' },
      }),
      configMap(site.namespace, 'large', { text: 'x'.repeat(900_000) }),
    ];
    const revision = await site.plane.offer({ layers: [layer('app', 10, ...objects)] });
    // The claim is never bound.
    const agent = await site.startAgent({ config: { readyPatienceMs: 500 } });
    await eventually(
      'all are applied',
      async () => site.settledDocument(),
      () => JSON.stringify(site.status()?.layers),
    );
    const role = refTo(wide('rbac.authorization.k8s.io/v1', 'ClusterRole', `${site.namespace}-all`, {}));
    await eventually(
      'the control plane has filled the role',
      async () => JSON.stringify((await site.object(role))?.['rules']).includes('pods') || undefined,
    );
    const gadget = { apiVersion: `${group}/v1`, kind: 'Gadget', namespace: site.namespace, name: 'custom' };
    expect((await site.object(gadget))?.['status']).toBeUndefined();
    expect(await comparedAgain(agent)).toEqual(REST);

    // What others add beside it in lists with keys is theirs.
    await site.create({ ...at(`${group}/v1`, 'Gadget', 'custom', { spec: { parts: [{ id: 'c', weight: 9 }] } }) });
    expect(await comparedAgain(agent)).toEqual(REST);
    expect(JSON.stringify(await site.object(gadget))).toContain('"id":"c"');
    expect(revision).toBe(1);
    await site.plane.offer({ layers: [] });
    await eventually('all of it goes', async () => ((await site.object(role)) === undefined ? true : undefined));
  });

  it('when a webhook changes them on their way', async () => {
    const mutator = await startMutator((object) => [
      { op: 'add', path: '/data/injected', value: 'by the webhook' },
      { op: 'replace', path: '/data/color', value: String(valueAt(object, 'data', 'color')).toUpperCase() },
    ]);
    const webhook = wide('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', site.namespace, {
      webhooks: [
        {
          name: 'mutate.example.com',
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          clientConfig: { url: mutator.url, caBundle: mutator.caBundle },
          objectSelector: { matchLabels: { mutated: site.namespace } },
          rules: [
            { apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['CREATE', 'UPDATE'] },
          ],
        },
      ],
    });
    await site.create(webhook);
    try {
      const plain = configMap(site.namespace, 'mutated', { color: 'blue' });
      const mutated = { ...plain, metadata: { ...plain.metadata, labels: { mutated: site.namespace } } };
      // The API server takes up a new webhook within moments.
      await eventually('the webhook is in force', async () => {
        const probe = { ...mutated, metadata: { ...mutated.metadata, name: 'probe' } };
        await site.create(probe);
        return (
          valueAt(await site.object(refTo(probe)), 'data', 'injected') !== undefined ||
          (await site.remove(refTo(probe)))
        );
      });
      const revision = await site.plane.offer({ layers: [layer('app', 10, mutated)] });
      const agent = await site.startAgent();
      await site.applied(revision);
      expect(mapAt(await site.object(refTo(plain)), 'data')).toEqual({ color: 'BLUE', injected: 'by the webhook' });
      expect(await comparedAgain(agent)).toEqual(REST);
      await site.edit(refTo(plain), { data: { injected: 'by somebody' } });
      expect(await comparedAgain(agent)).toEqual(REST);
    } finally {
      await site.remove(refTo(webhook));
      await mutator.stop();
    }
  });
});

describe('what stands in the way', () => {
  it('a webhook that does not answer: the object is named, and all else goes on', async () => {
    const webhook = wide('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', site.namespace, {
      webhooks: [
        {
          name: 'broken.example.com',
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          failurePolicy: 'Fail',
          clientConfig: { url: 'https://127.0.0.1:1/' },
          objectSelector: { matchLabels: { checked: site.namespace } },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['CREATE'] }],
        },
      ],
    });
    await site.create(webhook);
    try {
      const plain = configMap(site.namespace, 'checked', {});
      const checked = { ...plain, metadata: { ...plain.metadata, labels: { checked: site.namespace } } };
      await eventually('the webhook is in force', async () => {
        const probe = { ...checked, metadata: { ...checked.metadata, name: 'probe' } };
        try {
          await site.create(probe);
          await site.remove(refTo(probe));
          return undefined;
        } catch (error) {
          return error;
        }
      });
      const beside = configMap(site.namespace, 'beside', {});
      const later = configMap(site.namespace, 'later', {});
      const revision = await site.plane.offer({
        layers: [layer('app', 10, checked, beside), layer('more', 20, later)],
      });
      await site.startAgent();
      await eventually(
        'all else is there',
        async () => (await site.object(refTo(beside))) && site.object(refTo(later)),
      );
      const told = await eventually('the object is named', () =>
        site.status()?.layers.find(({ name, condition }) => name === 'app' && condition === 'Error'),
      );
      expect(told.problems).toMatchObject([
        { name: 'checked', message: expect.stringContaining('failed calling webhook "broken.example.com"') },
      ]);
      await site.remove(refTo(webhook));
      await site.applied(revision);
    } finally {
      await site.remove(refTo(webhook));
    }
  });

  it('a finalizer: what is to go is asked to once and reported until it is gone; what is to come back waits', async () => {
    const held = configMap(site.namespace, 'held', { a: '1' });
    const beside = configMap(site.namespace, 'beside', {});
    await site.applied(await offerAndStart(held, beside));
    await site.edit(refTo(held), { metadata: { finalizers: ['example.com/hold'] } });
    const gone = await site.plane.offer({ layers: [] });
    await eventually('it is on its way out', async () => (await site.object(refTo(held)))?.metadata.deletionTimestamp);
    await eventually('the other is gone', async () =>
      (await site.object(refTo(beside))) === undefined ? true : undefined,
    );
    expect(gone).toBe(2);
    const before = (await site.object(refTo(held)))?.metadata.uid;
    await site.plane.offer({ layers: [layer('app', 10, configMap(site.namespace, 'held', { a: '2' }), beside)] });
    await eventually(
      'it is said why',
      () => site.status()?.layers[0]?.problems.some(({ message }) => message === 'it is being deleted') || undefined,
    );
    await eventually('the other is there', async () => site.object(refTo(beside)));
    await site.edit(refTo(held), { metadata: { finalizers: null } });
    const now = await eventually('it is made anew', async () => {
      const found = await site.object(refTo(held));
      return found && found.metadata.uid !== before ? found : undefined;
    });
    expect(now['data']).toEqual({ a: '2' });
    await site.applied(3);
  });

  it('a namespace that does not end: its objects are problems, the others go on; it is made anew afterwards', async () => {
    const name = `${site.namespace}-stuck`;
    const namespace = wide('v1', 'Namespace', name, {});
    const inside = configMap(name, 'inside', { a: '1' });
    const blocker = configMap(name, 'blocker', {});
    const beside = (a: string): KubeObject => configMap(site.namespace, 'beside', { a });
    await site.applied(await offerAndStart(namespace, inside, beside('1')));
    await site.create({ ...blocker, metadata: { ...blocker.metadata, finalizers: ['example.com/hold'] } });
    const before = (await site.object(refTo(namespace)))?.metadata.uid;
    await site.remove(refTo(namespace));
    await eventually('it is Terminating, and empty but for the blocker', async () =>
      valueAt(await site.object(refTo(namespace)), 'status', 'phase') === 'Terminating' &&
      !(await site.object(refTo(inside)))
        ? true
        : undefined,
    );
    const revision = await site.plane.offer({ layers: [layer('app', 10, namespace, inside, beside('2'))] });
    await eventually(
      'what stands beside it goes on',
      async () => valueAt(await site.object(refTo(beside(''))), 'data', 'a') === '2' || undefined,
    );
    await eventually(
      'it is said why',
      () => /being (terminated|deleted)/.test(JSON.stringify(site.status()?.layers)) || undefined,
      () => JSON.stringify(site.status()?.layers),
    );
    await site.edit(refTo(blocker), { metadata: { finalizers: null } });
    await site.applied(revision);
    expect((await site.object(refTo(namespace)))?.metadata.uid).not.toBe(before);
    expect(mapAt(await site.object(refTo(inside)), 'data')).toEqual({ a: '1' });
    await site.applied(await site.plane.offer({ layers: [] }));
  });

  it('the size: what is too large is a problem by its name, and holds nothing up', async () => {
    const group = `${site.namespace}.example.com`;
    const large = at(`${group}/v1`, 'Gadget', 'large', { spec: { text: 'x'.repeat(2_000_000) } });
    const huge = configMap(site.namespace, 'huge', { text: 'x'.repeat(1_100_000) });
    const beside = configMap(site.namespace, 'beside', {});
    await offerAndStart(definitionOf(group, ['v1'], 'v1'), large, huge, beside);
    const problems = await eventually(
      'both are told',
      () => {
        const found = site.status()?.layers[0]?.problems ?? [];
        return found.length === 2 ? found : undefined;
      },
      () => JSON.stringify(site.status()?.layers),
    );
    expect(problems.map(({ name }) => name).toSorted()).toEqual(['huge', 'large']);
    await eventually('the other is there', async () => site.object(refTo(beside)));
    await site.applied(await site.plane.offer({ layers: [] }));
  });
});

describe('what moves on', () => {
  it('a kind to another version: its objects stay the same objects', async () => {
    const group = `${site.namespace}.example.com`;
    const gadget = (version: string, size: number): KubeObject =>
      at(`${group}/${version}`, 'Gadget', 'one', { spec: { size } });
    await site.applied(await offerAndStart(definitionOf(group, ['v1alpha1'], 'v1alpha1'), gadget('v1alpha1', 2)));
    const before = await site.object(refTo(gadget('v1alpha1', 0)));
    await site.applied(
      await site.plane.offer({
        layers: [layer('app', 10, definitionOf(group, ['v1alpha1', 'v1'], 'v1'), gadget('v1', 3))],
      }),
    );
    const after = await site.object(refTo(gadget('v1', 0)));
    expect(after?.metadata.uid).toBe(before?.metadata.uid);
    expect(valueAt(after, 'spec', 'size')).toBe(3);
    await site.edit(refTo(gadget('v1alpha1', 0)), { spec: { size: 9 } });
    await eventually(
      'an edit of the old version is healed',
      async () => valueAt(await site.object(refTo(gadget('v1', 0))), 'spec', 'size') === 3 || undefined,
    );
    await site.applied(await site.plane.offer({ layers: [] }));
  });

  it('an owner that others set: it is left to them, and what goes with the owner comes back', async () => {
    const owned = configMap(site.namespace, 'owned', { a: '1' });
    const owner = configMap(site.namespace, 'owner', {});
    await site.applied(await offerAndStart(owned));
    await site.create(owner);
    const uid = (await site.object(refTo(owner)))?.metadata.uid;
    const before = (await site.object(refTo(owned)))?.metadata.uid;
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid }];
    await site.edit(refTo(owned), { metadata: { ownerReferences } });
    await site.remove(refTo(owner));
    const back = await eventually('the control plane takes it along, and the agent makes it anew', async () => {
      const found = await site.object(refTo(owned));
      return found && found.metadata.uid !== before ? found : undefined;
    });
    expect(back['data']).toEqual({ a: '1' });
    expect(back.metadata.ownerReferences).toBeUndefined();
    await eventually('it is told', () => site.reports('drift').length > 0 || undefined);
    expect(site.reports('drift').map(({ change, action }) => [change, action])).toEqual([['deleted', 'healed']]);
  });

  it('what a chart asks to be kept outlives its layer, and keeps its namespace', async () => {
    const namespace = wide('v1', 'Namespace', `${site.namespace}-kept`, {});
    const kept = configMap(namespace.metadata.name, 'kept', { a: '1' });
    const annotations = { 'helm.sh/resource-policy': 'keep' };
    await site.applied(await offerAndStart(namespace, { ...kept, metadata: { ...kept.metadata, annotations } }));
    await site.applied(await site.plane.offer({ layers: [] }));
    expect(await site.object(refTo(kept))).toBeDefined();
    await site.remove(refTo(namespace));
  });

  it('a definition that others use is let go of, and is taken in again without being the agent’s to remove', async () => {
    const group = `${site.namespace}.example.com`;
    const definition = definitionOf(group, ['v1'], 'v1');
    const gadget = (name: string): KubeObject => at(`${group}/v1`, 'Gadget', name, { spec: { size: 2 } });
    await site.applied(await offerAndStart(definition, gadget('ours')));
    await site.create(gadget('theirs'));
    await site.applied(await site.plane.offer({ layers: [] }));
    expect(await site.object(refTo(gadget('ours')))).toBeUndefined();
    expect(await site.object(refTo(gadget('theirs')))).toBeDefined();
    expect((await site.object(refTo(definition)))?.metadata.labels ?? {}).toEqual({});
    await site.remove(refTo(gadget('theirs')));
    await site.applied(await site.plane.offer({ layers: [layer('app', 10, definition)] }));
    await site.applied(await site.plane.offer({ layers: [] }));
    expect(await site.object(refTo(definition))).toBeDefined();
    await site.remove(refTo(definition));
  });
});

async function offerAndStart(...objects: readonly KubeObject[]): Promise<number> {
  const revision = await site.plane.offer({ layers: [layer('app', 10, ...objects)] });
  await site.startAgent();
  return revision;
}

/** A mutating webhook; `patch` gives JSON patch operations for an object. */
async function startMutator(patch: (object: unknown) => readonly object[]) {
  const dir = await mkdtemp(path.join(tmpdir(), 'mutator-'));
  const authority = await ensureAuthority({ dir, name: 'webhook-ca' });
  const pair = await ensureCertificate({
    dir,
    name: 'webhook',
    authority,
    commonName: 'webhook',
    names: ['127.0.0.1'],
    usages: ['server'],
  });
  const server = createServer(
    { cert: await readFile(pair.certFile), key: await readFile(pair.keyFile) },
    (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const review: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
        const operations = patch(valueAt(review, 'request', 'object'));
        response.writeHead(200, { 'content-type': 'application/json' }).end(
          JSON.stringify({
            apiVersion: 'admission.k8s.io/v1',
            kind: 'AdmissionReview',
            response: {
              uid: valueAt(review, 'request', 'uid'),
              allowed: true,
              patchType: 'JSONPatch',
              patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
            },
          }),
        );
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no TCP port');
  return {
    url: `https://127.0.0.1:${address.port}/`,
    caBundle: (await readFile(authority.certFile)).toString('base64'),
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(dir, { recursive: true, force: true });
    },
  };
}
