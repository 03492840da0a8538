import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';

import { fetchToken, registerAgent, tokenIn } from './fleet-agent.ts';
import { attach, createProfile, importCluster, pushPack } from './fleet-packs.ts';
import { startTestPlane, type Answer, type TestPlane } from './fleet-plane.ts';

describe('clusters', () => {
  let plane: TestPlane;
  let profileUid: string;

  beforeAll(async () => {
    plane = await startTestPlane();
    await pushPack(plane, { name: 'hello', version: '1.0.0' });
    await pushPack(plane, { name: 'hello', version: '2.0.0' });
    profileUid = await createProfile(plane, {
      name: 'base',
      packs: [{ name: 'hello', tag: '1.0.0' }],
      variables: [
        { name: 'replicas', format: 'number', required: true },
        { name: 'colour', defaultValue: 'red' },
      ],
    });
  }, 60_000);

  afterAll(async () => plane?.stop());

  const get = async (uid: string): Promise<Answer> => plane.call(`/v1/spectroclusters/${uid}`);
  const link = async (uid: string): Promise<string> =>
    (await get(uid)).body.status.clusterImport.importLink.replace('kubectl apply -f https://plane.example.test', '');

  it.each(['generic', 'aws', 'azure', 'gcp', 'apache-cloudstack'])(
    'imports a %s cluster: it waits for its agent',
    async (cloud) => {
      const { status, body } = await plane.call(`/v1/spectroclusters/${cloud}/import`, {
        method: 'POST',
        body: { metadata: { name: `a-${cloud}`, labels: { team: 'x' } }, spec: {} },
      });
      expect(status).toBe(201);
      const cluster = await get(body.uid);
      expect(cluster.body).toMatchObject({
        metadata: { name: `a-${cloud}`, labels: { team: 'x' }, annotations: { scope: 'project' } },
        spec: { cloudType: cloud, cloudConfigRef: { uid: expect.any(String) } },
        status: {
          state: 'Pending',
          clusterImport: { isBrownfield: true, importLink: expect.stringMatching(/^kubectl apply -f https:\/\/\S+$/) },
        },
      });
    },
  );

  it('refuses a name that the project has, and a cluster of no project', async () => {
    await importCluster(plane, 'twice');
    const again = await plane.call('/v1/spectroclusters/generic/import', {
      method: 'POST',
      body: { metadata: { name: 'twice' } },
    });
    expect(again).toMatchObject({ status: 409, body: { code: 'ClusterExists' } });
    const tenant = await plane.call('/v1/spectroclusters/generic/import', {
      method: 'POST',
      body: { metadata: { name: 'x' } },
      headers: { projectuid: '' },
    });
    expect(tenant).toMatchObject({ status: 422, body: { message: expect.stringContaining('ProjectUid') } });
  });

  it('gives its import manifest to whoever has the link, with a token that works once, until the agent is there', async () => {
    const uid = await importCluster(plane, 'manifest');
    const address = await link(uid);
    expect((await plane.bare(address.replace(/token=.*/, 'token=guess'))).status).toBe(404);
    expect((await plane.bare(address.replace(/\?.*/, ''))).status).toBe(404);
    const manifest = await plane.bare(address);
    expect(manifest.status).toBe(200);
    const objects = parseAllDocuments(String(manifest.body)).map((document) => document.toJSON());
    expect(objects.map((object) => object.kind)).toEqual([
      'Namespace',
      'ServiceAccount',
      'ClusterRole',
      'ClusterRoleBinding',
      'Role',
      'RoleBinding',
      'Secret',
      'Deployment',
    ]);
    const [container] = objects[7].spec.template.spec.containers;
    expect(container).toMatchObject({
      image: 'example.test/palette-agent:1',
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      livenessProbe: expect.anything(),
      readinessProbe: expect.anything(),
      resources: { requests: expect.anything(), limits: expect.anything() },
    });
    expect(objects[7].spec.template.spec.securityContext.runAsNonRoot).toBe(true);
    expect(objects[6].stringData).toMatchObject({ clusterUid: uid, planeUrl: 'https://plane.example.test' });

    await registerAgent(plane, uid, { token: tokenIn(String(manifest.body)) });
    expect((await plane.bare(address)).status).toBe(404);
    const byUser = await plane.call(`/v1/spectroclusters/${uid}/import/manifest`);
    expect(byUser.status).toBe(200);
    expect(tokenIn(String(byUser.body))).not.toBe(tokenIn(String(manifest.body)));
  });

  it('gives the agent of a read-only import no right to change anything', async () => {
    const { body } = await plane.call('/v1/spectroclusters/generic/import', {
      method: 'POST',
      body: { metadata: { name: 'observed' }, spec: { clusterConfig: { importMode: 'read-only' } } },
    });
    const manifest = await plane.bare(await link(body.uid));
    const role = parseAllDocuments(String(manifest.body))
      .map((document) => document.toJSON())
      .find((object) => object.kind === 'ClusterRole');
    const reads = new Set(['get', 'list', 'watch']);
    const writes = role.rules.filter(({ verbs }: { verbs: string[] }) => verbs.some((verb) => !reads.has(verb)));
    // Events are about objects and change none.
    expect(writes).toEqual([{ apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] }]);
    expect(
      await attach(plane, body.uid, [{ uid: profileUid, variables: [{ name: 'replicas', value: '1' }] }]),
    ).toMatchObject({ status: 422, body: { code: 'ClusterReadOnly' } });
  });

  it.each([
    { name: 'a required variable without value', entry: {}, status: 422, says: /replicas.*required/ },
    {
      name: 'a value of the wrong format',
      entry: { variables: [{ name: 'replicas', value: 'many' }] },
      status: 422,
      says: /replicas.*number/,
    },
    {
      name: 'a variable nobody defined',
      entry: {
        variables: [
          { name: 'replicas', value: '1' },
          { name: 'shape', value: 'round' },
        ],
      },
      status: 422,
      says: /shape/,
    },
    {
      name: 'values for a pack that is not there',
      entry: { variables: [{ name: 'replicas', value: '1' }], packValues: [{ name: 'other', values: 'a: 1' }] },
      status: 422,
      says: /no pack other/,
    },
    {
      name: 'a profile to replace that is not attached',
      entry: { variables: [{ name: 'replicas', value: '1' }], replaceWithProfile: 'f'.repeat(24) },
      status: 404,
      says: /f{24}/,
    },
  ])('refuses to attach a profile with $name, and attaches nothing', async ({ name, entry, status, says }) => {
    const uid = await importCluster(plane, `refuses ${name}`);
    expect(await attach(plane, uid, [{ uid: profileUid, ...entry }])).toMatchObject({
      status,
      body: { message: expect.stringMatching(says) },
    });
    expect((await get(uid)).body.spec.clusterProfileTemplates).toEqual([]);
  });

  it('refuses a draft, and an unknown profile', async () => {
    const uid = await importCluster(plane, 'drafts');
    const draft = await createProfile(plane, { name: 'a-draft', packs: [], publish: false });
    expect(await attach(plane, uid, [{ uid: draft }])).toMatchObject({
      status: 422,
      body: { code: 'ClusterProfileNotPublished' },
    });
    expect(await attach(plane, uid, [{ uid: 'f'.repeat(24) }])).toMatchObject({
      status: 404,
      body: { code: 'ResourceNotFound' },
    });
  });

  it('replaces a profile by another, keeping the values of variables of the same name', async () => {
    const uid = await importCluster(plane, 'replace');
    const next = await createProfile(plane, {
      name: 'base',
      version: '2.0.0',
      packs: [{ name: 'hello', tag: '2.0.0' }],
      variables: [{ name: 'replicas', format: 'number', required: true }],
    });
    await attach(plane, uid, [{ uid: profileUid, variables: [{ name: 'replicas', value: '3' }] }]);
    expect(await attach(plane, uid, [{ uid: next }])).toMatchObject({ status: 422 });
    expect(await attach(plane, uid, [{ uid: next, replaceWithProfile: profileUid }])).toMatchObject({ status: 204 });
    const { body } = await get(uid);
    expect(body.spec.clusterProfileTemplates).toMatchObject([
      { uid: next, name: 'base', profileVersion: '2.0.0', packs: [{ name: 'hello', version: '2.0.0' }] },
    ]);
    expect((await plane.call(`/v1/spectroclusters/${uid}/variables`)).body).toMatchObject([
      { profileUid: next, variables: [{ name: 'replicas', value: '3' }] },
    ]);
    // Asked again, it answers alike.
    expect(await attach(plane, uid, [{ uid: next, replaceWithProfile: profileUid }])).toMatchObject({ status: 204 });
  });

  it('says in the status of packs which object of which pack is wrong, in which field', async () => {
    const uid = await importCluster(plane, 'status');
    await attach(plane, uid, [{ uid: profileUid, variables: [{ name: 'replicas', value: '3' }] }]);
    const agent = await registerAgent(plane, uid);
    const { revision } = await agent.desiredState();
    expect((await get(uid)).body.status.packs).toMatchObject([
      { name: 'hello', condition: { type: 'Pending', status: 'False' } },
    ]);
    const problem = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: 'default',
      name: 'settings',
      field: 'data.greeting',
      message: 'must be a string',
    };
    const layer = {
      name: 'hello',
      version: '1.0.0',
      profileUid,
      message: '',
      startedAt: new Date().toISOString(),
      objects: 1,
    };
    await agent.report(
      agent.status({
        revision,
        phase: 'failed',
        healthy: false,
        layers: [{ ...layer, condition: 'Error', problems: [problem] }],
      }),
    );
    const failed = (await get(uid)).body.status;
    expect(failed.packs).toMatchObject([
      {
        name: 'hello',
        profileUid,
        condition: {
          type: 'Error',
          status: 'False',
          message: 'ConfigMap default/settings: data.greeting: must be a string',
        },
        manifests: [{ name: 'ConfigMap default/settings', condition: { message: 'data.greeting: must be a string' } }],
      },
    ]);
    const overview = await plane.call(`/v1/dashboard/spectroclusters/${uid}/overview`);
    expect(overview.body.status).toMatchObject({
      state: 'Running',
      health: {
        state: 'UnHealthy',
        conditions: [{ message: expect.stringContaining('pack hello: ConfigMap default/settings') }],
      },
    });

    await agent.report(agent.status({ revision, layers: [{ ...layer, condition: 'Ready', problems: [] }] }));
    expect((await get(uid)).body.status.packs).toMatchObject([{ condition: { type: 'Ready', status: 'True' } }]);
    await plane.call(`/v1/spectroclusters/${uid}/variables`, {
      method: 'PATCH',
      body: [{ profileUid, variables: [{ name: 'colour', value: 'blue' }] }],
    });
    expect((await get(uid)).body.status.packs).toMatchObject([{ condition: { type: 'Pending', status: 'False' } }]);
    expect((await plane.call(`/v1/dashboard/spectroclusters/${uid}/overview`)).body.status.health.state).toBe(
      'Unknown',
    );
  });

  it('deletes at once what has no agent', async () => {
    const uid = await importCluster(plane, 'short-lived');
    await attach(plane, uid, [{ uid: profileUid, variables: [{ name: 'replicas', value: '1' }] }]);
    const token = await fetchToken(plane, uid);
    expect((await plane.call(`/v1/spectroclusters/${uid}`, { method: 'DELETE' })).status).toBe(204);
    expect(await get(uid)).toMatchObject({ status: 404, body: { code: 'ResourceNotFound' } });
    await expect(registerAgent(plane, uid, { token })).rejects.toMatchObject({
      answer: { status: 401, body: { code: 'InvalidRegistrationToken' } },
    });
    await importCluster(plane, 'short-lived');
  });

  it('deletes a registered cluster when its agent has cleaned up, and revokes the agent then', async () => {
    const uid = await importCluster(plane, 'cleaned');
    await attach(plane, uid, [{ uid: profileUid, variables: [{ name: 'replicas', value: '1' }] }]);
    const agent = await registerAgent(plane, uid);
    await agent.report(agent.status({ revision: (await agent.desiredState()).revision }));
    expect((await plane.call(`/v1/spectroclusters/${uid}`, { method: 'DELETE' })).status).toBe(204);
    expect((await get(uid)).body.status.state).toBe('Deleting');
    expect((await plane.call(`/v1/dashboard/spectroclusters/${uid}/overview`)).body.status.health.state).toBe(
      'Unknown',
    );
    expect(await attach(plane, uid, [{ uid: profileUid }])).toMatchObject({
      status: 409,
      body: { code: 'ClusterBeingDeleted' },
    });
    expect((await plane.call(`/v1/spectroclusters/${uid}`, { method: 'DELETE' })).status).toBe(204);
    const desired = await agent.desiredState();
    expect(desired).toMatchObject({ lifecycle: 'deleting', layers: [] });
    await agent.report(agent.status({ revision: desired.revision - 1, phase: 'cleaned' }));
    expect((await get(uid)).status).toBe(200);
    expect((await agent.report(agent.status({ revision: desired.revision, phase: 'cleaned' }))).status).toBe(204);
    expect((await get(uid)).status).toBe(404);
    expect(await agent.call('/v1/agents/self/desiredstate')).toMatchObject({
      status: 401,
      body: { code: 'AgentRevoked' },
    });
  });

  it('forgets a registered cluster at once by force', async () => {
    const uid = await importCluster(plane, 'forced');
    const agent = await registerAgent(plane, uid);
    expect((await plane.call(`/v1/spectroclusters/${uid}?forceDelete=true`, { method: 'DELETE' })).status).toBe(204);
    expect((await get(uid)).status).toBe(404);
    expect((await agent.call('/v1/agents/self/desiredstate')).status).toBe(401);
  });

  it('keeps settings as they were given', async () => {
    const uid = await importCluster(plane, 'settings');
    const at = `/v1/spectroclusters/${uid}`;
    const put = async (path: string, method: string, body: object): Promise<number> =>
      (await plane.call(`${at}${path}`, { method, body })).status;
    expect(await put('/clusterConfig/timezone', 'PATCH', { timezone: 'Europe/Rome' })).toBe(204);
    expect(await put('/clusterConfig/clusterMetaAttribute', 'PATCH', { clusterMetaAttribute: '{"a":1}' })).toBe(204);
    expect(await put('/clusterConfig/osPatch', 'PATCH', { osPatchConfig: { patchOnBoot: true } })).toBe(204);
    expect(await put('/clusterConfig/hostCluster', 'PATCH', { hostClusterConfig: { isHostCluster: true } })).toBe(204);
    expect(
      await put('/location', 'PUT', { location: { countryCode: 'IT', geoLoc: { latitude: 41.9, longitude: 12.5 } } }),
    ).toBe(204);
    expect(await put('/upgrade/settings', 'POST', { spectroComponents: 'lock' })).toBe(204);
    expect(
      await put('/config/namespaces', 'PUT', {
        namespaces: [{ metadata: { name: 'team' }, spec: { resourceAllocation: { cpuCores: 2, memoryMiB: 512 } } }],
      }),
    ).toBe(204);
    expect(
      await put('/config/rbacs', 'PUT', {
        rbacs: [
          {
            metadata: { name: 'r' },
            spec: { bindings: [{ type: 'ClusterRoleBinding', role: { kind: 'ClusterRole', name: 'view' } }] },
          },
        ],
      }),
    ).toBe(204);
    expect((await plane.call(`${at}/features/backup`)).status).toBe(404);
    expect(
      await put('/features/backup', 'POST', { backupPrefix: 'daily', schedule: { scheduledRunTime: '0 0 * * *' } }),
    ).toBe(201);
    expect(
      await put('/features/complianceScan', 'POST', { kubeBench: { schedule: { scheduledRunTime: '0 1 * * *' } } }),
    ).toBe(201);
    expect(
      await put('/metadata', 'PATCH', {
        metadata: { name: 'settings', labels: { a: 'b' }, annotations: { description: 'd', scope: 'x' } },
      }),
    ).toBe(204);

    const { body } = await get(uid);
    expect(body.metadata).toMatchObject({ labels: { a: 'b' }, annotations: { description: 'd', scope: 'project' } });
    expect(body.spec.clusterConfig).toMatchObject({
      timezone: 'Europe/Rome',
      clusterMetaAttribute: '{"a":1}',
      machineManagementConfig: { osPatchConfig: { patchOnBoot: true } },
      hostClusterConfig: { isHostCluster: true },
    });
    expect(body.status.location).toMatchObject({ countryCode: 'IT' });
    const namespaces = await plane.call(`${at}/config/namespaces`);
    expect(namespaces.body.items).toMatchObject([
      { metadata: { name: 'team', uid: expect.any(String) }, spec: { resourceAllocation: { cpuCores: 2 } } },
    ]);
    expect((await plane.call(`${at}/config/rbacs`)).body.items).toMatchObject([
      { spec: { bindings: [{ role: { name: 'view' } }] } },
    ]);
    expect((await plane.call(`${at}/features/backup`)).body.spec).toMatchObject({
      clusterUid: uid,
      config: { backupPrefix: 'daily' },
    });
    expect((await plane.call(`${at}/features/complianceScan`)).body.spec.driverSpec).toMatchObject({
      'kube-bench': { config: { schedule: { scheduledRunTime: '0 1 * * *' } } },
    });
    expect((await plane.call(`${at}/repave/status`)).body.status.state).toBe('Approved');
    expect((await plane.call(`${at}/assets/adminKubeconfig`)).status).toBe(404);
  });

  it('never shows a sensitive value', async () => {
    const secret = await createProfile(plane, {
      name: 'secretive',
      packs: [],
      variables: [{ name: 'password', isSensitive: true, required: true }],
    });
    const uid = await importCluster(plane, 'secretive');
    await attach(plane, uid, [{ uid: secret, variables: [{ name: 'password', value: 'tr0ub4dor' }] }]);
    const shown = await plane.call(`/v1/spectroclusters/${uid}/variables`);
    expect(JSON.stringify(shown.body)).not.toContain('tr0ub4dor');
    await plane.call(`/v1/spectroclusters/${uid}/variables`, {
      method: 'PATCH',
      body: [{ profileUid: secret, variables: [{ name: 'password', value: shown.body[0].variables[0].value }] }],
    });
    const agent = await registerAgent(plane, uid);
    expect((await agent.desiredState()).context.variables).toEqual({ password: 'tr0ub4dor' });
    const rows = await plane.database
      .asSystem()
      .transaction(async (tx) =>
        tx.query<{ document: Uint8Array; variables: Uint8Array }>(
          'SELECT d.document, a.variables FROM desired_states d JOIN cluster_profile_attachments a ON a.cluster_uid = d.cluster_uid WHERE d.cluster_uid = $1',
          [uid],
        ),
      );
    for (const column of [rows[0]?.document, rows[0]?.variables])
      expect(Buffer.from(column ?? []).toString('latin1')).not.toContain('tr0ub4dor');
  });

  it('searches clusters by name, state and tags', async () => {
    const uid = await importCluster(plane, 'needle');
    const search = async (filters: object[]): Promise<string[]> => {
      const { body } = await plane.call('/v1/dashboard/spectroclusters/search', {
        method: 'POST',
        body: { filter: { conjunction: 'and', filterGroups: [{ conjunction: 'and', filters }] }, sort: [] },
      });
      return (body.items ?? []).map((item: { metadata: { uid: string } }) => item.metadata.uid);
    };
    const byName = {
      property: 'clusterName',
      type: 'string',
      condition: {
        string: {
          operator: 'eq',
          negation: false,
          ignoreCase: false,
          match: { conjunction: 'or', values: ['needle'] },
        },
      },
    };
    expect(
      await search([byName, { property: 'isDeleted', type: 'bool', condition: { bool: { value: false } } }]),
    ).toEqual([uid]);
    expect(
      await search([
        byName,
        {
          property: 'clusterState',
          type: 'string',
          condition: { string: { operator: 'eq', match: { values: ['Running'] } } },
        },
      ]),
    ).toEqual([]);
    const unknown = await plane.call('/v1/dashboard/spectroclusters/search', {
      method: 'POST',
      body: { filter: { filterGroups: [{ filters: [{ property: 'colour' }] }] } },
    });
    expect(unknown).toMatchObject({ status: 422, body: { message: expect.stringContaining('colour') } });
  });

  it('shows a cluster to its own project only', async () => {
    const uid = await importCluster(plane, 'private');
    expect((await plane.call(`/v1/spectroclusters/${uid}`, { headers: { projectuid: 'd'.repeat(24) } })).status).toBe(
      404,
    );
  });
});
