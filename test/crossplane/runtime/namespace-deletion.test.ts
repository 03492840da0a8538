/**
 * A namespace that is deleted with all that is in it: records and Secrets go first, nothing can be made there any more,
 * and what the managed resources stand for has to be deleted nevertheless.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { packageRoot } from '#cli/package-root';
import { silentLogger } from '#core/log';
import { FunctionConfig } from '#crossplane/function/config';
import { runFunction } from '#crossplane/function/main';
import { CREDENTIALS_KEYS, FLEET_GROUP, NAMESPACED_GROUP, VERSION } from '#crossplane/schema/groups';
import { refOf, valueAt, type KubeObject, type ObjectRef } from '#kubernetes/object';
import { kubectl, uniqueName } from '#test/support/cluster';
import { startCrossplane } from '#test/support/crossplane';

import {
  condition,
  CONFIG_NAME,
  eventually,
  makeDetour,
  makePlace,
  SECRET_NAME,
  startController,
  startSite,
  type Detour,
  type Place,
  type RunningController,
  type Site,
} from './support/site.ts';

jest.setTimeout(180_000);

const START_MS = 20 * 60_000;
const apiVersion = `${NAMESPACED_GROUP}/${VERSION}`;
const own = { kind: 'ProviderConfig', name: CONFIG_NAME };

let site: Site;
const places: Place[] = [];
const running: RunningController[] = [];
const cleanUp: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  site = await startSite({ controllerManager: true });
}, START_MS);
afterAll(async () => site.stop());
afterEach(async () => {
  for (const controller of running.splice(0)) await controller.stop();
  for (const step of cleanUp.splice(0).toReversed()) await step();
  for (const place of places.splice(0)) await place.clear();
}, 120_000);

const limit = (): { signal: AbortSignal } => ({ signal: AbortSignal.timeout(30_000) });

async function newPlace(spec: object = {}): Promise<Place> {
  const place = await makePlace(site, { spec: { project: 'Default', ...spec } });
  places.push(place);
  return place;
}

async function start(): Promise<RunningController> {
  const controller = await startController(site, undefined, { pollIntervalMs: 1_000 });
  running.push(controller);
  return controller;
}

async function detour(): Promise<Detour> {
  const made = await makeDetour(site.plane);
  cleanUp.push(async () => made.close());
  return made;
}

/** A configuration for all namespaces, whose Secret is in another one than that which is deleted. */
async function clusterConfig(spec: object = {}): Promise<{ readonly kind: string; readonly name: string }> {
  const name = uniqueName('elsewhere');
  const { apiKey, ca, host } = site.plane;
  const metadata = { name, namespace: 'default' };
  await site.kube.create(
    { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { [CREDENTIALS_KEYS.apiKey]: apiKey, 'ca.crt': ca } },
    limit(),
  );
  const secretRef = { name, namespace: 'default' };
  const made = await site.kube.create(
    {
      apiVersion,
      kind: 'ClusterProviderConfig',
      metadata: { name },
      spec: { credentials: { source: 'Secret', secretRef }, host, project: 'Default', ...spec },
    },
    limit(),
  );
  cleanUp.push(async () => site.kube.mergePatch(refOf(made), { metadata: { finalizers: null } }, limit()));
  return { kind: 'ClusterProviderConfig', name };
}

async function ready(place: Place, kind: string, name: string): Promise<void> {
  await eventually(`${kind} ${name} is ready`, async () =>
    condition(await place.read(kind, name), 'Ready')?.['status'] === 'True' ? true : undefined,
  );
}

async function deleteNamespace({ namespace }: Place): Promise<void> {
  await site.kube.delete({ apiVersion: 'v1', kind: 'Namespace', name: namespace }, limit());
}

const namespaceOf = async ({ namespace }: Place): Promise<KubeObject | undefined> =>
  site.kube.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }, limit());

async function isGone(place: Place): Promise<void> {
  await eventually('the namespace is gone', async () =>
    (await namespaceOf(place)) === undefined ? true : undefined,
  ).catch(async (error: unknown) => {
    const held = await kubectl(site.cluster, [
      'get',
      'projects.m.palette-iac.dev,clusterprofiles.m.palette-iac.dev,clusterbrownfields.m.palette-iac.dev,providerconfigs.m.palette-iac.dev',
      '-n',
      place.namespace,
      '-o',
      'yaml',
    ]);
    throw new Error(`${JSON.stringify((await namespaceOf(place))?.['status'])}\n${held}`, { cause: error });
  });
}

async function projects(): Promise<readonly (string | undefined)[]> {
  const { items } = await site.plane.client().get('/v1/dashboard/projects/metadata', { scope: { kind: 'tenant' } });
  return items.map(({ metadata }) => metadata?.name);
}

/** Waits until the namespace controller has taken what a managed resource once went by. */
async function isEmptied(place: Place, refs: readonly ObjectRef[]): Promise<void> {
  const usages = await site.kube.discovery.resourceType({ apiVersion, kind: 'ProviderConfigUsage' }, limit());
  await eventually('records and Secrets are gone', async () => {
    for (const ref of refs) if ((await site.kube.get(ref, limit())) !== undefined) return undefined;
    if (!usages) return true;
    const { items } = await site.kube.list(usages, { ...limit(), namespace: place.namespace });
    return items.length === 0 ? true : undefined;
  });
}

const secretIn = ({ namespace }: Place): ObjectRef => ({
  apiVersion: 'v1',
  kind: 'Secret',
  namespace,
  name: SECRET_NAME,
});

describe('a namespace with managed resources that is deleted', () => {
  it.each([
    { what: 'a ClusterProviderConfig', config: clusterConfig },
    { what: 'a ProviderConfig and its Secret in the namespace', config: async () => own },
  ])('goes, and what they stand for with it: $what', async ({ config }) => {
    const way = await detour();
    const place = await newPlace({ host: way.host });
    await start();
    const name = uniqueName('leaving');
    await place.make(name, { spec: { providerConfigRef: await config({ host: way.host }) } });
    await ready(place, 'Project', name);
    expect(await projects()).toContain(name);

    // Nothing can be deleted in the plane before all else is gone from the namespace.
    await way.close();
    await deleteNamespace(place);
    await isEmptied(place, [secretIn(place)]);
    await eventually('its deletion is tried', async () => {
      const found = await place.read('Project', name);
      const isLeaving = condition(found, 'Ready')?.['reason'] === 'Deleting';
      return isLeaving && condition(found, 'Synced')?.['status'] === 'False' ? true : undefined;
    });
    await way.open();
    await isGone(place);
    expect(await projects()).not.toContain(name);
  });

  it('says what is missing to a controller that never saw the Secret, and goes when it is told how', async () => {
    const place = await newPlace();
    const [kept, deleted] = [uniqueName('kept'), uniqueName('deleted')];
    const first = await start();
    for (const name of [kept, deleted]) {
      await place.make(name);
      await ready(place, 'Project', name);
    }
    await first.stop();
    await deleteNamespace(place);
    await isEmptied(place, [secretIn(place)]);

    await start();
    const messages = await Promise.all(
      [kept, deleted].map(async (name) =>
        eventually('it says what is missing', async () => {
          const synced = condition(await place.read('Project', name), 'Synced');
          return synced?.['reason'] === 'CannotConnect' ? synced['message'] : undefined;
        }),
      ),
    );
    for (const message of messages) {
      expect(message).toContain(`there is no Secret ${place.namespace}/${SECRET_NAME}`);
      expect(message).toContain('ClusterProviderConfig');
      expect(message).toContain('spec.deletionPolicy: Orphan');
    }
    const config = await place.read('ProviderConfig', CONFIG_NAME);
    expect(condition(config, 'Terminating')).toMatchObject({ reason: 'InUse' });
    expect(condition(config, 'Ready')).toMatchObject({ reason: 'CredentialsInvalid' });

    await place.patch('Project', kept, { spec: { deletionPolicy: 'Orphan' } });
    await place.patch('Project', deleted, { spec: { providerConfigRef: await clusterConfig() } });
    await isGone(place);
    const left = await projects();
    expect(left).toContain(kept);
    expect(left).not.toContain(deleted);
  });
});

describe('a namespace with composites that is deleted', () => {
  beforeAll(async () => {
    const crossplane = await startCrossplane(site.cluster);
    afterAllSteps.push(async () => crossplane.stop());
    const stop = new AbortController();
    const config = FunctionConfig.parse({
      listen: { host: '127.0.0.1', port: 0 },
      tlsServerCertsDir: crossplane.functionTlsDir,
    });
    const port = await new Promise<number>((resolve, reject) => {
      const ended = runFunction(config, {
        log: silentLogger,
        signal: stop.signal,
        onReady: (function_) => resolve(function_.port),
      });
      ended.catch(reject);
      afterAllSteps.push(async () => {
        stop.abort();
        await ended;
      });
    });
    await crossplane.routeFunction('palette-iac-function', port);
    for (const folder of ['configuration/xrds', 'configuration/compositions']) await applyFolder(folder);
    await kubectl(site.cluster, ['wait', '--for=condition=Established', '--timeout=60s', 'xrd', '--all']);
  }, START_MS);
  const afterAllSteps: (() => Promise<unknown>)[] = [];
  afterAll(async () => {
    for (const step of afterAllSteps.toReversed()) await step();
  }, 120_000);

  it.each([
    { what: 'a ClusterProviderConfig', config: clusterConfig },
    { what: 'a ProviderConfig and its Secret in the namespace', config: async () => own },
  ])('goes, and cluster and profile with it: $what', async ({ config }) => {
    const place = await newPlace();
    const { namespace } = place;
    await start();
    const providerConfigRef = await config();
    const [profile, cluster] = [uniqueName('profile'), uniqueName('cluster')];
    const fleet = `${FLEET_GROUP}/${VERSION}`;
    const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: it, namespace: default}\n';
    const layers = [{ name: 'layer', manifests: [{ name: 'it', content: manifest }] }];
    await site.kube.create(
      {
        apiVersion: fleet,
        kind: 'PaletteClusterProfile',
        metadata: { name: profile, namespace },
        spec: { version: '1.0.0', layers, providerConfigRef },
      },
      limit(),
    );
    await site.kube.create(
      {
        apiVersion: fleet,
        kind: 'PaletteCluster',
        metadata: { name: cluster, namespace },
        spec: {
          cloud: { type: 'generic' },
          profiles: [{ ref: { name: profile } }],
          connectionSecretName: 'connection',
          providerConfigRef,
        },
      },
      limit(),
    );
    await eventually('the cluster waits for its agent', async () => {
      const secret = await site.kube.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: 'connection' }, limit());
      return valueAt(secret, 'data', 'kubectlCommand') === undefined ? undefined : true;
    });
    expect(await inPlane()).toEqual({ clusters: [cluster], profiles: [profile] });

    await deleteNamespace(place);
    await isGone(place);
    expect(await inPlane()).toEqual({ clusters: [], profiles: [] });
  });
});

async function applyFolder(folder: string): Promise<void> {
  const path = join(packageRoot, 'crossplane/package', folder);
  const files = (await readdir(path)).filter((file) => file.includes(`.${FLEET_GROUP}.`) && !file.includes('legacy'));
  const texts = await Promise.all(files.map(async (file) => readFile(join(path, file), 'utf8')));
  await kubectl(site.cluster, ['apply', '--server-side', '-f', '-'], { input: texts.join('\n---\n') });
}

/** What is in the plane of clusters and profiles. */
async function inPlane(): Promise<{ clusters: string[]; profiles: string[] }> {
  const client = site.plane.client();
  const { items } = await client.get('/v1/dashboard/projects/metadata', { scope: { kind: 'tenant' } });
  const projectUid = items.find(({ metadata }) => metadata?.name === 'Default')?.metadata?.uid ?? '';
  const scope = { kind: 'project', projectUid } as const;
  const clusters = await client.post('/v1/dashboard/spectroclusters/search', {
    query: { limit: 50 },
    body: {},
    scope,
  });
  const profiles = await client.get('/v1/dashboard/clusterprofiles/metadata', { scope });
  return {
    clusters: (clusters.items ?? []).flatMap(({ metadata }) => metadata?.name ?? []),
    profiles: profiles.items.flatMap(({ metadata }) => metadata?.name ?? []),
  };
}
