/** `palette cluster template` against a real plane. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { startConformancePlane, type ConformancePlane } from '#test/conformance/support/plane';
import { palette } from '#test/profiles/support/command';

jest.setTimeout(60_000);

describe('palette cluster template', () => {
  let plane: ConformancePlane;
  const before = { ...process.env };

  beforeAll(async () => {
    plane = await startConformancePlane();
    Object.assign(process.env, plane.env);
    const { client, project: scope } = plane;
    const content = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {text: '{{.spectro.var.greeting}}'}\n";
    const profile = await client.post('/v1/clusterprofiles', {
      query: { publish: true },
      body: {
        metadata: { name: 'base' },
        spec: {
          template: {
            type: 'add-on',
            packs: [{ name: 'own', type: 'manifest', layer: 'addon', manifests: [{ name: 'x', content }] }],
          },
          variables: [{ name: 'greeting', required: true }],
        },
      },
      scope,
    });
    const policy = await client.post('/v1/spcPolicies/maintenance', {
      body: {
        metadata: { name: 'nights' },
        spec: { schedules: [{ name: 'n', startCron: '0 2 1 1 *', durationHrs: 1 }] },
      },
      scope,
    });
    await client.post('/v1/clusterTemplates', {
      body: {
        metadata: { name: 'shops' },
        spec: { cloudType: 'generic', profiles: [{ uid: profile.uid }], policies: [{ uid: policy.uid }] },
      },
      scope,
    });
    await client.post('/v1/spectroclusters/generic/import', { body: { metadata: { name: 'berlin' } }, scope });
  });

  afterAll(async () => {
    process.env = before;
    await plane?.stop();
  });

  const run = async (...args: string[]): Promise<Awaited<ReturnType<typeof palette>>> =>
    palette('cluster', 'template', ...args);

  it('says that a cluster follows none', async () => {
    expect(await run('berlin')).toMatchObject({ code: 0, out: 'berlin follows no template\n' });
  });

  it('refuses a template whose values are missing, and one that is not there', async () => {
    const missing = await run('berlin', 'shops');
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('has no value for greeting') });
    const absent = await run('berlin', 'stores');
    expect(absent.err).toMatch(/there is no cluster template "stores"[^]*There are: shops/);
    const unknown = await run('berlin', 'shops', '--set', 'nope=x');
    expect(unknown.err).toContain('no profile of the template defines nope');
    expect((await run('berlin', 'shops', '--none')).code).toBe(2);
    expect((await run('berlin', 'shops', '--set', 'nope')).code).toBe(2);
  });

  it('makes a cluster follow a template, with a value of its own, and tells how far it is', async () => {
    const followed = await run('berlin', 'shops', '--set', 'greeting=Guten Tag');
    expect(followed).toMatchObject({ code: 0, err: '' });
    expect(followed.out).toMatch(/^berlin follows shops: Created\nnext window: \d{4}-01-01T02:00:00\.000Z\n$/);
    const told = JSON.parse((await run('berlin', '--project', 'Default', '--output', 'json')).out);
    expect(told).toMatchObject({ cluster: { name: 'berlin' }, template: { name: 'shops', state: 'Created' } });
  });

  it('makes it follow none any more', async () => {
    expect(await run('berlin', '--none')).toMatchObject({ code: 0, out: 'berlin follows no template\n' });
  });
});
