/** What the function composes, on a real API server with the real definitions, applied as Crossplane applies it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';

import { packageRoot } from '#cli/package-root';
import { isKubeObject, type KubeObject } from '#kubernetes/object';
import { keep } from '#crossplane/function/keep';
import {
  clusterProviderConfig,
  composed,
  credentials,
  functionOver,
  identity,
} from '#crossplane/function/testing/rounds';
import { valueAt } from '#kubernetes/object';
import { kubectl, sharedCluster, uniqueName, type TestCluster } from '#test/support/cluster';

const START_MS = 20 * 60_000;
const MANAGER = 'apiextensions.crossplane.io/composed/0123456789abcdef';
const definitions = join(packageRoot, 'crossplane/package/crds');

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await sharedCluster();
  const files = (await readdir(definitions)).filter((file) => /^cluster(brownfields|profiles)\./.test(file));
  const texts = await Promise.all(files.map(async (file) => readFile(join(definitions, file), 'utf8')));
  await kubectl(cluster, ['apply', '--server-side', '-f', '-'], { input: texts.join('---\n') });
  await kubectl(cluster, [
    'wait',
    '--for=condition=Established',
    '--timeout=60s',
    'crd',
    ...files.map(nameOfDefinition),
  ]);
}, START_MS);

function nameOfDefinition(file: string): string {
  return file.replace(/\.yaml$/, '');
}

async function applyAs(manager: string, object: object): Promise<KubeObject> {
  const args = ['apply', '--server-side', '--force-conflicts', `--field-manager=${manager}`, '-f', '-', '-o', 'json'];
  const printed: unknown = JSON.parse(
    await kubectl(cluster, [...args, '--show-managed-fields'], { input: JSON.stringify(object) }),
  );
  if (!isKubeObject(printed)) throw new Error('kubectl printed no object');
  return printed;
}

const specs = {
  PaletteCluster: {
    cloud: { type: 'aws', importMode: 'full', proxy: { url: 'http://p', noProxy: 'a,b', hostPath: '/c' } },
    profiles: [{ name: 'web', variables: { replicas: '3' } }, { name: 'base' }],
    description: 'Edge',
    tags: ['site:vienna', 'edge'],
    timezone: 'Europe/Vienna',
    applySetting: 'DownloadAndInstall',
    pauseAgentUpgrades: 'lock',
    forceDelete: true,
    managementPolicies: ['Observe', 'Create'],
    deletionPolicy: 'Orphan',
  },
  PaletteClusterProfile: {
    layers: [
      { name: 'nginx', version: '1.4.x', registry: 'Public', valuesObject: { a: 1 } },
      { name: 'guard', manifests: [{ name: 'limits', content: 'kind: LimitRange' }] },
    ],
    variables: [
      { name: 'size', inputType: 'dropdown', defaultValue: 's', options: [{ value: 's', description: 'small' }] },
      { name: 'secret', isSensitive: true, required: true, regex: '^.+$', hidden: false, immutable: true },
    ],
    tags: ['a'],
    description: 'Shop',
  },
} as const;

const composites = (['PaletteCluster', 'PaletteClusterProfile'] as const).flatMap((kind) => [
  { name: kind, kind, group: 'fleet.palette-iac.dev', of: kind, namespace: 'default' },
  { name: `claim of ${kind}`, kind: `X${kind}`, group: 'legacy.fleet.palette-iac.dev', of: kind, namespace: undefined },
]);

/** What the function composes of it, asking nobody. */
async function compose(
  { kind, group, of, namespace }: (typeof composites)[number],
  name: string,
  more: object = {},
): Promise<object> {
  const composite = {
    apiVersion: `${group}/v1alpha1`,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec: {
      ...specs[of],
      ...more,
      ...(namespace === undefined
        ? { writeConnectionSecretToRef: { name, namespace: 'x' } }
        : { connectionSecretName: name }),
    },
  };
  const called = await functionOver({}).call({ composite, context: { 'palette-iac.dev/mode': 'Offline' } });
  const [object] = Object.values(composed(called)).map((entry) => valueAt(entry, 'resource'));
  if (typeof object !== 'object' || object === null) throw new Error(JSON.stringify(called.response.results));
  return { ...object, metadata: { ...(valueAt(object, 'metadata') as object), name } }; // as: every object has it
}

describe('what the function composes', () => {
  it.each(composites)(
    'of a $name is what the API server takes, and what is kept of it is the same',
    async (composite) => {
      const name = uniqueName('composed');
      const desired = await compose(composite, name);
      const applied = await applyAs(MANAGER, desired);
      // Defaults have been added, and the controller writes what the API has chosen.
      await applyAs('palette-controller', {
        apiVersion: applied.apiVersion,
        kind: applied.kind,
        metadata: {
          name,
          ...(composite.namespace === undefined ? {} : { namespace: composite.namespace }),
          annotations: { 'crossplane.io/external-name': 'uid' },
        },
        spec: { forProvider: { description: 'Written by another' } },
      });
      const observed = await applyAs(MANAGER, desired);
      const kept = keep(observed);
      // A list that is one value comes with the defaults of its elements; the rest is as it was said.
      expect(kept.spec).toMatchObject(valueAt(desired, 'spec') as object); // as: every object has it
      expect(valueAt(kept, 'spec', 'forProvider', 'skipDestroy')).toBeUndefined();
      expect(valueAt(kept, 'spec', 'forProvider', 'skipCompletion')).toBeUndefined();
      expect(kept.metadata.annotations).toBeUndefined();
      const again = await applyAs(MANAGER, { ...kept, metadata: { ...kept.metadata, name } });
      expect(again.metadata.resourceVersion).toBe(observed.metadata.resourceVersion);
      await kubectl(cluster, ['delete', '--wait=false', '-f', '-'], { input: JSON.stringify(again) });
    },
    60_000,
  );
});

describe('layers', () => {
  it('change their order when the composite says so', async () => {
    const name = uniqueName('order');
    const [, profile] = composites.filter(({ namespace }) => namespace !== undefined);
    if (profile === undefined) throw new Error('no profile among the composites');
    const layers = specs.PaletteClusterProfile.layers;
    const names = (object: unknown): unknown[] => {
      const packs = valueAt(object, 'spec', 'forProvider', 'pack');
      return Array.isArray(packs) ? packs.map((pack: unknown) => valueAt(pack, 'name')) : [];
    };
    const orders = [layers, layers.toReversed(), [...layers.toReversed(), { name: 'last', version: '1.0.0' }]];
    for (const order of orders) {
      const applied = await applyAs(MANAGER, await compose(profile, name, { layers: order }));
      expect(names(applied)).toEqual(order.map((layer) => layer.name));
    }
    await kubectl(cluster, ['delete', '--wait=false', '-n', 'default', 'clusterprofiles.m.palette-iac.dev', name]);
  }, 60_000);
});

describe('with a connection', () => {
  it('the same is composed', async () => {
    const metadata = { name: 'same', namespace: 'default' };
    const composite = { apiVersion: 'fleet.palette-iac.dev/v1alpha1', kind: 'PaletteCluster', metadata, spec: {} };
    const online = await functionOver(identity).call({ composite, cluster: [clusterProviderConfig, credentials] });
    const offline = await functionOver({}).call({ composite, context: { 'palette-iac.dev/mode': 'Offline' } });
    expect(composed(online)).toEqual(composed(offline));
  });
});
