import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { Logger } from '#core/log';
import type { PlaneConfig } from '#plane/config';
import type { SystemDatabase, Transaction } from '#plane/store/database';
import { newUid } from '#plane/store/uid';
import { TenantUid } from '#protocol/identifiers';

import { apiKeyPrefix, createApiKey, isApiKey } from './api-key.ts';
import { hashPassword } from './password.ts';

const KEY_NAME = 'bootstrap';
const DEFAULT_PROJECT = 'Default';

export interface BootstrapOptions {
  readonly database: SystemDatabase;
  readonly config: PlaneConfig['bootstrap'];
  readonly log: Logger;
}

/**
 * Makes sure that the first tenant can be used: the tenant, its administrator, the project `Default`, and an API key in
 * `apiKeyFile` that works. May run at every start; what is there stays. A key file that is missing or holds no valid
 * key gets a new key, and the old one stops working.
 */
export async function bootstrap({
  database,
  config,
  log,
}: BootstrapOptions): Promise<{ readonly tenantUid: TenantUid }> {
  const present = await readKeyFile(config.apiKeyFile);
  const passwordHash =
    config.adminPasswordFile === undefined
      ? undefined
      : await hashPassword((await readFile(config.adminPasswordFile, 'utf8')).trim());
  const { tenantUid, newKey } = await database.transaction(async (tx) => {
    // Planes that start together bootstrap one after another.
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('bootstrap', 0))`);
    const tenantUid = await ensureTenant(tx, config.tenantName);
    const userUid = await ensureAdministrator(tx, tenantUid, config.adminEmail, passwordHash);
    const newKey = (await isKeyOf(tx, userUid, present)) ? undefined : await replaceKey(tx, tenantUid, userUid);
    return { tenantUid, newKey };
  });
  if (newKey !== undefined) {
    await writeKeyFile(config.apiKeyFile, newKey);
    log.info({ file: config.apiKeyFile, tenantUid }, "the administrator's API key was written");
  }
  return { tenantUid };
}

async function ensureTenant(tx: Transaction, name: string): Promise<TenantUid> {
  const [found] = await tx.query<{ uid: string }>('SELECT uid FROM tenants WHERE name = $1', [name]);
  if (found) return TenantUid.parse(found.uid);
  const uid = TenantUid.parse(newUid());
  await tx.execute('INSERT INTO tenants (uid, name) VALUES ($1, $2)', [uid, name]);
  // Clients work in this project unless told otherwise. Made once: who deletes it does not want it back.
  await tx.execute('INSERT INTO projects (uid, tenant_uid, name) VALUES ($1, $2, $3)', [
    newUid(),
    uid,
    DEFAULT_PROJECT,
  ]);
  return uid;
}

async function ensureAdministrator(
  tx: Transaction,
  tenantUid: TenantUid,
  email: string,
  passwordHash: string | undefined,
): Promise<string> {
  const [found] = await tx.query<{ uid: string }>(
    'SELECT uid FROM users WHERE tenant_uid = $1 AND lower(email) = lower($2)',
    [tenantUid, email],
  );
  if (found) return found.uid;
  const uid = newUid();
  await tx.execute(
    `INSERT INTO users (uid, tenant_uid, email, first_name, last_name, password_hash) VALUES ($1, $2, $3, 'Administrator', '', $4)`,
    [uid, tenantUid, email, passwordHash],
  );
  return uid;
}

async function isKeyOf(tx: Transaction, userUid: string, key: string | undefined): Promise<boolean> {
  if (key === undefined) return false;
  const rows = await tx.query<{ hash: Uint8Array }>(
    'SELECT hash FROM api_keys WHERE user_uid = $1 AND prefix = $2 AND (expires_at IS NULL OR expires_at > now())',
    [userUid, apiKeyPrefix(key)],
  );
  return rows.some(({ hash }) => isApiKey(key, hash));
}

async function replaceKey(tx: Transaction, tenantUid: TenantUid, userUid: string): Promise<string> {
  const { key, prefix, hash } = createApiKey();
  await tx.execute('DELETE FROM api_keys WHERE user_uid = $1 AND name = $2', [userUid, KEY_NAME]);
  await tx.execute(
    'INSERT INTO api_keys (uid, tenant_uid, user_uid, name, prefix, hash) VALUES ($1, $2, $3, $4, $5, $6)',
    [newUid(), tenantUid, userUid, KEY_NAME, prefix, hash],
  );
  return key;
}

async function readKeyFile(file: string): Promise<string | undefined> {
  try {
    const key = (await readFile(file, 'utf8')).trim();
    return key === '' ? undefined : key;
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole or not at all, and never readable by others, not even while it is written. */
async function writeKeyFile(file: string, key: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const partial = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const handle = await open(partial, 'wx', 0o600);
  try {
    await handle.writeFile(`${key}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, file);
  await chmod(file, 0o600);
}
