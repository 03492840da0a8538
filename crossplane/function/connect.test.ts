import { describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';

import { connect, createKnownSecrets } from './connect.ts';
import { createConnections } from './connections.ts';
import { createRequired } from './required.ts';
import { clusterProviderConfig, credentials, encoded } from './testing/rounds.ts';

const settings = {
  host: 'palette.example.com',
  apiKey: 'key',
  ca: undefined,
  insecure: false,
  project: 'Default',
  rateLimit: { requestsPerSecond: 20, burst: 40 },
  secretVersion: '1',
};
const selector = { apiVersion: 'm.palette-iac.dev/v1alpha1', kind: 'ClusterProviderConfig', name: 'default' };

describe('connect', () => {
  it('tells of a host that is none', async () => {
    const secret = { ...credentials, data: { apiKey: encoded('key'), host: encoded('https://a/b') } };
    const connections = createConnections({ log: silentLogger, now: Date.now, random: Math.random });
    const required = createRequired(
      new Map([
        ['provider-config', [clusterProviderConfig]],
        ['credentials', [secret]],
      ]),
    );
    const outcome = await connect(selector, { required, connections, secrets: createKnownSecrets() });
    expect(outcome).toMatchObject({
      kind: 'unavailable',
      reason: 'CredentialsInvalid',
      message: expect.stringMatching(/ClusterProviderConfig "default": host must be a name/),
    });
  });
});

describe('connections', () => {
  it('are one for each host, key and project, and not more than some hundreds', () => {
    const connections = createConnections({ log: silentLogger, now: Date.now, random: Math.random });
    const first = connections.open(settings);
    expect(connections.open({ ...settings, secretVersion: '2' })).toBe(first);
    expect(connections.open({ ...settings, apiKey: 'other' })).not.toBe(first);
    expect(connections.open({ ...settings, project: 'other' })).not.toBe(first);
    for (let index = 0; index < 500; index++) connections.open({ ...settings, project: `p${index}` });
    expect(connections.size).toBe(200);
    connections.close();
    expect(connections.size).toBe(0);
  });
});
