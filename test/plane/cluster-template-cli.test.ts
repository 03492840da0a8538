/** `palette cluster template` and `palette cluster schedule` against a real plane. */
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

  describe('palette cluster schedule', () => {
    const schedule = async (...args: string[]): Promise<Awaited<ReturnType<typeof palette>>> =>
      palette('cluster', 'schedule', 'berlin', ...args);

    it('shows nothing, then what was set, and what is left of it', async () => {
      expect(await schedule()).toMatchObject({
        code: 0,
        out: 'nothing is scheduled\nin the time zone UTC; no node is restarted by a patch\n',
      });
      const scans = ['--scan', 'kube-bench=0 1 * * *', '--scan', 'sonobuoy=0 4 1 * *'];
      const patches = ['--patch', '0 3 * * 0', '--patch-after', '2031-01-01T02:00:00Z', '--patch-on-boot', '--reboot'];
      const set = await schedule('--timezone', 'Europe/Berlin', ...scans, ...patches, '--output', 'json');
      expect([set.code, set.err]).toEqual([0, '']);
      expect(JSON.parse(set.out)).toEqual({
        timezone: 'Europe/Berlin',
        scans: { 'kube-bench': '0 1 * * *', sonobuoy: '0 4 1 * *' },
        patches: {
          schedule: '0 3 * * 0',
          onDemandPatchAfter: '2031-01-01T02:00:00.000Z',
          patchOnBoot: true,
          rebootIfRequired: true,
        },
      });
      const left = await schedule('--scan', 'kube-bench=', '--patch', '', '--patch-after', '');
      expect(left.out.replaceAll(/ {2,}/g, '  ')).toBe(
        [
          'WHAT  WHEN',
          'scan by sonobuoy  0 4 1 * *',
          'patches  for each node that joins',
          'in the time zone Europe/Berlin; nodes are restarted by a patch',
          '',
        ].join('\n'),
      );
      expect((await schedule('--scan', 'sonobuoy=', '--no-patch-on-boot', '--no-reboot')).out).toContain(
        'nothing is scheduled',
      );
    });

    it.each([
      { args: ['--scan', 'nessus=0 1 * * *'], code: 2, says: 'with a driver of: kube-bench, kube-hunter, sonobuoy' },
      { args: ['--patch-after', 'soon'], code: 2, says: '--patch-after soon: not a time' },
      { args: ['--scan', 'kube-bench=daily'], code: 1, says: 'kube-bench: schedule.scheduledRunTime' },
      { args: ['--patch', 'daily'], code: 1, says: 'osPatchConfig.schedule' },
      { args: ['--timezone', 'Mars/Olympus'], code: 1, says: "there is no time zone 'Mars/Olympus'" },
    ])('says what is wrong with $args', async ({ args, code, says }) => {
      expect(await schedule(...args)).toMatchObject({ code, err: expect.stringContaining(says), out: '' });
    });
  });
});
