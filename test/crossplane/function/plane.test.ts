/** The function over gRPC against a real management plane. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunFunctionRequest } from '@crossplane-org/function-sdk-typescript';
import { RunFunctionRequest as Request } from '@crossplane-org/function-sdk-typescript';

import { silentLogger } from '#core/log';
import { FunctionConfig } from '#crossplane/function/config';
import type { Handler } from '#crossplane/function/handler';
import { runFunction } from '#crossplane/function/main';
import {
  callUntilStable,
  clusterProviderConfig,
  composed,
  credentials,
  encoded,
  type Call,
  type Called,
} from '#crossplane/function/testing/rounds';
import type { Schemas, Scope } from '#openapi/client/index';
import { startWholePlane, type TestPlane } from '#test/support/plane';

import { createCaller, type Caller } from './support/caller.ts';

const stop = new AbortController();
let ended: Promise<void> | undefined;
let caller: Caller;
let plane: TestPlane;
let profileUid = '';

beforeAll(async () => {
  plane = await startWholePlane();
  const client = plane.client();
  const projects = await client.get('/v1/dashboard/projects/metadata', { scope: { kind: 'tenant' } });
  const projectUid = projects.items.find(({ metadata }) => metadata?.name === 'Default')?.metadata?.uid ?? '';
  const scope: Scope = { kind: 'project', projectUid };
  const pack = {
    name: 'guard',
    type: 'manifest',
    uid: 'spectro-manifest-pack',
    values: '',
    manifests: [{ name: 'limits', content: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n' }],
  } satisfies Schemas['v1PackManifestEntity'];
  const made = await client.post('/v1/clusterprofiles', {
    query: { publish: true },
    body: {
      metadata: { name: 'web' },
      spec: {
        version: '1.2.0',
        template: { cloudType: 'all', type: 'add-on', packs: [pack] },
        variables: [{ name: 'replicas', displayName: 'Replicas', format: 'number', defaultValue: '1' }],
      },
    },
    scope,
  });
  profileUid = made.uid;
  const config = FunctionConfig.parse({ listen: { host: '127.0.0.1', port: 0 }, insecure: true });
  const port = await new Promise<number>((resolve, reject) => {
    ended = runFunction(config, {
      log: silentLogger,
      signal: stop.signal,
      onReady: (running) => resolve(running.port),
    });
    ended.catch(reject);
  });
  caller = createCaller(port);
}, 120_000);

afterAll(async () => {
  caller.close();
  stop.abort();
  await ended;
  await plane.stop();
});

const overWire: Handler = async (request: RunFunctionRequest) => caller.call(Request.toJSON(request) as object); // as: JSON of a message is an object

function paletteCluster(profiles: readonly object[]): object {
  return {
    apiVersion: 'fleet.palette-iac.dev/v1alpha1',
    kind: 'PaletteCluster',
    metadata: { name: 'edge', namespace: 'team', uid: 'u' },
    spec: { profiles },
  };
}

/** The objects that say where the plane is. */
function connection(apiKey: string, host = plane.host): object[] {
  const data = { apiKey: encoded(apiKey), host: encoded(host), 'ca.crt': encoded(plane.ca) };
  return [clusterProviderConfig, { ...credentials, data }];
}

async function call(given: Partial<Call>, apiKey = plane.apiKey): Promise<Called> {
  const composite = paletteCluster([{ name: 'web', version: '1.2.0', variables: { replicas: '3' } }]);
  return callUntilStable(overWire, { composite, cluster: connection(apiKey), ...given });
}

const reasons = ({ response }: Called): string[] => response.conditions.map(({ reason }) => reason);

describe('the function and a plane', () => {
  it('finds a profile by its name and version', async () => {
    const called = await call({});
    expect(called.response.results).toEqual([]);
    expect(composed(called)).toMatchObject({
      cluster: {
        resource: { spec: { forProvider: { clusterProfile: [{ id: profileUid, variables: { replicas: '3' } }] } } },
      },
    });
  });

  it.each([
    { profile: { name: 'wbe' }, says: /spec\.profiles\[0\]\.name: there is no cluster profile "wbe".*"web"/ },
    { profile: { name: 'web', version: '2.0.0' }, says: /spec\.profiles\[0\]\.version: .*it has "1\.2\.0"/ },
    {
      profile: { name: 'web', variables: { replicas: 'many' } },
      says: /spec\.profiles\[0\]\.variables\.replicas: .*format is number/,
    },
  ])('says what is wrong with $profile', async ({ profile, says }) => {
    const called = await call({ composite: paletteCluster([profile]) });
    expect(called.response.results).toMatchObject([{ severity: 2, message: expect.stringMatching(says) }]);
    expect(composed(called)).toEqual({});
  });

  it('says that a key is refused, without the key', async () => {
    const called = await call({}, 'no-such-key');
    expect(reasons(called)[0]).toBe('CredentialsInvalid');
    expect(JSON.stringify(called.response)).not.toContain('no-such-key');
  });

  it('keeps what is composed when nothing answers there, and says so', async () => {
    const object = {
      apiVersion: 'm.palette-iac.dev/v1alpha1',
      kind: 'ClusterBrownfield',
      metadata: { name: 'edge-1', namespace: 'team' },
      spec: { forProvider: { name: 'edge' } },
      status: { conditions: [{ type: 'Ready', status: 'True', reason: 'Available' }] },
    };
    const called = await call({ observed: { cluster: { object } }, cluster: connection(plane.apiKey, 'localhost:1') });
    expect(reasons(called)[0]).toBe('ApiUnreachable');
    expect(composed(called)).toMatchObject({ cluster: { ready: 'READY_TRUE', resource: { spec: object.spec } } });
  });
});
