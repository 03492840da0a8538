/** Managed resources on a real API server and a real plane: what becomes of each kind, and of what they refer to. */
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { ANNOTATIONS, CLUSTER_GROUP, NAMESPACED_GROUP, VERSION } from '#crossplane/schema/groups';
import { refOf, valueAt, type KubeObject, type ObjectRef } from '#kubernetes/object';
import { readSecret } from '#kubernetes/secret';
import { uniqueName } from '#test/support/cluster';

import {
  condition,
  CONFIG_NAME,
  eventually,
  makePlace,
  SECRET_NAME,
  startController,
  startSite,
  type Place,
  type RunningController,
  type Site,
} from './runtime/support/site.ts';

jest.setTimeout(120_000);

let site: Site;
let place: Place;
let controller: RunningController | undefined;

beforeAll(async () => {
  site = await startSite();
}, 20 * 60_000);
afterAll(async () => site.stop());
afterEach(async () => controller?.stop());

const limit = (): { signal: AbortSignal } => ({ signal: AbortSignal.timeout(30_000) });

async function start(): Promise<void> {
  place = await makePlace(site, { spec: { project: 'Default' } });
  // Often enough that what a look writes without need shows.
  controller = await startController(site, undefined, { pollIntervalMs: 1_000, resyncIntervalMs: 1_000 });
}

interface Make {
  readonly kind: string;
  readonly name: string;
  readonly forProvider: Readonly<Record<string, unknown>>;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

async function make({ kind, name, forProvider, spec = {}, metadata = {} }: Make): Promise<ObjectRef> {
  const made = await site.kube.create(
    {
      apiVersion: `${NAMESPACED_GROUP}/${VERSION}`,
      kind,
      metadata: { name, namespace: place.namespace, ...metadata },
      spec: { forProvider, providerConfigRef: { kind: 'ProviderConfig', name: CONFIG_NAME }, ...spec },
    },
    limit(),
  );
  return refOf(made);
}

const read = async (ref: ObjectRef): Promise<KubeObject | undefined> => site.kube.get(ref, limit());

async function when(ref: ObjectRef, type: string, reason: string): Promise<KubeObject> {
  return eventually(`${ref.kind} ${ref.name}: ${type} ${reason}`, async () => {
    const found = await read(ref);
    return condition(found, type)?.['reason'] === reason ? found : undefined;
  }).catch(async (error: unknown) => {
    throw new Error(`it is ${JSON.stringify((await read(ref))?.['status'])}`, { cause: error });
  });
}

const ready = async (ref: ObjectRef): Promise<KubeObject> => when(ref, 'Ready', 'Available');

async function gone(ref: ObjectRef): Promise<void> {
  await eventually(`${ref.kind} ${ref.name} is gone`, async () => ((await read(ref)) === undefined ? true : undefined));
}

async function putSecret(name: string, data: Readonly<Record<string, string>>): Promise<void> {
  const encoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')] as const);
  await site.kube.apply(
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: place.namespace },
      data: Object.fromEntries(encoded),
    },
    limit(),
  );
}

const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: it, namespace: default}\n';
const profile = (name: string): Make => ({
  kind: 'ClusterProfile',
  name,
  forProvider: {
    name: uniqueName(name),
    pack: [{ name, type: 'manifest', manifest: [{ name: 'it', content: manifest }] }],
  },
});

describe('each kind', () => {
  it.each<{ readonly kind: string; readonly object: () => Omit<Make, 'kind'>; readonly connection: readonly string[] }>(
    [
      { kind: 'Project', object: () => ({ name: 'project', forProvider: { name: place.namespace } }), connection: [] },
      { kind: 'ClusterProfile', object: () => profile('profile'), connection: [] },
      {
        kind: 'Macros',
        object: () => ({
          name: 'macros',
          forProvider: { context: 'project', macros: { [place.namespace.replaceAll('-', '_')]: 'x' } },
        }),
        connection: [],
      },
      {
        kind: 'RegistrationToken',
        object: () => ({
          name: 'token',
          forProvider: { name: place.namespace, expiryDate: '2099-12-31', status: 'inactive' },
        }),
        connection: ['token'],
      },
      {
        kind: 'CloudaccountAws',
        object: () => ({
          name: 'account',
          forProvider: {
            name: place.namespace,
            awsAccessKey: 'AKIAIOSFODNN7EXAMPLE',
            awsSecretKeySecretRef: { name: 'aws', key: 'secret' },
          },
        }),
        connection: [],
      },
    ],
  )('is made, is Ready, is left alone while nothing changes, and goes: $kind', async ({ kind, object, connection }) => {
    await start();
    await putSecret('aws', { secret: 'very-hush-hush' });
    const ref = await make({ ...object(), kind, spec: { writeConnectionSecretToRef: { name: 'connection' } } });
    const first = await ready(ref);
    expect(condition(first, 'Synced')).toMatchObject({ status: 'True', reason: 'ReconcileSuccess' });
    expect(valueAt(first, 'status', 'atProvider', 'id')).toBe(first.metadata.annotations?.[ANNOTATIONS.externalName]);
    expect(JSON.stringify(first)).not.toContain('hush');
    const details = await readSecret(site.kube, place.namespace, 'connection', limit());
    expect([...(details?.keys() ?? [])]).toEqual(connection);

    const looks = async (): Promise<number> =>
      (await controller?.metric('palette_controller_reconcile_seconds_count')) ?? 0;
    const before = await looks();
    await eventually('it is looked at again', async () => ((await looks()) >= before + 3 ? true : undefined));
    expect((await read(ref))?.metadata.resourceVersion).toBe(first.metadata.resourceVersion);

    await site.kube.delete(ref, limit());
    await gone(ref);
  });
});

describe('references', () => {
  it('wait for what they name, by name and by labels, and give the cluster its profile', async () => {
    await start();
    const cluster = await make({
      kind: 'ClusterBrownfield',
      name: 'web',
      forProvider: {
        name: uniqueName('web'),
        cloudType: 'generic',
        clusterProfile: [{ idRef: { name: 'base' } }, { idSelector: { matchLabels: { layer: 'top' } } }],
      },
      spec: { writeConnectionSecretToRef: { name: 'connection' } },
    });
    const waiting = await when(cluster, 'Synced', 'ReferenceNotReady');
    expect(condition(waiting, 'Synced')?.['message']).toBe(
      `spec.forProvider.clusterProfile[0].idRef: there is no ClusterProfile base in namespace ${place.namespace}.`,
    );
    const base = await make(profile('base'));
    const top = await make({ ...profile('top'), metadata: { labels: { layer: 'top' } } });
    const made = await when(cluster, 'Synced', 'ReconcileSuccess');
    expect(condition(made, 'Ready')).toMatchObject({ status: 'False', reason: 'Creating' });
    expect(condition(made, 'Ready')?.['message']).toContain('no agent has connected yet');
    const ids = await Promise.all(
      [base, top].map(async (ref) => (await ready(ref)).metadata.annotations?.[ANNOTATIONS.externalName]),
    );
    const uid = String(made.metadata.annotations?.[ANNOTATIONS.externalName]);
    const scope = { kind: 'project', projectUid: await projectUid() } as const;
    const stored = await site.plane.client().get('/v1/spectroclusters/{uid}', { path: { uid }, scope });
    expect(stored.spec?.clusterProfileTemplates?.map((template) => String(template.uid)).toSorted()).toEqual(
      ids.map(String).toSorted(),
    );
    const details = await readSecret(site.kube, place.namespace, 'connection', limit());
    expect(details?.get('kubectlCommand')?.toString()).toContain('kubectl apply');

    // All at once: the profiles are in use until the cluster is gone.
    for (const ref of [base, top, cluster]) await site.kube.delete(ref, limit());
    for (const ref of [base, top, cluster]) await gone(ref);
    await expect(site.plane.client().get('/v1/spectroclusters/{uid}', { path: { uid }, scope })).rejects.toMatchObject({
      status: 404,
    });
  });
});

async function projectUid(): Promise<string> {
  const { items } = await site.plane.client().get('/v1/dashboard/projects/metadata', { scope: { kind: 'tenant' } });
  return String(items.find(({ metadata }) => metadata?.name === 'Default')?.metadata?.uid);
}

describe('what cannot be done', () => {
  it('names the field, and nothing is deleted to do it', async () => {
    await start();
    const ref = await make(profile('fixed'));
    const { metadata } = await ready(ref);
    const id = metadata.annotations?.[ANNOTATIONS.externalName];
    await site.kube.mergePatch(ref, { spec: { forProvider: { type: 'cluster' } } }, limit());
    const refused = await when(ref, 'Synced', 'ReplacementRequired');
    expect(condition(refused, 'Synced')?.['message']).toContain('spec.forProvider.type cannot be changed');
    expect(condition(refused, 'Ready')?.['status']).toBe('True');
    expect(refused.metadata.annotations?.[ANNOTATIONS.externalName]).toBe(id);
    await site.kube.delete(ref, limit());
    await gone(ref);
  });

  it('is said to the second one that names an object, which it leaves as it is', async () => {
    await start();
    const forProvider = { name: place.namespace, description: 'of the first' };
    const first = await make({ kind: 'Project', name: 'first', forProvider });
    const id = (await ready(first)).metadata.annotations?.[ANNOTATIONS.externalName] ?? '';
    const second = await make({
      kind: 'Project',
      name: 'second',
      forProvider: { ...forProvider, description: 'of the second' },
      metadata: { annotations: { [ANNOTATIONS.externalName]: id } },
    });
    const refused = await when(second, 'Synced', 'ExternalNameTaken');
    expect(condition(refused, 'Synced')?.['message']).toContain(`Project ${place.namespace}/first`);
    await site.kube.delete(second, limit());
    await gone(second);
    const stored = await site.plane.client().get('/v1/projects/{uid}', { path: { uid: id } });
    expect(stored.metadata?.annotations?.['description']).toBe('of the first');
    await site.kube.delete(first, limit());
    await gone(first);
  });

  it('is said while the key is revoked, and mends itself', async () => {
    await start();
    const admin = site.plane.client();
    const { uid, apiKey } = await admin.post('/v1/apiKeys', { body: { metadata: { name: place.namespace } } });
    await putSecret(SECRET_NAME, { apiKey: String(apiKey), 'ca.crt': site.plane.ca });
    const ref = await make({ kind: 'Project', name: 'steady', forProvider: { name: place.namespace } });
    const before = await ready(ref);
    await admin.delete('/v1/apiKeys/{uid}', { path: { uid: String(uid) } });
    const refused = await eventually('it says so', async () => {
      const found = await read(ref);
      return condition(found, 'Synced')?.['status'] === 'False' ? found : undefined;
    });
    expect(['CannotConnect', 'CannotObserve']).toContain(condition(refused, 'Synced')?.['reason']);
    expect(condition(refused, 'Ready')).toEqual(condition(before, 'Ready'));
    await putSecret(SECRET_NAME, { apiKey: site.plane.apiKey, 'ca.crt': site.plane.ca });
    const after = await when(ref, 'Synced', 'ReconcileSuccess');
    expect(after.metadata.annotations).toEqual(before.metadata.annotations);
    await site.kube.delete(ref, limit());
    await gone(ref);
  });
});

describe('cluster-scoped managed resources', () => {
  it('keep their Secrets where they say', async () => {
    await start();
    const name = uniqueName('account');
    await putSecret('aws', { secret: 'very-hush-hush' });
    const config: KubeObject = {
      apiVersion: `${CLUSTER_GROUP}/${VERSION}`,
      kind: 'ProviderConfig',
      metadata: { name },
      spec: {
        credentials: { source: 'Secret', secretRef: { name: SECRET_NAME, namespace: place.namespace } },
        host: site.plane.host,
        project: 'Default',
      },
    };
    await site.kube.apply(config, limit());
    const made = await site.kube.create(
      {
        apiVersion: `${CLUSTER_GROUP}/${VERSION}`,
        kind: 'RegistrationToken',
        metadata: { name },
        spec: {
          forProvider: { name, expiryDate: '2099-12-31' },
          providerConfigRef: { name },
          writeConnectionSecretToRef: { name: 'token', namespace: place.namespace },
        },
      },
      limit(),
    );
    const ref = refOf(made);
    await ready(ref);
    const details = await readSecret(site.kube, place.namespace, 'token', limit());
    expect(details?.get('token')?.length).toBeGreaterThan(10);
    await site.kube.delete(ref, limit());
    await gone(ref);
    await site.kube.delete(refOf(config), limit());
  });
});
