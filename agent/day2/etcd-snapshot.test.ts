import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { ActionContext } from './action.ts';
import { etcdSnapshot } from './etcd-snapshot.ts';

const DATABASE = Buffer.alloc(2048, 7);
const WHOLE = Buffer.concat([DATABASE, createHash('sha256').update(DATABASE).digest()]);

describe('a snapshot of etcd', () => {
  let stateDir: string;
  let server: Server;
  let answer: (response: ServerResponse) => void;
  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'etcd-snapshot-'));
    server = createServer((_request, response) => answer(response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.close();
    server.closeAllConnections();
    await rm(stateDir, { recursive: true, force: true });
  });

  const lines = (...parts: readonly Buffer[]): string =>
    parts
      .map((part) => `${JSON.stringify({ result: { blob: part.toString('base64'), remaining_bytes: '1' } })}\n`)
      .join('');
  const folder = (): string => join(stateDir, 'etcd-snapshots');
  async function take(runId: string, keep = 2) {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const context: Pick<ActionContext, 'runId' | 'now' | 'progress' | 'signal'> = {
      runId,
      now: () => new Date(),
      progress: () => undefined,
      signal: new AbortController().signal,
    };
    return etcdSnapshot({ etcd: { endpoint }, stateDir })({ keep }, context as ActionContext); // these alone are used
  }

  it('is stored as it came, in place of what a killed life of the agent left of it', async () => {
    answer = (response) => void response.end(lines(WHOLE.subarray(0, 700), WHOLE.subarray(700)));
    const runId = randomUUID();
    await take(randomUUID());
    await writeFile(join(folder(), `${runId}.part`), 'x'.repeat(5_000));
    await take(runId);
    const names = await readdir(folder());
    const own = names.find((name) => name.includes(runId.slice(0, 8))) ?? 'none';
    expect(await readFile(join(folder(), own))).toEqual(WHOLE);
    expect(names).toHaveLength(2);
    expect(names.filter((name) => !name.endsWith('.db'))).toEqual([]);
  });

  it.each([
    {
      name: 'refused',
      reply: (response: ServerResponse) => void response.writeHead(401).end(),
      says: 'refuses a snapshot: HTTP 401',
    },
    {
      name: 'broken off by etcd',
      reply: (response: ServerResponse) =>
        void response.end(`${lines(DATABASE)}${JSON.stringify({ error: { message: 'no leader' } })}\n`),
      says: 'etcd broke the snapshot off: no leader',
    },
    {
      name: 'cut short',
      reply: (response: ServerResponse) => void response.end(lines(DATABASE)),
      says: 'without the hash at the end',
    },
    {
      name: 'damaged',
      reply: (response: ServerResponse) => void response.end(lines(Buffer.concat([DATABASE, Buffer.alloc(32)]))),
      says: 'its hash is another one',
    },
  ])('that is $name fails, says so and leaves nothing behind', async ({ reply, says }) => {
    answer = reply;
    await expect(take(randomUUID())).rejects.toThrow(says);
    expect(await readdir(folder())).toEqual([]);
  });
});
