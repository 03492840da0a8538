/** A whole management plane for tests: over HTTPS, with a certificate of its own, in a temporary folder. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ensureAuthority, ensureCertificate } from '#cli/local/pki';
import { silentLogger, type Logger } from '#core/log';
import { createClient, type ClientOptions, type PaletteClient } from '#openapi/client/index';
import { PlaneConfig, type PlaneConfigInput } from '#plane/config';
import { createApiKey } from '#plane/domain/auth/api-key';
import { startPlane, type Plane } from '#plane/main';

import { newUid } from '#plane/store/uid';
import { openDatabase, type DatabaseLocation } from '#plane/store/open-database';

import { openSharedDatabase } from './postgres.ts';

export interface TestPlane {
  readonly config: PlaneConfig;
  /** localhost and port. */
  readonly host: string;
  /** PEM of the authority that signed the plane's certificate. */
  readonly ca: string;
  /** The administrator's key. */
  readonly apiKey: string;
  readonly keys: ReadonlyMap<string, string>;
  readonly plane: Plane;
  client(options?: Partial<ClientOptions>): PaletteClient;
  /** Stops the plane and forgets its files. */
  stop(): Promise<void>;
}

export interface TestPlaneOptions {
  /** Default: an empty one on the test run's PostgreSQL server. `embedded`: one in this process, in the plane's folder. */
  readonly database?: PlaneConfigInput['database'] | 'embedded' | undefined;
  /** Tenants beside the first one; `keys` of the plane holds a key of each one's administrator. */
  readonly tenants?: readonly string[];
  readonly log?: Logger;
  readonly adminPasswordFile?: string;
}

/** Starts a plane. */
export async function startWholePlane({
  database,
  tenants = [],
  log = silentLogger,
  adminPasswordFile,
}: TestPlaneOptions = {}): Promise<TestPlane> {
  const dir = await mkdtemp(join(tmpdir(), 'palette-plane-'));
  const own = database === undefined ? await openSharedDatabase() : undefined;
  const authority = await ensureAuthority({ dir, name: 'ca' });
  const tls = await ensureCertificate({
    dir,
    name: 'plane',
    authority,
    commonName: 'plane',
    names: ['localhost', '127.0.0.1'],
    usages: ['server'],
  });
  const config = PlaneConfig.parse({
    listen: { host: '127.0.0.1', port: 0 },
    publicUrl: 'https://localhost',
    tls: { ...tls, caFile: authority.certFile },
    dataDir: join(dir, 'data'),
    database:
      own?.location ??
      (database === undefined || database === 'embedded' ? { kind: 'pglite', dir: join(dir, 'database') } : database),
    bootstrap: {
      tenantName: 'first',
      adminEmail: 'admin@example.test',
      apiKeyFile: join(dir, 'api-key'),
      ...(adminPasswordFile === undefined ? {} : { adminPasswordFile }),
    },
    registries: { allowLoopback: true },
    agentImage: 'example.test/agent:1',
  } satisfies PlaneConfigInput);
  const keys = await addTenants(config.database, tenants);
  const plane = await startPlane(config, { log, signal: new AbortController().signal });
  const host = `localhost:${plane.port}`;
  const ca = await readFile(authority.certFile, 'utf8');
  const apiKey = (await readFile(config.bootstrap.apiKeyFile, 'utf8')).trim();
  const clients: PaletteClient[] = [];
  return {
    config,
    host,
    ca,
    apiKey,
    keys,
    plane,
    client: (options = {}) => {
      const client = createClient({ host, ca, apiKey, retryAttempts: 0, env: {}, ...options });
      clients.push(client);
      return client;
    },
    stop: async () => {
      for (const client of clients) client.close();
      await plane.stop();
      await own?.drop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Makes the database, with tenants that each have an administrator and a project. @returns their API keys. */
async function addTenants(location: DatabaseLocation, names: readonly string[]): Promise<Map<string, string>> {
  const keys = new Map<string, string>();
  const database = await openDatabase(location, { log: silentLogger });
  for (const name of names) {
    const { key, prefix, hash } = createApiKey();
    const [tenantUid, userUid] = [newUid(), newUid()];
    await database.asSystem().transaction(async (tx) => {
      await tx.execute('INSERT INTO tenants (uid, name) VALUES ($1, $2)', [tenantUid, name]);
      await tx.execute('INSERT INTO users (uid, tenant_uid, email) VALUES ($1, $2, $3)', [
        userUid,
        tenantUid,
        `admin@${name}.test`,
      ]);
      await tx.execute(
        `INSERT INTO api_keys (uid, tenant_uid, user_uid, name, prefix, hash) VALUES ($1, $2, $3, 'test', $4, $5)`,
        [newUid(), tenantUid, userUid, prefix, hash],
      );
      await tx.execute(`INSERT INTO projects (uid, tenant_uid, name) VALUES ($1, $2, 'Default')`, [
        newUid(),
        tenantUid,
      ]);
    });
    keys.set(name, key);
  }
  await database.close();
  return keys;
}
