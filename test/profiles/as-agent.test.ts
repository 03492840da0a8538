/** `palette profile render` and an agent: the same objects, of the plane's own document and the agent's own renderer. */
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';

import { packRenderer } from '#agent/enforce/pack-renderer';
import { silentLogger } from '#core/log';
import { packArchive } from '#packs/index';
import { addon, defineProfile, manifests, packOutput, system, variable } from '#profiles/index';
import { claimedObjects } from '#profiles/render/claimed-objects';
import { directorySource } from '#profiles/render/directory-source';
import { renderProfile } from '#profiles/render/render-profile';
import { layerContext } from '#protocol/layer-context';
import { registerAgent } from '#test/plane/fleet-agent';
import { attach, createProfile, importCluster, registryUid } from '#test/plane/fleet-packs';
import { startTestPlane, type TestPlane } from '#test/plane/fleet-plane';

import { EXAMPLES, HELM_BUILD_MS, helmPath, rendererFor, temporary } from '../packs/support.ts';

jest.setTimeout(60_000);

const signal = new AbortController().signal;
let work: Awaited<ReturnType<typeof temporary>>;
let plane: TestPlane;
let helm: string;

beforeAll(async () => {
  work = await temporary();
  helm = await helmPath();
  plane = await startTestPlane();
}, HELM_BUILD_MS);
afterAll(async () => {
  await plane?.stop();
  await work.remove();
});

const replicas = variable('replicas', { format: 'number', default: 2 });
const greeting = variable('greeting', { default: 'Hello' });
const profile = defineProfile({
  name: 'hello',
  version: '1.2.0',
  variables: [replicas, greeting],
  layers: [
    addon({ pack: 'guardrails', version: '1.0.0', presets: { Isolation: 'open' } }),
    addon({ pack: 'hello-chart', version: '1.0.0', values: { charts: { hello: { greeting } } } }),
    manifests({
      name: 'facts',
      installPriority: 99,
      manifests: {
        facts: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'facts' },
          data: {
            cluster: system.cluster.name,
            profile: `${String(system.clusterprofile.name)} ${String(system.clusterprofile.version)}`,
            team: packOutput('guardrails', 'manifests.namespaces.quota.pods').default('none'),
          },
        },
      },
    }),
  ],
});

it('what is rendered without a cluster is what an agent applies on one', async () => {
  const registry = await registryUid(plane);
  for (const name of ['guardrails-1.0.0', 'hello-chart-1.0.0']) {
    const bytes = await packArchive(join(EXAMPLES, name));
    expect(await plane.call(`/v1/registries/pack/${registry}/packs`, { method: 'PUT', bytes })).toMatchObject({
      status: 201,
    });
  }
  const packs = profile.layers.map(({ version, ...layer }) => ({ ...layer, tag: version, registryUid: registry }));
  const uid = await createProfile(plane, { ...profile, packs });
  const cluster = await importCluster(plane, 'edge-7');
  const variables = [
    { name: 'replicas', value: '4' },
    { name: 'greeting', value: "it's: {{ me }}" },
  ];
  expect(await attach(plane, cluster, [{ uid, variables }])).toMatchObject({ status: 204 });

  const agent = await registerAgent(plane, cluster);
  const desired = await agent.desiredState();
  const renderLayer = packRenderer({ helm, stateDir: join(work.path, 'agent') }, silentLogger);
  const applied = claimedObjects(
    await Promise.all(
      desired.layers.map(async (layer) => {
        const archive =
          layer.content === undefined ? undefined : (await agent.call(`/v1/agents/self/packs/${layer.content}`)).bytes;
        const context = layerContext(desired.context, layer);
        const rendered = await renderLayer(layer, archive, context, {
          kubeVersion: 'v1.34.1',
          apiVersions: [],
          signal,
        });
        return { name: layer.name, rendered };
      }),
    ),
  );

  const rendered = await renderProfile(profile, {
    source: directorySource([EXAMPLES]),
    renderer: rendererFor(helm, join(work.path, 'author')),
    variables: Object.fromEntries(variables.map(({ name, value }) => [name, value])),
    system: { 'cluster.name': 'edge-7' },
    kubeVersion: '1.34.1',
    signal,
  });
  expect(rendered.layers.map(({ layer }) => layer.name)).toEqual(desired.layers.map(({ name }) => name));
  expect(rendered.layers.map(({ objects }) => objects)).toEqual(applied.objects);
  // The digest of the program's profile is the one that the plane tells clusters to run.
  expect(rendered.digest).toBe(desired.layers[0]?.profile.digest);
  expect(rendered.layers.at(-1)?.objects).toMatchObject([
    { data: { cluster: 'edge-7', profile: 'hello 1.2.0', team: '50' } },
  ]);
});
