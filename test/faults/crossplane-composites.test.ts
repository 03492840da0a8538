/**
 * Wrong composites, an API that is down, and deletion in the midst of creation: real Crossplane, function, controller,
 * API server and plane, with an agent that says that all is well.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { packageRoot } from '#cli/package-root';
import { conditionsOf, isKubeObject, valueAt, type KubeObject } from '#kubernetes/object';
import { startEchoAgent, type EchoAgent } from '#test/conformance/support/echo-agent';
import { eventually, startManagedBench, type ManagedBench } from '#test/conformance/support/managed';
import { startCrossplane, startFunction, type TestCrossplane, type TestFunction } from '#test/support/crossplane';

import { holdAnswer, startGate, type Gate } from './support/gate.ts';
import { listAll } from './support/list-all.ts';

jest.setTimeout(180_000);

const PATIENCE_MS = 60_000;
/** The first start on a machine may have to build Crossplane. */
const START_MS = 20 * 60_000;

let bench: ManagedBench;
let gate: Gate;
let crossplane: TestCrossplane;
let fn: TestFunction;
const agents: EchoAgent[] = [];

beforeAll(async () => {
  bench = await startManagedBench({ through: async (plane) => (gate = await startGate(plane)) });
  crossplane = await startCrossplane(bench);
  fn = await startFunction({ tlsDir: crossplane.functionTlsDir });
  await crossplane.routeFunction('palette-iac-function', fn.port);
  const folder = join(packageRoot, 'crossplane/package/configuration');
  for (const part of ['xrds', 'compositions']) {
    const files = await readdir(join(folder, part));
    const texts = await Promise.all(files.map(async (file) => readFile(join(folder, part, file), 'utf8')));
    await bench.applyText(texts.join('\n---\n'));
  }
  await bench.kubectl(['wait', '--for=condition=Established', '--timeout=60s', 'xrd', '--all']);
  await bench.kubectl(['wait', '--for=condition=Offered', '--timeout=60s', ...CLAIMED]);
  await bench.apply([greeting]);
  await whenReady(greeting);
}, START_MS);

afterEach(async () => {
  await gate.open();
});

afterAll(async () => {
  for (const agent of agents) await agent.stop();
  await fn.stop();
  await crossplane.stop();
  await bench.stop();
  await gate.stop();
});

/** Definitions that offer claims. */
const CLAIMED = ['xpaletteclusters', 'xpaletteclusterprofiles'].map(
  (name) => `xrd/${name}.legacy.fleet.palette-iac.dev`,
);

const API = 'fleet.palette-iac.dev/v1alpha1';

const composite = (kind: string, name: string, spec: object, apiVersion = API): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'default' },
  spec,
});

const manifests = [{ name: 'settings', content: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' }];

/** A profile that clusters of the tests refer to. */
const greeting = composite('PaletteClusterProfile', 'greeting', {
  layers: [
    { name: 'hello-chart', version: '1.0.0' },
    { name: 'own', manifests },
  ],
  variables: [
    { name: 'greeting', defaultValue: 'hello' },
    { name: 'replicas', format: 'number', required: true },
  ],
});

const args = ({ apiVersion, kind, metadata }: KubeObject): string[] => [
  `${kind.toLowerCase()}s.${apiVersion.split('/')[0]}/${metadata.name}`,
  '-n',
  'default',
];

async function read(object: KubeObject): Promise<KubeObject | undefined> {
  const { apiVersion, kind, metadata } = object;
  return bench.kube.get(
    { apiVersion, kind, name: metadata.name, namespace: 'default' },
    { signal: AbortSignal.timeout(PATIENCE_MS) },
  );
}

function condition(object: KubeObject | undefined, type: string): { status: string; reason: string; message: string } {
  const found = conditionsOf(object).find((each) => each['type'] === type);
  const text = (key: string): string => {
    const value = valueAt(found, key);
    return typeof value === 'string' ? value : '';
  };
  return { status: text('status'), reason: text('reason'), message: text('message') };
}

async function when(
  object: KubeObject,
  what: string,
  wanted: (now: KubeObject | undefined) => boolean,
): Promise<KubeObject | undefined> {
  return eventually(
    `${object.kind} ${object.metadata.name} ${what}`,
    async () => {
      const now = await read(object);
      return wanted(now) ? { found: now } : { seen: now };
    },
    PATIENCE_MS,
  );
}

async function whenReady(object: KubeObject): Promise<void> {
  await when(
    object,
    'is Ready',
    (now) => condition(now, 'Ready').status === 'True' && condition(now, 'Synced').status === 'True',
  );
}

/** Managed resources that were composed of it. */
async function composedOf({ metadata }: KubeObject): Promise<readonly KubeObject[]> {
  const kinds = ['clusterbrownfields', 'clusterprofiles'].flatMap((plural) => [
    `${plural}.m.palette-iac.dev`,
    `${plural}.palette-iac.dev`,
  ]);
  const printed: unknown = JSON.parse(await bench.kubectl(['get', kinds.join(','), '-A', '-o', 'json']));
  const items = valueAt(printed, 'items');
  return (Array.isArray(items) ? items.filter(isKubeObject) : []).filter((each) =>
    (each.metadata.labels?.['crossplane.io/composite'] ?? '').startsWith(metadata.name),
  );
}

async function inPlane(): Promise<readonly string[]> {
  return Object.values(await listAll(bench.plane)).flatMap((found) => found.map(({ name }) => name).toSorted());
}

/** That its managed resources and what they stand for go, too. */
async function expectNothingLeft(object: KubeObject): Promise<void> {
  const { name } = object.metadata;
  await eventually(`nothing is left of ${name}`, async () => {
    const composed = await composedOf(object);
    return composed.length === 0 ? { found: true } : { seen: composed };
  });
  expect((await inPlane()).filter((each) => each.startsWith(name))).toEqual([]);
}

function agentOf(cluster: string): EchoAgent {
  const agent = startEchoAgent(bench.plane, cluster);
  agents.push(agent);
  return agent;
}

describe('a wrong composite', () => {
  // Crossplane rests from an object, by its name, that too much happens to.
  let count = 0;
  const cluster = (spec: object): KubeObject => composite('PaletteCluster', `wrong-${++count}`, spec);
  const profile = (spec: object): KubeObject => composite('PaletteClusterProfile', `wrong-${++count}`, spec);
  const named = (more: object): object => ({ profiles: [{ name: 'greeting', ...more }] });

  it.each([
    {
      name: 'a profile that does not exist',
      object: cluster({ profiles: [{ name: 'greetings' }] }),
      reason: 'NotFound',
      path: 'spec.profiles[0].name',
      says: /no cluster profile "greetings".*greeting/,
    },
    {
      name: 'a version that does not exist',
      object: cluster(named({ version: '9.9.9' })),
      reason: 'NotFound',
      path: 'spec.profiles[0].version',
      says: /9\.9\.9.*1\.0\.0/,
    },
    {
      name: 'a variable that the profile does not have',
      object: cluster(named({ variables: { replicas: '1', greting: 'x' } })),
      reason: 'InvalidVariables',
      path: 'spec.profiles[0].variables',
      says: /greting.*did you mean "greeting"/,
    },
    {
      name: 'a value of the wrong format',
      object: cluster(named({ variables: { replicas: 'many' } })),
      reason: 'InvalidVariables',
      path: 'spec.profiles[0].variables',
      says: /the format is number/,
    },
    {
      name: 'a required variable without value',
      object: cluster(named({})),
      reason: 'InvalidVariables',
      path: 'spec.profiles[0].variables',
      says: /replicas.*required/,
    },
    {
      name: 'a cloud account that does not exist',
      object: cluster({ ...named({ variables: { replicas: '1' } }), cloud: { type: 'aws', account: 'nobody' } }),
      reason: 'NotFound',
      path: 'spec.cloud.account',
      says: /nobody/,
    },
    {
      name: 'a pack that does not exist',
      object: profile({ layers: [{ name: 'nowhere', version: '1.0.0' }] }),
      reason: 'NotFound',
      path: 'spec.layers[0].name',
      says: /nowhere/,
    },
    {
      name: 'a tag that does not exist',
      object: profile({ layers: [{ name: 'hello-chart', version: '9.9.9' }] }),
      reason: 'NotFound',
      path: 'spec.layers[0].version',
      says: /9\.9\.9.*1\.0\.0/,
    },
    {
      name: 'a registry that does not exist',
      object: profile({ layers: [{ name: 'hello-chart', version: '1.0.0', registry: 'Elsewhere' }] }),
      reason: 'NotFound',
      path: 'spec.layers[0].registry',
      says: /Elsewhere.*Palette Registry/,
    },
    {
      name: 'a default of the wrong format',
      object: profile({
        layers: [{ name: 'own', manifests }],
        variables: [{ name: 'replicas', format: 'number', defaultValue: 'many' }],
      }),
      reason: 'InvalidVariables',
      path: 'spec.variables[0]',
      says: /default value: the format is number/,
    },
  ])('with $name says where and why, and nothing is composed', async ({ object, reason, path, says }) => {
    const before = await inPlane();
    await bench.apply([object]);
    const resolved = object.kind === 'PaletteCluster' ? 'ProfilesResolved' : 'LayersResolved';
    const refused = await when(object, 'is refused', (now) => condition(now, resolved).status === 'False');
    expect(condition(refused, resolved)).toMatchObject({
      reason,
      message: expect.stringMatching(says),
    });
    expect(condition(refused, resolved).message).toContain(path);
    expect(condition(refused, 'Ready').status).not.toBe('True');
    expect(await composedOf(object)).toEqual([]);
    expect(await inPlane()).toEqual(before);
    await bench.kubectl(['delete', ...args(object), '--timeout=60s']);
  });

  it.each([
    { name: 'a list that is none', spec: { tags: 'gold' }, says: /spec\.tags: Invalid value: "string"/ },
    { name: 'a key that there is not', spec: { profile: 'greeting' }, says: /unknown field "spec\.profile"/ },
    {
      name: 'a value that is no text',
      spec: named({ variables: { replicas: 1 } }),
      says: /spec\.profiles\[0\]\.variables\.replicas/,
    },
    {
      name: 'an unknown policy',
      spec: { deletionPolicy: 'Forget' },
      says: /spec\.deletionPolicy: Unsupported value: "Forget"/,
    },
  ])('with $name is refused by the API server', async ({ spec, says }) => {
    expect(await bench.refused(['apply', '-f', '-'], [cluster(spec)])).toMatch(says);
  });

  it('goes wrong in the middle of its life: what runs stays as it is until it is right again', async () => {
    const agent = agentOf('turning');
    const right = (replicas: string): KubeObject =>
      composite('PaletteCluster', 'turning', named({ variables: { replicas } }));
    await bench.apply([right('1')]);
    await whenReady(right('1'));
    const [before] = await composedOf(right('1'));
    await bench.apply([right('many')]);
    await when(right('many'), 'is refused', (now) => condition(now, 'ProfilesResolved').status === 'False');
    const [after] = await composedOf(right('1'));
    expect({ uid: after?.metadata.uid, spec: after?.['spec'] }).toEqual({
      uid: before?.metadata.uid,
      spec: before?.['spec'],
    });
    expect(agent.variables()).toMatchObject({ replicas: '1' });
    await bench.apply([right('2')]);
    await eventually('the cluster has the value', async () => {
      const seen = agent.variables();
      return seen['replicas'] === '2' ? { found: true } : { seen };
    });
    await bench.kubectl(['delete', ...args(right('2')), '--timeout=60s']);
    await expectNothingLeft(right('2'));
  });
});

describe('an API that is down', () => {
  it('lets composites and what is composed of them stay as they are, and all goes on by itself', async () => {
    const agent = agentOf('steady');
    const steady = (replicas: string): KubeObject =>
      composite('PaletteCluster', 'steady', { profiles: [{ ref: { name: 'greeting' }, variables: { replicas } }] });
    await bench.apply([steady('1')]);
    await whenReady(steady('1'));
    const before = await composedOf(steady('1'));
    const planeBefore = await inPlane();
    await gate.close();
    // A function that has just begun knows nothing of what it found before.
    await fn.service.restart('SIGKILL', { signal: AbortSignal.timeout(PATIENCE_MS) });
    await bench.apply([steady('2')]);
    const told = await when(
      steady('2'),
      'says so',
      (now) => condition(now, 'ProfilesResolved').reason === 'ApiUnreachable',
    );
    expect(condition(told, 'ProfilesResolved').message).toMatch(/Since \d{4}-\d\d-\d\dT/);
    const during = await composedOf(steady('2'));
    expect(during.map(({ metadata }) => metadata.uid)).toEqual(before.map(({ metadata }) => metadata.uid));
    expect(during.map(({ metadata }) => metadata.deletionTimestamp)).toEqual(before.map(() => undefined));
    expect(await inPlane()).toEqual(planeBefore);
    await gate.open();
    await eventually(
      'the cluster has the value',
      async () => {
        const seen = agent.variables();
        return seen['replicas'] === '2' ? { found: true } : { seen: { seen, composite: await read(steady('2')) } };
      },
      120_000,
    );
    await whenReady(steady('2'));
    await bench.kubectl(['delete', ...args(steady('2')), '--timeout=60s']);
    await expectNothingLeft(steady('2'));
  });
});

describe('a composite that is deleted while its cluster is being made', () => {
  const legacy = 'legacy.fleet.palette-iac.dev/v1alpha1';

  it.each([
    { name: 'a composite', object: composite('PaletteCluster', 'hasty', {}) },
    { name: 'a claim', object: composite('PaletteCluster', 'hasty-claim', {}, legacy) },
  ])('$name waits for it, and leaves nothing', async ({ object }) => {
    const hold = holdAnswer(gate, '/v1/spectroclusters/generic/import');
    await bench.apply([object]);
    await hold.held;
    await bench.kubectl(['delete', ...args(object), '--wait=false']);
    // The plane has it, and nobody knows its identifier yet: it must not be forgotten.
    expect((await inPlane()).join()).toContain('hasty');
    expect(await composedOf(object)).toHaveLength(1);
    hold.release();
    await when(object, 'is gone', (now) => now === undefined);
    await expectNothingLeft(object);
  });
});
