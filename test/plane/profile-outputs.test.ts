/** `{{.spectro.pack.…}}`: what one pack says, read by another, in the document that an agent gets. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { registerAgent } from './fleet-agent.ts';
import { attach, createProfile, importCluster, pushPack, registryUid } from './fleet-packs.ts';
import { startTestPlane, type TestPlane } from './fleet-plane.ts';

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane();
}, 60_000);
afterAll(async () => plane?.stop());

it('layers and packs read the values of other packs, as the profile has them', async () => {
  const values = (more: string): string => `pack:\n  namespace: default\nmanifests:\n  main: {}\n${more}`;
  await pushPack(plane, {
    name: 'network',
    manifest: '',
    values: values("cidr: 10.0.0.0/16\nzone: '{{.spectro.var.zone}}'\n"),
  });
  await pushPack(plane, { name: 'reader', manifest: '', values: values("cidr: '{{.spectro.pack.network.cidr}}'\n") });
  const registry = await registryUid(plane);
  const profile = await createProfile(plane, {
    name: 'outputs',
    variables: [{ name: 'zone', defaultValue: 'a' }],
    packs: [
      { name: 'network', tag: '1.0.0', registryUid: registry, values: 'cidr: 10.1.0.0/16' },
      { name: 'reader', tag: '1.0.0', registryUid: registry, values: "zone: '{{ .spectro.pack.network.zone }}'" },
    ],
  });
  const cluster = await importCluster(plane, 'edge');
  expect(await attach(plane, cluster, [{ uid: profile }])).toMatchObject({ status: 204 });
  const { context } = await (await registerAgent(plane, cluster)).desiredState();
  expect(context.packs).toEqual({ network: { cidr: '10.1.0.0/16', zone: 'a' } });
});
