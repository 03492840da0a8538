import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { registerAgent } from './fleet-agent.ts';
import { attach, createProfile, importCluster, packBytes, pushPack, registryUid } from './fleet-packs.ts';
import { startTestPlane, type Answer, type TestPlane } from './fleet-plane.ts';

describe('packs and cluster profiles', () => {
  let plane: TestPlane;
  let registry: string;

  beforeAll(async () => {
    plane = await startTestPlane();
    registry = await registryUid(plane);
    await pushPack(plane, { name: 'hello', version: '1.0.0' });
    await pushPack(plane, { name: 'hello', version: '1.10.0' });
    await pushPack(plane, { name: 'hello', version: '1.9.0' });
    await pushPack(plane, { name: 'calico', version: '3.30.0', layer: 'cni' });
  }, 60_000);

  afterAll(async () => plane?.stop());

  const push = async (bytes: Uint8Array): Promise<Answer> =>
    plane.call(`/v1/registries/pack/${registry}/packs`, { method: 'PUT', bytes });
  const profileNames = async (): Promise<string[]> =>
    (await plane.call('/v1/dashboard/clusterprofiles/metadata')).body.items.map(
      (item: { metadata: { name: string } }) => item.metadata.name,
    );
  const create = async (spec: object, name = 'refused'): Promise<Answer> =>
    plane.call('/v1/clusterprofiles', { method: 'POST', body: { metadata: { name }, spec } });

  it('answers the same pack pushed again alike, and refuses another content under its version', async () => {
    const first = await push(packBytes({ name: 'again' }));
    const second = await push(packBytes({ name: 'again' }));
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    const other = await push(packBytes({ name: 'again', values: 'pack:\n  namespace: elsewhere\n' }));
    expect(other).toMatchObject({ status: 409, body: { code: 'PackVersionExists' } });
  });

  it('says what is wrong with a pack, and stores nothing of it', async () => {
    const answer = await push(packBytes({ name: 'broken', values: 'a: [1,\nb: 2\n' }));
    expect(answer).toMatchObject({ status: 422, body: { code: 'InvalidPack' } });
    expect(answer.body.details).toEqual(
      expect.arrayContaining([expect.objectContaining({ file: 'values.yaml', line: expect.any(Number) })]),
    );
    expect((await plane.call(`/v1/packs/broken/registries/${registry}`)).status).toBe(404);
    expect((await push(new Uint8Array([1, 2, 3]))).status).toBe(422);
  });

  it('lists the versions of a pack, the newest first, each with the tags of its series', async () => {
    const { body } = await plane.call(`/v1/packs/hello/registries/${registry}`);
    expect(body.tags.map((tag: { tag: string }) => tag.tag)).toEqual(['1.10.0', '1.9.0', '1.0.0']);
    expect(body.tags[0].parentTags).toEqual(['1.x', '1.10.x']);
    expect(body.packValues[0].values).toContain('namespace: default');
  });

  it('finds packs by filter and by search', async () => {
    const listed = await plane.call(
      `/v1/packs?filters=${encodeURIComponent(`spec.name=helloANDspec.version=1.9.0ANDspec.registryUid=${registry}`)}`,
    );
    expect(listed.body.items).toMatchObject([{ spec: { name: 'hello', version: '1.9.0', layer: 'addon' } }]);
    const found = await plane.call('/v1/packs/search', {
      method: 'POST',
      body: { filter: { name: { eq: 'hello' }, layer: ['addon'], registryUid: [registry] } },
    });
    expect(found.body.items).toMatchObject([
      { spec: { name: 'hello', registries: [{ latestVersion: '1.10.0', uid: registry }] } },
    ]);
    const paged = await plane.call('/v1/packs?limit=2&offset=1');
    expect(paged.body.items).toHaveLength(2);
    expect(paged.body.listmeta).toMatchObject({ limit: 2, offset: 1, continue: '3' });
    const named = async (filters: string): Promise<string[]> =>
      (await plane.call(`/v1/packs?filters=${encodeURIComponent(filters)}`)).body.items.map(
        (item: { spec: { name: string } }) => item.spec.name,
      );
    // Packs for all clouds are there for each of them, as the official provider asks.
    expect(await named('spec.name=calicoANDspec.cloudTypes_in_aws,all')).toEqual(['calico']);
    expect(await named('spec.name_in_calico,nothing')).toEqual(['calico']);
  });

  it.each([
    {
      name: 'a pack that does not exist',
      packs: [{ name: 'nowhere', tag: '1.0.0' }],
      code: 'PackNotFound',
      says: /nowhere/,
    },
    {
      name: 'a tag that does not exist',
      packs: [{ name: 'hello', tag: '9.9.9' }],
      code: 'PackNotFound',
      says: /hello has no tag '9.9.9'.*1\.10\.0/,
    },
    {
      name: 'a pack identifier that does not exist',
      packs: [{ name: 'hello', uid: 'f'.repeat(24) }],
      code: 'PackNotFound',
      says: /hello/,
    },
    {
      name: 'a pack of another registry',
      packs: [{ name: 'hello', tag: '1.0.0', registryUid: 'f'.repeat(24) }],
      code: 'RegistryNotFound',
      says: /hello/,
    },
    {
      name: 'one pack twice',
      packs: [
        { name: 'hello', tag: '1.0.0' },
        { name: 'hello', tag: '1.9.0' },
      ],
      code: 'DuplicatePack',
      says: /hello/,
    },
    {
      name: 'infrastructure in an add-on profile',
      packs: [{ name: 'calico', tag: '3.30.0' }],
      code: 'InvalidPackLayer',
      says: /calico is of layer cni/,
    },
    {
      name: 'a chart without a registry of charts',
      packs: [{ name: 'nginx', type: 'helm', tag: '1' }],
      code: 'RegistryNotFound',
      says: /nginx/,
    },
  ])('refuses $name, and stores nothing', async ({ packs, code, says }) => {
    const answer = await create({ template: { type: 'add-on', packs } });
    expect(answer).toMatchObject({ status: 422, body: { code, message: expect.stringMatching(says) } });
    expect(await profileNames()).not.toContain('refused');
  });

  it.each([
    {
      name: 'a default of the wrong format',
      variable: { name: 'count', format: 'number', defaultValue: 'many' },
      says: /count.*number/,
    },
    { name: 'a dropdown without options', variable: { name: 'choice', inputType: 'dropdown' }, says: /choice/ },
    { name: 'a regex that cannot be read', variable: { name: 'code', regex: '(' }, says: /code.*regex/ },
    {
      name: 'one that nobody could ever set',
      variable: { name: 'hidden', hidden: true, required: true },
      says: /hidden/,
    },
  ])('refuses a variable: $name', async ({ variable, says }) => {
    const answer = await create({ template: { type: 'add-on', packs: [] }, variables: [variable] });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'InvalidVariable', message: expect.stringMatching(says) },
    });
    expect(await profileNames()).not.toContain('refused');
  });

  it('refuses layers that read a variable which the profile does not define, and stores nothing', async () => {
    const layer = (content: string): object => ({
      template: { type: 'add-on', packs: [{ name: 'm', type: 'manifest', manifests: [{ name: 'config', content }] }] },
      variables: [{ name: 'team', displayName: 'Team' }],
    });
    const answer = await create(layer('a: 1\nb: "{{ .spectro.var.taem }}"\n'), 'undefined-variable');
    expect(answer).toMatchObject({
      status: 422,
      body: {
        code: 'UndefinedVariable',
        message: expect.stringMatching(/pack m, manifest config, line 2: .* variable taem .*it defines team/),
      },
    });
    expect(await profileNames()).not.toContain('undefined-variable');
    expect(
      (await create(layer('b: "{{ .spectro.var.taem | default `x` }}{{ .spectro.var.team }}"'), 'defined')).status,
    ).toBe(201);
  });

  it('resolves a series tag to its newest version, and keeps the tag', async () => {
    const uid = await createProfile(plane, { name: 'series', packs: [{ name: 'hello', tag: '1.x' }] });
    const { body } = await plane.call(`/v1/clusterprofiles/${uid}`);
    expect(body.spec.published.packs).toMatchObject([
      { name: 'hello', tag: '1.x', version: '1.10.0', registryUid: registry, layer: 'addon' },
    ]);
    expect(body.status).toMatchObject({ isPublished: true, inUseClusterUids: [] });
  });

  it('keeps a draft apart until it is published', async () => {
    const uid = await createProfile(plane, { name: 'draft', packs: [{ name: 'hello', tag: '1.0.0', values: 'a: 1' }] });
    const update = { spec: { template: { type: 'add-on', packs: [{ name: 'hello', tag: '1.9.0', values: 'a: 2' }] } } };
    expect((await plane.call(`/v1/clusterprofiles/${uid}`, { method: 'PUT', body: update })).status).toBe(204);
    const before = await plane.call(`/v1/clusterprofiles/${uid}`);
    expect(before.body.spec).toMatchObject({
      draft: { packs: [{ version: '1.9.0' }] },
      published: { packs: [{ version: '1.0.0', values: 'a: 1' }] },
    });
    await plane.call(`/v1/clusterprofiles/${uid}/publish`, { method: 'PATCH' });
    const after = await plane.call(`/v1/clusterprofiles/${uid}`);
    expect(after.body.spec.published.packs).toMatchObject([{ version: '1.9.0', values: 'a: 2' }]);
    expect(after.body.spec.draft).toBeUndefined();
  });

  it("keeps a manifest's identifier and content through an update that names it only", async () => {
    const packs = [{ name: 'own', type: 'manifest', manifests: [{ name: 'one', content: 'kind: ConfigMap' }] }];
    const uid = await createProfile(plane, { name: 'manifests', packs });
    const first = await plane.call(`/v1/clusterprofiles/${uid}/packs/own/manifests`);
    const [manifest] = first.body.items;
    expect(manifest.spec.published.content).toBe('kind: ConfigMap');
    const update = {
      spec: {
        template: {
          packs: [{ name: 'own', type: 'manifest', manifests: [{ name: 'renamed', uid: manifest.metadata.uid }] }],
        },
      },
    };
    await plane.call(`/v1/clusterprofiles/${uid}`, { method: 'PUT', body: update });
    await plane.call(`/v1/clusterprofiles/${uid}/publish`, { method: 'PATCH' });
    const second = await plane.call(`/v1/clusterprofiles/${uid}/packs/own/manifests`);
    expect(second.body.items).toMatchObject([
      {
        metadata: { uid: manifest.metadata.uid, name: 'renamed' },
        spec: { published: { content: 'kind: ConfigMap' } },
      },
    ]);
  });

  it('allows a name in several versions, not twice in one', async () => {
    const first = await createProfile(plane, { name: 'versions', version: '1.0.0', packs: [] });
    await createProfile(plane, { name: 'versions', version: '1.10.0', packs: [] });
    await createProfile(plane, { name: 'versions', version: '1.9.0', packs: [] });
    expect(await create({ version: '1.9.0', template: { type: 'add-on' } }, 'versions')).toMatchObject({
      status: 409,
      body: { code: 'ClusterProfileExists' },
    });
    expect(await create({ version: 'newest', template: { type: 'add-on' } }, 'versions')).toMatchObject({
      status: 422,
    });
    const { body } = await plane.call(`/v1/clusterprofiles/${first}`);
    expect(body.spec.versions.map((version: { version: string }) => version.version)).toEqual([
      '1.0.0',
      '1.9.0',
      '1.10.0',
    ]);
  });

  it('clones a profile under another name, into the tenant if asked', async () => {
    const source = await createProfile(plane, {
      name: 'source',
      packs: [{ name: 'hello', tag: '1.0.0' }],
      variables: [{ name: 'v' }],
    });
    const clone = await plane.call(`/v1/clusterprofiles/${source}/clone`, {
      method: 'POST',
      body: { metadata: { name: 'copy', version: '2.0.0', target: { scope: 'tenant' } } },
    });
    expect(clone.status).toBe(201);
    const { body } = await plane.call(`/v1/clusterprofiles/${clone.body.uid}`, { headers: { projectuid: '' } });
    expect(body).toMatchObject({
      metadata: { name: 'copy', annotations: { scope: 'tenant' } },
      spec: { version: '2.0.0', published: { packs: [{ name: 'hello' }] } },
    });
    expect((await plane.call(`/v1/clusterprofiles/${clone.body.uid}/publish`, { method: 'PATCH' })).status).toBe(403);
    expect((await plane.call(`/v1/clusterprofiles/${source}`, { headers: { projectuid: '' } })).status).toBe(404);
  });

  it('changes variables one by one or all at once, and never shows a sensitive default', async () => {
    const uid = await createProfile(plane, {
      name: 'variables',
      packs: [],
      variables: [
        { name: 'plain', defaultValue: 'a' },
        { name: 'secret', isSensitive: true, defaultValue: 'hush' },
      ],
    });
    const path = `/v1/clusterprofiles/${uid}/variables`;
    const shown = await plane.call(path);
    expect(shown.body.variables).toMatchObject([
      { name: 'plain', defaultValue: 'a', format: 'string', inputType: 'text' },
      { name: 'secret', defaultValue: '********' },
    ]);
    // What was read goes back: the masked value stays what it was.
    await plane.call(path, { method: 'PUT', body: shown.body });
    await plane.call(path, {
      method: 'PATCH',
      body: {
        variables: [
          { name: 'plain', defaultValue: 'b' },
          { name: 'new', format: 'boolean', defaultValue: 'true' },
        ],
      },
    });
    const clusterUid = await importCluster(plane, 'variables');
    await attach(plane, clusterUid, [{ uid }]);
    const agent = await registerAgent(plane, clusterUid);
    expect((await agent.desiredState()).context.variables).toEqual({ plain: 'b', secret: 'hush', new: 'true' });
  });

  it('brings a published change to every cluster, and nothing where nothing changed', async () => {
    const uid = await createProfile(plane, { name: 'shared', packs: [{ name: 'hello', tag: '1.0.0' }] });
    const clusters = [await importCluster(plane, 'shared-1'), await importCluster(plane, 'shared-2')];
    for (const clusterUid of clusters) await attach(plane, clusterUid, [{ uid }]);
    const agents = await Promise.all(clusters.map(async (clusterUid) => registerAgent(plane, clusterUid)));
    const before = await Promise.all(agents.map(async (agent) => agent.desiredState()));

    const same = { spec: { template: { packs: [{ name: 'hello', tag: '1.0.0' }] } } };
    await plane.call(`/v1/clusterprofiles/${uid}`, { method: 'PUT', body: same });
    await plane.call(`/v1/clusterprofiles/${uid}/publish`, { method: 'PATCH' });
    expect(await Promise.all(agents.map(async (agent) => agent.desiredState()))).toEqual(before);

    const changed = { spec: { template: { packs: [{ name: 'hello', tag: '1.9.0', values: 'a: 1' }] } } };
    await plane.call(`/v1/clusterprofiles/${uid}`, { method: 'PUT', body: changed });
    expect(await Promise.all(agents.map(async (agent) => agent.desiredState()))).toEqual(before);
    await plane.call(`/v1/clusterprofiles/${uid}/publish`, { method: 'PATCH' });
    for (const [index, agent] of agents.entries()) {
      const after = await agent.desiredState();
      expect(after).toMatchObject({
        revision: (before[index]?.revision ?? 0) + 1,
        layers: [{ name: 'hello', version: '1.9.0', values: 'a: 1' }],
      });
    }
  });

  it('does not delete a profile that clusters run, and says which', async () => {
    const uid = await createProfile(plane, { name: 'used', packs: [{ name: 'hello', tag: '1.0.0' }] });
    const clusterUid = await importCluster(plane, 'user-of-used');
    await attach(plane, clusterUid, [{ uid }]);
    expect(await plane.call(`/v1/clusterprofiles/${uid}`, { method: 'DELETE' })).toMatchObject({
      status: 409,
      body: { code: 'ClusterProfileInUse', message: expect.stringContaining('user-of-used') },
    });
    expect((await plane.call(`/v1/clusterprofiles/${uid}`)).body.status.inUseClusterUids).toEqual([clusterUid]);
    await plane.call(`/v1/spectroclusters/${clusterUid}/profiles`, { method: 'DELETE', body: { profileUids: [uid] } });
    expect((await plane.call(`/v1/clusterprofiles/${uid}`, { method: 'DELETE' })).status).toBe(204);
    expect(await plane.call(`/v1/clusterprofiles/${uid}`)).toMatchObject({
      status: 404,
      body: { code: 'ResourceNotFound' },
    });
  });

  it('reads many profiles in one request, and names those that are not there', async () => {
    const uid = await createProfile(plane, {
      name: 'bulk',
      packs: [{ name: 'own', type: 'manifest', manifests: [{ name: 'm', content: 'a: 1' }] }],
      variables: [{ name: 'v' }],
    });
    const absent = 'e'.repeat(24);
    const { status, body } = await plane.call('/v1/bulk/clusterprofiles', {
      method: 'POST',
      body: { uids: [uid, absent, uid] },
    });
    expect(status).toBe(200);
    expect(body.missing).toEqual([absent]);
    const single = await plane.call(`/v1/clusterprofiles/${uid}`);
    const manifests = await plane.call(`/v1/clusterprofiles/${uid}/packs/own/manifests`);
    expect(body.items).toEqual([
      {
        uid,
        profile: single.body,
        variables: [{ name: 'v', format: 'string', inputType: 'text' }],
        manifests: [{ packName: 'own', manifests: manifests.body.items }],
      },
    ]);
  });
});
