import { randomBytes } from 'node:crypto';

import { describe, expect, it, jest } from '@jest/globals';

import { createApiKey } from '#plane/domain/auth/api-key';
import { createSessions } from '#plane/domain/auth/sessions';
import type { SystemDatabase, Transaction } from '#plane/store/database';
import { ClusterUid, ProjectUid, TenantUid } from '#protocol/identifiers';

import { createAuthenticator } from './authenticate.ts';
import { createFailureLimit } from './failure-limit.ts';

const tenantUid = TenantUid.parse('a'.repeat(24));
const projectUid = ProjectUid.parse('b'.repeat(24));
const good = createApiKey();
const signal = new AbortController().signal;

/** Knows one API key and one project. */
function database(expires: Date | null = null): SystemDatabase {
  const row = { user_uid: 'u', email: 'u@example.test', tenant_uid: tenantUid, hash: good.hash, expires_at: expires };
  const query = async (_sql: string, [prefix, project]: readonly unknown[] = []): Promise<object[]> =>
    prefix === good.prefix || prefix === 'u'
      ? [{ ...row, project_uid: project === projectUid ? projectUid : null }]
      : [];
  // Rows are what the statement of the code under test returns.
  const tx = { query } as unknown as Transaction;
  return { transaction: async (work) => work(tx) };
}

const setUp = (options: { expires?: Date } = {}) =>
  createAuthenticator({
    database: database(options.expires),
    sessions: createSessions(randomBytes(32)),
    agents: async (token) =>
      token === 'agent'
        ? { kind: 'agent', agentUid: 'c', clusterUid: ClusterUid.parse('c'.repeat(24)), tenantUid, projectUid }
        : undefined,
    failures: createFailureLimit(() => 0),
    onRefused: jest.fn(),
    now: () => new Date('2026-01-01T00:00:00Z'),
  });

const call = (headers: Record<string, string>, source = 'here') => ({ headers: new Headers(headers), source, signal });

describe('createAuthenticator', () => {
  it('takes an API key, in a project of its tenant or without', async () => {
    const authenticator = setUp();
    expect(await authenticator.user(call({ ApiKey: good.key, ProjectUid: projectUid }))).toMatchObject({
      principal: { kind: 'user', userUid: 'u', via: 'apiKey' },
      scope: { tenantUid, projectUid },
    });
    expect((await authenticator.user(call({ ApiKey: good.key }))).scope).toEqual({ tenantUid, projectUid: undefined });
  });

  it.each([
    { name: 'nothing', headers: {}, code: 'MissingCredentials' },
    {
      name: 'a key with the same beginning',
      headers: { ApiKey: `${good.prefix}${'x'.repeat(35)}` },
      code: 'InvalidApiKey',
    },
    { name: 'an unknown key', headers: { ApiKey: 'nope' }, code: 'InvalidApiKey' },
    { name: 'a token of nobody', headers: { Authorization: 'x.y.z' }, code: 'InvalidSession' },
    { name: "an agent's token", headers: { Authorization: 'Bearer agent' }, code: 'InvalidSession' },
    {
      name: 'a project that is not there',
      headers: { ApiKey: good.key, ProjectUid: 'c'.repeat(24) },
      code: 'ProjectNotAccessible',
    },
  ])('refuses a user with $name', async ({ headers, code }) => {
    await expect(setUp().user(call(headers))).rejects.toMatchObject({ code });
  });

  it('refuses an API key that has ended', async () => {
    await expect(
      setUp({ expires: new Date('2025-12-31T00:00:00Z') }).user(call({ ApiKey: good.key })),
    ).rejects.toMatchObject({ code: 'InvalidApiKey' });
  });

  it('takes an agent by its token and nobody else in its place', async () => {
    const authenticator = setUp();
    expect(await authenticator.agent(call({ Authorization: 'Bearer agent' }))).toMatchObject({
      principal: { kind: 'agent' },
      scope: { projectUid },
    });
    for (const headers of [{ Authorization: 'Bearer other' }, { ApiKey: good.key }, {}]) {
      await expect(authenticator.agent(call(headers))).rejects.toMatchObject({ status: 401, code: 'AgentRevoked' });
    }
  });

  it('lets anybody in without credentials, and nobody with wrong ones', async () => {
    const authenticator = setUp();
    expect(await authenticator.anybody(call({}))).toEqual({ kind: 'anonymous' });
    expect(await authenticator.anybody(call({ ApiKey: good.key }))).toMatchObject({ kind: 'user' });
    await expect(authenticator.anybody(call({ ApiKey: 'nope' }))).rejects.toMatchObject({ status: 401 });
  });

  it('makes a source that fails too often wait, but not a key that was good before', async () => {
    const authenticator = setUp();
    await authenticator.user(call({ ApiKey: good.key }));
    for (let i = 0; i < 20; i++)
      await expect(authenticator.user(call({ ApiKey: `wrong-${i}` }))).rejects.toMatchObject({ status: 401 });
    await expect(authenticator.user(call({ ApiKey: 'wrong' }))).rejects.toMatchObject({ status: 429 });
    await expect(authenticator.user(call({ ApiKey: good.key }))).resolves.toBeDefined();
    await expect(authenticator.user(call({ ApiKey: 'wrong' }, 'elsewhere'))).rejects.toMatchObject({ status: 401 });
  });
});
