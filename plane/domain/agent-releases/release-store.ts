import { conflict, notFound } from '#plane/api/error';
import type { Transaction } from '#plane/store/database';
import { AgentRelease } from '#protocol/actions';

export interface StoredRelease {
  readonly release: AgentRelease;
  readonly size: number;
  readonly createdAt: Date;
}

interface ReleaseRow {
  version: string;
  digest: string;
  signature: string;
  image: string | null;
  size: number;
  created_at: Date;
}

const COLUMNS = 'version, digest, signature, image, size, created_at';

function fromRow({ version, digest, signature, image, size, created_at: createdAt }: ReleaseRow): StoredRelease {
  const release = AgentRelease.parse({
    version,
    content: digest,
    signature,
    ...(image === null ? {} : { image }),
  });
  return { release, size, createdAt };
}

/** The newest first. */
export async function listReleases(tx: Transaction): Promise<StoredRelease[]> {
  const rows = await tx.query<ReleaseRow>(
    `SELECT ${COLUMNS} FROM agent_releases ORDER BY created_at DESC, version DESC`,
    [],
  );
  return rows.map(fromRow);
}

export async function findRelease(tx: Transaction, version: string): Promise<StoredRelease | undefined> {
  const [row] = await tx.query<ReleaseRow>(`SELECT ${COLUMNS} FROM agent_releases WHERE version = $1`, [version]);
  return row && fromRow(row);
}

/** @throws PlaneError 404 */
export async function requireRelease(tx: Transaction, version: string): Promise<StoredRelease> {
  const found = await findRelease(tx, version);
  if (!found) throw notFound('agent release', version);
  return found;
}

/** Waits for whoever publishes the same version now. @returns false where that version is there already */
export async function insertRelease(tx: Transaction, release: AgentRelease, size: number): Promise<boolean> {
  const added = await tx.execute(
    `INSERT INTO agent_releases (version, digest, signature, image, size) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant_uid, version) DO NOTHING`,
    [release.version, release.content, release.signature, release.image ?? null, size],
  );
  return added === 1;
}

/** @throws PlaneError 404, or 409 `AgentReleaseInUse` while agents are to run it */
export async function deleteRelease(tx: Transaction, version: string): Promise<void> {
  await requireRelease(tx, version);
  const [use] = await tx.query<{ what: string }>(
    `SELECT 'the tenant' AS what FROM agent_release_choices WHERE version = $1
     UNION ALL SELECT 'cluster ' || name FROM clusters WHERE settings->>'agentRelease' = $1 LIMIT 1`,
    [version],
  );
  if (use)
    throw conflict('AgentReleaseInUse', `${use.what} has agent release ${version} chosen; choose another one first`);
  await tx.execute('DELETE FROM agent_releases WHERE version = $1', [version]);
}

/** What the tenant's agents are to run. */
export async function chosenVersion(tx: Transaction): Promise<string | undefined> {
  const [row] = await tx.query<{ version: string }>('SELECT version FROM agent_release_choices', []);
  return row?.version;
}

export async function chooseVersion(tx: Transaction, version: string | undefined): Promise<void> {
  await tx.execute('DELETE FROM agent_release_choices', []);
  if (version !== undefined) await tx.execute('INSERT INTO agent_release_choices (version) VALUES ($1)', [version]);
}

/** PEM of each. */
export async function releaseKeys(tx: Transaction): Promise<string[]> {
  const rows = await tx.query<{ public_key: string }>(
    'SELECT public_key FROM agent_release_keys ORDER BY created_at, key_id',
    [],
  );
  return rows.map((row) => row.public_key);
}

export async function replaceReleaseKeys(tx: Transaction, keys: ReadonlyMap<string, string>): Promise<void> {
  await tx.execute('DELETE FROM agent_release_keys WHERE NOT (key_id = ANY ($1::text[]))', [[...keys.keys()]]);
  for (const [id, pem] of keys) {
    await tx.execute(
      'INSERT INTO agent_release_keys (key_id, public_key) VALUES ($1, $2) ON CONFLICT (tenant_uid, key_id) DO NOTHING',
      [id, pem],
    );
  }
}

/** What a cluster's agent is to run: its own choice over the tenant's. */
export async function releaseOf(
  tx: Transaction,
  settings: { readonly agentRelease?: string },
): Promise<AgentRelease | undefined> {
  const version = settings.agentRelease ?? (await chosenVersion(tx));
  return version === undefined ? undefined : (await findRelease(tx, version))?.release;
}
