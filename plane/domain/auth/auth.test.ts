import { randomBytes } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { TenantUid } from '#protocol/identifiers';

import { apiKeyPrefix, createApiKey, isApiKey } from './api-key.ts';
import { hashPassword, isPassword } from './password.ts';
import { createSessions } from './sessions.ts';

describe('API keys', () => {
  it('are found by their beginning and proved by their hash', () => {
    const { key, prefix, hash } = createApiKey();
    expect(key).toMatch(/^[\w-]{43}$/);
    expect(prefix).toBe(apiKeyPrefix(key));
    expect(isApiKey(key, hash)).toBe(true);
    expect(isApiKey(`${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`, hash)).toBe(false);
    expect(isApiKey(key, new Uint8Array())).toBe(false);
  });
});

describe('passwords', () => {
  it('fit their hash alone, in whatever way their letters are composed', async () => {
    const stored = await hashPassword('pässword');
    expect(stored).toMatch(/^scrypt\$32768\$8\$3\$/);
    expect(await isPassword('pa\u0308ssword', stored)).toBe(true);
    expect(await isPassword('password', stored)).toBe(false);
    expect(await isPassword('', stored)).toBe(false);
  });

  it.each([undefined, null, '', 'plain text'])('fit nothing where none is stored (%p)', async (stored) => {
    expect(await isPassword('', stored)).toBe(false);
    expect(await isPassword(String(stored), stored)).toBe(false);
  });
});

describe('session tokens', () => {
  const session = { userUid: 'u', tenantUid: TenantUid.parse('a'.repeat(24)) };
  const key = randomBytes(32);

  it('speak for their user for an hour', async () => {
    let now = new Date('2026-01-01T00:00:00Z');
    const sessions = createSessions(key, { now: () => now });
    const token = await sessions.issue(session);
    expect(await sessions.verify(token)).toEqual(session);
    now = new Date('2026-01-01T00:59:59Z');
    expect(await sessions.verify(token)).toEqual(session);
    now = new Date('2026-01-01T01:00:01Z');
    expect(await sessions.verify(token)).toBeUndefined();
  });

  it('are worth nothing changed, unsigned or with another key', async () => {
    const sessions = createSessions(key);
    const token = await sessions.issue(session);
    const [, payload] = token.split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    for (const other of [`${token}x`, unsigned, 'x', '']) expect(await sessions.verify(other)).toBeUndefined();
    expect(await createSessions(randomBytes(32)).verify(token)).toBeUndefined();
  });
});
