/** The plane's own operations through HTTPS and the typed client; run over each database. */
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { isApiError, type PaletteClient, type Scope } from '#openapi/client/index';
import { newUid } from '#plane/store/uid';
import { startWholePlane, type TestPlane, type TestPlaneOptions } from '#test/support/plane';

const tenant = { kind: 'tenant' } as const;
const nobody = '0123456789abcdef01234567';

let counter = 0;
/** A name that no other test uses. */
function unique(prefix: string): string {
  return `${prefix}-${++counter}`;
}

export function describeCore(name: string, database: () => Promise<TestPlaneOptions['database']>): void {
  describe(`the plane over ${name}`, () => {
    let plane: TestPlane;
    let client: PaletteClient;
    let other: PaletteClient;
    let dir: string;

    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), 'palette-core-'));
      const adminPasswordFile = join(dir, 'password');
      await writeFile(adminPasswordFile, 'correct horse battery staple\n', { mode: 0o600 });
      plane = await startWholePlane({ tenants: ['other'], adminPasswordFile, database: await database() });
      client = plane.client();
      other = plane.client({ apiKey: plane.keys.get('other') });
    }, 120_000);
    afterAll(async () => {
      await plane?.stop();
      await rm(dir, { recursive: true, force: true });
    }, 30_000);

    const makeProject = async (by: PaletteClient = client): Promise<string> =>
      (await by.post('/v1/projects', { body: { metadata: { name: unique('project') } } })).uid;
    const inProject = (projectUid: string): Scope => ({ kind: 'project', projectUid });

    describe('bootstrap', () => {
      it('makes a tenant, the project Default and a key that only its owner can read', async () => {
        const info = await client.get('/v1/users/info');
        expect(info).toMatchObject({ orgName: 'first', tenantUid: expect.stringMatching(/^[0-9a-f]{24}$/) });
        const { items } = await client.get('/v1/dashboard/projects/metadata', { query: { name: 'Default' } });
        expect(items).toHaveLength(1);
        const files = [plane.config.bootstrap.apiKeyFile, join(plane.config.dataDir, 'master.key')];
        expect((await Promise.all(files.map(async (file) => stat(file)))).map(({ mode }) => mode & 0o777)).toEqual([
          0o600, 0o600,
        ]);
      });
    });

    describe('credentials', () => {
      it.each([
        { what: 'no credentials', options: { apiKey: undefined }, code: 'MissingCredentials' },
        { what: 'a wrong API key', options: { apiKey: 'wrong-key' }, code: 'InvalidApiKey' },
        { what: 'a session token that is none', options: { apiKey: undefined, jwt: 'a.b.c' }, code: 'InvalidSession' },
      ])('are refused with 401 and a code of their own: $what', async ({ options, code }) => {
        await expect(plane.client(options).get('/v1/users/info')).rejects.toMatchObject({ status: 401, code });
      });

      it('take a session from e-mail and password, and nothing from a wrong one', async () => {
        const anonymous = plane.client({ apiKey: undefined });
        const login = { emailId: 'Admin@example.test', password: 'correct horse battery staple' };
        const { Authorization } = await anonymous.post('/v1/auth/authenticate', { body: login });
        const session = plane.client({ apiKey: undefined, jwt: Authorization });
        expect(await session.get('/v1/users/info')).toEqual(await client.get('/v1/users/info'));
        for (const body of [
          { ...login, password: 'wrong' },
          { ...login, emailId: 'nobody@example.test' },
          { ...login, org: 'other' },
          {},
        ]) {
          await expect(anonymous.post('/v1/auth/authenticate', { body })).rejects.toMatchObject({
            status: 401,
            code: 'InvalidLogin',
          });
        }
      }, 30_000); // five passwords, each slow to check on purpose

      it('end with the API key: a deleted one stops working at once, an expired one does not work', async () => {
        const { uid, apiKey } = await client.post('/v1/apiKeys', { body: { metadata: { name: unique('key') } } });
        const holder = plane.client({ apiKey });
        await expect(holder.get('/v1/users/info')).resolves.toBeDefined();
        const { items } = await client.get('/v1/apiKeys');
        expect(items.find((item) => item.metadata?.uid === uid)).toMatchObject({ status: { isActive: true } });
        expect(JSON.stringify(items)).not.toContain(apiKey);
        await client.delete('/v1/apiKeys/{uid}', { path: { uid: uid ?? '' } });
        await expect(holder.get('/v1/users/info')).rejects.toMatchObject({ status: 401, code: 'InvalidApiKey' });
        const past = client.post('/v1/apiKeys', {
          body: { metadata: { name: unique('key') }, spec: { expiry: '2020-01-01T00:00:00Z' } },
        });
        await expect(past).rejects.toMatchObject({ status: 422 });
      });

      it("refuse a project that is not the tenant's alike, whether it exists elsewhere or not", async () => {
        const theirs = await makeProject(other);
        const answers = await Promise.all(
          [theirs, nobody, 'not-a-uid'].map(async (uid) =>
            client.get('/v1/users/info', { scope: inProject(uid) }).catch((error: unknown) => error),
          ),
        );
        for (const answer of answers) expect(answer).toMatchObject({ status: 403, code: 'ProjectNotAccessible' });
      });
    });

    describe('projects', () => {
      it('are created, read, changed, listed and deleted', async () => {
        const projectName = unique('project');
        const metadata = {
          name: projectName,
          labels: { env: 'dev', solo: 'spectro__tag' },
          annotations: { description: 'first words' },
        };
        const { uid } = await client.post('/v1/projects', { body: { metadata } });
        const created = await client.get('/v1/projects/{uid}', { path: { uid } });
        expect(created).toMatchObject({ metadata: { uid, ...metadata }, status: { isDisabled: false } });

        const renamed = { name: `${projectName}-renamed`, labels: {}, annotations: { description: 'other words' } };
        await client.put('/v1/projects/{uid}', {
          path: { uid },
          body: { metadata: renamed, spec: { users: [{ userId: 'u', roles: ['r'] }] } },
        });
        expect(await client.get('/v1/projects/{uid}', { path: { uid } })).toMatchObject({
          metadata: { ...renamed, creationTimestamp: created.metadata?.creationTimestamp },
          spec: { users: [{ userId: 'u', roles: ['r'] }], teams: [] },
        });
        const { items } = await plane.client().get('/v1/dashboard/projects/metadata');
        expect(items).toContainEqual({ metadata: { uid, name: renamed.name } });

        await client.delete('/v1/projects/{uid}', { path: { uid }, body: {} });
        await expect(client.get('/v1/projects/{uid}', { path: { uid } })).rejects.toMatchObject({
          status: 404,
          code: 'ResourceNotFound',
        });
      });

      it('have names of their own within the tenant', async () => {
        const body = { metadata: { name: unique('project') } };
        await client.post('/v1/projects', { body });
        await expect(client.post('/v1/projects', { body })).rejects.toMatchObject({
          status: 409,
          code: 'DuplicateName',
        });
        await expect(other.post('/v1/projects', { body })).resolves.toMatchObject({ uid: expect.any(String) });
      });

      it.each([
        { reason: 'no name', metadata: {} },
        { reason: 'an empty name', metadata: { name: ' ' } },
        { reason: 'a name that is too long', metadata: { name: 'x'.repeat(129) } },
        { reason: 'a name with a control character', metadata: { name: 'a\u0000b' } },
      ])('are refused with 422 for $reason', async ({ metadata }) => {
        await expect(client.post('/v1/projects', { body: { metadata } })).rejects.toMatchObject({
          status: 422,
          code: 'InvalidRequest',
        });
      });

      it('are not deleted while they hold something, unless that is to go too', async () => {
        const uid = await makeProject();
        const account = {
          metadata: { name: unique('account') },
          spec: { accessKey: 'AKIA', secretKey: 'secret' } as const,
        };
        await client.post('/v1/cloudaccounts/aws', {
          body: { ...account, spec: { ...account.spec, credentialType: 'secret', partition: 'aws' } },
          scope: inProject(uid),
        });
        await expect(client.delete('/v1/projects/{uid}', { path: { uid } })).rejects.toMatchObject({
          status: 409,
          code: 'ProjectNotEmpty',
          message: expect.stringContaining('1 cloud accounts'),
        });
        await client.delete('/v1/projects/{uid}', { path: { uid }, query: { cleanupProjectResources: true } });
        await expect(client.get('/v1/projects/{uid}', { path: { uid } })).rejects.toMatchObject({ status: 404 });
      });
    });

    it('keeps a project while it holds a cluster, whatever is to be cleaned up', async () => {
      const uid = await makeProject();
      const scope = inProject(uid);
      const path = { uid };
      const cluster = await client.post('/v1/spectroclusters/generic/import', {
        body: { metadata: { name: unique('cluster') }, spec: {} },
        scope,
      });
      const machines = '/v1/cloudconfigs/generic/{configUid}/machinePools/{machinePoolName}/machines';
      const pool = { configUid: cluster.uid, machinePoolName: 'pool' };
      expect(await client.get(machines, { path: pool, scope })).toMatchObject({ items: [] });
      const kept = client.delete('/v1/projects/{uid}', { path, query: { cleanupProjectResources: true } });
      await expect(kept).rejects.toMatchObject({ status: 409, message: expect.stringContaining('1 clusters') });
      await client.delete('/v1/spectroclusters/{uid}', {
        path: { uid: cluster.uid },
        query: { forceDelete: true },
        scope,
      });
      await client.delete('/v1/projects/{uid}', { path });
      await expect(client.get('/v1/projects/{uid}', { path })).rejects.toMatchObject({ status: 404 });
    });

    describe('macros', () => {
      const names = async (uid: string): Promise<Record<string, string>> => {
        const { macros = [] } = await client.get('/v1/projects/{uid}/macros', { path: { uid }, scope: inProject(uid) });
        return Object.fromEntries(macros.map(({ name: macro, value }) => [macro, value ?? '']));
      };

      it('of a project are added, replaced as a whole, and deleted by name', async () => {
        const uid = await makeProject();
        const call = (...macros: [string, string][]) => ({
          path: { uid },
          scope: inProject(uid),
          body: { macros: macros.map(([macro, value]) => ({ name: macro, value })) },
        });
        await client.post('/v1/projects/{uid}/macros', call(['one', '1'], ['two', '2']));
        await client.post('/v1/projects/{uid}/macros', call(['three', '3']));
        expect(await names(uid)).toEqual({ one: '1', two: '2', three: '3' });
        await client.put('/v1/projects/{uid}/macros', call(['two', 'II'], ['four', '4']));
        expect(await names(uid)).toEqual({ two: 'II', four: '4' });
        await client.delete('/v1/projects/{uid}/macros', call(['two', ''], ['never_was', '']));
        expect(await names(uid)).toEqual({ four: '4' });
      });

      it('of the tenant stand apart from those of projects', async () => {
        const uid = await makeProject();
        const { tenantUid = '' } = await client.get('/v1/users/info');
        const macro = unique('tenant_macro');
        await client.post('/v1/tenants/{tenantUid}/macros', {
          path: { tenantUid },
          scope: tenant,
          body: { macros: [{ name: macro, value: 'v' }] },
        });
        const { macros } = await client.get('/v1/tenants/{tenantUid}/macros', { path: { tenantUid }, scope: tenant });
        expect(macros).toContainEqual({ name: macro, value: 'v' });
        expect(await names(uid)).toEqual({});
        await client.delete('/v1/tenants/{tenantUid}/macros', {
          path: { tenantUid },
          scope: tenant,
          body: { macros: [{ name: macro }] },
        });
      });

      it.each([
        { reason: 'a name that exists', macros: [{ name: 'taken', value: 'again' }], code: 'MacroExists' },
        { reason: 'a name given twice', macros: [{ name: 'a' }, { name: 'a' }], code: 'InvalidRequest' },
        { reason: 'a name that no pack can refer to', macros: [{ name: 'a b' }], code: 'InvalidRequest' },
        { reason: 'no name', macros: [{ value: 'v' }], code: 'InvalidRequest' },
      ])('are refused with 422 for $reason, and then none of them is stored', async ({ macros, code }) => {
        const uid = await makeProject();
        await client.post('/v1/projects/{uid}/macros', {
          path: { uid },
          scope: tenant,
          body: { macros: [{ name: 'taken', value: 'before' }] },
        });
        const refused = client.post('/v1/projects/{uid}/macros', {
          path: { uid },
          scope: tenant,
          body: { macros: [{ name: 'fine', value: '' }, ...macros] },
        });
        await expect(refused).rejects.toMatchObject({ status: 422, code });
        expect(await names(uid)).toEqual({ taken: 'before' });
      });

      it('replaced by many at once are in the end those of one of them', async () => {
        const uid = await makeProject();
        const all = Array.from({ length: 8 }, (_, index) => ({ both: String(index), shared: String(index) }));
        await Promise.all(
          all.map(async (macros) =>
            client.put('/v1/projects/{uid}/macros', {
              path: { uid },
              scope: tenant,
              body: { macros: Object.entries(macros).map(([macro, value]) => ({ name: macro, value })) },
            }),
          ),
        );
        expect(all).toContainEqual(await names(uid));
      });
    });

    describe('registration tokens', () => {
      it('are created, found by name, changed, switched and deleted', async () => {
        const projectUid = await makeProject();
        const tokenName = unique('token');
        const { uid } = await client.post('/v1/edgehosts/tokens', {
          body: {
            metadata: { name: tokenName },
            spec: { defaultProjectUid: projectUid, expiry: '2030-05-06T00:00:00Z' },
          },
        });
        const { items } = await client.get('/v1/edgehosts/tokens');
        const found = items.find((item) => item.metadata?.name === tokenName);
        expect(found).toMatchObject({
          metadata: { uid },
          spec: {
            defaultProject: { uid: projectUid },
            expiry: '2030-05-06T00:00:00.000Z',
            token: expect.stringMatching(/^[\w-]{43}$/),
          },
          status: { isActive: true },
        });
        await client.put('/v1/edgehosts/tokens/{uid}/state', { path: { uid }, body: { isActive: false } });
        await client.put('/v1/edgehosts/tokens/{uid}', {
          path: { uid },
          scope: tenant,
          body: { metadata: { name: `${tokenName}-b` }, spec: { expiry: '2031-01-01T00:00:00Z' } },
        });
        const changed = await client.get('/v1/edgehosts/tokens/{uid}', { path: { uid } });
        expect(changed).toMatchObject({
          metadata: { name: `${tokenName}-b` },
          spec: { token: found?.spec?.token },
          status: { isActive: false },
        });
        expect(changed.spec?.defaultProject).toBeUndefined();
        await client.delete('/v1/edgehosts/tokens/{uid}', { path: { uid } });
        await expect(client.get('/v1/edgehosts/tokens/{uid}', { path: { uid } })).rejects.toMatchObject({
          status: 404,
          code: 'ResourceNotFound',
        });
      });

      it("are refused for a project that is not the tenant's, and for a name that is taken", async () => {
        const theirs = await makeProject(other);
        const body = { metadata: { name: unique('token') } };
        await expect(
          client.post('/v1/edgehosts/tokens', { body: { ...body, spec: { defaultProjectUid: theirs } } }),
        ).rejects.toMatchObject({ status: 422 });
        await client.post('/v1/edgehosts/tokens', { body });
        await expect(client.post('/v1/edgehosts/tokens', { body })).rejects.toMatchObject({
          status: 409,
          code: 'DuplicateName',
        });
      });
    });

    describe('cloud accounts', () => {
      const spec = {
        credentialType: 'secret',
        partition: 'aws',
        accessKey: 'AKIAEXAMPLE',
        secretKey: 'very secret indeed',
      } as const;
      const valid = { ...spec, secretKey: 'verysecretindeed' };

      it('never give back their secrets, and keep them when a change leaves them out', async () => {
        const scope = inProject(await makeProject());
        const accountName = unique('account');
        const { uid } = await client.post('/v1/cloudaccounts/aws', {
          body: { metadata: { name: accountName }, spec: valid },
          scope,
        });
        const read = await client.get('/v1/cloudaccounts/aws/{uid}', { path: { uid }, scope });
        expect(read).toMatchObject({
          kind: 'aws',
          metadata: { name: accountName, annotations: { scope: 'project' } },
          spec: { accessKey: 'AKIAEXAMPLE', partition: 'aws' },
        });
        const { items } = await client.get('/v1/cloudaccounts/aws', { scope });
        const { items: summaries } = await client.get('/v1/cloudaccounts/summary', { scope });
        expect(JSON.stringify([read, items, summaries])).not.toContain(valid.secretKey);
        expect(summaries).toMatchObject([{ kind: 'aws', metadata: { uid } }]);

        await client.put('/v1/cloudaccounts/aws/{uid}', {
          path: { uid },
          body: { ...read, spec: { ...read.spec, credentialType: 'secret', partition: 'aws-us-gov' } },
          scope,
        });
        expect(await client.get('/v1/cloudaccounts/aws/{uid}', { path: { uid }, scope })).toMatchObject({
          spec: { partition: 'aws-us-gov' },
        });
        await client.delete('/v1/cloudaccounts/aws/{uid}', { path: { uid }, scope });
        await expect(client.get('/v1/cloudaccounts/aws/{uid}', { path: { uid }, scope })).rejects.toMatchObject({
          status: 404,
          code: 'ResourceNotFound',
        });
      });

      it('of the tenant can be read in every project and changed in none', async () => {
        const { uid } = await client.post('/v1/cloudaccounts/aws', {
          body: { metadata: { name: unique('account') }, spec: valid },
          scope: tenant,
        });
        const scope = inProject(await makeProject());
        expect(await client.get('/v1/cloudaccounts/aws/{uid}', { path: { uid }, scope })).toMatchObject({
          metadata: { annotations: { scope: 'tenant' } },
        });
        await expect(client.delete('/v1/cloudaccounts/aws/{uid}', { path: { uid }, scope })).rejects.toMatchObject({
          status: 404,
        });
        await client.delete('/v1/cloudaccounts/aws/{uid}', { path: { uid }, scope: tenant });
      });

      it('of one project do not show in another', async () => {
        const { uid } = await client.post('/v1/cloudaccounts/aws', {
          body: { metadata: { name: unique('account') }, spec: valid },
          scope: inProject(await makeProject()),
        });
        const elsewhere = inProject(await makeProject());
        await expect(
          client.get('/v1/cloudaccounts/aws/{uid}', { path: { uid }, scope: elsewhere }),
        ).rejects.toMatchObject({ status: 404 });
        await expect(client.get('/v1/cloudaccounts/aws/{uid}', { path: { uid }, scope: tenant })).rejects.toMatchObject(
          { status: 404 },
        );
      });

      it.each([
        { reason: 'a key without its secret', given: { ...spec, secretKey: '' }, field: 'secretKey' },
        { reason: 'a secret with blanks', given: spec, field: 'secretKey' },
        {
          reason: 'a role that is no ARN',
          given: { credentialType: 'sts', partition: 'aws', sts: { arn: 'role', externalId: 'x' } } as const,
          field: 'sts.arn',
        },
        { reason: 'a policy that is no ARN', given: { ...valid, policyARNs: ['p'] }, field: 'policyARNs[0]' },
      ])('are refused with 422 for $reason', async ({ given, field }) => {
        const refusal: unknown = await client
          .post('/v1/clouds/aws/account/validate', { body: given, scope: tenant })
          .catch((error: unknown) => error);
        expect(refusal).toMatchObject({
          status: 422,
          code: 'InvalidCredentials',
          message: expect.stringContaining(field),
        });
        expect(String(refusal)).not.toContain(spec.secretKey);
      });

      it('are accepted when they are well formed', async () => {
        const sts = {
          credentialType: 'sts',
          partition: 'aws',
          sts: { arn: 'arn:aws:iam::123456789012:role/r', externalId: 'x' },
        } as const;
        await expect(
          client.post('/v1/clouds/aws/account/validate', { body: sts, scope: tenant }),
        ).resolves.toBeUndefined();
      });

      it('of other clouds are none', async () => {
        for (const path of [
          '/v1/cloudaccounts/azure',
          '/v1/cloudaccounts/gcp',
          '/v1/cloudaccounts/maas',
          '/v1/cloudaccounts/vsphere',
          '/v1/cloudaccounts/apache-cloudstack',
        ] as const) {
          expect(await client.get(path, { scope: tenant })).toMatchObject({ items: [] });
        }
        expect(
          await client.get('/v1/cloudaccounts/cloudTypes/{cloudType}', {
            path: { cloudType: 'nutanix' },
            scope: tenant,
          }),
        ).toMatchObject({ items: [] });
      });
    });

    it('knows no gateway, template, workspace or machine', async () => {
      const gone = [
        async () => client.get('/v1/overlords/{uid}', { path: { uid: nobody }, scope: tenant }),
        async () => client.get('/v1/clusterTemplates/{uid}', { path: { uid: nobody }, scope: tenant }),
        async () =>
          client.post('/v1/workspaces/{uid}/clusterRbacs', { path: { uid: nobody }, body: {}, scope: tenant }),
        async () =>
          client.get('/v1/cloudconfigs/generic/{configUid}/machinePools/{machinePoolName}/machines', {
            path: { configUid: nobody, machinePoolName: 'p' },
            scope: tenant,
          }),
        async () =>
          client.get('/v1/cloudconfigs/aws/{configUid}/machinePools/{machinePoolName}/machines/{machineUid}', {
            path: { configUid: nobody, machinePoolName: 'p', machineUid: nobody },
            scope: tenant,
          }),
      ];
      for (const call of gone) await expect(call()).rejects.toMatchObject({ status: 404, code: 'ResourceNotFound' });
    });

    it("tells another tenant's objects from none that exist in nothing", async () => {
      const uid = await makeProject();
      const token = await client.post('/v1/edgehosts/tokens', { body: { metadata: { name: unique('token') } } });
      const account = await client.post('/v1/cloudaccounts/aws', {
        body: {
          metadata: { name: unique('account') },
          spec: { credentialType: 'secret', partition: 'aws', accessKey: 'A', secretKey: 'S' },
        },
        scope: tenant,
      });
      const key = await client.post('/v1/apiKeys', { body: { metadata: { name: unique('key') } } });
      const { tenantUid = '' } = await client.get('/v1/users/info');

      const attempts = (ids: {
        project: string;
        token: string;
        account: string;
        key: string;
        tenant: string;
      }): (() => Promise<unknown>)[] => [
        async () => other.get('/v1/projects/{uid}', { path: { uid: ids.project } }),
        async () =>
          other.put('/v1/projects/{uid}', { path: { uid: ids.project }, body: { metadata: { name: 'taken over' } } }),
        async () => other.delete('/v1/projects/{uid}', { path: { uid: ids.project } }),
        async () => other.get('/v1/projects/{uid}/macros', { path: { uid: ids.project }, scope: tenant }),
        async () =>
          other.post('/v1/projects/{uid}/macros', {
            path: { uid: ids.project },
            scope: tenant,
            body: { macros: [{ name: 'm' }] },
          }),
        async () => other.get('/v1/tenants/{tenantUid}/macros', { path: { tenantUid: ids.tenant }, scope: tenant }),
        async () =>
          other.put('/v1/tenants/{tenantUid}/macros', {
            path: { tenantUid: ids.tenant },
            scope: tenant,
            body: { macros: [] },
          }),
        async () => other.get('/v1/edgehosts/tokens/{uid}', { path: { uid: ids.token } }),
        async () => other.delete('/v1/edgehosts/tokens/{uid}', { path: { uid: ids.token } }),
        async () => other.put('/v1/edgehosts/tokens/{uid}/state', { path: { uid: ids.token }, body: {} }),
        async () => other.get('/v1/cloudaccounts/aws/{uid}', { path: { uid: ids.account }, scope: tenant }),
        async () => other.delete('/v1/cloudaccounts/aws/{uid}', { path: { uid: ids.account }, scope: tenant }),
        async () => other.delete('/v1/apiKeys/{uid}', { path: { uid: ids.key } }),
      ];
      const outcome = async (attempt: () => Promise<unknown>, id: string): Promise<unknown> =>
        attempt().then(
          () => 'succeeded',
          (error: unknown) => {
            if (!isApiError(error)) throw error;
            const message = error.message.replaceAll(id, 'ID').replace(/\(request .*\)/, '');
            return { status: error.status, code: error.code, message };
          },
        );
      const real = attempts({
        project: uid,
        token: token.uid,
        account: account.uid,
        key: key.uid ?? '',
        tenant: tenantUid,
      });
      const invented = newUid();
      const absent = attempts({
        project: invented,
        token: invented,
        account: invented,
        key: invented,
        tenant: invented,
      });
      for (const [index, attempt] of real.entries()) {
        const ids = [uid, token.uid, account.uid, key.uid ?? '', tenantUid];
        const [seen, unseen] = [
          await outcome(attempt, ids[0] ?? ''),
          await outcome(absent[index] ?? attempt, invented),
        ];
        expect(seen).toMatchObject({ status: 404, code: 'ResourceNotFound' });
        const plain = (value: unknown): string =>
          ids.reduce((text, id) => text.replaceAll(id, 'ID'), JSON.stringify(value));
        expect(plain(seen)).toBe(plain(unseen));
      }
      const { items } = await other.get('/v1/dashboard/projects/metadata');
      expect(items.map((item) => item.metadata?.uid)).not.toContain(uid);
      await expect(client.get('/v1/projects/{uid}', { path: { uid } })).resolves.toMatchObject({ metadata: { uid } });
    });
  });
}
