import { describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import { fakeContext } from '#resources/definitions/testing/fake-context';

import { connect, createKnownSecrets } from './connect.ts';
import { createConnections } from './connections.ts';
import { createLookups } from './lookups.ts';
import { attempt, resolved } from './outcome.ts';
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

describe('what is required', () => {
  it('is not another object of the same name, in another namespace', () => {
    const required = createRequired(new Map([['credentials', [credentials]]]));
    const wanted = { apiVersion: 'v1', kind: 'Secret', name: 'palette' };
    expect(required.ask('credentials', { ...wanted, namespace: 'crossplane-system' }).kind).toBe('found');
    expect(required.ask('credentials', { ...wanted, namespace: 'team' }).kind).toBe('asked');
  });
});

describe('look-ups', () => {
  it('tell that the API was too slow, by nothing but that', async () => {
    const client = { ...fakeContext({}).client, get: slowGet };
    const lookups = createLookups({
      client,
      host: 'h',
      project: 'Default',
      now: Date.now,
      random: Math.random,
      deadlineMs: 20,
    });
    const outcome = await attempt(async () => resolved(await lookups.verify()));
    expect(outcome).toMatchObject({ kind: 'unavailable', reason: 'ApiUnreachable' });
  });
});

/** Ends with the signal alone, as a request does whose answer never comes. */
const slowGet = (async (_path: string, { signal }: { signal: AbortSignal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error)); // as: a signal's reason is what it says
  })) as never; // as: the client's method has a form for each path

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
