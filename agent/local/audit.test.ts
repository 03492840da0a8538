import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';

import { createAuditLog, type AuditLog, type AuditNews } from './audit.ts';

let dir: string;
let now: Date;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'audit-'));
  now = new Date('2026-01-01T00:00:00Z');
});
afterEach(async () => rm(dir, { recursive: true, force: true }));

type Options = Parameters<typeof createAuditLog>[0];
const LATER = new Date('2026-01-02T00:00:00Z');
const how = { signal: new AbortController().signal };

const open = (settings: Partial<Options['settings']> = {}, kept?: Options['kept']): AuditLog =>
  createAuditLog({
    dir,
    kept,
    settings: { rotateBytes: 4_096, keepDays: 365, keepFiles: 4, ...settings },
    hostId: () => 'cluster',
    log: silentLogger,
    now: () => {
      now = new Date(now.getTime() + 1_000);
      return now;
    },
  });

const news = (change: Partial<AuditNews> = {}): AuditNews => ({
  actor: 'admin',
  actorType: 'user',
  action: 'signed in',
  actionType: 'activity',
  resourceKind: 'session',
  resourceId: '',
  resourceName: '',
  contentMsg: '',
  ...change,
});

async function allOf(log: AuditLog, query: Partial<Parameters<AuditLog['query']>[0]> = {}): Promise<readonly string[]> {
  const found: string[] = [];
  for (let next: string | undefined; ;) {
    const page = await log.query({ limit: 7, continue: next, ...query });
    found.push(...page.items.map(({ resourceName }) => resourceName));
    next = page.continue;
    if (next === undefined) return found;
  }
}

describe('the audit log', () => {
  it('gives every entry once, the newest first, over pages and files', async () => {
    const log = open({ keepFiles: 100 });
    for (let at = 0; at < 100; at++) log.note(news({ resourceName: String(at) }));
    await log.flush();
    expect((await readdir(dir)).length).toBeGreaterThan(5);
    expect(await allOf(log)).toEqual(Array.from({ length: 100 }, (_, at) => String(99 - at)));
    expect((await text(await log.download())).trim().split('\n')).toHaveLength(100);
  });

  it('keeps so many files and no more, and none that is older than a year', async () => {
    const log = open({ keepFiles: 3 });
    for (let at = 0; at < 100; at++) log.note(news({ resourceName: String(at) }));
    await log.flush();
    expect(await readdir(dir)).toHaveLength(3);
    now = new Date('2028-01-01T00:00:00Z');
    for (let at = 0; at < 20; at++) log.note(news({ resourceName: `new ${at}` }));
    await log.flush();
    expect((await allOf(log)).filter((name) => !name.startsWith('new')).length).toBeLessThan(20);
  });

  it('is written as RFC 5424 has it, whatever somebody calls themselves', async () => {
    const log = open();
    log.note(
      news({ actor: 'evil"\n<110>1 2026-01-01T00:00:00Z h a 1 audit - {"actor":"admin"}', contentMsg: 'Grüße ✓' }),
    );
    await log.flush();
    const content = await readFile(join(dir, 'audit.log'), 'latin1');
    expect(content.trimEnd().split('\n')).toHaveLength(1);
    expect(content).toMatch(/^<110>1 2026-01-01T00:00:0\dZ?\S* \S+ palette-agent \d+ audit - \{/);
    // oxlint-disable-next-line no-control-regex
    expect(content).not.toMatch(/[^\n\u0020-\u007e]/);
    const [entry] = (await log.query({ limit: 1 })).items;
    expect(entry).toMatchObject({ contentMsg: 'Grüße ✓', edgeHostId: 'cluster' });
  });

  it.each([
    { name: 'who', query: { actor: 'other' }, want: ['b'] },
    { name: 'what kind', query: { resourceKind: 'user' }, want: ['c'] },
    { name: 'what was done', query: { actionType: 'create' }, want: ['c'] },
    { name: 'not before', query: { from: LATER }, want: ['c'] },
    { name: 'not after', query: { to: LATER }, want: ['b', 'a'] },
  ])('is asked by $name', async ({ query, want }) => {
    const log = open();
    log.note(news({ resourceName: 'a' }));
    log.note(news({ resourceName: 'b', actor: 'other' }));
    await log.flush();
    now = LATER;
    log.note(news({ resourceName: 'c', resourceKind: 'user', actionType: 'create' }));
    expect(await allOf(log, query)).toEqual(want);
  });

  it('goes on after lines that are none of its own, and after a folder that cannot be written', async () => {
    await writeFile(join(dir, 'audit.log'), `garbage\n${'x'.repeat(200_000)}\nhalf a li`);
    const log = open({ rotateBytes: 1_000_000 });
    log.note(news({ resourceName: 'after' }));
    log.note(news({ resourceName: 'later' }));
    expect(await allOf(log)).toEqual(['later', 'after']);
    await rm(dir, { recursive: true });
    await writeFile(dir, 'a file where the folder was');
    log.note(news({ resourceName: 'lost' }));
    await log.flush();
    await rm(dir);
    log.note(news({ resourceName: 'found' }));
    await log.flush();
    log.note(news({ resourceName: 'found too' }));
    expect(await allOf(log)).toContain('found too');
  });

  it('removes what is older than a year when it begins, not only when a file is full', async () => {
    await writeFile(join(dir, 'audit-20240101T000000000Z-00000000.log'), 'old\n');
    await writeFile(join(dir, 'audit-20251201T000000000Z-00000000.log'), 'newer\n');
    const log = open();
    log.note(news());
    await log.flush();
    expect((await readdir(dir)).toSorted()).toEqual(['audit-20251201T000000000Z-00000000.log', 'audit.log']);
  });

  it('is not washed out by those who cannot sign in: they are counted', async () => {
    const log = open({ rotateBytes: 10_000_000 });
    log.note(news({ resourceName: 'deed' }));
    for (let count = 0; count < 10_000; count++) {
      now = new Date(now.getTime() - 999);
      log.note(news({ actorType: 'anonymous', action: 'sign-in refused', contentMsg: 'wrong', resourceName: 'guess' }));
    }
    log.note(news({ resourceName: 'another deed' }));
    now = new Date(now.getTime() + 60_000);
    log.note(news({ actorType: 'anonymous', action: 'sign-in refused', contentMsg: 'wrong', resourceName: 'guess' }));
    const all = await allOf(log);
    expect(all.filter((name) => name === 'guess').length).toBeLessThan(70);
    expect(all).toEqual(expect.arrayContaining(['deed', 'another deed']));
    const [last] = (await log.query({ limit: 1 })).items;
    expect(last?.contentMsg).toMatch(/^wrong; \d+ more like it are not listed$/);
  });

  it('brings back what was kept, where its folder is empty, and goes on after it', async () => {
    const lines: string[] = [];
    const kept = { load: async () => lines, add: (line: string) => void lines.push(line) };
    const first = open({}, kept);
    await first.begin(how);
    first.note(news({ resourceName: 'before' }));
    await first.flush();
    await rm(dir, { recursive: true });
    const second = open({}, kept);
    await second.begin(how);
    second.note(news({ resourceName: 'after' }));
    expect(await allOf(second)).toEqual(['after', 'before']);
    // A folder that is still there has it already.
    const third = open({}, kept);
    await third.begin(how);
    expect(await allOf(third)).toEqual(['after', 'before']);
  });

  it('begins where what was kept cannot be written, as on a full disk', async () => {
    await rm(dir, { recursive: true });
    await writeFile(dir, 'a file where the folder was');
    const log = open({}, { load: async () => ['a line of before'], add: () => undefined });
    await log.begin(how);
    expect(await readFile(dir, 'utf8')).toBe('a file where the folder was');
  });

  it.each(['x', 'audit.log', '../../etc/passwd:10', 'audit.log:99999999999999999', 'audit.log:-1'])(
    'takes %s for no place to go on from',
    async (where) => {
      const log = open();
      log.note(news({ resourceName: 'a' }));
      await log.flush();
      expect((await log.query({ limit: 5, continue: where })).items.length).toBeLessThanOrEqual(1);
    },
  );
});
