/** Events about what users create, change and delete, through HTTPS and the typed client; run over each database. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { PaletteClient, Schemas, Scope } from '#openapi/client/index';
import { startWholePlane, type TestPlane, type TestPlaneOptions } from '#test/support/plane';

const tenant = { kind: 'tenant' } as const;

type Told = Schemas['ResourceEvent'];

let counter = 0;
function unique(prefix: string): string {
  return `${prefix}-${++counter}`;
}

export function describeResourceEvents(name: string, database: () => Promise<TestPlaneOptions['database']>): void {
  describe(`resource events over ${name}`, () => {
    let plane: TestPlane;
    let client: PaletteClient;

    beforeAll(async () => {
      plane = await startWholePlane({ tenants: ['other'], database: await database() });
      client = plane.client();
    }, 120_000);
    afterAll(async () => plane?.stop(), 30_000);

    /** A stream and what it has told until an event of the project that `mark` makes; the mark is not in it. */
    async function follow(
      work: () => Promise<unknown>,
      { scope = tenant, by = client, clusterUid }: { scope?: Scope; by?: PaletteClient; clusterUid?: string } = {},
    ): Promise<Told[]> {
      const controller = new AbortController();
      const told: Told[] = [];
      let mark: string | undefined;
      const events = by.events({ scope, clusterUid, signal: controller.signal });
      for await (const event of events) {
        if (event.kind === 'open') {
          await work();
          // A macro of the tenant is seen in each of its projects.
          const { tenantUid = '' } = await by.get('/v1/users/info');
          if (clusterUid === undefined)
            await by.put('/v1/tenants/{tenantUid}/macros', {
              path: { tenantUid },
              scope: tenant,
              body: { macros: [] },
            });
          else await timezone(clusterUid);
          mark = clusterUid ?? tenantUid;
        } else if (event.kind === 'resource') {
          if (event.data.uid === mark) break;
          told.push(event.data);
        }
      }
      controller.abort(new Error('enough'));
      return told;
    }

    const timezone = async (uid: string): Promise<void> =>
      client.patch('/v1/spectroclusters/{uid}/clusterConfig/timezone', {
        path: { uid },
        scope: tenant,
        body: { timezone: 'Europe/Vienna' },
      });
    const newProject = async (by = client): Promise<Scope & { projectUid: string }> => {
      const { uid } = await by.post('/v1/projects', { body: { metadata: { name: unique('project') } } });
      return { kind: 'project', projectUid: uid };
    };
    const profileBody = (): Schemas['v1ClusterProfileEntity'] => ({
      metadata: { name: unique('profile') },
      spec: { template: { type: 'add-on', packs: [] } },
    });
    const newProfile = async (scope: Scope): Promise<string> =>
      (await client.post('/v1/clusterprofiles', { scope, query: { publish: true }, body: profileBody() })).uid;
    const newCluster = async (scope: Scope): Promise<string> =>
      (await client.post('/v1/spectroclusters/generic/import', { scope, body: { metadata: { name: unique('c') } } }))
        .uid;
    const accountBody = (): Schemas['v1AwsAccount'] => ({
      metadata: { name: unique('account') },
      spec: { credentialType: 'secret', partition: 'aws', accessKey: 'AKIA', secretKey: 'secret' },
    });

    it('are offered', async () => {
      await client.get('/v1/users/info');
      expect(client.offers('resource-events')).toBe(true);
    });

    it('tell of projects, and of what goes with them', async () => {
      let uids: string[] = [];
      const told = await follow(async () => {
        const scope = await newProject();
        const uid = scope.projectUid;
        await client.put('/v1/projects/{uid}', { path: { uid }, body: { metadata: { name: unique('renamed') } } });
        const profile = await newProfile(scope);
        const { uid: account } = await client.post('/v1/cloudaccounts/aws', { scope, body: accountBody() });
        const { uid: token } = await client.post('/v1/edgehosts/tokens', {
          body: { metadata: { name: unique('token') }, spec: { defaultProjectUid: uid } },
        });
        await client.post('/v1/projects/{uid}/macros', {
          path: { uid },
          scope,
          body: { macros: [{ name: 'a', value: '1' }] },
        });
        await client.delete('/v1/projects/{uid}', { path: { uid }, query: { cleanupProjectResources: true } });
        uids = [uid, profile, account, token];
      });
      const [uid, profile, account, token] = uids;
      expect(told).toEqual([
        { type: 'project', uid, change: 'created' },
        { type: 'project', uid, change: 'updated' },
        { type: 'clusterprofile', uid: profile, change: 'created' },
        { type: 'cloudaccount', uid: account, change: 'created' },
        { type: 'edgetoken', uid: token, change: 'created' },
        { type: 'macros', uid, change: 'updated' },
        { type: 'edgetoken', uid: token, change: 'updated' },
        { type: 'cloudaccount', uid: account, change: 'deleted' },
        { type: 'clusterprofile', uid: profile, change: 'deleted' },
        { type: 'macros', uid, change: 'deleted' },
        { type: 'project', uid, change: 'deleted' },
      ]);
    });

    it('tell of every way to change a cluster profile', async () => {
      const scope = await newProject();
      let uids: string[] = [];
      const told = await follow(async () => {
        const { uid } = await client.post('/v1/clusterprofiles', { scope, body: profileBody() });
        const path = { uid };
        const body = {
          metadata: { name: unique('profile') },
          spec: { template: { type: 'add-on' as const, packs: [] } },
        };
        await client.put('/v1/clusterprofiles/{uid}', { path, scope, body });
        await client.patch('/v1/clusterprofiles/{uid}/metadata', {
          path,
          scope,
          body: { metadata: { name: unique('profile') } },
        });
        await client.put('/v1/clusterprofiles/{uid}/variables', {
          path,
          scope,
          body: { variables: [{ name: 'a', displayName: 'A' }] },
        });
        await client.patch('/v1/clusterprofiles/{uid}/variables', {
          path,
          scope,
          body: { variables: [{ name: 'b', displayName: 'B' }] },
        });
        await client.patch('/v1/clusterprofiles/{uid}/publish', { path, scope });
        await client.patch('/v1/clusterprofiles/{uid}/publish', { path, scope }); // changes nothing, tells nothing
        const { uid: copy } = await client.post('/v1/clusterprofiles/{uid}/clone', {
          path,
          scope,
          body: { metadata: { name: unique('copy') } },
        });
        await client.delete('/v1/clusterprofiles/{uid}', { path, scope });
        uids = [uid, copy];
      });
      const [uid, copy] = uids;
      const type = 'clusterprofile';
      expect(told).toEqual([
        { type, uid, change: 'created' },
        ...Array.from({ length: 5 }, () => ({ type, uid, change: 'updated' })),
        { type, uid: copy, change: 'created' },
        { type, uid, change: 'deleted' },
      ]);
    });

    it('tell of registration tokens and cloud accounts', async () => {
      let uids: string[] = [];
      const told = await follow(async () => {
        const { uid: token } = await client.post('/v1/edgehosts/tokens', { body: { metadata: { name: unique('t') } } });
        await client.put('/v1/edgehosts/tokens/{uid}', {
          path: { uid: token },
          scope: tenant,
          body: { metadata: { name: unique('t') } },
        });
        await client.put('/v1/edgehosts/tokens/{uid}/state', { path: { uid: token }, body: { isActive: false } });
        await client.delete('/v1/edgehosts/tokens/{uid}', { path: { uid: token } });
        const { uid: account } = await client.post('/v1/cloudaccounts/aws', { scope: tenant, body: accountBody() });
        await client.put('/v1/cloudaccounts/aws/{uid}', { path: { uid: account }, scope: tenant, body: accountBody() });
        await client.delete('/v1/cloudaccounts/aws/{uid}', { path: { uid: account }, scope: tenant });
        uids = [token, account];
      });
      const [token, account] = uids;
      expect(told).toEqual([
        ...(['created', 'updated', 'updated', 'deleted'] as const).map((change) => ({
          type: 'edgetoken',
          uid: token,
          change,
        })),
        ...(['created', 'updated', 'deleted'] as const).map((change) => ({
          type: 'cloudaccount',
          uid: account,
          change,
        })),
      ]);
    });

    it('tell of clusters: import, settings, profiles, variables, metadata and the end', async () => {
      const scope = await newProject();
      const profile = await newProfile(scope);
      let uid = '';
      const told = await follow(async () => {
        uid = await newCluster(scope);
        const path = { uid };
        await timezone(uid);
        await client.put('/v1/spectroclusters/{uid}/config/namespaces', { path, scope, body: { namespaces: [] } });
        await client.post('/v1/spectroclusters/{uid}/features/backup', { path, scope, body: { backupPrefix: 'b' } });
        await client.patch('/v1/spectroclusters/{uid}/metadata', {
          path,
          scope,
          body: { metadata: { labels: { team: 'x' } } },
        });
        await client.patch('/v1/spectroclusters/{uid}/profiles', {
          path,
          scope,
          body: { profiles: [{ uid: profile }] },
        });
        await client.patch('/v1/spectroclusters/{uid}/variables', { path, scope, body: [] });
        await client.delete('/v1/spectroclusters/{uid}/profiles', { path, scope, body: { profileUids: [profile] } });
        await client.delete('/v1/spectroclusters/{uid}', { path, scope });
      });
      const type = 'spectrocluster';
      expect(told).toEqual([
        { type, uid, change: 'created' },
        ...Array.from({ length: 7 }, () => ({ type, uid, change: 'updated' })),
        { type, uid, change: 'deleted' },
      ]);
    });

    it('are not there for a change that was refused', async () => {
      const told = await follow(async () => {
        await expect(client.post('/v1/edgehosts/tokens', { body: { metadata: { name: ' ' } } })).rejects.toMatchObject({
          status: 422,
        });
        const body = { metadata: { name: 'Default' } };
        await expect(client.post('/v1/projects', { body })).rejects.toMatchObject({ status: 409 });
        await expect(client.post('/v1/projects', { body, idempotencyKey: unique('refused') })).rejects.toMatchObject({
          status: 409,
        });
      });
      expect(told).toEqual([]);
    });

    it('are there once for a request that was sent twice', async () => {
      const told = await follow(async () => {
        const request = { body: { metadata: { name: unique('once') } }, idempotencyKey: unique('once') };
        await client.post('/v1/projects', request);
        await client.post('/v1/projects', request);
      });
      expect(told).toEqual([{ type: 'project', uid: expect.any(String), change: 'created' }]);
    });

    it("are a project's own and those of the tenant's objects, never another project's or tenant's", async () => {
      const [mine, theirs] = [await newProject(), await newProject()];
      const other = plane.client({ apiKey: plane.keys.get('other') });
      const kinds: string[] = [];
      const work = async (): Promise<void> => {
        await newProject(other);
        await newProfile(theirs);
        const [own, shared] = [await newProfile(mine), await newProfile(tenant)];
        kinds.splice(0, 2, own, shared);
      };
      const seen = await follow(work, { scope: mine });
      expect(seen.map(({ uid }) => uid)).toEqual(kinds);
      const elsewhere = await follow(work, { by: other });
      expect(elsewhere.map(({ type }) => type)).toEqual(['project']);
    });

    it('come with the events of a cluster that somebody follows alone', async () => {
      const scope = await newProject();
      const [uid, neighbour] = [await newCluster(scope), await newCluster(scope)];
      expect(await follow(async () => timezone(neighbour), { scope, clusterUid: uid })).toEqual([]);
    });
  });
}
