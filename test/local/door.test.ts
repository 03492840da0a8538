/** Who comes in and who does not: limits, locks, roles, forged requests, and whatever else may come over a socket. */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as tlsConnect } from 'node:tls';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';

import { OPERATIONS } from '#agent/local/operations';

import { eventually, openCluster, type TestCluster } from '../agent/support/harness.ts';
import { call, PASSWORD, signIn, signInFirst, startLocalSite, type Answer, type LocalSite } from './support.ts';

jest.setTimeout(120_000);

const LOCK_SECONDS = 4;
const LOGIN = '/v1/users/default/login';
const RESYNC = '/v1/edge-mgmt/cluster/resync';
const HOST = '/v1/edge-mgmt/edgehosts/current';

let cluster: TestCluster;
let local: LocalSite;
let token: string;

beforeAll(async () => {
  cluster = await openCluster();
  local = await startLocalSite(cluster, {
    invited: false,
    inPod: true,
    local: {
      names: ['agent.example.test'],
      // A lock whose end a test can wait for; the presets are those of the reference.
      login: { lockoutDurationInMinutes: LOCK_SECONDS / 60 },
    },
  });
  token = await signInFirst(local);
}, 20 * 60_000);
afterAll(async () => {
  await local.stop();
  await cluster.close();
});

const tryPassword = async (userName: string, password = 'wrong'): Promise<Answer> =>
  call(local.port, 'POST', LOGIN, { body: { userName, password } });

const Cookie = z.object({ 'set-cookie': z.array(z.string()).length(1) });

async function signInWithCookie(): Promise<{ readonly cookie: string; readonly csrfToken: string }> {
  const answer = await call(local.port, 'POST', `${LOGIN}?setCookie=true`, {
    body: { userName: 'admin', password: PASSWORD },
  });
  const [set = ''] = Cookie.parse(answer.headers)['set-cookie'];
  expect(set).toMatch(/^__Host-palette-session=[\w-]{43}; Path=\/; Max-Age=\d+; Secure; HttpOnly; SameSite=Strict$/);
  const { csrfToken } = z
    .object({ csrfToken: z.string(), Token: z.object({ Authorization: z.literal('') }) })
    .parse(answer.json);
  return { cookie: set.split(';')[0] ?? '', csrfToken };
}

describe('an agent that waits for an invitation', () => {
  it('can be looked at, and says so', async () => {
    const { json } = await call(local.port, 'GET', '/v1/edge-mgmt/cluster', { token });
    expect(json).toMatchObject({ membership: 'waiting', revision: 0, phase: 'none' });
    expect(await call(local.port, 'POST', RESYNC, { token })).toMatchObject({
      status: 409,
      json: { code: 'NotMember' },
    });
  });
});

describe('passwords', () => {
  it('may be guessed a few times, then slower, then not at all, for users and for names that nobody has alike', async () => {
    await call(local.port, 'POST', '/v1/users', {
      token,
      body: { name: 'guessed', role: 'viewer', password: PASSWORD },
    });
    const codes = async (name: string): Promise<readonly string[]> => {
      const seen: string[] = [];
      while (seen.length < 400 && seen.at(-1) !== 'LockedOut') {
        const answer = await tryPassword(name);
        const { code, retryAfterSeconds = 0 } = z
          .object({ code: z.string(), retryAfterSeconds: z.number().optional() })
          .parse(answer.json);
        if (seen.at(-1) !== code || code === 'WrongCredentials') seen.push(code);
        if (code !== 'WrongCredentials') expect(answer.headers['retry-after']).toBe(String(retryAfterSeconds));
      }
      return seen;
    };
    const [wrong, soon] = ['WrongCredentials', 'TooManyRequests'];
    const expected = [wrong, wrong, wrong, soon, wrong, soon, wrong, 'LockedOut'];
    expect(await Promise.all([codes('guessed'), codes('nobody')])).toEqual([expected, expected]);
    // The right one is of no use now; others go in and out as ever.
    const locked = performance.now();
    expect(await tryPassword('guessed', PASSWORD)).toMatchObject({ status: 429, json: { code: 'LockedOut' } });
    expect(await signIn(local.port, 'admin', PASSWORD)).toBeTruthy();
    const free = await eventually('the lock ends', async () => {
      const { status } = await tryPassword('guessed', PASSWORD);
      return status === 200 ? performance.now() : undefined;
    });
    expect(free - locked).toBeLessThan(LOCK_SECONDS * 1000 + 30_000);
    const events = await call(local.port, 'GET', '/v1/edge-mgmt/cluster/events', { token });
    expect(events.text).toContain('too many wrong passwords for the user guessed');
    expect(events.text).not.toContain('nobody');
  });

  it('are not guessed faster by guessing many at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, async () => tryPassword('crowd')));
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(5);
    expect(answers.every(({ status }) => status === 401 || status === 429)).toBe(true);
  });

  it.each([
    { name: 'short', newPassword: 'short' },
    { name: 'of few characters', newPassword: 'aaaaaaaaaaaaaaaa' },
    { name: 'the same', newPassword: PASSWORD },
  ])('must not be $name', async ({ newPassword }) => {
    const answer = await call(local.port, 'POST', '/v1/users/default/password/reset', {
      token,
      body: { currentPassword: PASSWORD, newPassword },
    });
    expect(answer.status).toBe(422);
  });

  it('end other sessions when they are changed', async () => {
    await call(local.port, 'POST', '/v1/users', {
      token,
      body: { name: 'changing', role: 'viewer', password: PASSWORD },
    });
    const [one, other] = [
      await signIn(local.port, 'changing', PASSWORD),
      await signIn(local.port, 'changing', PASSWORD),
    ];
    expect(await call(local.port, 'GET', '/v1/edge-mgmt/cluster', { token: one })).toMatchObject({
      status: 403,
      json: { code: 'PasswordChangeRequired' },
    });
    const changed = await call(local.port, 'POST', '/v1/users/default/password/reset', {
      token: one,
      body: { currentPassword: PASSWORD, newPassword: `${PASSWORD} again` },
    });
    expect(changed.status).toBe(204);
    expect(await call(local.port, 'GET', '/v1/edge-mgmt/cluster', { token: one })).toMatchObject({ status: 200 });
    expect(await call(local.port, 'GET', '/v1/edge-mgmt/cluster', { token: other })).toMatchObject({ status: 401 });
  });
});

describe('sessions', () => {
  it('end when they are signed out, and when they are renewed', async () => {
    const first = await signIn(local.port, 'admin', PASSWORD);
    const renewed = await call(local.port, 'POST', '/v1/users/default/token/renewal', { token: first });
    const second = z.object({ Token: z.object({ Authorization: z.string() }) }).parse(renewed.json).Token.Authorization;
    expect(await call(local.port, 'GET', '/v1/users/current', { token: first })).toMatchObject({ status: 401 });
    expect(await call(local.port, 'GET', '/v1/users/current', { token: second })).toMatchObject({ status: 200 });
    await call(local.port, 'POST', '/v1/users/default/logout', { token: second });
    expect(await call(local.port, 'GET', '/v1/users/current', { token: second })).toMatchObject({ status: 401 });
  });

  it('last two hours, or a day', async () => {
    for (const [query, hours] of [
      ['', 2],
      ['?extendedSession=true', 24],
    ] as const) {
      const { json } = await call(local.port, 'POST', `${LOGIN}${query}`, {
        body: { userName: 'admin', password: PASSWORD },
      });
      const { expiresAt } = z.object({ expiresAt: z.string() }).parse(json);
      const left = (new Date(expiresAt).getTime() - Date.now()) / 3_600_000;
      expect(left).toBeGreaterThan(hours - 0.05);
      expect(left).toBeLessThanOrEqual(hours);
    }
  });

  it('in a cookie change nothing without the second token, and nothing for other sites', async () => {
    const { cookie, csrfToken } = await signInWithCookie();
    const post = async (headers: Readonly<Record<string, string>>): Promise<number> =>
      (await call(local.port, 'POST', RESYNC, { headers: { cookie, ...headers } })).status;
    expect((await call(local.port, 'GET', '/v1/users/current', { headers: { cookie } })).status).toBe(200);
    expect(await post({})).toBe(403);
    expect(await post({ 'x-csrf-token': 'guess' })).toBe(403);
    expect(await post({ 'x-csrf-token': csrfToken, 'sec-fetch-site': 'cross-site' })).toBe(403);
    // 409: nobody is against it but the agent, which is no member yet.
    expect(await post({ 'x-csrf-token': csrfToken, 'sec-fetch-site': 'same-origin' })).toBe(409);
    // A cookie's token is none for a header, nor the other way round.
    expect((await call(local.port, 'GET', '/v1/users/current', { token: cookie.split('=')[1] })).status).toBe(401);
    expect(
      (await call(local.port, 'GET', '/v1/users/current', { headers: { cookie: `__Host-palette-session=${token}` } }))
        .status,
    ).toBe(401);
  });

  it('end with the user, whoever removes it', async () => {
    await call(local.port, 'POST', '/v1/users', {
      token,
      body: { name: 'leaving', role: 'admin', password: PASSWORD },
    });
    const theirs = await signIn(local.port, 'leaving', PASSWORD);
    expect(await call(local.port, 'DELETE', '/v1/users/leaving', { token })).toMatchObject({ status: 204 });
    expect(await call(local.port, 'GET', '/v1/users/current', { token: theirs })).toMatchObject({ status: 401 });
    expect(await call(local.port, 'DELETE', '/v1/users/admin', { token })).toMatchObject({ status: 409 });
  });
});

describe('roles', () => {
  it('keep viewers from all that changes something, or shows more than the cluster', async () => {
    await call(local.port, 'POST', '/v1/users', {
      token,
      body: { name: 'viewer', role: 'viewer', password: PASSWORD },
    });
    const theirs = await signIn(local.port, 'viewer', PASSWORD);
    await call(local.port, 'POST', '/v1/users/default/password/reset', {
      token: theirs,
      body: { currentPassword: PASSWORD, newPassword: `${PASSWORD} too` },
    });
    for (const [id, { method, path, access }] of Object.entries(OPERATIONS)) {
      if (access === 'public' || id === 'logout' || id === 'renewToken' || id === 'streamEvents') continue;
      const { status, json } = await call(local.port, method, path.replace('{name}', 'admin'), { token: theirs });
      const refused = status === 403 && z.object({ code: z.literal('Forbidden') }).safeParse(json).success;
      expect({ id, refused }).toEqual({ id, refused: access === 'admin' });
    }
  });
});

describe('requests that no page of ours makes', () => {
  it.each([
    { name: 'to a name that is not ours', host: 'evil.example', status: 421 },
    { name: 'to a name that ends as ours do', host: 'notlocalhost', status: 421 },
    { name: 'to a name that begins as ours do', host: 'localhost.evil.example', status: 421 },
    { name: 'to a name that we were given', host: 'agent.example.test:5080', status: 200 },
    { name: 'to an address', host: '10.1.2.3:5080', status: 200 },
    { name: 'to an address of the newer kind', host: '[::1]:5080', status: 200 },
    { name: 'to this machine', host: 'localhost', status: 200 },
  ])('are answered by $status when they go $name', async ({ host, status }) => {
    expect((await call(local.port, 'GET', '/v1/ping', { headers: { host } })).status).toBe(status);
  });

  it('are told what may be framed, sniffed and run: nothing', async () => {
    const page = await call(local.port, 'GET', '/');
    expect(page.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringMatching(/^default-src 'none'; .*frame-ancestors 'none'/),
    });
    expect(page.headers['content-security-policy']).not.toContain('unsafe');
    expect(page.headers['access-control-allow-origin']).toBeUndefined();
    const again = await call(local.port, 'GET', '/', { headers: { 'if-none-match': page.headers.etag ?? '' } });
    expect(again.status).toBe(304);
  });

  it('are refused in a form that the contract has, whatever they hold', async () => {
    const paths = fc.oneof(
      fc.constantFrom(...Object.values(OPERATIONS).map(({ path }) => path)),
      fc.webPath().map((path) => (path === '' || path === '/' ? '/v1' : path)),
    );
    const bodies = fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.record({ userName: fc.anything(), password: fc.anything() }).map((value) => JSON.stringify(value) ?? ''),
      fc.record({ values: fc.dictionary(fc.string(), fc.jsonValue()) }).map((value) => JSON.stringify(value)),
      fc.constant('{"values":{"__proto__":{"x":"y"},"constructor":"z"}}'),
      fc.constant('['.repeat(20_000)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'),
        paths,
        fc.string({ unit: fc.constantFrom(...'=&%+?aB0-:'), maxLength: 20 }),
        bodies,
        fc.constantFrom('application/json', 'text/plain', 'application/octet-stream', ''),
        async (method, path, query, body, type) => {
          // It would answer without end, and end what the others need.
          if (path.endsWith('/stream') || path.endsWith('/logout') || path.endsWith('/renewal')) return;
          const { status, json, text } = await call(local.port, method, `${path}?${query}`, {
            token,
            ...(method === 'GET' || method === 'HEAD' ? {} : { raw: body }),
            headers: type === '' ? {} : { 'content-type': type },
          });
          expect({ method, path, query, status }).toEqual({ method, path, query, status: expect.any(Number) });
          expect(status).toBeLessThan(500);
          if (status < 400 || method === 'HEAD') return;
          expect(json).toMatchObject({ code: expect.any(String), message: expect.any(String) });
          expect(text).not.toMatch(/\bat .*\.[jt]s:\d+/);
        },
      ),
      { numRuns: 300 },
    );
    expect((await call(local.port, 'GET', '/v1/users/current', { token })).status).toBe(200);
  });

  it('that are no HTTP end the connection, not the agent', async () => {
    const send = async (bytes: Uint8Array): Promise<void> =>
      new Promise<void>((resolve) => {
        const socket = tlsConnect({ host: '127.0.0.1', port: local.port, rejectUnauthorized: false }, () =>
          socket.end(bytes),
        );
        socket.on('data', () => undefined);
        socket.on('error', () => undefined);
        socket.once('close', () => resolve());
      });
    await fc.assert(fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 4_096 }), send), { numRuns: 25 });
    expect((await call(local.port, 'GET', '/v1/ping')).status).toBe(200);
  });

  it('with a body that is too large are refused', async () => {
    const answer = await call(local.port, 'PATCH', '/v1/users/current', {
      token,
      body: { displayName: 'x'.repeat(2 * 1024 * 1024) },
    });
    expect(answer.status).toBe(413);
  });
});

describe('the audit log', () => {
  it('tells who did what, page by page, and never with what words', async () => {
    const seen: unknown[] = [];
    let next: string | undefined;
    do {
      const query = new URLSearchParams({ limit: '7', ...(next === undefined ? {} : { continue: next }) }).toString();
      const { json } = await call(local.port, 'GET', `${HOST}/audits?${query}`, { token });
      const page = z
        .object({
          items: z.array(z.object({ id: z.string(), action: z.string() })).max(7),
          continue: z.string().optional(),
        })
        .parse(json);
      seen.push(...page.items.map(({ id }) => id));
      next = page.continue;
    } while (next !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(30);
    const log = await call(local.port, 'GET', `${HOST}/audits/download`, { token });
    const lines = log.text.trim().split('\n');
    expect(
      lines.every((line) => /^<110>1 \d{4}-\d\d-\d\dT[\d:.]+Z \S+ palette-agent \d+ audit - \{.*\}$/.test(line)),
    ).toBe(true);
    for (const action of ['signed in', 'sign-in refused', 'password changed', 'user added', 'user removed'])
      expect(log.text).toContain(`"action":"${action}"`);
    expect(log.text).not.toContain(PASSWORD);
    expect(log.text).not.toContain(token);
  });
});

describe('live events', () => {
  it('come as they happen, and go on where they were', async () => {
    const text = await streamed(async () => {
      await call(local.port, 'POST', '/v1/users', {
        token,
        body: { name: 'admin', role: 'viewer', password: PASSWORD },
      });
    });
    // What was told before, since it asked from the first event on.
    expect(text).toMatch(/id: \d+\nevent: event\ndata: \{.*"reason":"SignInLocked"/);
  });

  /** What a stream says while something is done. */
  async function streamed(work: () => Promise<void>): Promise<string> {
    return new Promise<string>((resolve, reject) => {
      const socket = tlsConnect({ host: '127.0.0.1', port: local.port, rejectUnauthorized: false }, () => {
        socket.write(
          `GET /v1/edge-mgmt/cluster/events/stream HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\nlast-event-id: 1\r\n\r\n`,
        );
      });
      let text = '';
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (text.includes('event: ')) socket.destroy();
      });
      socket.once('error', reject);
      socket.once('close', () => resolve(text));
      work().catch(reject);
    });
  }
});

describe('an agent whose pod was replaced', () => {
  it('has the audit log of the one before it', async () => {
    await local.agent.stop();
    await rm(join(tmpdir(), 'palette-agent', 'audit', local.site.namespace), { recursive: true });
    const port = await new Promise<number>((resolve) => {
      const config = { stateDir: undefined, local: { port: 0 } };
      void local.site.startAgent({ config, onLocalApi: (address) => resolve(address.port) });
    });
    const who = await signIn(port, 'admin', PASSWORD);
    const log = await call(port, 'GET', `${HOST}/audits/download`, { token: who });
    for (const action of ['sign-in refused', 'user locked', 'password changed', 'user added', 'user removed'])
      expect(log.text).toContain(`"action":"${action}"`);
    const { json } = await call(port, 'GET', `${HOST}/audits?limit=1`, { token: who });
    expect(json).toMatchObject({ items: [{ action: 'audit log downloaded' }] });
  });
});
