import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { registerAgent } from './fleet-agent.ts';
import { attach, createProfile, importCluster, pushPack } from './fleet-packs.ts';
import { startTestPlane, type Answer, type TestPlane } from './fleet-plane.ts';

const TENANT = { projectuid: '' };

describe('versions of cluster profiles', () => {
  let plane: TestPlane;
  let other: string;
  let pack: { uid: string; digest: string };

  beforeAll(async () => {
    plane = await startTestPlane();
    pack = await pushPack(plane, { name: 'hello', version: '1.0.0' });
    await pushPack(plane, { name: 'hello', version: '1.1.0' });
    other = 'b'.repeat(24);
    await plane.database.asSystem().transaction(async (tx) => {
      await tx.execute('INSERT INTO projects (uid, tenant_uid, name) VALUES ($1, $2, $3)', [
        other,
        plane.tenantUid,
        'Production',
      ]);
    });
  }, 60_000);

  afterAll(async () => plane?.stop());

  const document = (name: string, over: object = {}): Record<string, unknown> => ({
    apiVersion: 'palette-iac.dev/v1',
    kind: 'ClusterProfile',
    name,
    version: '1.0.0',
    type: 'add-on',
    description: 'Says hello',
    tags: ['team:web', 'plain'],
    variables: [{ name: 'greeting', defaultValue: 'hi' }],
    layers: [{ name: 'hello', version: '1.0.0', values: 'pack:\n  namespace: web\n' }],
    ...over,
  });
  const publish = async (profile: object, headers: Record<string, string> = {}, dryRun = false): Promise<Answer> =>
    plane.call('/v1/profileversions', { method: 'POST', body: { profile, dryRun }, headers });
  const promote = async (body: object, to = other): Promise<Answer> =>
    plane.call('/v1/profileversions/promote', { method: 'POST', body, headers: { projectuid: to } });
  const versions = async (query: string, headers: Record<string, string> = {}): Promise<unknown[]> =>
    (await plane.call(`/v1/profileversions?${query}`, { headers })).body.items;
  const setVersions = async (mode: string, headers: Record<string, string> = {}): Promise<Answer> =>
    plane.call('/v1/profilesettings', { method: 'PUT', body: { versions: mode }, headers });

  it('publishes a document, finds its packs, and answers the same content alike', async () => {
    const first = await publish(document('once'));
    expect(first).toMatchObject({
      status: 200,
      body: { name: 'once', version: '1.0.0', created: true, digest: expect.stringMatching(/^sha256:/), findings: [] },
    });
    const again = await publish(document('once', { description: 'Says it better' }));
    expect(again.body).toEqual({ ...first.body, created: false });
    const { body } = await plane.call(`/v1/clusterprofiles/${first.body.uid}`);
    expect(body).toMatchObject({
      metadata: { labels: { team: 'web', plain: 'spectro__tag' }, annotations: { description: 'Says it better' } },
      spec: { published: { digest: first.body.digest, packs: [{ name: 'hello', packUid: pack.uid, tag: '1.0.0' }] } },
      status: { isPublished: true, sealed: true },
    });
  });

  it('refuses another content under a version that is published, with the differences, and changes nothing', async () => {
    const { body: first } = await publish(document('fixed'));
    const answer = await publish(
      document('fixed', {
        variables: [{ name: 'greeting', defaultValue: 'bye' }],
        layers: [{ name: 'hello', version: '1.1.0' }],
      }),
    );
    expect(answer).toMatchObject({
      status: 409,
      body: {
        code: 'ProfileVersionExists',
        message: expect.stringMatching(/fixed 1\.0\.0.*raise the version/s),
        details: { published: first.digest, given: expect.stringMatching(/^sha256:/) },
      },
    });
    expect(JSON.stringify(answer.body)).toMatch(/hello/);
    expect(await versions('name=fixed')).toMatchObject([{ digest: first.digest, version: '1.0.0', sealed: true }]);
  });

  it('checks everything in a dry run, and stores nothing', async () => {
    const dry = await publish(document('dry'), {}, true);
    expect(dry).toMatchObject({ status: 200, body: { created: true } });
    expect(dry.body.uid).toBeUndefined();
    expect(await versions('name=dry')).toEqual([]);
    const { body } = await publish(document('dry'));
    expect(body.digest).toBe(dry.body.digest);
    expect((await publish(document('dry', { layers: [] }), {}, true)).status).toBe(409);
  });

  it.each([
    {
      name: 'a pack that is not there',
      over: { layers: [{ name: 'nowhere', version: '1.0.0' }] },
      code: 'PackNotFound',
      says: /nowhere/,
    },
    {
      name: 'a registry that is not there',
      over: { layers: [{ name: 'hello', version: '1.0.0', registry: 'Elsewhere' }] },
      code: 'RegistryNotFound',
      says: /layer hello.*"Elsewhere".*Palette Registry/,
    },
    {
      name: 'a pack that is not the one of the lock file',
      over: {
        layers: [
          { name: 'hello', version: '^1.0.0', resolved: { version: '1.0.0', digest: `sha256:${'0'.repeat(64)}` } },
        ],
      },
      code: 'PackDigestMismatch',
      says: /layer hello.*1\.0\.0.*Push that pack/,
    },
    { name: 'a version that is none', over: { version: 'one' }, code: 'InvalidRequest', says: /'one'/ },
    {
      name: 'a variable that nobody defines',
      over: { variables: [], layers: [{ name: 'hello', version: '1.0.0', values: 'a: "{{ .spectro.var.x }}"' }] },
      code: 'UndefinedVariable',
      says: /variable x/,
    },
    {
      name: 'a layer of no known kind',
      over: { layers: [{ name: 'hello', layer: 'cellar' }] },
      code: 'InvalidRequest',
      says: /layer/,
    },
  ])('refuses $name', async ({ over, code, says }) => {
    const answer = await publish(document('refused', over));
    expect(answer).toMatchObject({ status: 422, body: { code, message: expect.stringMatching(says) } });
    expect(await versions('name=refused')).toEqual([]);
  });

  it('keeps what a version meant also after it is deleted', async () => {
    const { body } = await publish(document('gone'));
    expect((await plane.call(`/v1/clusterprofiles/${body.uid}`, { method: 'DELETE' })).status).toBe(204);
    expect(await publish(document('gone', { layers: [] }))).toMatchObject({
      status: 409,
      body: { code: 'ProfileVersionExists' },
    });
    const back = await publish(document('gone'));
    expect(back).toMatchObject({ status: 200, body: { created: true, digest: body.digest } });
  });

  it('lets nobody change a sealed version by the other operations, however they try', async () => {
    const { body } = await publish(document('sealed'));
    const path = `/v1/clusterprofiles/${body.uid}`;
    const packs = [{ name: 'hello', tag: '1.1.0' }];
    expect(await plane.call(path, { method: 'PUT', body: { spec: { template: { packs } } } })).toMatchObject({
      status: 409,
      body: { code: 'ProfileVersionExists', message: expect.stringContaining('sealed 1.0.0') },
    });
    const changed = { variables: [{ name: 'greeting', defaultValue: 'other' }] };
    for (const method of ['PUT', 'PATCH'])
      expect((await plane.call(`${path}/variables`, { method, body: changed })).status).toBe(409);
    const renamed = { metadata: { name: 'renamed' }, spec: { version: '1.0.0' } };
    expect(await plane.call(`${path}/metadata`, { method: 'PATCH', body: renamed })).toMatchObject({
      status: 409,
      body: { code: 'ProfileVersionSealed' },
    });
    // What changes nothing of the content is taken.
    const same = { metadata: { name: 'sealed', labels: { a: 'b' }, annotations: { description: 'New words' } } };
    expect((await plane.call(`${path}/metadata`, { method: 'PATCH', body: same })).status).toBe(204);
    const asItIs = {
      spec: { template: { packs: [{ name: 'hello', tag: '1.0.0', values: 'pack:\n  namespace: web' }] } },
    };
    expect((await plane.call(path, { method: 'PUT', body: asItIs })).status).toBe(204);
    expect((await plane.call(`${path}/publish`, { method: 'PATCH' })).status).toBe(204);
    const after = await plane.call(path);
    expect(after.body.spec.draft).toBeUndefined();
    expect(after.body.spec.published.digest).toBe(body.digest);
  });

  it('leaves versions of a mutable project open, until they are published once and for all', async () => {
    const uid = await createProfile(plane, { name: 'open', packs: [{ name: 'hello', tag: '1.0.0' }] });
    const path = `/v1/clusterprofiles/${uid}`;
    const before = (await plane.call(path)).body;
    expect(before.status.sealed).toBe(false);
    await plane.call(path, {
      method: 'PUT',
      body: { spec: { template: { packs: [{ name: 'hello', tag: '1.1.0' }] } } },
    });
    expect((await plane.call(`${path}/publish`, { method: 'PATCH' })).status).toBe(204);
    const after = (await plane.call(path)).body;
    expect(after.spec.published.digest).not.toBe(before.spec.published.digest);
    // Another content is refused by the one-time publication, the same one seals it.
    const open = { variables: [], description: '', tags: [] };
    expect((await publish(document('open', { ...open, layers: [] }))).status).toBe(409);
    const sealed = await publish(document('open', { ...open, layers: [{ name: 'hello', version: '1.1.0' }] }));
    expect(sealed).toMatchObject({ status: 200, body: { uid, created: false, digest: after.spec.published.digest } });
    expect((await plane.call(path)).body.status.sealed).toBe(true);
  });

  it('promotes a version with its digest, from the newest of a range, once and for all', async () => {
    const first = await publish(document('app', { version: '1.2.0' }));
    await publish(document('app', { version: '1.10.0', layers: [{ name: 'hello', version: '1.1.0' }] }));
    await publish(document('app', { version: '2.0.0-rc.1', layers: [] }));
    const from = { projectUid: plane.projectUid };
    const promoted = await promote({ name: 'app', version: '1.2.x', from });
    expect(promoted).toMatchObject({
      status: 200,
      body: { version: '1.2.0', created: true, digest: first.body.digest },
    });
    expect(promoted.body.uid).not.toBe(first.body.uid);
    expect((await promote({ name: 'app', version: 'latest', from })).body).toMatchObject({ version: '1.10.0' });
    expect((await promote({ name: 'app', version: '1.2.0', from })).body).toMatchObject({ created: false });
    expect(await versions('name=app', { projectuid: other })).toMatchObject([
      { version: '1.10.0', sealed: true, scope: 'project', projectUid: other },
      { version: '1.2.0', sealed: true },
    ]);
    expect(await promote({ name: 'app', version: '3.x', from })).toMatchObject({
      status: 404,
      body: { message: expect.stringContaining('2.0.0-rc.1, 1.10.0, 1.2.0') },
    });
    expect((await promote({ name: 'app', version: '1.2.0', from: { projectUid: 'f'.repeat(24) } })).status).toBe(404);
    expect((await promote({ name: 'app', version: '1.2.0', from: { projectUid: other } })).status).toBe(422);
  });

  it('promotes into the tenant, and refuses another content that is there', async () => {
    await publish(document('wide', { layers: [] }), TENANT);
    await publish(document('wide'));
    const from = { projectUid: plane.projectUid };
    expect(await promote({ name: 'wide', version: '1.0.0', from }, '')).toMatchObject({
      status: 409,
      body: { code: 'ProfileVersionExists' },
    });
    const fromTenant = await promote({ name: 'wide', version: '1.0.0', from: {} });
    expect(fromTenant).toMatchObject({ status: 200, body: { created: true } });
  });

  it('finds the newest of a line', async () => {
    for (const version of ['1.0.0', '1.9.0', '1.10.0', '2.0.0'])
      await publish(
        document('line', { version, layers: [{ name: 'hello', version: '1.0.0', values: `v: ${version}` }] }),
      );
    await createProfile(plane, { name: 'line', version: '3.0.0', packs: [], publish: false });
    const version = async (wanted: string): Promise<unknown> =>
      (await versions(`name=line&version=${encodeURIComponent(wanted)}`)).map(
        (item) => (item as { version: string }).version,
      );
    expect(await version('latest')).toEqual(['2.0.0']);
    expect(await version('1.x')).toEqual(['1.10.0']);
    expect(await version('~1.9.0')).toEqual(['1.9.0']);
    expect(await version('9.x')).toEqual([]);
  });

  it('seals what an immutable project publishes, and what it has published', async () => {
    const headers = { projectuid: other };
    const before = await publish(document('early', { version: '0.1.0' }), headers);
    expect(before.status).toBe(200);
    const create = async (name: string, packs: object[]): Promise<Answer> =>
      plane.call('/v1/clusterprofiles?publish=true', {
        method: 'POST',
        headers,
        body: { metadata: { name }, spec: { version: '1.0.0', template: { type: 'add-on', packs }, variables: [] } },
      });
    const open = await create('open', []);
    expect((await plane.call('/v1/profilesettings', { headers })).body).toMatchObject({ versions: 'mutable' });
    expect((await setVersions('immutable', headers)).status).toBe(204);
    expect((await plane.call('/v1/profilesettings', { headers })).body).toMatchObject({ versions: 'immutable' });
    expect((await plane.call('/v1/profilesettings')).body).toMatchObject({ versions: 'mutable' });
    const fresh = await create('fresh', [{ name: 'hello', tag: '1.0.0' }]);
    for (const { body } of [open, fresh]) {
      const packs = [{ name: 'hello', tag: '1.1.0' }];
      const changed = await plane.call(`/v1/clusterprofiles/${body.uid}`, {
        method: 'PUT',
        headers,
        body: { spec: { template: { packs } } },
      });
      expect(changed).toMatchObject({ status: 409, body: { code: 'ProfileVersionExists' } });
    }
    // A draft comes to its content step by step, and is sealed when it is published.
    const draft = await plane.call('/v1/clusterprofiles', {
      method: 'POST',
      headers,
      body: { metadata: { name: 'draft' }, spec: { template: { type: 'add-on', packs: [] } } },
    });
    const path = `/v1/clusterprofiles/${draft.body.uid}`;
    const packs = [{ name: 'hello', tag: '1.0.0' }];
    expect((await plane.call(path, { method: 'PUT', headers, body: { spec: { template: { packs } } } })).status).toBe(
      204,
    );
    expect((await plane.call(`${path}/publish`, { method: 'PATCH', headers })).status).toBe(204);
    expect((await plane.call(path, { headers })).body.status.sealed).toBe(true);
    // Opening the project opens no version.
    await setVersions('mutable', headers);
    expect((await plane.call(path, { headers })).body.status.sealed).toBe(true);
  });

  it('tells of a cluster which content it runs', async () => {
    const { body } = await publish(document('told'));
    const clusterUid = await importCluster(plane, 'told');
    expect((await attach(plane, clusterUid, [{ uid: body.uid }])).status).toBe(204);
    const agent = await registerAgent(plane, clusterUid);
    expect((await agent.desiredState()).layers).toMatchObject([{ name: 'hello', profile: { digest: body.digest } }]);
    const { body: cluster } = await plane.call(`/v1/spectroclusters/${clusterUid}`);
    expect(cluster.spec.clusterProfileTemplates).toMatchObject([{ name: 'told', digest: body.digest }]);
    expect(await versions('name=told')).toMatchObject([{ clusters: 1 }]);
  });
});
