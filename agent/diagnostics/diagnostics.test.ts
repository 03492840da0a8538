import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { silentLogger } from '#core/log';
import { readArchive } from '#packs/archive/read-archive';

import { collectDiagnostics } from './collect.ts';
import { createLogRing } from './log-ring.ts';
import { createRedactor, REDACTED } from './redact.ts';

const NOW = new Date('2026-03-04T05:06:07.890Z');

describe('taking secrets out', () => {
  it.each([
    { name: 'an access token of an agent', text: 'GET x: pat_abcdefghijklmnopqrstuvwxyz0123', secret: 'pat_abcdef' },
    { name: 'a JSON Web Token', text: 'jwt eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.c2ln', secret: 'eyJzdWIiOiJ4In0' },
    { name: 'a password in an address', text: 'proxy http://joe:hunter22@proxy:3128/ refused', secret: 'hunter22' },
    { name: 'a password in an address after a digit', text: 'retry 3http://joe:hunter22@proxy', secret: 'hunter22' },
    { name: 'a password in an address after a sign', text: '...+http://joe:hunter22@proxy', secret: 'hunter22' },
    { name: 'an authorization header', text: 'authorization: Bearer abcdefgh12345', secret: 'abcdefgh12345' },
    { name: 'an assignment in running text', text: 'started with DB_PASSWORD=swordfish9 today', secret: 'swordfish9' },
    { name: 'JSON in running text', text: 'body {"apiKey": "k-123456"}', secret: 'k-123456' },
    {
      name: 'a private key',
      text: '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\nsecretline\n-----END EC PRIVATE KEY-----\nafter',
      secret: 'secretline',
    },
    { name: 'a seed of the bus', text: `seed SU${'A'.repeat(56)} was read`, secret: 'SUAAAA' },
  ])('$name goes', ({ text, secret }) => {
    const clean = createRedactor().text(text);
    expect(clean).not.toContain(secret);
    expect(clean).toContain(REDACTED);
  });

  it.each(['a', '1', '1a', '+-.', 'a://', 'a://b:', '1://b:c'])(
    'takes no longer for one long word than for many short ones: %s, again and again',
    (part) => {
      const started = performance.now();
      createRedactor().text(part.repeat(1_000_000 / part.length));
      expect(performance.now() - started).toBeLessThan(5_000);
    },
  );

  it('what is kept under a secret name goes, at any depth, and what is harmless stays', () => {
    const clean = createRedactor().json({
      replicas: 3,
      db: { password: 'x', tokens: ['a', 'b'], host: 'db.example' },
      secretName: 'tls',
      tokenDigest: 'sha256:1',
      hasPassword: true,
    });
    expect(clean).toEqual({
      replicas: 3,
      db: { password: REDACTED, tokens: REDACTED, host: 'db.example' },
      secretName: 'tls',
      tokenDigest: 'sha256:1',
      hasPassword: true,
    });
  });

  it('a known value goes in every written form of it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8, maxLength: 40 }), fc.string(), fc.string(), (secret, before, after) => {
        fc.pre(secret.trim().length >= 8 && !before.includes(secret.trim()) && !after.includes(secret.trim()));
        const redactor = createRedactor([secret]);
        const forms = [secret.trim(), JSON.stringify({ x: secret }), Buffer.from(secret).toString('base64')];
        for (const form of forms) {
          const clean = redactor.text(`<${form}>`);
          expect(clean).not.toContain(secret.trim());
          expect(clean).not.toContain(Buffer.from(secret).toString('base64'));
        }
      }),
    );
  });
});

describe('the log ring', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'log-ring-'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('keeps the newest lines within its bound, without secrets, with causes of errors', () => {
    const ring = createLogRing({ memoryBytes: 4_000, now: () => NOW });
    const log = ring.tee(silentLogger).child({ part: 'sender' });
    for (let at = 0; at < 200; at++) log.info({ at, accessToken: 'pat_x' }, 'a line');
    log.debug({}, 'below the level');
    log.error({ err: new Error('outer', { cause: new TypeError('inner') }) }, 'went wrong');
    const lines = ring.lines().map((line): unknown => JSON.parse(line));
    expect(lines.length).toBeLessThan(50);
    expect(lines.at(-2)).toEqual({
      time: NOW.toISOString(),
      level: 'info',
      msg: 'a line',
      part: 'sender',
      at: 199,
      accessToken: REDACTED,
    });
    expect(lines.at(-1)).toMatchObject({ err: { message: 'outer', cause: { name: 'TypeError', message: 'inner' } } });
  });

  it('on disk, lines outlive the process, files are bounded, and half a line of a crash is left out', () => {
    const folder = join(dir, 'logs');
    const options = { dir: folder, fileBytes: 2_000, files: 3, now: () => NOW };
    const first = createLogRing(options);
    for (let at = 0; at < 100; at++) first.tee(silentLogger).info({ at }, 'of the first life');
    writeFileSync(join(folder, 'agent.log'), '{"time":"2026-03-04T05:06:0', { flag: 'a' });
    const second = createLogRing(options);
    second.tee(silentLogger).info({}, 'of the second life');
    const lines = second.lines().map((line): { msg: string; at?: number } => JSON.parse(line));
    expect(lines.at(-1)?.msg).toBe('of the second life');
    expect(lines.at(-2)?.at).toBe(99);
    expect(lines.length).toBeLessThan(100);
    expect(second.lines(0)).toHaveLength(second.lines().length);
    expect(createLogRing({ ...options, now: () => new Date(NOW.getTime() + 1_001) }).lines(1_000)).toEqual([]);
  });

  it('a disk that takes nothing does not stop the log', () => {
    const file = join(dir, 'a-file');
    writeFileSync(file, '');
    const ring = createLogRing({ dir: join(file, 'logs') });
    ring.tee(silentLogger).warn({}, 'all the same');
    expect(ring.lost).toBe(1);
    expect(ring.lines().join()).toContain('all the same');
  });
});

describe('the diagnostics bundle', () => {
  it('has every part, says what is missing, and no canary survives in it', async () => {
    const canary = 'c4n4ry-that-sings';
    // The node's clock is two years behind the plane's.
    const ring = createLogRing({ now: () => new Date('2024-03-04T05:06:07.890Z') });
    ring.tee(silentLogger).warn({ detail: `the API server said ${canary}` }, 'refused');
    const { bytes, name, files } = await collectDiagnostics(
      {
        parts: {
          'status.json': () => ({ phase: 'applied', note: `value ${canary}` }),
          'metrics.txt': () => `some_metric{x="${canary}"} 1\n`,
          'broken.json': () => {
            throw new Error(`cannot read ${canary}`);
          },
        },
        logs: ring,
        secrets: () => [canary],
        now: () => NOW,
      },
      { sinceHours: 1, signal: AbortSignal.timeout(10_000) },
    );
    expect(name).toBe('diagnostics-20260304T050607Z.tgz');
    expect(files).toEqual(['logs/agent.ndjson', 'manifest.json', 'metrics.txt', 'status.json']);
    expect(gunzipSync(bytes).toString('latin1')).not.toContain(canary);
    const read = await readArchive(bytes);
    const manifest: unknown = JSON.parse(Buffer.from(read.get('manifest.json') ?? []).toString('utf8'));
    expect(manifest).toMatchObject({ missing: [{ file: 'broken.json', reason: `cannot read ${REDACTED}` }] });
    expect(Buffer.from(read.get('logs/agent.ndjson') ?? []).toString('utf8')).toContain('refused');
  });
});
