/** What an agent says a candidate would change, against a real API server; and that asking changes nothing. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { createKubeClient, type KubeClient } from '#kubernetes/client';
import { accessFromKubeconfig } from '#kubernetes/kubeconfig';
import type { KubeObject } from '#kubernetes/object';
import { packRenderer } from '#agent/enforce/pack-renderer';
import { previewCandidate } from '#agent/preview/preview';
import { silentLogger } from '#core/log';
import type { DesiredState } from '#protocol/desired-state';
import type { PreviewResult } from '#protocol/preview';
import { PreviewRequest } from '#protocol/preview';

import { uniqueName } from '../support/cluster.ts';
import {
  configMap,
  createSite,
  eventually,
  layer,
  openCluster,
  packWith,
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
});
afterEach(async () => site.stop());

function deployment(namespace: string, name: string, { image = 'example.test/web:1', replicas = 1 } = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            { name: 'sidecar', image: 'example.test/sidecar:1' },
            { name: 'web', image, env: [{ name: 'MODE', value: 'plain' }] },
          ],
        },
      },
    },
  };
}

function secret(namespace: string, name: string, text: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData: { password: text } };
}

/** Asks the running agent and gives its answer. */
async function ask(
  candidate: Partial<DesiredState>,
  about: { readonly sensitive?: readonly string[] } = {},
): Promise<PreviewResult> {
  const id = await site.plane.ask(candidate, about);
  return eventually(
    'the preview is answered',
    () => {
      const ended = site.reports('command').find(({ commandId, outcome }) => commandId === id && outcome !== 'done');
      if (ended) throw new Error(ended.message);
      return site.reports('preview').find(({ previewId }) => previewId === id)?.result;
    },
    () => JSON.stringify(site.reports('command')),
  );
}

/** Every object of these that is there, as it is. */
async function standing(...objects: readonly KubeObject[]): Promise<unknown[]> {
  return Promise.all(objects.map(async (object) => (await site.object(refTo(object))) ?? null));
}

describe('a preview', () => {
  it('tells what would be created, changed with its fields, removed and restarted, and changes nothing', async () => {
    const { namespace } = site;
    const same = configMap(namespace, 'same', { a: '1' });
    const before = configMap(namespace, 'settings', { color: 'blue', size: '1' });
    const after = configMap(namespace, 'settings', { color: 'red', size: '1' });
    const gone = configMap(namespace, 'gone', { a: '1' });
    const added = configMap(namespace, 'added', { a: '1' });
    const web = deployment(namespace, 'web');
    const scaled = deployment(namespace, 'scaled');
    const revision = await site.plane.offer({ layers: [layer('app', 10, same, before, gone, web, scaled)] });
    await site.invite();
    const agent = await site.startAgent();
    await site.applied(revision);
    const all = [same, before, gone, added];
    const [objects, document, writes] = [
      await standing(...all),
      await site.settledDocument(),
      await agent.metric('palette_agent_applies_total'),
    ];

    const newWeb = deployment(namespace, 'web', { image: 'example.test/web:2' });
    const newScaled = deployment(namespace, 'scaled', { replicas: 3 });
    const hook = configMap(namespace, 'hook', {});
    const annotations = { 'helm.sh/hook': 'pre-upgrade' };
    const hooked = { ...hook, metadata: { ...hook.metadata, annotations } };
    const layers = [layer('app', 10, same, after, newWeb, newScaled, added, hooked)];
    const result = await ask({ layers });

    expect(result.revision).toBe(revision);
    expect(result.counts).toEqual({
      created: 1,
      changed: 3,
      removed: 1,
      unchanged: 1,
      restarts: 1,
      refused: 0,
      hooks: 1,
    });
    expect(result.hooks).toEqual([{ event: 'pre-upgrade', layer: 'app', object: refTo(hook) }]);
    expect(result.changes).toEqual(
      expect.arrayContaining([
        { kind: 'created', layer: 'app', object: refTo(added), fields: [], restarts: false },
        {
          kind: 'changed',
          layer: 'app',
          object: refTo(after),
          fields: [{ path: 'data.color', before: 'blue', after: 'red' }],
          restarts: false,
        },
        {
          kind: 'changed',
          layer: 'app',
          object: refTo(web),
          fields: [
            {
              path: 'spec.template.spec.containers[name=web].image',
              before: 'example.test/web:1',
              after: 'example.test/web:2',
            },
          ],
          restarts: true,
        },
        {
          kind: 'changed',
          layer: 'app',
          object: refTo(scaled),
          fields: [{ path: 'spec.replicas', before: 1, after: 3 }],
          restarts: false,
        },
        { kind: 'removed', layer: 'app', object: refTo(gone), fields: [], restarts: false },
      ]),
    );
    expect(await standing(...all)).toEqual(objects);
    expect(await site.settledDocument()).toBe(document);
    expect(await agent.metric('palette_agent_applies_total')).toBe(writes);
    expect(site.status()?.revision).toBe(revision);
    // What was foretold is what happens.
    const next = await site.plane.offer({ layers });
    await site.applied(next);
    expect((await ask({ layers })).counts).toEqual({
      hooks: 0,
      created: 0,
      changed: 0,
      removed: 0,
      unchanged: 5,
      restarts: 0,
      refused: 0,
    });
  });

  it('asks the API server nothing but reads and dry runs', async () => {
    const calls: string[] = [];
    const access = await accessFromKubeconfig(cluster.kubeconfig);
    const client = createKubeClient(access, { fieldManager: 'palette-agent' });
    const refuse = async (): Promise<never> => {
      throw new Error('a preview must not write');
    };
    const watched: KubeClient = {
      ...client,
      apply: async (object, options) => {
        calls.push(`apply ${object.kind} dryRun=${String(options.dryRun)}`);
        return client.apply(object, options);
      },
      create: refuse,
      replace: refuse,
      mergePatch: refuse,
      delete: refuse,
    };
    const namespace = uniqueName('fresh');
    const layers = [
      layer(
        'app',
        10,
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
        configMap(namespace, 'a', {}),
      ),
    ];
    const candidate = PreviewRequest.parse({
      apiVersion: 'palette-iac.dev/v1',
      kind: 'DesiredStatePreview',
      id: '00000000-0000-4000-8000-000000000000',
      expiresAt: new Date().toISOString(),
      sensitive: [],
      candidate: site.plane.document({ layers }, 1),
    });
    try {
      const result = await previewCandidate(
        candidate,
        {
          client: watched,
          namespace: site.namespace,
          render: packRenderer({ helm: cluster.helm, stateDir: cluster.dir }, silentLogger),
          capabilities: async () => ({ kubeVersion: 'v1.34.0', apiVersions: [] }),
          pack: refuse,
          inForce: () => undefined,
          isInPlace: () => false,
        },
        { signal: AbortSignal.timeout(30_000) },
      );
      expect(result.counts).toMatchObject({ created: 2, refused: 0 });
      expect(new Set(calls)).toEqual(new Set(['apply Namespace dryRun=true', 'apply ConfigMap dryRun=true']));
      expect(await site.object({ apiVersion: 'v1', kind: 'Namespace', name: namespace })).toBeUndefined();
    } finally {
      client.close();
    }
  });

  it('hides contents of Secrets and values of sensitive variables, old and new, wherever they stand', async () => {
    const { namespace } = site;
    const url = configMap(namespace, 'url', {
      url: 'postgres://app:{{.spectro.var.pass}}@db',
      plain: '{{.spectro.var.plain}}',
    });
    const layers = (text: string) => [layer('app', 10, url, secret(namespace, 'login', text))];
    const context = (pass: string, plain: string) => ({
      system: {},
      macros: {},
      variables: { pass, plain },
      packs: {},
    });
    const revision = await site.plane.offer({ layers: layers('first-secret'), context: context('old-pass', 'one') });
    await site.invite();
    await site.startAgent();
    await site.applied(revision);

    const result = await ask(
      { layers: layers('second-secret'), context: context('new-pass', 'two') },
      { sensitive: ['pass'] },
    );
    expect(result.counts).toMatchObject({ changed: 2, refused: 0 });
    const text = JSON.stringify(result);
    for (const hidden of [
      'old-pass',
      'new-pass',
      'first-secret',
      'second-secret',
      Buffer.from('second-secret').toString('base64'),
    ])
      expect(text).not.toContain(hidden);
    const fields = result.changes.flatMap((change) => change.fields);
    expect(fields).toEqual(
      expect.arrayContaining([
        { path: 'data.plain', before: 'one', after: 'two' },
        { path: 'data.url', before: 'postgres://app:(sensitive)@db', after: 'postgres://app:(sensitive)@db' },
        { path: 'data.password', before: '(sensitive)', after: '(sensitive)' },
      ]),
    );
  });

  it('names what would be refused with the field, also in a namespace that comes with it, and layers that cannot be rendered', async () => {
    const { namespace } = site;
    const web = deployment(namespace, 'web');
    const revision = await site.plane.offer({
      layers: [layer('app', 10, web), layer('stays', 20, configMap(namespace, 'kept', {}))],
    });
    await site.invite();
    await site.startAgent();
    await site.applied(revision);

    const fresh = uniqueName('fresh');
    const immutable = { ...web, spec: { ...(web['spec'] as object), selector: { matchLabels: { app: 'other' } } } };
    const result = await ask({
      layers: [
        layer('app', 10, immutable, {
          apiVersion: 'example.test/v1',
          kind: 'Nothing',
          metadata: { name: 'x', namespace },
        }),
        layer(
          'fresh',
          15,
          { apiVersion: 'v1', kind: 'Namespace', metadata: { name: fresh } },
          { ...configMap(fresh, 'wrong', {}), data: { number: 5 } },
          configMap(fresh, 'right', { a: 'b' }),
          { ...secret(fresh, 'wrong', ''), stringData: { password: 424_242 } },
        ),
        {
          ...layer('stays', 20, configMap(namespace, 'kept', {})),
          manifests: [{ name: 'broken', content: '{{ .spectro.var.unknown }}' }],
        },
      ],
    });
    expect(result.counts).toMatchObject({ refused: 5, removed: 0 });
    expect(result.refused).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ layer: 'stays', message: expect.stringContaining('unknown') }),
        expect.objectContaining({
          layer: 'app',
          object: expect.objectContaining({ kind: 'Deployment' }),
          message: expect.stringContaining('selector'),
        }),
        expect.objectContaining({ layer: 'app', message: 'the API server knows no kind Nothing in example.test/v1' }),
        expect.objectContaining({
          layer: 'fresh',
          object: expect.objectContaining({ kind: 'ConfigMap', namespace: fresh }),
          field: 'data.number',
        }),
        expect.objectContaining({
          layer: 'fresh',
          object: expect.objectContaining({ kind: 'Secret' }),
          field: 'stringData.password',
        }),
      ]),
    );
    expect(JSON.stringify(result)).not.toContain('424242');
    expect(result.changes).toEqual([
      {
        kind: 'created',
        layer: 'fresh',
        object: { apiVersion: 'v1', kind: 'Namespace', name: fresh },
        fields: [],
        restarts: false,
      },
      expect.objectContaining({
        kind: 'created',
        object: refTo(configMap(fresh, 'right', {})),
        note: 'its namespace comes with this change: the API server checked its form only',
      }),
    ]);
  });

  it('uses a pack that is not in force yet, and says what an object of others would go through', async () => {
    const { namespace } = site;
    const theirs = configMap(namespace, 'theirs', { owner: 'somebody' });
    await site.create(theirs);
    const digest = site.plane.addPack(await packWith(cluster, namespace, 'packed'));
    const revision = await site.plane.offer({ layers: [] });
    await site.invite();
    await site.startAgent();
    await site.applied(revision);
    const packed = {
      ...layer('packed', 10),
      content: digest,
      values: `pack:\n  namespace: ${namespace}\ncharts: {}\nmanifests:\n  packed:\n    text: hello\n`,
    };
    const result = await ask({
      layers: [packed, layer('app', 20, configMap(namespace, 'theirs', { owner: 'agent' }))],
    });
    expect(result.refused).toEqual([]);
    expect(result.changes).toEqual([
      expect.objectContaining({ kind: 'created', layer: 'packed' }),
      {
        kind: 'changed',
        layer: 'app',
        object: refTo(theirs),
        fields: [{ path: 'data.owner', before: 'somebody', after: 'agent' }],
        restarts: false,
        note: 'it was there before: the agent takes it over',
      },
    ]);
  });

  it('can never be enforced: offered as a desired state it is refused, and so is a desired state as a question', async () => {
    const { namespace } = site;
    const candidate = { layers: [layer('app', 10, configMap(namespace, 'never', {}))] };
    await site.invite();
    await site.startAgent();
    const id = await site.plane.ask(candidate);
    const question = site.plane.questions.get(id);
    if (!question) throw new Error('there is no question');
    site.plane.offerRaw(question);
    await eventually('the refusal is reported', () =>
      site.reports('refusal').find(({ reason }) => reason === 'malformed'),
    );
    const other = await site.plane.ask(candidate);
    site.plane.questions.set(other, await site.plane.sign(site.plane.document(candidate, 9)));
    const third = await site.plane.ask(candidate);
    site.plane.questions.set(third, question);
    for (const wrong of [other, third])
      await eventually('it is answered as failed', () =>
        site.reports('command').find(({ commandId, outcome }) => commandId === wrong && outcome === 'failed'),
      );
    expect(site.reports('preview').map(({ previewId }) => previewId)).toEqual([id]);
    expect(await standing(configMap(namespace, 'never', {}))).toEqual([null]);
  });
});
