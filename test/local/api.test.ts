/** The local API of an agent at a real cluster. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { z } from 'zod';

import { OPERATIONS } from '#agent/local/operations';

import { configMap, eventually, layer, openCluster, refTo, type TestCluster } from '../agent/support/harness.ts';
import { call, PASSWORD, signIn, signInFirst, startLocalSite, type Answer, type LocalSite } from './support.ts';

jest.setTimeout(120_000);

let cluster: TestCluster;
let local: LocalSite;
let token: string;
const contract = z
  .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())), components: z.unknown() })
  .parse(JSON.parse(await readFile(new URL('../../openapi/local/generated/openapi.json', import.meta.url), 'utf8')));

beforeAll(async () => {
  cluster = await openCluster();
  local = await startLocalSite(cluster, { auditDir: join(cluster.dir, 'audit') });
  token = await signInFirst(local);
}, 20 * 60_000);
afterAll(async () => {
  await local.stop();
  await cluster.close();
});

const get = async (path: string, who: string | undefined = token): Promise<Answer> =>
  call(local.port, 'GET', path, { token: who });

/** The answer is one that the contract has. */
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema({ $id: 'local:', components: contract.components }, 'local:');
function expectAsPromised(method: string, path: string, answer: Answer): void {
  const operation = z
    .object({ responses: z.record(z.string(), z.unknown()) })
    .parse(contract.paths[path]?.[method.toLowerCase()]);
  expect(Object.keys(operation.responses)).toContain(String(answer.status));
  const pointer = ['paths', path, method.toLowerCase(), 'responses', String(answer.status)];
  const schema = z
    .object({ content: z.object({ 'application/json': z.object({ schema: z.record(z.string(), z.unknown()) }) }) })
    .safeParse(operation.responses[String(answer.status)]);
  expect({ pointer, has: schema.success }).toEqual({ pointer, has: true });
  if (!schema.success) return;
  const validate = ajv.compile(
    JSON.parse(JSON.stringify(schema.data.content['application/json'].schema).replaceAll('"#/', '"local:#/')),
  );
  validate(answer.json);
  expect({ path, errors: validate.errors }).toEqual({ path, errors: null });
}

describe('the contract of the local API', () => {
  it('names the operations that there are, and no others', () => {
    const promised = Object.entries(contract.paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, operation]) => {
        const named = z.object({ operationId: z.string() }).safeParse(operation);
        return named.success ? [`${method.toUpperCase()} ${path} ${named.data.operationId}`] : [];
      }),
    );
    const kept = Object.entries(OPERATIONS).map(([id, { method, path }]) => `${method} ${path} ${id}`);
    expect(kept.toSorted()).toEqual(promised.toSorted());
  });

  it('opens to everybody what it says it opens to everybody', () => {
    const open = Object.entries(contract.paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, operation]) => {
        const parsed = z.object({ security: z.array(z.unknown()).length(0) }).safeParse(operation);
        return parsed.success ? [`${method.toUpperCase()} ${path}`] : [];
      }),
    );
    const kept = Object.values(OPERATIONS).flatMap(({ method, path, access }) =>
      access === 'public' ? [`${method} ${path}`] : [],
    );
    expect(kept.toSorted()).toEqual(open.toSorted());
  });

  it.each(
    Object.entries(OPERATIONS).filter(([, { method, path }]) => method === 'GET' && !/download|stream/.test(path)),
  )('is kept by %s', async (_, { method, path }) => {
    const answer = await get(path);
    expectAsPromised(method, path, answer);
  });
});

describe('what is in force', () => {
  it('is shown with packs, objects and nodes', async () => {
    const { site } = local;
    const revision = await site.plane.offer({
      layers: [layer('app', 10, configMap(site.namespace, 'shown', { color: 'blue' }))],
    });
    await site.applied(revision);
    const seen = await eventually('the page shows it', async () => {
      const { json } = await get('/v1/edge-mgmt/cluster');
      const parsed = z
        .object({ revision: z.number(), phase: z.string(), plane: z.object({ reachable: z.boolean() }).loose() })
        .loose()
        .parse(json);
      // What was asked while an agent starts may be known a moment later than what is applied.
      return parsed.revision === revision && parsed.phase === 'applied' && parsed.plane.reachable ? parsed : undefined;
    });
    expect(seen).toMatchObject({
      membership: 'member',
      uid: site.plane.clusterUid,
      name: 'test',
      healthy: true,
      plane: { url: site.plane.url, reachable: true },
      counts: { packs: 1, packsReady: 1, objects: 1 },
    });
    expect((await get('/v1/edge-mgmt/cluster/applications')).json).toMatchObject({
      items: [{ name: 'app', condition: 'Ready', objects: 1, profile: { name: 'profile', version: '1.0.0' } }],
    });
    expect((await get('/v1/edge-mgmt/cluster/profiles')).json).toMatchObject({
      items: [{ name: 'profile', packs: ['app'] }],
    });
    expect((await get('/v1/edge-mgmt/clusters/current/nodes')).json).toMatchObject({
      items: [{ name: 'node-0', ready: true }],
    });
  });

  it('shows drift with what was changed and by whom', async () => {
    const { site } = local;
    await site.edit(refTo(configMap(site.namespace, 'shown', {})), { data: { color: 'red' } });
    const drift = await eventually('the drift is shown', async () => {
      const { json } = await get('/v1/edge-mgmt/cluster/drift');
      return z.object({ items: z.array(z.looseObject({ action: z.string() })).min(1) }).safeParse(json).data?.items[0];
    });
    expect(drift).toMatchObject({
      action: 'healed',
      change: 'modified',
      layer: 'app',
      manager: 'somebody',
      object: { kind: 'ConfigMap', name: 'shown', namespace: site.namespace },
      diff: [{ path: expect.stringContaining('color') }],
    });
    const answer = await get('/v1/edge-mgmt/cluster/drift');
    expectAsPromised('GET', '/v1/edge-mgmt/cluster/drift', answer);
    expectAsPromised('GET', '/v1/edge-mgmt/cluster/events', await get('/v1/edge-mgmt/cluster/events'));
  });
});

describe('signing in', () => {
  it('needs the password; what nobody signed in may see is refused', async () => {
    expect(await get('/v1/edge-mgmt/cluster', '')).toMatchObject({ status: 401 });
    expect(await call(local.port, 'GET', '/v1/edge-mgmt/cluster')).toMatchObject({ status: 401 });
    expect(
      await call(local.port, 'POST', '/v1/users/default/login', { body: { userName: 'admin', password: 'wrong' } }),
    ).toMatchObject({ status: 401, json: { code: 'WrongCredentials' } });
    expect(await signIn(local.port, 'admin', PASSWORD)).toMatch(/^[\w-]{43}$/);
    expect(await local.initialPassword()).toBe('');
  });
});
