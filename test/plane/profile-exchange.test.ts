import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

import { createProfile, pushPack } from './fleet-packs.ts';
import { startTestPlane, type Answer, type TestPlane } from './fleet-plane.ts';

describe('profiles as files', () => {
  let plane: TestPlane;
  let uid: string;

  beforeAll(async () => {
    plane = await startTestPlane();
    await pushPack(plane, { name: 'hello', version: '1.0.0' });
    uid = await createProfile(plane, {
      name: 'exported',
      version: '1.2.0',
      packs: [
        { name: 'hello', tag: '1.0.0', values: '# kept\nreplicas: 1' },
        { name: 'own', type: 'manifest', layer: 'addon', manifests: [{ name: 'one', content: 'kind: ConfigMap' }] },
      ],
      variables: [
        { name: 'greeting', displayName: 'Greeting', defaultValue: 'hi' },
        { name: 'password', isSensitive: true, defaultValue: 'hush' },
        // Words that YAML takes for something else where they stand without quotes.
        { name: 'switch', defaultValue: 'yes' },
        { name: 'mode', defaultValue: '0644' },
      ],
    });
  }, 60_000);

  afterAll(async () => plane?.stop());

  const importFile = async (text: string | Uint8Array, query = 'publish=true'): Promise<Answer> => {
    const form = new FormData();
    // A copy over a buffer of its own, as the types of Blob ask.
    form.set('importFile', new Blob([typeof text === 'string' ? text : new Uint8Array(text)]), 'profile');
    return plane.call(`/v1/clusterprofiles/import/file?${query}`, { method: 'POST', form });
  };
  const names = async (): Promise<string[]> =>
    (await plane.call('/v1/profileversions')).body.items.map((item: { name: string }) => item.name);

  it.each(['yaml', 'json'])('writes a profile as %s, with registries by name and without secrets', async (format) => {
    const answer = await plane.call(`/v1/clusterprofiles/${uid}/export?format=${format}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="exported-1.2.0.${format}"`);
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    const text = String(answer.body);
    expect(text).not.toContain('hush');
    const entity = format === 'json' ? JSON.parse(text) : parse(text);
    expect(entity).toMatchObject({
      metadata: { name: 'exported' },
      spec: {
        version: '1.2.0',
        template: {
          type: 'add-on',
          cloudType: 'all',
          packs: [
            {
              name: 'hello',
              tag: '1.0.0',
              values: '# kept\nreplicas: 1',
              registry: { metadata: { name: 'Palette Registry' } },
            },
            { name: 'own', type: 'manifest', layer: 'addon', manifests: [{ name: 'one', content: 'kind: ConfigMap' }] },
          ],
        },
        variables: [
          { name: 'greeting', defaultValue: 'hi' },
          { name: 'password', isSensitive: true },
          { name: 'switch', defaultValue: 'yes' },
          { name: 'mode', defaultValue: '0644' },
        ],
      },
    });
  });

  it.each(['yaml', 'json'])('takes its own %s back as another profile of the same content', async (format) => {
    const { body } = await plane.call(`/v1/clusterprofiles/${uid}/export?format=${format}`);
    const renamed = String(body).replace('exported', `again-${format}`);
    const answer = await importFile(renamed, `publish=true&format=${format}`);
    expect(answer).toMatchObject({ status: 201, body: { uid: expect.any(String) } });
    const [read, original] = await Promise.all(
      [answer.body.uid, uid].map(async (one) => (await plane.call(`/v1/clusterprofiles/${one}`)).body),
    );
    expect(read.metadata.name).toBe(`again-${format}`);
    expect(read.status.isPublished).toBe(true);
    const contents = (profile: { spec: { published: { packs: object[] } } }): object[] =>
      profile.spec.published.packs.map((pack) => ({ ...pack, manifests: undefined }));
    expect(contents(read)).toEqual(contents(original));
  });

  it('imports what comes as JSON in the body, as a draft unless it is told to publish', async () => {
    const exported = JSON.parse(String((await plane.call(`/v1/clusterprofiles/${uid}/export`)).body));
    exported.metadata.name = 'body';
    const { status, body } = await plane.call('/v1/clusterprofiles/import', { method: 'POST', body: exported });
    expect(status).toBe(201);
    expect((await plane.call(`/v1/clusterprofiles/${body.uid}`)).body.status.isPublished).toBe(false);
    // A name and version that are taken stay what they are.
    expect(await plane.call('/v1/clusterprofiles/import', { method: 'POST', body: exported })).toMatchObject({
      status: 409,
      body: { code: 'ClusterProfileExists' },
    });
  });

  it('says which registries have the packs of a file, without making anything', async () => {
    const before = await names();
    const exported = JSON.parse(String((await plane.call(`/v1/clusterprofiles/${uid}/export`)).body));
    const { status, body } = await plane.call('/v1/clusterprofiles/import/validate', {
      method: 'POST',
      body: exported,
    });
    expect(status).toBe(200);
    expect(body.spec.template.packs).toMatchObject([
      { name: 'hello', registry: { matchingRegistries: [{ name: 'Palette Registry' }] } },
      { name: 'own', registry: { matchingRegistries: [] } },
    ]);
    expect(await names()).toEqual(before);
  });

  it('does not tell of registries that the project may not read', async () => {
    const [{ uid: registry }] = (await plane.call('/v1/registries/metadata')).body.items;
    const exported = JSON.parse(String((await plane.call(`/v1/clusterprofiles/${uid}/export`)).body));
    const settings = async (body: object): Promise<Answer> =>
      plane.call(`/v1/registries/${registry}/settings`, { method: 'PUT', body, headers: { projectuid: '' } });
    expect(await settings({ readProjects: [] })).toMatchObject({ status: 204 });
    try {
      const validate = await plane.call('/v1/clusterprofiles/import/validate', { method: 'POST', body: exported });
      expect(validate.body.spec.template.packs[0].registry).toMatchObject({ matchingRegistries: [] });
      const elsewhere = structuredClone(exported);
      elsewhere.spec.template.packs[0].registry = { metadata: { name: 'Elsewhere' } };
      const refused = await plane.call('/v1/clusterprofiles/import', { method: 'POST', body: elsewhere });
      expect(refused).toMatchObject({ status: 422, body: { code: 'RegistryNotFound' } });
      expect(refused.body.message).not.toContain('Palette Registry');
      const layers = [{ name: 'x', layer: 'addon', type: 'spectro', registry: 'Elsewhere', version: '1.0.0' }];
      const apiVersion = 'palette-iac.dev/v1';
      const profile = { apiVersion, kind: 'ClusterProfile', name: 'told', version: '1.0.0', type: 'add-on', layers };
      const published = await plane.call('/v1/profileversions', { method: 'POST', body: { profile } });
      expect(published).toMatchObject({ status: 422, body: { code: 'RegistryNotFound' } });
      expect(published.body.message).not.toContain('Palette Registry');
    } finally {
      await settings({});
    }
  });

  const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]
${[...'bcdefghi'].map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghi'[index]}`).join(',')}]`).join('\n')}
`;

  it.each([
    { name: 'what is no YAML', file: 'a: [1,\nb: 2', query: 'format=yaml', says: /not YAML/ },
    { name: 'what is no JSON', file: 'metadata: {}', query: '', says: /not JSON.*format=yaml/ },
    { name: 'what is no text', file: new Uint8Array([0xff, 0xfe, 0]), query: 'format=yaml', says: /not YAML/ },
    { name: 'a bomb of aliases', file: bomb, query: 'format=yaml', says: /alias/i },
    { name: 'what is nested without end', file: '? '.repeat(5_000), query: 'format=yaml', says: /nested|deep/ },
    {
      name: 'very many keys',
      file: Array.from({ length: 30_000 }, (_, key) => `k${key}:\n`).join(''),
      query: 'format=yaml',
      says: /importFile/,
    },
    {
      name: 'a file without a name',
      file: '{"metadata":{},"spec":{"template":{}}}',
      query: '',
      says: /metadata\.name/,
    },
    {
      name: 'a file with something else in the place of packs',
      file: '{"metadata":{"name":"x"},"spec":{"template":{"packs":[{"name":7}]}}}',
      query: '',
      says: /spec\.template\.packs\[0\]\.name/,
    },
    { name: 'an empty file', file: '', query: 'format=yaml', says: /importFile/ },
  ])('refuses $name, and makes nothing', async ({ file, query, says }) => {
    const before = await names();
    const started = Date.now();
    const answer = await importFile(file, query);
    expect(answer).toMatchObject({ status: 422, body: { message: expect.stringMatching(says) } });
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(await names()).toEqual(before);
  });

  it.each([
    {
      name: 'a registry that is not here',
      change: { registry: { metadata: { name: 'Elsewhere' } } },
      code: 'RegistryNotFound',
    },
    { name: 'a version that is not here', change: { tag: '9.9.9', version: '9.9.9' }, code: 'PackNotFound' },
  ])('refuses a pack of $name', async ({ change, code }) => {
    const exported = JSON.parse(String((await plane.call(`/v1/clusterprofiles/${uid}/export`)).body));
    exported.metadata.name = 'refused';
    Object.assign(exported.spec.template.packs[0], change);
    expect(await importFile(JSON.stringify(exported))).toMatchObject({ status: 422, body: { code } });
    expect(await names()).not.toContain('refused');
  });

  it('refuses a form without the file, and what is no form', async () => {
    const form = new FormData();
    form.set('other', 'x');
    expect(await plane.call('/v1/clusterprofiles/import/file', { method: 'POST', form })).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining('importFile') },
    });
    const broken = await plane.call('/v1/clusterprofiles/import/file', {
      method: 'POST',
      bytes: new TextEncoder().encode('nothing'),
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    });
    expect(broken).toMatchObject({ status: 400, body: { code: 'InvalidForm' } });
    expect(
      (await plane.call('/v1/clusterprofiles/import/file', { method: 'POST', bytes: new Uint8Array([1]) })).status,
    ).toBe(415);
  });
});
