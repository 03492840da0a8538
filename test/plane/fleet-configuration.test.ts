/** Application profiles, cluster groups and maintenance policies over the API. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { createProfile, importCluster, pushPack, registryUid } from './fleet-packs.ts';
import { startTestPlane, type Answer, type TestPlane } from './fleet-plane.ts';

const MANIFEST = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n';
const TENANT = { projectuid: '' };

describe('configuration that clusters share', () => {
  let plane: TestPlane;
  let count = 0;

  beforeAll(async () => {
    plane = await startTestPlane();
  }, 60_000);

  afterAll(async () => plane?.stop());

  const send = async (method: string, path: string, body?: object, headers: object = {}): Promise<Answer> =>
    plane.call(path, { method, headers: { ...headers }, ...(body === undefined ? {} : { body }) });
  const create = async (path: string, body: object, headers: object = {}): Promise<string> => {
    const answer = await send('POST', path, body, headers);
    expect(answer).toMatchObject({ status: 201 });
    return answer.body.uid;
  };
  const fresh = (word: string): string => `${word}-${count++}`;

  describe('application profiles', () => {
    const manifests = {
      name: 'config',
      type: 'manifest',
      installOrder: 2,
      manifests: [{ name: 'x', content: MANIFEST }],
    };
    const container = {
      name: 'web',
      type: 'container',
      installOrder: 1,
      values: 'containerService:\n  image: nginx:1\n',
    };
    const profile = async (tiers: readonly object[], name = fresh('app'), version = '1.0.0'): Promise<string> =>
      create('/v1/appProfiles', { metadata: { name }, spec: { version, template: { appTiers: tiers } } });

    it('keep the order of their tiers as written, and name them in the order they are installed in', async () => {
      const uid = await profile([manifests, container]);
      const { body: found } = await send('GET', `/v1/appProfiles/${uid}`);
      expect(found.spec.template.appTiers.map((tier: { name: string }) => tier.name)).toEqual(['web', 'config']);
      const { body } = await send('GET', `/v1/appProfiles/${uid}/tiers`);
      expect(body.spec.appTiers).toMatchObject([
        { metadata: { name: 'config' }, spec: { type: 'manifest', installOrder: 2, manifests: [{ name: 'x' }] } },
        { metadata: { name: 'web' }, spec: { type: 'container', values: 'containerService:\n  image: nginx:1' } },
      ]);
      const [{ metadata, spec }] = body.spec.appTiers;
      const manifest = await send(
        'GET',
        `/v1/appProfiles/${uid}/tiers/${metadata.uid}/manifests/${spec.manifests[0].uid}`,
      );
      expect(manifest.body).toMatchObject({
        metadata: { name: 'x' },
        spec: { published: { content: MANIFEST.trim() } },
      });
    });

    it('change tier by tier; manifests keep their identifiers', async () => {
      const uid = await profile([manifests]);
      const added = await create(`/v1/appProfiles/${uid}/tiers`, container);
      const before = (await send('GET', `/v1/appProfiles/${uid}/tiers`)).body.spec.appTiers[0];
      const changed = await send('PUT', `/v1/appProfiles/${uid}/tiers/${before.metadata.uid}`, {
        name: 'config',
        installOrder: 0,
        manifests: [{ name: 'x', content: `${MANIFEST}data: {}\n` }],
      });
      expect(changed.status).toBe(204);
      const { body } = await send('GET', `/v1/appProfiles/${uid}/tiers/${before.metadata.uid}`);
      expect(body.spec).toMatchObject({ installOrder: 0, manifests: [{ uid: before.spec.manifests[0].uid }] });
      expect((await send('DELETE', `/v1/appProfiles/${uid}/tiers/${added}`)).status).toBe(204);
      expect((await send('GET', `/v1/appProfiles/${uid}/tiers/${added}`)).status).toBe(404);
    });

    it('have versions, and a copy under another one', async () => {
      const name = fresh('app');
      const first = await profile([container], name);
      const copy = await create(`/v1/appProfiles/${first}/clone`, { metadata: { name, version: '1.1.0' } });
      const { body } = await send('GET', `/v1/appProfiles/${copy}`);
      expect(body.spec.versions).toEqual([
        { uid: first, version: '1.0.0' },
        { uid: copy, version: '1.1.0' },
      ]);
      const again = await send('POST', '/v1/appProfiles', { metadata: { name }, spec: { version: '1.1.0' } });
      expect(again).toMatchObject({ status: 409, body: { code: 'AppProfileExists' } });
    });

    it('are made of packs and registries that are there; a service’s password is never told', async () => {
      const pack = await pushPack(plane, { name: 'redis-operator' });
      const service = {
        name: 'db',
        type: 'operator-instance',
        sourceAppTierUid: pack.uid,
        properties: [
          { name: 'dbUserName', value: 'shop' },
          { name: 'dbPassword', value: 'c2VjcmV0' },
        ],
      };
      const uid = await profile([service, { name: 'chart', type: 'helm', registryUid: await registryUid(plane) }]);
      const { body } = await send('GET', `/v1/appProfiles/${uid}/tiers`);
      const [{ metadata, spec }] = body.spec.appTiers;
      expect(spec.properties).toEqual([
        { name: 'dbUserName', value: 'shop' },
        { name: 'dbPassword', value: '********' },
      ]);
      const kept = await send('PUT', `/v1/appProfiles/${uid}/tiers/${metadata.uid}`, { properties: spec.properties });
      expect(kept.status).toBe(204);
      const stored = await plane.database.asSystem().transaction(async (tx) => tx.query('SELECT * FROM app_profiles'));
      expect(JSON.stringify(stored)).not.toContain('c2VjcmV0');
    });

    it.each([
      { name: 'a tier of manifests without any', tier: { name: 'x', type: 'manifest' }, says: 'needs one at least' },
      { name: 'a chart from nowhere', tier: { name: 'x', type: 'helm' }, says: 'registryUid' },
      {
        name: 'a chart of a registry that there is not',
        tier: { name: 'x', type: 'helm', registryUid: 'a'.repeat(24) },
        says: 'there is no registry',
      },
      {
        name: 'a service of a pack that there is not',
        tier: { name: 'x', type: 'operator-instance', sourceAppTierUid: 'nothing' },
        says: "there is no pack 'nothing'",
      },
      { name: 'a container without image', tier: { name: 'x', type: 'container' }, says: 'which image' },
      {
        name: 'values that are no YAML',
        tier: { name: 'x', type: 'container', values: 'a: [1\nb: 2' },
        says: /its values are no YAML \(line \d, column \d+\)/,
      },
      {
        name: 'values of aliases that explode',
        tier: {
          name: 'x',
          type: 'container',
          values: `a0: &a0 [x]\n${Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(10)}]`).join('\n')}`,
        },
        says: 'its values are no YAML',
      },
      {
        name: 'values that are nested without end',
        tier: { name: 'x', type: 'container', values: '? '.repeat(10_000) },
        says: 'its values are no YAML',
      },
    ])('refuse $name', async ({ tier, says }) => {
      const answer = await send('POST', '/v1/appProfiles', {
        metadata: { name: fresh('app') },
        spec: { template: { appTiers: [tier] } },
      });
      expect(answer).toMatchObject({ status: 422, body: { code: 'InvalidAppTier' } });
      expect(answer.body.message).toMatch(says);
    });

    it('of the tenant are seen in projects and changed by the tenant alone', async () => {
      const uid = await create(
        '/v1/appProfiles',
        { metadata: { name: fresh('app') }, spec: { template: { appTiers: [container] } } },
        TENANT,
      );
      expect((await send('GET', `/v1/appProfiles/${uid}`)).body.metadata.annotations.scope).toBe('tenant');
      expect((await send('DELETE', `/v1/appProfiles/${uid}`)).status).toBe(403);
      expect((await send('DELETE', `/v1/appProfiles/${uid}`, undefined, TENANT)).status).toBe(204);
    });

    it('are found by name and version', async () => {
      const name = fresh('found');
      await profile([container], name);
      const newer = await profile([container], name, '2.0.0');
      const filter = { profileName: { eq: name }, version: { gt: '1.5.0' } };
      const { body } = await send('POST', '/v1/dashboard/appProfiles', { filter, sort: [] });
      expect(body.appProfiles.map((one: { metadata: { uid: string } }) => one.metadata.uid)).toEqual([newer]);
    });
  });

  describe('cluster groups', () => {
    const host = async (type = 'Ingress'): Promise<string> => {
      const uid = await importCluster(plane, fresh('host'));
      const answer = await send('PATCH', `/v1/spectroclusters/${uid}/clusterConfig/hostCluster`, {
        hostClusterConfig: { isHostCluster: true, clusterEndpoint: { type } },
      });
      expect(answer.status).toBe(204);
      return uid;
    };
    const group = (clusters: readonly string[], config: object = {}): object => ({
      metadata: { name: fresh('group') },
      spec: {
        type: 'hostCluster',
        clusterRefs: clusters.map((clusterUid) => ({ clusterUid })),
        clustersConfig: { endpointType: 'Ingress', limitConfig: { cpuMilliCore: 1000 }, ...config },
      },
    });

    it('hold host clusters of the project, of the tenant those of every project', async () => {
      const uid = await host();
      const made = await create('/v1/clustergroups', group([uid]), TENANT);
      const { body } = await send('GET', `/v1/clustergroups/${made}`, undefined, TENANT);
      expect(body).toMatchObject({
        metadata: { annotations: { scope: 'tenant' } },
        spec: {
          clusterRefs: [{ clusterUid: uid }],
          clustersConfig: {
            endpointType: 'Ingress',
            kubernetesDistroType: 'vcluster-generic',
            limitConfig: { cpuMilliCore: 1000 },
            hostClustersConfig: [{ clusterUid: uid }],
          },
        },
        status: { isActive: false },
      });
      const { body: all } = await send('GET', '/v1/clustergroups/hostCluster', undefined, TENANT);
      expect(all.summaries).toContainEqual(
        expect.objectContaining({
          spec: expect.objectContaining({ hostClustersCount: 1, hostClusters: [expect.objectContaining({ uid })] }),
        }),
      );
    });

    it('run add-ons on their virtual clusters, with values that are kept where they are not told', async () => {
      const profile = await createProfile(plane, {
        name: fresh('addon'),
        packs: [{ name: 'own', type: 'manifest', layer: 'addon', manifests: [{ name: 'x', content: MANIFEST }] }],
        variables: [{ name: 'size', required: true }],
      });
      const uid = await create('/v1/clustergroups', group([]));
      const path = `/v1/clustergroups/${uid}/profiles`;
      const missing = await send('PUT', path, { profiles: [{ uid: profile }] });
      expect(missing).toMatchObject({ status: 422, body: { code: 'InvalidVariable' } });
      const given = { uid: profile, variables: [{ name: 'size', value: '3' }] };
      expect((await send('PUT', path, { profiles: [given] })).status).toBe(204);
      expect((await send('PUT', path, { profiles: [{ uid: profile }] })).status).toBe(204);
      expect((await send('GET', `/v1/clustergroups/${uid}`)).body.spec.clusterProfileTemplates).toMatchObject([
        { uid: profile },
      ]);
      const inUse = await send('DELETE', `/v1/clusterprofiles/${profile}`);
      expect(inUse).toMatchObject({ status: 409, body: { message: expect.stringContaining('cluster group') } });
    });

    it('lose a host with its cluster, and keep it a host until then', async () => {
      const uid = await host();
      const made = await create('/v1/clustergroups', group([uid]));
      const torn = await send('PATCH', `/v1/spectroclusters/${uid}/clusterConfig/hostCluster`, {
        hostClusterConfig: { isHostCluster: false },
      });
      expect(torn).toMatchObject({ status: 409, body: { code: 'ClusterInGroup' } });
      expect((await send('DELETE', `/v1/spectroclusters/${uid}`)).status).toBe(204);
      expect((await send('GET', `/v1/clustergroups/${made}`)).body.spec.clusterRefs).toEqual([]);
    });

    it('refuse clusters that host nothing, that are reached in another way, or that are not there', async () => {
      const plain = await importCluster(plane, fresh('plain'));
      const balanced = await host('LoadBalancer');
      expect(await send('POST', '/v1/clustergroups', group([plain]))).toMatchObject({
        status: 422,
        body: { code: 'NotAHostCluster' },
      });
      expect(await send('POST', '/v1/clustergroups', group([balanced]))).toMatchObject({
        status: 422,
        body: { code: 'EndpointTypeMismatch' },
      });
      expect((await send('POST', '/v1/clustergroups', group(['a'.repeat(24)]))).status).toBe(404);
      const limit = await send('POST', '/v1/clustergroups', group([], { limitConfig: { cpuMilliCore: -1 } }));
      expect(limit).toMatchObject({
        status: 422,
        body: { message: expect.stringContaining('limitConfig.cpuMilliCore') },
      });
    });
  });

  describe('maintenance policies', () => {
    it.each([
      {
        name: 'a schedule that is none',
        startCron: 'at night',
        says: /spec\.schedules\[0\]\.startCron \(x\): 'at night' has 2 fields/,
      },
      { name: 'a day that never comes', startCron: '0 0 30 2 *', says: /never comes/ },
    ])('refuse $name', async ({ startCron, says }) => {
      const answer = await send('POST', '/v1/spcPolicies/maintenance', {
        metadata: { name: fresh('policy') },
        spec: { schedules: [{ name: 'x', startCron, durationHrs: 1 }] },
      });
      expect(answer.status).toBe(422);
      expect(answer.body.message).toMatch(says);
    });

    it('refuse a window of two days, and two windows of one name', async () => {
      const schedule = { name: 'x', startCron: '0 0 * * *', durationHrs: 1 };
      for (const schedules of [[{ ...schedule, durationHrs: 48 }], [schedule, schedule]]) {
        const answer = await send('POST', '/v1/spcPolicies/maintenance', {
          metadata: { name: fresh('policy') },
          spec: { schedules },
        });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
      }
    });

    it('are listed with the templates that name them', async () => {
      const name = fresh('policy');
      const uid = await create('/v1/spcPolicies/maintenance', { metadata: { name }, spec: { schedules: [] } });
      const template = fresh('template');
      await create('/v1/clusterTemplates', {
        metadata: { name: template },
        spec: { cloudType: 'all', policies: [{ uid }] },
      });
      const { body } = await send('POST', '/v1/dashboard/spcPolicies', { filter: { policyName: { eq: name } } });
      expect(body.items).toMatchObject([{ status: { inUseClusterTemplates: [{ name: template }] } }]);
    });
  });
});
