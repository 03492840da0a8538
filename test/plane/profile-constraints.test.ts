import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { registerAgent } from './fleet-agent.ts';
import { attach, createProfile, importCluster, pushPack } from './fleet-packs.ts';
import { startTestPlane, type TestPlane } from './fleet-plane.ts';

const VALUES = 'pack:\n  namespace: default\n';
const MANIFEST = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: one\n';

describe('constraints of packs, before anything is sent', () => {
  let plane: TestPlane;

  beforeAll(async () => {
    plane = await startTestPlane();
    const push = async (name: string, version: string, json: object = {}, layer = 'addon'): Promise<unknown> =>
      pushPack(plane, { name, version, layer, values: VALUES, manifest: MANIFEST, json });
    await push('edge-k8s', '1.33.3', {}, 'k8s');
    await push('edge-k8s', '1.33.4', {}, 'k8s');
    await push('modern', '1.0.0', { constraints: { agent: { minVersion: '5.0.0' } } });
    await push('future', '1.0.0', { kubeVersion: '>=1.99.0-0' });
    await push('stack', '1.0.0', {
      constraints: { dependencies: [{ packName: 'operator', layer: 'addon', minVersion: '2.0', type: 'required' }] },
    });
    await push('operator', '1.0.0');
    await push('operator', '2.1.0');
  }, 60_000);

  afterAll(async () => plane?.stop());

  let count = 0;
  const profile = async (packs: object[], type = 'add-on'): Promise<string> =>
    createProfile(plane, { name: `profile-${count++}`, packs, type });

  it('refuses Kubernetes packs that the agent cannot install, naming cluster, pack and versions', async () => {
    const old = await importCluster(plane, 'old-agent');
    await registerAgent(plane, old, { agentVersion: '4.7.6' });
    const uid = await profile([{ name: 'edge-k8s', tag: '1.33.4' }], 'infra');
    expect(await attach(plane, old, [{ uid }])).toMatchObject({
      status: 422,
      body: {
        code: 'AgentTooOld',
        message: expect.stringMatching(/cluster old-agent: edge-k8s 1\.33\.4 .*4\.7\.7.*4\.7\.6/),
      },
    });
    expect((await plane.call(`/v1/clusterprofiles/${uid}`)).body.status.inUseClusterUids).toEqual([]);
    const fine = await profile([{ name: 'edge-k8s', tag: '1.33.3' }], 'infra');
    expect((await attach(plane, old, [{ uid: fine }])).status).toBe(204);
    // Nor can a profile that the cluster has become one that the agent cannot install.
    const packs = [{ name: 'edge-k8s', tag: '1.33.4' }];
    await plane.call(`/v1/clusterprofiles/${fine}`, { method: 'PUT', body: { spec: { template: { packs } } } });
    expect(await plane.call(`/v1/clusterprofiles/${fine}/publish`, { method: 'PATCH' })).toMatchObject({
      status: 422,
      body: { code: 'AgentTooOld', details: { cluster: { name: 'old-agent' } } },
    });
    const fresh = await importCluster(plane, 'new-agent');
    await registerAgent(plane, fresh, { agentVersion: '4.7.7' });
    expect((await attach(plane, fresh, [{ uid }])).status).toBe(204);
  });

  it('sends nothing to an agent that turns out to be too old, and says why', async () => {
    const clusterUid = await importCluster(plane, 'later');
    const uid = await profile([{ name: 'modern', tag: '1.0.0' }]);
    expect((await attach(plane, clusterUid, [{ uid }])).status).toBe(204);
    const agent = await registerAgent(plane, clusterUid, { agentVersion: '4.9.0' });
    await expect(agent.desiredState()).rejects.toThrow(/404/);
    const { body } = await plane.call(`/v1/spectroclusters/${clusterUid}`);
    expect(JSON.stringify(body.status.conditions)).toMatch(/modern 1\.0\.0 .*5\.0\.0.*4\.9\.0/);
    // Once it is new enough it gets what waits.
    await agent.report(agent.status({ revision: 0, phase: 'applying', agentVersion: '5.0.0' }));
    expect((await agent.desiredState()).layers).toMatchObject([{ name: 'modern' }]);
  });

  it.each([
    { name: 'another Kubernetes', packs: [{ name: 'future', tag: '1.0.0' }], code: 'KubeVersionUnsupported' },
    { name: 'a pack that is not there', packs: [{ name: 'stack', tag: '1.0.0' }], code: 'DependencyMissing' },
    {
      name: 'another version of a pack',
      packs: [
        { name: 'stack', tag: '1.0.0' },
        { name: 'operator', tag: '1.0.0' },
      ],
      code: 'DependencyVersion',
    },
  ])('refuses to attach what needs $name', async ({ packs, code }) => {
    const clusterUid = await importCluster(plane, `needs-${code.toLowerCase()}`);
    await registerAgent(plane, clusterUid);
    expect(await attach(plane, clusterUid, [{ uid: await profile(packs) }])).toMatchObject({
      status: 422,
      body: { code },
    });
  });

  it('takes what fits, over profiles, and does not look back at what is there', async () => {
    const clusterUid = await importCluster(plane, 'fits');
    await registerAgent(plane, clusterUid);
    const stack = await profile([{ name: 'stack', tag: '1.0.0' }]);
    const operator = await profile([{ name: 'operator', tag: '2.1.0' }]);
    expect((await attach(plane, clusterUid, [{ uid: stack }, { uid: operator }])).status).toBe(204);
    const path = `/v1/spectroclusters/${clusterUid}/profiles`;
    expect((await plane.call(path, { method: 'DELETE', body: { profileUids: [operator] } })).status).toBe(204);
    const other = await profile([{ name: 'own', type: 'manifest', manifests: [{ name: 'm', content: MANIFEST }] }]);
    expect((await attach(plane, clusterUid, [{ uid: other }])).status).toBe(204);
  });
});
