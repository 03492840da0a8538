import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { requireSession, saveSession, targetUrl } from './session.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'session-'));
});
afterEach(async () => rm(home, { recursive: true, force: true }));

const signIn = async (expiresAt = new Date(Date.now() + 60_000).toISOString()): Promise<void> =>
  saveSession({ url: 'https://site-7:5080', user: 'admin', token: 't', expiresAt }, { home });

describe('the agent that is meant', () => {
  it('is the one of --url, else of the environment, else the one on this machine', async () => {
    const env = { PALETTE_LOCAL_URL: 'site-8:5080' };
    expect(await targetUrl({ home, url: 'site-9' }, env)).toBe('https://site-9');
    expect(await targetUrl({ home }, env)).toBe('https://site-8:5080');
    expect(await targetUrl({ home }, {})).toBe('https://localhost:5080');
  });

  it.each<{ readonly name: string; readonly url?: string; readonly env: NodeJS.ProcessEnv }>([
    { name: 'by --url', url: 'https://site-9:5080', env: {} },
    { name: 'by $PALETTE_LOCAL_URL', env: { PALETTE_LOCAL_URL: 'site-9:5080' } },
  ])('is not another one than was named $name, however signed in elsewhere', async ({ url, env }) => {
    await signIn();
    await expect(requireSession({ home, url }, env)).rejects.toThrow('nobody is signed in at https://site-9:5080');
    expect(await requireSession({ home }, {})).toMatchObject({ url: 'https://site-7:5080' });
  });

  it('wants a session that has not ended', async () => {
    await expect(requireSession({ home }, {})).rejects.toThrow('nobody is signed in');
    await signIn(new Date(Date.now() - 1).toISOString());
    await expect(requireSession({ home }, {})).rejects.toThrow('the session has ended');
  });

  it.each(['http://site:5080', 'https://site/path', 'https://'])('is not at %s', async (url) => {
    await expect(targetUrl({ home, url }, {})).rejects.toThrow('expected https://host:port');
  });
});
