import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { startPostgres, type TestPostgres } from '#test/support/postgres';

import { attach, createProfile, importCluster } from './fleet-packs.ts';
import { startTestPlane, type Answer, type TestPlane } from './fleet-plane.ts';

jest.setTimeout(60_000);

/** The embedded database carries out one transaction after another; here they meet. */
describe('requests at the same moment', () => {
  let server: TestPostgres;
  let plane: TestPlane;
  let count = 0;

  beforeAll(async () => {
    server = await startPostgres();
    plane = await startTestPlane({ location: { kind: 'postgres', url: await server.createDatabase('races') } });
  }, 120_000);
  afterAll(async () => {
    await plane?.stop();
    await server?.stop();
  });

  const post = async (path: string, body: object): Promise<Answer> => plane.call(path, { method: 'POST', body });
  const settings = { name: 'map', type: 'manifest', layer: 'addon', manifests: [{ name: 'map', content: 'a: 1' }] };

  it.each([
    {
      path: '/v1/spcPolicies/maintenance',
      spec: { schedules: [{ name: 'x', startCron: '0 2 * * *', durationHrs: 2 }] },
    },
    { path: '/v1/clusterTemplates', spec: { cloudType: 'all' } },
    { path: '/v1/clustergroups', spec: { type: 'hostCluster' } },
    { path: '/v1/appProfiles', spec: {} },
    { path: '/v1/clusterprofiles', spec: { template: { type: 'add-on', packs: [] } } },
    {
      path: '/v1/registries/helm',
      spec: { endpoint: 'https://charts.example.test', auth: {}, createOption: { skipSync: true } },
    },
  ])('to make one thing at $path make it once, and the others are told', async ({ path, spec }) => {
    const body = { metadata: { name: `race-${count++}` }, spec };
    const statuses = (await Promise.all(Array.from({ length: 8 }, async () => post(path, body)))).map(
      ({ status }) => status,
    );
    expect(statuses.toSorted((a, b) => a - b)).toEqual([201, ...Array<number>(7).fill(409)]);
  });

  it('to remove a profile and to attach it end in one of the two', async () => {
    for (let round = 0; round < 15; round++) {
      const uid = await createProfile(plane, { name: `race-${count++}`, packs: [settings] });
      const cluster = await importCluster(plane, `cluster-${count++}`);
      const [removed, attached] = await Promise.all([
        plane.call(`/v1/clusterprofiles/${uid}`, { method: 'DELETE' }),
        attach(plane, cluster, [{ uid }]),
      ]);
      expect(['204 and 404', '204 and 409', '409 and 204']).toContain(`${removed.status} and ${attached.status}`);
    }
  });

  it('to seal what there is and to change it leave no version that is not what it is sealed as', async () => {
    const scope = { method: 'PUT' } as const;
    for (let round = 0; round < 15; round++) {
      const uid = await createProfile(plane, { name: `race-${count++}`, packs: [settings] });
      const variables = [{ name: 'added', defaultValue: 'x' }];
      await Promise.all([
        plane.call('/v1/profilesettings', {
          ...scope,
          body: { versions: 'immutable', policy: { mode: 'off', rules: [] } },
        }),
        plane.call(`/v1/clusterprofiles/${uid}/variables`, { ...scope, body: { variables } }),
      ]);
      const [row] = await plane.database
        .forTenant(plane.tenantUid)
        .transaction(async (tx) =>
          tx.query<{ digest: string; sealed: string }>(
            'SELECT p.digest, s.digest AS sealed FROM cluster_profiles p JOIN profile_seals s ON s.name = p.name WHERE p.uid = $1',
            [uid],
          ),
        );
      expect(row?.sealed).toBe(row?.digest);
      await plane.call('/v1/profilesettings', {
        ...scope,
        body: { versions: 'mutable', policy: { mode: 'off', rules: [] } },
      });
    }
  });
});
