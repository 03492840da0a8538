/** Namespaces, role bindings and enforcement by tags: from the API to the document that the agent gets. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { registerAgent } from './fleet-agent.ts';
import { attach, createProfile, importCluster, pushPack } from './fleet-packs.ts';
import { startTestPlane, type Answer, type TestPlane } from './fleet-plane.ts';

let plane: TestPlane;

beforeAll(async () => {
  plane = await startTestPlane();
}, 60_000);
afterAll(async () => plane?.stop());

const change = async (uid: string, path: string, body: object, method = 'PUT'): Promise<Answer> =>
  plane.call(`/v1/spectroclusters/${uid}${path}`, { method, body });

describe("a cluster's namespaces and role bindings", () => {
  it('are the first layer of its desired state, and go when they are taken away', async () => {
    const uid = await importCluster(plane, 'settled');
    const agent = await registerAgent(plane, uid);
    const namespaces = [
      {
        metadata: { name: 'shop', labels: { team: 'a' } },
        spec: { resourceAllocation: { cpuCores: 2, memoryMiB: 512 } },
      },
    ];
    expect((await change(uid, '/config/namespaces', { namespaces })).status).toBe(204);
    const bindings = [
      {
        type: 'RoleBinding',
        namespace: 'shop',
        role: { kind: 'ClusterRole', name: 'edit' },
        subjects: [{ type: 'Group', name: 'developers' }],
      },
    ];
    expect((await change(uid, '/config/rbacs', { rbacs: [{ spec: { bindings } }] })).status).toBe(204);
    const [first] = (await agent.desiredState()).layers;
    expect(first).toMatchObject({ name: 'palette:cluster', layer: 'kernel' });
    const text = JSON.stringify(first?.manifests);
    for (const part of ['"team', 'requests.memory', '512Mi', 'developers'])
      expect(text).toContain(part.replace('"', '\\"'));
    await change(uid, '/config/namespaces', { namespaces: [] });
    await change(uid, '/config/rbacs', { rbacs: [] });
    expect((await agent.desiredState()).layers).toEqual([]);
  });

  it.each([
    {
      name: 'a name that no namespace can have',
      path: '/config/namespaces',
      body: { namespaces: [{ metadata: { name: 'Shop' } }] },
      want: 'namespaces[0].metadata.name',
    },
    {
      name: 'the same name twice',
      path: '/config/namespaces',
      body: { namespaces: [{ metadata: { name: 'a' } }, { metadata: { name: 'a' } }] },
      want: 'namespaces[1].metadata.name',
    },
    {
      name: 'an expression that is none',
      path: '/config/namespaces',
      body: { namespaces: [{ metadata: { name: '/(/' } }] },
      want: 'namespaces[0].metadata.name',
    },
    {
      name: 'a binding in no namespace',
      path: '/config/rbacs',
      body: { rbacs: [{ spec: { bindings: [{ type: 'RoleBinding', role: { kind: 'Role', name: 'x' } }] } }] },
      want: 'rbacs[0].spec.bindings[0].namespace',
    },
    {
      name: 'a role of one namespace for all',
      path: '/config/rbacs',
      body: { rbacs: [{ spec: { bindings: [{ type: 'ClusterRoleBinding', role: { kind: 'Role', name: 'x' } }] } }] },
      want: 'rbacs[0].spec.bindings[0].role.kind',
    },
  ])('are refused with $name', async ({ path, body, want }) => {
    const uid = await importCluster(
      plane,
      `refused-${want}-${JSON.stringify(body).length}`.replaceAll(/[^a-z0-9-]/gi, '-').toLowerCase(),
    );
    const answer = await change(uid, path, body);
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain(want);
  });
});

describe('how a cluster is enforced', () => {
  it('is said by tags of cluster and profile and values of packs, and a tag that says nothing of the kind is refused', async () => {
    const pack = await pushPack(plane, { name: 'app', version: '1.0.0' });
    const values = 'pack:\n  enforcement:\n    immutable: recreate\n';
    const profile = await createProfile(plane, {
      name: 'ruled',
      packs: [{ name: 'app', tag: '1.0.0', uid: pack.uid, type: 'oci', values }],
    });
    const uid = await importCluster(plane, 'ruled');
    const agent = await registerAgent(plane, uid);
    expect((await attach(plane, uid, [{ uid: profile }])).status).toBeLessThan(300);
    const tag = async (labels: object): Promise<Answer> =>
      change(uid, '/metadata', { metadata: { name: 'ruled', labels } }, 'PATCH');
    expect((await tag({ 'palette-iac.dev/drift': 'alert' })).status).toBe(204);
    const { policy, layers } = await agent.desiredState();
    expect(policy.drift).toBe('alert');
    expect(layers.map(({ enforcement }) => enforcement)).toEqual([{ immutable: 'recreate' }]);
    const wrong = await tag({ 'palette-iac.dev/drift': 'fix' });
    expect(wrong.status).toBe(422);
    expect(JSON.stringify(wrong.body)).toContain('palette-iac.dev/drift');
    expect((await agent.desiredState()).policy.drift).toBe('alert');
  });
});
