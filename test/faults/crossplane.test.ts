/** What goes wrong around managed resources: the API is away, the key is revoked, two claim one object, deletion comes in the midst of creation. */
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { ANNOTATIONS, NAMESPACED_GROUP, VERSION } from '#crossplane/schema/groups';
import type { KindScope } from '#crossplane/schema/kinds';
import { mapAt, valueAt, type KubeObject } from '#kubernetes/object';
import type { ResourceType } from '#resources/index';
import type { Values } from '#test/conformance/cases/case';
import {
  argsFor,
  conditionOf,
  eventually,
  externalNameOf,
  isReady,
  objectWhen,
  placeOf,
  refTo,
  startManagedBench,
  type ManagedBench,
} from '#test/conformance/support/managed';
import { toManaged } from '#test/conformance/support/to-managed';
import { credentialsSecret, startController, type RunningController } from '#test/support/controller';

import { fastTime } from './support/fast-time.ts';
import { holdAnswer, startGate, type Gate } from './support/gate.ts';
import { listAll } from './support/list-all.ts';

jest.setTimeout(300_000);

const HOUR_MS = 3_600_000;
/** A minute stands for an hour. */
const FASTER = 60;

let bench: ManagedBench;
let gate: Gate;
let controller: RunningController | undefined;

beforeAll(async () => {
  bench = await startManagedBench({ controller: false, through: async (plane) => (gate = await startGate(plane)) });
});

afterEach(async () => {
  await gate.open();
  await controller?.stop();
  controller = undefined;
});

afterAll(async () => {
  await bench.stop();
  await gate.stop();
});

async function run(env: Readonly<Record<string, string>> = {}): Promise<RunningController> {
  controller = await startController({ kubeconfig: bench.kubeconfig }, { env });
  return controller;
}

interface Thing {
  readonly type: ResourceType;
  readonly name: string;
  readonly values: Values;
  readonly scope?: KindScope;
}

const project = (name: string, more: Values = {}): Thing => ({
  type: 'spectrocloud_project',
  name,
  values: { name, ...more },
});
const token = (name: string): Thing => ({
  type: 'spectrocloud_registration_token',
  name,
  values: { name, expiryDate: '2099-12-31' },
});
const cluster = (name: string): Thing => ({
  type: 'spectrocloud_cluster_brownfield',
  name,
  values: { name, cloudType: 'generic', description: 'An edge' },
});

const at = ({ type, scope = 'Namespaced' }: Thing) => placeOf(type, scope);
const args = (thing: Thing): string[] => argsFor(at(thing), thing.name);

async function apply(thing: Thing, more: { readonly metadata?: Values; readonly spec?: Values } = {}): Promise<void> {
  const { object, secrets } = await toManaged(thing, at(thing), more);
  await bench.apply([...secrets, object]);
}

const when = async (
  thing: Thing,
  what: string,
  wanted: (object: KubeObject) => boolean,
  patienceMs = 60_000,
): Promise<KubeObject> => objectWhen(bench.kube, refTo(at(thing), thing.name), what, wanted, patienceMs);

const ready = async (thing: Thing): Promise<KubeObject> => when(thing, 'is Ready', isReady);
const read = async (thing: Thing): Promise<KubeObject> => when(thing, 'is there', () => true);
const synced = (object: KubeObject): ReturnType<typeof conditionOf> => conditionOf(object, 'Synced');

async function remove(...things: readonly Thing[]): Promise<void> {
  for (const thing of things) await bench.kubectl(['delete', ...args(thing), '--timeout=60s']);
}

/** Since when a condition is as it is. */
function since(object: KubeObject, type: 'Ready' | 'Synced'): unknown {
  const conditions = valueAt(object, 'status', 'conditions');
  const found: unknown = (Array.isArray(conditions) ? conditions : []).find((each) => valueAt(each, 'type') === type);
  return valueAt(found, 'lastTransitionTime');
}

/** Requests since then that changed something in the plane, as the plane tells. */
function writesSince(mark: number): readonly string[] {
  return bench.plane.requests
    .slice(mark)
    .filter(({ method, path }) => method !== 'GET' && !/^\/v1\/(bulk|dashboard)\//.test(path))
    .map(({ method, path }) => `${method} ${path.replaceAll(/[0-9a-f]{24}/g, '{uid}')}`);
}

describe('an API that is down for an hour', () => {
  it('changes, makes and removes nothing; conditions say since when; all goes on by itself', async () => {
    const [idle, edited, deleted, fresh] = [project('idle'), project('edited'), project('deleted'), project('fresh')];
    await run(fastTime(FASTER));
    for (const thing of [idle, edited, deleted]) await apply(thing);
    const before = await Promise.all([idle, edited, deleted].map(ready));
    const names = before.map(externalNameOf);
    const mark = bench.plane.requests.length;

    await gate.close();
    await apply({ ...edited, values: { ...edited.values, description: 'changed meanwhile' } });
    await apply(fresh);
    await bench.kubectl(['delete', ...args(deleted), '--wait=false']);
    const cut = async (thing: Thing): Promise<KubeObject> =>
      when(thing, 'says that the API does not answer', (object) => synced(object)?.status === 'False');
    const said = await cut(edited);
    expect(synced(said)).toMatchObject({
      reason: expect.stringMatching(/^Cannot(Connect|Observe|Update)$/),
      message: expect.stringContaining(gate.host),
    });
    await cut(fresh);
    await cut(deleted);

    // An hour of the controller's time, told by its own uptime.
    const began = performance.now();
    const untouched = await read(idle);
    await eventually(
      'an hour has passed',
      async () => {
        const passed = (performance.now() - began) * FASTER;
        return passed > HOUR_MS ? { found: true } : { seen: passed };
      },
      HOUR_MS,
    );

    // Nobody asked for anything of the first: it is as it was, and nothing was written over and over.
    expect(valueAt(await read(idle), 'status', 'atProvider')).toEqual(valueAt(untouched, 'status', 'atProvider'));
    const still = await read(edited);
    expect(since(still, 'Synced')).toBe(since(said, 'Synced'));
    expect(valueAt(still, 'status', 'atProvider')).toEqual(valueAt(said, 'status', 'atProvider'));
    expect(externalNameOf(await read(fresh))).toBe('');
    expect((await read(deleted)).metadata.deletionTimestamp).toBeDefined();
    expect(writesSince(mark)).toEqual([]);

    await gate.open();
    expect(externalNameOf(await ready(edited))).toBe(names[1]);
    await ready(fresh);
    await eventually('what was deleted is gone', async () => {
      const object = await bench.kube.get(refTo(at(deleted), deleted.name), { signal: AbortSignal.timeout(10_000) });
      return object === undefined ? { found: true } : { seen: object };
    });
    expect(externalNameOf(await ready(idle))).toBe(names[0]);
    // In the fast time of the controller a request of a slow machine runs out of time and is repeated, without another effect.
    expect(new Set(writesSince(mark))).toEqual(
      new Set(['DELETE /v1/projects/{uid}', 'POST /v1/projects', 'PUT /v1/projects/{uid}']),
    );
    await remove(idle, edited, fresh);
  });
});

describe('an API key that is revoked', () => {
  const config = 'revoked';

  it('is said without showing it; nothing is deleted or made anew; a new key is enough', async () => {
    const { client } = bench.plane;
    const { apiKey: first = '', uid: firstUid = '' } = await client.post('/v1/apiKeys', {
      body: { metadata: { name: 'first' }, spec: { expiry: '2099-01-01T00:00:00.000Z' } },
      scope: { kind: 'tenant' },
    });
    const secret = (apiKey: string): KubeObject =>
      credentialsSecret({ host: gate.host, ca: gate.ca, apiKey }, { namespace: 'default', name: config });
    await bench.apply([
      secret(first),
      {
        apiVersion: `${NAMESPACED_GROUP}/${VERSION}`,
        kind: 'ClusterProviderConfig',
        metadata: { name: config },
        spec: {
          credentials: { source: 'Secret', secretRef: { name: config, namespace: 'default' } },
          project: 'Default',
        },
      },
    ]);
    const ref = { spec: { providerConfigRef: { kind: 'ClusterProviderConfig', name: config } } };
    const [kept, edited] = [project('key-kept'), project('key-edited')];
    const running = await run();
    for (const thing of [kept, edited]) await apply(thing, ref);
    const names = (await Promise.all([kept, edited].map(ready))).map(externalNameOf);

    await client.delete('/v1/apiKeys/{uid}', { path: { uid: firstUid }, scope: { kind: 'tenant' } });
    const mark = bench.plane.requests.length;
    const next = { ...edited, values: { ...edited.values, description: 'changed meanwhile' } };
    await apply(next, ref);
    const said = synced(await when(edited, 'says so', (object) => synced(object)?.status === 'False'));
    expect(said?.message).toMatch(/401.*apiKey of the Secret|apiKey/);
    expect(JSON.stringify(await read(edited))).not.toContain(first);
    expect(await running.log()).not.toContain(first);
    expect(writesSince(mark).filter((request) => !request.startsWith('POST /v1/auth'))).toEqual(
      // The one that was asked for, and refused.
      expect.not.arrayContaining(['DELETE /v1/projects/{uid}', 'POST /v1/projects']),
    );

    const { apiKey: second = '', uid: secondUid = '' } = await client.post('/v1/apiKeys', {
      body: { metadata: { name: 'second' }, spec: { expiry: '2099-01-01T00:00:00.000Z' } },
      scope: { kind: 'tenant' },
    });
    await bench.apply([secret(second)]);
    expect((await Promise.all([kept, edited].map(ready))).map(externalNameOf)).toEqual(names);
    const stored = await client.get('/v1/projects/{uid}', { path: { uid: names[1] ?? '' }, scope: { kind: 'tenant' } });
    expect(stored.metadata?.annotations?.['description']).toBe('changed meanwhile');
    await remove(kept, edited);
    await client.delete('/v1/apiKeys/{uid}', { path: { uid: secondUid }, scope: { kind: 'tenant' } });
  });
});

describe('two managed resources that claim one external name', () => {
  it.each([
    { name: 'of one kind', scope: 'Namespaced' },
    { name: 'one in a namespace, one in the cluster', scope: 'Cluster' },
  ] as const)('$name: the second one is refused, and takes over when the first lets go', async ({ scope }) => {
    const first = project('claimed');
    const second: Thing = { ...project('claimed', { description: 'mine' }), name: 'claimed-too', scope };
    await run();
    await apply(first);
    const id = externalNameOf(await ready(first));
    const mark = bench.plane.requests.length;
    await apply(second, { metadata: { annotations: { [ANNOTATIONS.externalName]: id } } });
    const refused = await when(second, 'is refused', (object) => synced(object)?.status === 'False');
    expect(synced(refused)).toMatchObject({
      reason: 'ExternalNameTaken',
      message: expect.stringMatching(new RegExp(`${id}.*claimed.*m\\.palette-iac\\.dev`)),
    });
    expect(isReady(refused)).toBe(false);
    expect(writesSince(mark)).toEqual([]);

    // The first one lets go without deleting: then the second one has it.
    await bench.kubectl(['patch', ...args(first), '--type=merge', '-p', '{"spec":{"deletionPolicy":"Orphan"}}']);
    await remove(first);
    expect(externalNameOf(await ready(second))).toBe(id);
    expect(writesSince(mark)).toEqual(['PUT /v1/projects/{uid}']);
    await remove(second);
  });

  it('deleting the second one touches nothing', async () => {
    const first = project('owned');
    const second: Thing = { ...first, name: 'owned-too' };
    await run();
    await apply(first);
    const id = externalNameOf(await ready(first));
    const mark = bench.plane.requests.length;
    await apply(second, { metadata: { annotations: { [ANNOTATIONS.externalName]: id } } });
    await when(second, 'is refused', (object) => synced(object)?.reason === 'ExternalNameTaken');
    await remove(second);
    expect(writesSince(mark)).toEqual([]);
    await ready(first);
    await remove(first);
  });
});

describe('a managed resource that is deleted while it is made', () => {
  const slow = [
    { thing: token('going'), path: '/v1/edgehosts/tokens' },
    { thing: cluster('going'), path: '/v1/spectroclusters/generic/import' },
  ];

  async function expectNothingLeft({ name }: Thing): Promise<void> {
    const left = Object.values(await listAll(bench.plane)).flat();
    expect(left.filter((each) => each.name === name)).toEqual([]);
  }

  it.each(slow)('waits for the creation, then deletes: $thing.type', async ({ thing, path }) => {
    await run();
    const hold = holdAnswer(gate, path);
    await apply(thing);
    await hold.held;
    await bench.kubectl(['delete', ...args(thing), '--wait=false']);
    expect((await read(thing)).metadata.finalizers).not.toEqual([]);
    hold.release();
    await bench.kubectl(['wait', '--for=delete', ...args(thing), '--timeout=60s']);
    await expectNothingLeft(thing);
  });

  it.each(slow)('even if the controller dies before it knows of it: $thing.type', async ({ thing, path }) => {
    const running = await run();
    const hold = holdAnswer(gate, path);
    await apply(thing);
    await hold.held;
    await bench.kubectl(['delete', ...args(thing), '--wait=false']);
    running.service.kill('SIGKILL');
    await running.stop();
    hold.release();
    expect(externalNameOf(await read(thing))).toBe('');
    expect(mapAt(await read(thing), 'metadata', 'annotations')[ANNOTATIONS.createPending]).toBeDefined();
    await run();
    await bench.kubectl(['wait', '--for=delete', ...args(thing), '--timeout=60s']);
    await expectNothingLeft(thing);
  });

  it('a cluster that waits for its agent goes at once, and its profile after it', async () => {
    const profile: Thing = {
      type: 'spectrocloud_cluster_profile',
      name: 'going-profile',
      values: {
        name: 'going-profile',
        pack: [
          {
            name: 'own',
            type: 'manifest',
            manifest: [{ name: 'a', content: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' }],
          },
        ],
      },
    };
    const attached: Thing = {
      ...cluster('going-attached'),
      values: {
        name: 'going-attached',
        cloudType: 'generic',
        clusterProfile: [{ id: '<<spectrocloud_cluster_profile.going-profile>>' }],
      },
    };
    await run();
    await apply(profile);
    await apply(attached);
    await when(attached, 'waits for its agent', (object) => {
      const condition = conditionOf(object, 'Ready');
      return condition?.reason === 'Creating' && synced(object)?.status === 'True' && externalNameOf(object) !== '';
    });
    // Both at once, the profile first: it cannot go while the cluster has it.
    await bench.kubectl(['delete', ...args(profile), '--wait=false']);
    await bench.kubectl(['delete', ...args(attached), '--wait=false']);
    for (const thing of [attached, profile]) {
      await bench.kubectl(['wait', '--for=delete', ...args(thing), '--timeout=90s']);
      await expectNothingLeft(thing);
    }
  });
});
