/** Takes a snapshot of etcd over its own API, checks it, and keeps the newest ones beside the agent's state. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { z } from 'zod';

import { openConnections } from '#kubernetes/http';

import type { AgentConfig } from '../config.ts';
import { ActionFailed, type ActionHandler } from './action.ts';

type EtcdAccess = NonNullable<AgentConfig['etcd']>;

/** One message of the stream, as etcd's gateway writes it: a line of JSON. */
const Message = z.union([
  z.object({ result: z.object({ blob: z.string().optional(), remaining_bytes: z.string().optional() }) }),
  z.object({ error: z.object({ message: z.string() }) }),
]);

const ANSWER_MS = 30_000;
const SUFFIX = '.db';
/** The database is followed by the SHA-256 of it. */
const HASH_BYTES = 32;
/** The database is of whole sectors, so that a hash at its end shows. */
const SECTOR_BYTES = 512;

export function etcdSnapshot({
  etcd,
  stateDir,
}: Pick<AgentConfig, 'etcd' | 'stateDir'>): ActionHandler<'etcd-snapshot'> {
  return async ({ keep }, { runId, now, progress, signal }) => {
    if (etcd === undefined)
      throw new ActionFailed(
        'this agent does not reach etcd: its configuration names none, as where the provider of the cluster runs the control plane',
      );
    if (stateDir === undefined)
      throw new ActionFailed('this agent has no folder of its own (stateDir) to keep snapshots in');
    const dir = join(stateDir, 'etcd-snapshots');
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const name = `etcd-${now().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)}-${runId.slice(0, 8)}${SUFFIX}`;
    const file = join(dir, name);
    // Named by the run alone: a life of the agent that was killed left it to the next one.
    const part = join(dir, `${runId}.part`);
    try {
      await download(etcd, part, progress, signal);
      const digest = await check(part);
      await rename(part, file);
      const { size } = await stat(file);
      const removed = await removeOld(dir, keep);
      return {
        message: `snapshot ${file} of ${size} bytes`,
        result: { file, bytes: size, digest, removed },
      };
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  };
}

async function download(
  { endpoint, caFile, certFile, keyFile }: EtcdAccess,
  file: string,
  progress: (step: string, percent?: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const read = async (path: string | undefined): Promise<string | undefined> =>
    path === undefined ? undefined : readFile(path, 'utf8');
  const [ca, cert, key] = await Promise.all([read(caFile), read(certFile), read(keyFile)]);
  const connections = openConnections({ ca, cert, key }, { maxSockets: 1 });
  const handle = await open(file, 'w', 0o600);
  try {
    const response = await connections.send({
      method: 'POST',
      url: new URL('/v3/maintenance/snapshot', endpoint),
      headers: { 'content-type': 'application/json' },
      body: '{}',
      timeoutMs: ANSWER_MS,
      signal,
    });
    if (response.status !== 200)
      throw new ActionFailed(`etcd at ${endpoint} refuses a snapshot: HTTP ${response.status}`);
    const { body } = response;
    const silence = setTimeout(() => body.destroy(new Error(`nothing came for ${ANSWER_MS / 1000} s`)), ANSWER_MS);
    body.once('close', () => clearTimeout(silence));
    let written = 0;
    for await (const line of createInterface({ input: body, crlfDelay: Number.POSITIVE_INFINITY })) {
      signal.throwIfAborted();
      silence.refresh();
      const message = Message.parse(JSON.parse(line));
      if ('error' in message) throw new ActionFailed(`etcd broke the snapshot off: ${message.error.message}`);
      const bytes = Buffer.from(message.result.blob ?? '', 'base64');
      await handle.appendFile(bytes);
      written += bytes.length;
      const left = Number(message.result.remaining_bytes ?? '0');
      progress('reading the snapshot', (written / Math.max(1, written + left)) * 100);
    }
    await handle.sync();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ActionFailed) throw error;
    throw new ActionFailed(
      `no snapshot of etcd at ${endpoint}: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  } finally {
    await handle.close();
    connections.close();
  }
}

/** The digest of the database that the file holds. @throws ActionFailed when it is not whole */
async function check(file: string): Promise<string> {
  const { size } = await stat(file);
  if (size % SECTOR_BYTES !== HASH_BYTES)
    throw new ActionFailed(`the snapshot of etcd broke off: ${size} bytes came, without the hash at the end`);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { end: size - HASH_BYTES - 1 })) hash.update(chunk as Buffer); // without an encoding
  const actual = hash.digest('hex');
  const tail: Buffer[] = [];
  for await (const chunk of createReadStream(file, { start: size - HASH_BYTES })) tail.push(chunk as Buffer); // without an encoding
  if (Buffer.concat(tail).toString('hex') !== actual)
    throw new ActionFailed('the snapshot of etcd is damaged: its hash is another one than etcd says');
  return `sha256:${actual}`;
}

async function removeOld(dir: string, keep: number): Promise<number> {
  const old = (await readdir(dir))
    .filter((name) => name.endsWith(SUFFIX))
    .sort()
    .slice(0, -keep);
  for (const name of old) await rm(join(dir, name), { force: true });
  return old.length;
}
