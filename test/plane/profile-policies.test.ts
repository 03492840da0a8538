/** Policies at publication, over what Helm really renders. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { HELM_BUILD_MS, helmPath, rendererFor, temporary } from '#test/packs/support';

import { createProfile, pushPack } from './fleet-packs.ts';
import { startTestPlane, type Answer, type TestPlane } from './fleet-plane.ts';

const pod = (image: string, privileged = false): string => `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: default
spec:
  containers:
    - name: web
      image: ${image}
      securityContext:
        privileged: ${privileged}
`;

describe('policies of a project', () => {
  let plane: TestPlane;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const folder = await temporary();
    remove = folder.remove;
    plane = await startTestPlane({ renderer: rendererFor(await helmPath(), folder.path) });
    await pushPack(plane, { name: 'fine', manifest: pod('registry.test/web:1.0') });
    await pushPack(plane, {
      name: 'free',
      manifest: pod('{{ .Values.image }}', true),
      values: 'pack:\n  namespace: default\nmanifests:\n  main:\n    image: registry.test/web:1.0\n',
    });
  }, HELM_BUILD_MS);

  afterAll(async () => {
    await plane?.stop();
    await remove?.();
  });

  const RULES = [
    { kind: 'builtin', rule: 'no-privileged-pods' },
    {
      kind: 'cel',
      name: 'own-registry',
      expression: "object.kind != 'Pod' || object.spec.containers.all(c, c.image.startsWith('registry.test/'))",
      message: 'images come from registry.test',
    },
  ];
  const set = async (mode: string, rules: object[] = RULES): Promise<Answer> =>
    plane.call('/v1/profilesettings', { method: 'PUT', body: { versions: 'mutable', policy: { mode, rules } } });
  const publish = async (name: string, layers: object[], variables: object[] = []): Promise<Answer> =>
    plane.call('/v1/profileversions', {
      method: 'POST',
      body: { profile: { apiVersion: 'palette-iac.dev/v1', kind: 'ClusterProfile', name, variables, layers } },
    });
  const there = async (name: string): Promise<number> =>
    (await plane.call(`/v1/profileversions?name=${name}`)).body.items.length;

  it('refuse what breaks them, with layer, object, field and rule, however it is published', async () => {
    expect((await set('enforce')).status).toBe(204);
    expect(await publish('bad', [{ name: 'free', version: '1.0.0' }])).toMatchObject({
      status: 422,
      body: {
        code: 'PolicyViolated',
        message: expect.stringMatching(
          /bad 1\.0\.0, layer free, Pod default\/web, spec\.containers.*privileged.*no-privileged-pods/,
        ),
        details: { findings: [expect.objectContaining({ rule: 'no-privileged-pods', severity: 'error' })] },
      },
    });
    const packs = [{ name: 'free', tag: '1.0.0' }];
    const created = await plane.call('/v1/clusterprofiles?publish=true', {
      method: 'POST',
      body: { metadata: { name: 'bad' }, spec: { template: { type: 'add-on', packs } } },
    });
    expect(created).toMatchObject({ status: 422, body: { code: 'PolicyViolated' } });
    expect(await there('bad')).toBe(0);
    const draft = await createProfile(plane, { name: 'draft', packs, publish: false });
    expect(await plane.call(`/v1/clusterprofiles/${draft}/publish`, { method: 'PATCH' })).toMatchObject({
      status: 422,
    });
    expect((await plane.call(`/v1/clusterprofiles/${draft}`)).body.status.isPublished).toBe(false);
  });

  it('let through what keeps them', async () => {
    expect(await publish('good', [{ name: 'fine', version: '1.0.0' }])).toMatchObject({
      status: 200,
      body: { created: true, findings: [] },
    });
  });

  it('look at what variables make of it: a default may break them later', async () => {
    const values = "manifests:\n  main:\n    image: '{{ .spectro.var.image }}'\n";
    await set('enforce', RULES.slice(1));
    const answer = await publish(
      'variable',
      [{ name: 'free', version: '1.0.0', values }],
      [{ name: 'image', defaultValue: 'registry.test/web:2' }],
    );
    expect(answer.status).toBe(200);
    // Sealed: the version cannot change. An open one is looked at again.
    const open = await createProfile(plane, {
      name: 'open',
      packs: [{ name: 'free', tag: '1.0.0', values }],
      variables: [{ name: 'image', defaultValue: 'registry.test/web:2' }],
    });
    const changed = { variables: [{ name: 'image', defaultValue: 'docker.io/web' }] };
    expect(await plane.call(`/v1/clusterprofiles/${open}/variables`, { method: 'PUT', body: changed })).toMatchObject({
      status: 422,
      body: { code: 'PolicyViolated', message: expect.stringContaining('images come from registry.test') },
    });
    // What a cluster must give has a value made up.
    const required = { variables: [{ name: 'image', required: true, regex: '^registry' }] };
    expect(await plane.call(`/v1/clusterprofiles/${open}/variables`, { method: 'PUT', body: required })).toMatchObject({
      status: 422,
      body: { code: 'PolicyViolated' },
    });
  });

  it('look at what comes from another scope, whatever was thought of it there', async () => {
    await set('off');
    const bad = await publish('elsewhere', [{ name: 'free', version: '1.0.0' }]);
    expect(bad.status).toBe(200);
    const { projectUid } = plane;
    const tenant = { headers: { projectuid: '' } };
    const policy = { mode: 'enforce', rules: RULES };
    await plane.call('/v1/profilesettings', { method: 'PUT', body: { versions: 'mutable', policy }, ...tenant });
    const promoted = await plane.call('/v1/profileversions/promote', {
      method: 'POST',
      body: { name: 'elsewhere', version: '1.0.0', from: { projectUid } },
      ...tenant,
    });
    const cloned = await plane.call(`/v1/clusterprofiles/${bad.body.uid}/clone`, {
      method: 'POST',
      body: { metadata: { name: 'copy', target: { scope: 'tenant' } } },
    });
    for (const answer of [promoted, cloned])
      expect(answer).toMatchObject({ status: 422, body: { code: 'PolicyViolated' } });
    expect((await plane.call('/v1/profileversions', tenant)).body.items).toEqual([]);
  });

  it('tell no secret, neither in findings nor in what keeps a profile from being rendered', async () => {
    const leak = { kind: 'cel', name: 'leak', expression: 'false', messageExpression: 'object.data.password' };
    await set('warn', [leak]);
    const secret = [{ name: 'password', isSensitive: true, defaultValue: 'hush-hush' }];
    const content = (data: string): object => ({
      name: 'own',
      type: 'manifest',
      manifests: [{ name: 'm', content: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n${data}` }],
    });
    const told = await publish('told', [content("data: {password: '{{ .spectro.var.password }}'}")], secret);
    expect(told.body.findings).toMatchObject([{ rule: 'leak' }]);
    const broken = await publish('broken', [content('data: [{{ .spectro.var.password }}: ]]')], secret);
    expect(broken.status).toBe(422);
    expect(JSON.stringify([told.body, broken.body])).not.toContain('hush-hush');
  });

  it('warn where they are to warn, and the profile keeps what they said', async () => {
    await set('warn');
    const answer = await publish('warned', [{ name: 'free', version: '1.0.0' }]);
    expect(answer).toMatchObject({
      status: 200,
      body: { created: true, findings: [{ rule: 'no-privileged-pods', object: { kind: 'Pod', name: 'web' } }] },
    });
    const { body } = await plane.call(`/v1/clusterprofiles/${answer.body.uid}`);
    expect(body.status.policyFindings).toMatchObject([{ rule: 'no-privileged-pods' }]);
  });

  it('say what keeps a profile from being rendered', async () => {
    await set('enforce');
    const answer = await publish('unrenderable', [
      { name: 'own', type: 'manifest', manifests: [{ name: 'm', content: 'a: "{{ .spectro.macro.absent }}"' }] },
    ]);
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'ProfileNotRenderable', message: expect.stringMatching(/absent/) },
    });
    expect(await there('unrenderable')).toBe(0);
  });

  it.each([
    { name: 'a rule that nobody knows', rule: { kind: 'builtin', rule: 'no-such-rule' }, says: /no-such-rule/ },
    {
      name: 'an expression that cannot be read',
      rule: { kind: 'cel', name: 'x', expression: 'object.(' },
      says: /rules\[0\]/,
    },
    { name: 'code', rule: { kind: 'function', name: 'x' }, says: /policy/ },
  ])('are refused with $name', async ({ rule, says }) => {
    expect(await set('enforce', [rule])).toMatchObject({
      status: 422,
      body: { message: expect.stringMatching(says) },
    });
  });

  it('cannot be enforced by a plane without Helm, which says so', async () => {
    const bare = await startTestPlane();
    const policy = { mode: 'enforce', rules: RULES };
    await bare.call('/v1/profilesettings', { method: 'PUT', body: { versions: 'mutable', policy } });
    const answer = await bare.call('/v1/profileversions', {
      method: 'POST',
      body: { profile: { apiVersion: 'palette-iac.dev/v1', kind: 'ClusterProfile', name: 'x', layers: [] } },
    });
    expect(answer).toMatchObject({ status: 503, body: { code: 'RenderingUnavailable' } });
    await bare.stop();
  });
});
