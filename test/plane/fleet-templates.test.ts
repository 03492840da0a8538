import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import { reconcileWaiting } from '#plane/domain/templates/reconcile-waiting';
import { createSecrets } from '#plane/domain/secrets/secrets';

import { registerAgent } from './fleet-agent.ts';
import { attach, createProfile, importCluster } from './fleet-packs.ts';
import { startTestPlane, type Answer, type TestPlane } from './fleet-plane.ts';

/** A Monday; the window of the tests opens at two. */
const MORNING = new Date('2026-03-02T10:00:00Z');
const NIGHT = new Date('2026-03-03T02:30:00Z');

describe('cluster templates', () => {
  let plane: TestPlane;
  let now = MORNING;
  let count = 0;
  let base: string;

  beforeAll(async () => {
    plane = await startTestPlane({ now: () => now, accessSeconds: 7 * 86_400 });
    base = await createProfile(plane, {
      name: 'base',
      packs: [manifest('greeting')],
      variables: [
        { name: 'greeting', required: true },
        { name: 'colour', defaultValue: 'red' },
        { name: 'key', isSensitive: true },
        { name: 'fixed', immutable: true },
      ],
    });
  }, 60_000);

  afterAll(async () => plane?.stop());
  beforeEach(() => {
    now = MORNING;
  });

  function manifest(name: string, text = '{{.spectro.var.greeting}}'): object {
    const content = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  text: '${text}'\n`;
    return { name, type: 'manifest', layer: 'addon', manifests: [{ name, content }] };
  }
  const send = async (method: string, path: string, body?: object): Promise<Answer> =>
    plane.call(path, { method, ...(body === undefined ? {} : { body }) });
  const create = async (path: string, body: object): Promise<string> => {
    const answer = await send('POST', path, body);
    expect(answer).toMatchObject({ status: 201 });
    return answer.body.uid;
  };
  const policy = async (cron = '0 2 * * *'): Promise<string> =>
    create('/v1/spcPolicies/maintenance', {
      metadata: { name: `policy-${count++}` },
      spec: { schedules: [{ name: 'nights', startCron: cron, durationHrs: 2 }] },
    });
  const template = async (profiles: readonly object[], policies: readonly string[] = []): Promise<string> =>
    create('/v1/clusterTemplates', {
      metadata: { name: `template-${count++}`, labels: { team: 'x' } },
      spec: { cloudType: 'generic', profiles, policies: policies.map((uid) => ({ kind: 'maintenance', uid })) },
    });
  const follows = async (templateUid: string, profiles: readonly object[] = []): Promise<string> => {
    const uid = await importCluster(plane, `cluster-${count++}`);
    const answer = await send('PUT', `/v1/spectroclusters/${uid}/clusterTemplate`, { uid: templateUid, profiles });
    expect(answer).toMatchObject({ status: 204 });
    return uid;
  };
  const cluster = async (uid: string): Promise<Answer['body']> =>
    (await send('GET', `/v1/spectroclusters/${uid}`)).body;
  const profilesOf = async (uid: string): Promise<string[]> =>
    (await cluster(uid)).spec.clusterProfileTemplates.map((one: { uid: string }) => one.uid);
  const valuesOf = async (uid: string, profileUid = base): Promise<Record<string, string>> => {
    const { body } = await send('GET', `/v1/spectroclusters/${uid}/variables`);
    const found = body.find((one: { profileUid: string }) => one.profileUid === profileUid);
    return Object.fromEntries(found.variables.map(({ name, value }: { name: string; value: string }) => [name, value]));
  };
  const stand = async (templateUid: string): Promise<Answer['body']> =>
    (await send('GET', `/v1/clusterTemplates/${templateUid}`)).body;
  const look = async (): Promise<string[]> =>
    reconcileWaiting(
      plane.database,
      { secrets: createSecrets(plane.masterKey), fleet: plane.fleet.services },
      { log: silentLogger, signal: new AbortController().signal },
    );
  const greeting = (value: string, assignStrategy = 'all'): object => ({
    uid: base,
    variables: [{ name: 'greeting', value, assignStrategy }],
  });

  it('gives its profiles and values to the clusters that follow it, and says who they are', async () => {
    const uid = await template([greeting('hello')]);
    const one = await follows(uid);
    expect(await profilesOf(one)).toEqual([base]);
    expect(await valuesOf(one)).toMatchObject({ greeting: 'hello', colour: 'red' });
    expect((await cluster(one)).spec.clusterTemplate).toMatchObject({ uid });
    expect(await stand(uid)).toMatchObject({
      metadata: { labels: { team: 'x' }, annotations: { scope: 'project' } },
      spec: {
        cloudType: 'generic',
        profiles: [{ uid: base, variables: [{ name: 'greeting', value: 'hello', assignStrategy: 'all' }] }],
        clusters: { [one]: { clusterUid: one, name: expect.any(String) } },
      },
      status: { state: 'Pending', clusterStatusCounts: { clusters: { pending: [one], applied: [], failed: [] } } },
    });
  });

  it('is followed from the import of a cluster on', async () => {
    const uid = await template([greeting('hello')]);
    const imported = await create('/v1/spectroclusters/generic/import', {
      metadata: { name: `cluster-${count++}` },
      spec: { clusterTemplate: { uid } },
    });
    expect(await profilesOf(imported)).toEqual([base]);
  });

  it('reaches an agent: what it enforces are the template’s profiles, and then the template is applied', async () => {
    const uid = await template([greeting('hello')]);
    const one = await follows(uid);
    const agent = await registerAgent(plane, one);
    const state = await agent.desiredState();
    expect(state).toMatchObject({ layers: [{ name: 'greeting' }], context: { variables: { greeting: 'hello' } } });
    await agent.report(agent.status({ revision: state.revision, sentAt: now.toISOString() }));
    expect((await stand(uid)).status.state).toBe('Applied');
  });

  it('changes all clusters at once without a policy, another version of a profile included', async () => {
    const uid = await template([greeting('hello')]);
    const clusters = [await follows(uid), await follows(uid)];
    const next = await createProfile(plane, {
      name: 'base',
      version: `1.${count}.0`,
      packs: [manifest('greeting')],
      variables: [{ name: 'greeting', required: true }],
    });
    const changed = await send('PUT', `/v1/clusterTemplates/${uid}/profiles`, {
      profiles: [{ uid: next, variables: [{ name: 'greeting', value: 'moin' }] }],
    });
    expect(changed.status).toBe(204);
    for (const one of clusters) {
      expect(await profilesOf(one)).toEqual([next]);
      expect(await valuesOf(one, next)).toEqual({ greeting: 'moin' });
    }
  });

  it('leaves variables to clusters where it says so, and a value of its own is their fallback', async () => {
    const uid = await template([greeting('hello', 'cluster')]);
    const one = await follows(uid);
    const two = await follows(uid, [{ uid: base, variables: [{ name: 'greeting', value: 'own' }] }]);
    expect([(await valuesOf(one))['greeting'], (await valuesOf(two))['greeting']]).toEqual(['hello', 'own']);
    const patched = await send('PATCH', `/v1/spectroclusters/${one}/variables`, [
      { profileUid: base, variables: [{ name: 'greeting', value: 'mine' }] },
    ] as never);
    expect(patched.status).toBe(204);
    expect((await valuesOf(one))['greeting']).toBe('mine');
    // Another change of the template does not take it away.
    await send('PUT', `/v1/clusterTemplates/${uid}/profiles`, {
      profiles: [{ uid: base, variables: [{ name: 'greeting', value: 'all of you', assignStrategy: 'cluster' }] }],
    });
    expect([(await valuesOf(one))['greeting'], (await valuesOf(two))['greeting']]).toEqual(['mine', 'own']);
    const mapped = await send('PATCH', `/v1/clusterTemplates/${uid}/profiles/variables`, {
      profiles: [{ uid: base, variables: [{ name: 'greeting', clusters: [{ uid: two, value: 'given' }] }] }],
    });
    expect(mapped.status).toBe(204);
    expect((await valuesOf(two))['greeting']).toBe('given');
    const { body } = await send('GET', `/v1/clusterTemplates/${uid}/profiles/${base}/variables`);
    expect(body.variables[0]).toMatchObject({
      variable: { name: 'greeting' },
      clusters: expect.arrayContaining([
        { uid: two, value: 'given', assignedValue: 'given', assignedBy: 'spectrocluster', assignmentState: 'Assigned' },
      ]),
    });
  });

  it('keeps what it gives to all from being changed on a cluster, and its profiles from being taken off', async () => {
    const uid = await template([greeting('hello')]);
    const one = await follows(uid);
    const patched = await send('PATCH', `/v1/spectroclusters/${one}/variables`, [
      { profileUid: base, variables: [{ name: 'greeting', value: 'mine' }] },
    ] as never);
    expect(patched).toMatchObject({ status: 422, body: { message: expect.stringContaining('one value for all') } });
    const detached = await send('DELETE', `/v1/spectroclusters/${one}/profiles`, { profileUids: [base] });
    expect(detached).toMatchObject({ status: 409, body: { code: 'ProfileOfTemplate' } });
    const attached = await attach(plane, one, [{ uid: base, variables: [{ name: 'greeting', value: 'x' }] }]);
    expect(attached).toMatchObject({ status: 409, body: { code: 'ProfileOfTemplate' } });
  });

  it('gives back what the cluster had attached itself before the template brought it, with its values', async () => {
    const one = await importCluster(plane, `cluster-${count++}`);
    await attach(plane, one, [{ uid: base, variables: [{ name: 'greeting', value: 'of its own' }] }]);
    const uid = await template([greeting('hello')]);
    expect(await send('PUT', `/v1/spectroclusters/${one}/clusterTemplate`, { uid })).toMatchObject({ status: 204 });
    expect(await valuesOf(one)).toMatchObject({ greeting: 'hello' });
    expect(await send('PUT', `/v1/spectroclusters/${one}/clusterTemplate`, { uid: '' })).toMatchObject({ status: 204 });
    expect(await profilesOf(one)).toEqual([base]);
    expect(await valuesOf(one)).toMatchObject({ greeting: 'of its own' });
  });

  it('lets a cluster have profiles of its own besides, and takes its own along when it is left', async () => {
    const uid = await template([greeting('hello')]);
    const one = await follows(uid);
    const extra = await createProfile(plane, { name: `extra-${count++}`, packs: [manifest(`extra-${count}`, 'x')] });
    expect((await attach(plane, one, [{ uid: extra }])).status).toBe(204);
    expect(new Set(await profilesOf(one))).toEqual(new Set([base, extra]));
    expect((await send('PUT', `/v1/spectroclusters/${one}/clusterTemplate`, { uid: '' })).status).toBe(204);
    expect(await profilesOf(one)).toEqual([extra]);
    expect((await cluster(one)).spec.clusterTemplate).toBeUndefined();
  });

  describe('with a maintenance policy', () => {
    it('holds a change of itself back until the window opens', async () => {
      const uid = await template([greeting('hello')], [await policy()]);
      const one = await follows(uid);
      const { revision } = await desired(one);
      expect((await stand(uid)).status.maintenance).toEqual({
        nextWindowStartTime: '2026-03-03T02:00:00.000Z',
        nextWindowEndTime: '2026-03-03T04:00:00.000Z',
      });
      expect((await send('PUT', `/v1/clusterTemplates/${uid}/profiles`, { profiles: [greeting('moin')] })).status).toBe(
        204,
      );
      expect((await desired(one)).revision).toBe(revision);
      expect((await valuesOf(one))['greeting']).toBe('hello');
      const waiting = await send('GET', `/v1/clusterTemplates/${uid}/spectroclusters/${one}/reconcile`);
      expect(waiting.body.status).toMatchObject({ state: 'Pending', message: expect.stringContaining('window') });
      expect(await look()).not.toContain(one);
      now = NIGHT;
      expect(await look()).toContain(one);
      expect((await valuesOf(one))['greeting']).toBe('moin');
      expect((await desired(one)).revision).toBe(revision + 1);
      const done = await send('GET', `/v1/clusterTemplates/${uid}/spectroclusters/${one}/reconcile`);
      expect(done.body.status).toMatchObject({
        lastAppliedTimestamp: NIGHT.toISOString(),
        updateLogs: [{ state: 'Applied', profileUids: [base] }, { state: 'Applied' }],
      });
      expect(await look()).not.toContain(one);
    });

    it('holds back what a profile says anew under the same version; other changes of the cluster go on', async () => {
      const name = `live-${count++}`;
      const profile = await createProfile(plane, { name, packs: [manifest(name, 'one')] });
      const uid = await template([{ uid: profile }], [await policy()]);
      const one = await follows(uid);
      const publish = async (text: string): Promise<void> => {
        await send('PUT', `/v1/clusterprofiles/${profile}`, {
          metadata: { name },
          spec: { template: { type: 'add-on', packs: [manifest(name, text)] } },
        });
        expect((await send('PATCH', `/v1/clusterprofiles/${profile}/publish`)).status).toBe(204);
      };
      await publish('two');
      expect((await desired(one)).text).toContain('one');
      expect((await stand(uid)).status.clusterStatusCounts.clusters.pending).toEqual([one]);
      const extra = await createProfile(plane, { name: `extra-${count++}`, packs: [manifest(`extra-${count}`, 'x')] });
      expect((await attach(plane, one, [{ uid: extra }])).status).toBe(204);
      const meanwhile = await desired(one);
      expect(meanwhile.text).toContain('one');
      expect(meanwhile.layers).toHaveLength(2);
      now = NIGHT;
      await look();
      expect((await desired(one)).text).toContain('two');
      await publish('three');
      expect((await desired(one)).text).toContain('three');
    });

    it('keeps nobody waiting for one that fails in a way that nobody thought of', async () => {
      const [broken, well] = [
        await template([greeting('hello')], [await policy()]),
        await template([greeting('hello')], [await policy()]),
      ];
      const one = await follows(broken);
      const two = await follows(well);
      for (const uid of [broken, well])
        await send('PUT', `/v1/clusterTemplates/${uid}/profiles`, { profiles: [greeting('moin')] });
      const setValues = async (sealed: Uint8Array | null): Promise<unknown> =>
        plane.database
          .forTenant(plane.tenantUid)
          .transaction(async (tx) =>
            tx.execute('UPDATE cluster_template_profiles SET variables = $2 WHERE template_uid = $1', [broken, sealed]),
          );
      await setValues(Buffer.from('unreadable'));
      now = NIGHT;
      const followed = await look().catch((error: unknown) => error);
      expect((await valuesOf(two))['greeting']).toBe('moin');
      expect(followed).toEqual(expect.arrayContaining([one, two]));
      await setValues(null);
    });

    it('lets a change through when it is asked for', async () => {
      const uid = await template([greeting('hello')], [await policy()]);
      const [one, two] = [await follows(uid), await follows(uid)];
      await send('PUT', `/v1/clusterTemplates/${uid}/profiles`, { profiles: [greeting('moin')] });
      const upgrade = `/v1/spectroclusters/clusterTemplates/${uid}/clusters/upgrade`;
      expect((await send('PATCH', upgrade, { clusterUids: [one] })).status).toBe(204);
      expect([(await valuesOf(one))['greeting'], (await valuesOf(two))['greeting']]).toEqual(['moin', 'hello']);
      expect((await send('PATCH', upgrade, { clusterUids: [] })).status).toBe(204);
      expect((await valuesOf(two))['greeting']).toBe('moin');
      const stranger = await importCluster(plane, `cluster-${count++}`);
      expect((await send('PATCH', upgrade, { clusterUids: [stranger] })).status).toBe(404);
    });

    it('reads windows in the time zone of each cluster', async () => {
      const uid = await template([greeting('hello')], [await policy('0 12 * * *')]);
      const one = await follows(uid);
      const zone = await send('PATCH', `/v1/spectroclusters/${one}/clusterConfig/timezone`, { timezone: 'Asia/Dubai' });
      expect(zone.status).toBe(204);
      now = new Date('2026-03-02T08:30:00Z');
      await send('PUT', `/v1/clusterTemplates/${uid}/profiles`, { profiles: [greeting('moin')] });
      expect((await valuesOf(one))['greeting']).toBe('moin');
    });

    it('lets go at once what waited when the policy is taken off, and holds back from when it is put on', async () => {
      const rule = await policy();
      const uid = await template([greeting('hello')]);
      const one = await follows(uid);
      const policies = `/v1/clusterTemplates/${uid}/policies`;
      expect((await send('PATCH', policies, { policies: [{ uid: rule }] })).status).toBe(204);
      await send('PUT', `/v1/clusterTemplates/${uid}/profiles`, { profiles: [greeting('moin')] });
      expect((await valuesOf(one))['greeting']).toBe('hello');
      expect(await send('DELETE', `/v1/spcPolicies/${rule}`)).toMatchObject({
        status: 409,
        body: { code: 'PolicyInUse' },
      });
      expect((await send('PATCH', policies, { policies: [] })).status).toBe(204);
      expect((await valuesOf(one))['greeting']).toBe('moin');
      expect((await send('DELETE', `/v1/spcPolicies/${rule}`)).status).toBe(204);
    });

    it('refuses at once what could not be followed at night', async () => {
      const uid = await template([greeting('hello')], [await policy()]);
      const one = await follows(uid);
      const twin = await createProfile(plane, { name: `twin-${count++}`, packs: [manifest('mine', 'x')] });
      const rival = await createProfile(plane, { name: `rival-${count++}`, packs: [manifest('mine', 'x')] });
      expect((await attach(plane, one, [{ uid: twin }])).status).toBe(204);
      const refused = await send('PUT', `/v1/clusterTemplates/${uid}/profiles`, {
        profiles: [greeting('hello'), { uid: rival }],
      });
      expect(refused).toMatchObject({
        status: 422,
        body: { message: expect.stringMatching(/^cluster cluster-\d+: pack mine/) },
      });
      expect((await stand(uid)).spec.profiles).toHaveLength(1);
    });
  });

  it('waits for a value that a cluster lacks, and goes on when it is given', async () => {
    const uid = await template([]);
    const one = await follows(uid);
    expect((await send('PUT', `/v1/clusterTemplates/${uid}/profiles`, { profiles: [{ uid: base }] })).status).toBe(204);
    expect(await stand(uid)).toMatchObject({ status: { clusterVariables: { resolved: 0, unResolved: 1 } } });
    const lacking = await send('GET', `/v1/clusterTemplates/${uid}/spectroclusters/${one}/reconcile`);
    expect(lacking.body).toMatchObject({
      spec: { profiles: [{ uid: base, variables: { unResolvedVariables: [{ name: 'greeting', value: '' }] } }] },
      status: {
        state: 'Pending',
        message: expect.stringContaining('greeting'),
        variableStatus: { state: 'Unresolved' },
      },
    });
    const given = await send('PATCH', `/v1/clusterTemplates/spectroclusters/${one}/variables`, {
      profiles: [{ uid: base, variables: [{ name: 'greeting', value: 'late' }] }],
    });
    expect(given.status).toBe(204);
    expect((await valuesOf(one))['greeting']).toBe('late');
    expect((await stand(uid)).status.clusterVariables).toEqual({ resolved: 1, unResolved: 0 });
  });

  it('hides secrets and takes the mask back as what it was', async () => {
    const secret = { name: 'key', value: 's3cret', assignStrategy: 'all' };
    const uid = await template([{ uid: base, variables: [{ name: 'greeting', value: 'x' }, secret] }]);
    const one = await follows(uid);
    const { spec } = await stand(uid);
    expect(JSON.stringify(spec)).not.toContain('s3cret');
    expect((await send('PUT', `/v1/clusterTemplates/${uid}/profiles`, { profiles: spec.profiles })).status).toBe(204);
    const agent = await registerAgent(plane, one);
    expect((await agent.desiredState()).context.variables).toMatchObject({ key: 's3cret' });
  });

  it.each([
    {
      name: 'a profile that is not there',
      profiles: () => [{ uid: 'a'.repeat(24) }],
      answer: { status: 404, body: { code: 'ResourceNotFound' } },
    },
    {
      name: 'a variable that the profile does not define',
      profiles: () => [{ uid: base, variables: [{ name: 'nope', value: 'x' }] }],
      answer: {
        status: 422,
        body: { code: 'InvalidVariable', message: expect.stringContaining('it defines greeting') },
      },
    },
    {
      name: 'a profile twice',
      profiles: () => [greeting('a'), greeting('b')],
      answer: { status: 422, body: { message: expect.stringContaining('twice') } },
    },
    {
      name: 'a profile without an identifier',
      profiles: () => [{}],
      answer: { status: 422, body: { message: expect.stringContaining('profiles[0].uid') } },
    },
  ])('refuses $name', async ({ profiles, answer }) => {
    const refused = await send('POST', '/v1/clusterTemplates', {
      metadata: { name: `template-${count++}` },
      spec: { cloudType: 'generic', profiles: profiles() },
    });
    expect(refused).toMatchObject(answer);
  });

  it('refuses clusters that do not fit, names that are taken, and to go while it is followed', async () => {
    const uid = await create('/v1/clusterTemplates', {
      metadata: { name: `template-${count++}` },
      spec: { cloudType: 'aws', profiles: [] },
    });
    const generic = await importCluster(plane, `cluster-${count++}`);
    const unfit = await send('PUT', `/v1/spectroclusters/${generic}/clusterTemplate`, { uid });
    expect(unfit).toMatchObject({ status: 422, body: { code: 'CloudTypeMismatch' } });
    const followed = await template([]);
    await follows(followed);
    const { metadata } = await stand(followed);
    const again = await send('POST', '/v1/clusterTemplates', {
      metadata: { name: metadata.name },
      spec: { cloudType: 'generic' },
    });
    expect(again).toMatchObject({ status: 409, body: { code: 'NameInUse' } });
    const deleted = await send('DELETE', `/v1/clusterTemplates/${followed}`);
    expect(deleted).toMatchObject({ status: 409, body: { code: 'ClusterTemplateInUse' } });
  });

  it('keeps the values of single clusters when another version of the profile comes', async () => {
    const name = `versions-${count++}`;
    const variables = [{ name: 'size', required: true }];
    const packs = [manifest(name, '{{.spectro.var.size}}')];
    const first = await createProfile(plane, { name, version: '1.0.0', packs, variables });
    const second = await createProfile(plane, { name, version: '1.1.0', packs, variables });
    const size = [{ name: 'size', assignStrategy: 'cluster' }];
    const uid = await template([{ uid: first, variables: size }]);
    const one = await follows(uid, [{ uid: first, variables: [{ name: 'size', value: '3' }] }]);
    const profiles = [{ uid: second, variables: size }];
    expect((await send('PUT', `/v1/clusterTemplates/${uid}/profiles`, { profiles })).status).toBe(204);
    expect(await profilesOf(one)).toEqual([second]);
    expect(await valuesOf(one, second)).toEqual({ size: '3' });
  });

  it('keeps what clusters say for themselves when the template says nothing about it', async () => {
    const uid = await template([greeting('hello')]);
    const one = await follows(uid);
    const values = [{ uid: base, variables: [{ name: 'colour', value: 'blue' }] }];
    const patched = await send('PATCH', `/v1/clusterTemplates/spectroclusters/${one}/variables`, { profiles: values });
    expect(patched).toMatchObject({ status: 204 });
    const put = await send('PUT', `/v1/clusterTemplates/${uid}/profiles`, { profiles: [greeting('moin')] });
    expect(put).toMatchObject({ status: 204 });
    expect(await valuesOf(one)).toMatchObject({ greeting: 'moin', colour: 'blue' });
  });

  it('keeps its profiles from being deleted', async () => {
    const profile = await createProfile(plane, { name: `kept-${count++}`, packs: [manifest('kept', 'x')] });
    const uid = await template([{ uid: profile }]);
    const refused = await send('DELETE', `/v1/clusterprofiles/${profile}`);
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'ClusterProfileInUse', message: expect.stringContaining('template') },
    });
    expect((await send('DELETE', `/v1/clusterTemplates/${uid}`)).status).toBe(204);
    expect((await send('DELETE', `/v1/clusterprofiles/${profile}`)).status).toBe(204);
  });

  it('is found by name, by tag and by cloud', async () => {
    const uid = await template([]);
    const { metadata } = await stand(uid);
    const filter = { clusterTemplateName: { eq: metadata.name }, tags: { eq: ['team:x'] }, cloudType: ['generic'] };
    const found = await send('POST', '/v1/dashboard/clusterTemplates', { filter });
    expect(found.body.items.map((item: { metadata: { uid: string } }) => item.metadata.uid)).toEqual([uid]);
    const { body } = await send('GET', '/v1/dashboard/clusterTemplates/metadata');
    expect(body.items).toContainEqual({ uid, name: metadata.name, projectUid: plane.projectUid });
  });

  async function desired(uid: string): Promise<{ revision: number; text: string; layers: unknown[] }> {
    const state = await (agents.get(uid) ?? (await remember(uid))).desiredState();
    return { revision: state.revision, text: JSON.stringify(state.layers), layers: state.layers };
  }
  const agents = new Map<string, Awaited<ReturnType<typeof registerAgent>>>();
  async function remember(uid: string): Promise<Awaited<ReturnType<typeof registerAgent>>> {
    const agent = await registerAgent(plane, uid);
    agents.set(uid, agent);
    return agent;
  }
});
