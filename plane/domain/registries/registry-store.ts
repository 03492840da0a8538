/** Registries in the database. Each tenant has one that the plane itself serves. */
import { z } from 'zod';

import { notFound } from '#plane/api/error';
import type { Secrets } from '#plane/domain/secrets/secrets';
import {
  RegistryCredentials,
  RegistryKind,
  RegistrySettings,
  RegistrySpec,
  type RegistryAccess,
} from '#plane/registry/registry-spec';
import type { SqlValue, Transaction } from '#plane/store/database';
import { isUid, newUid } from '#plane/store/uid';

export const BUILT_IN_REGISTRY = 'Palette Registry';

export interface Registry {
  readonly uid: string;
  readonly name: string;
  readonly kind: RegistryKind;
  readonly isDefault: boolean;
  /** Undefined: the plane's own. */
  readonly spec: RegistrySpec | undefined;
  readonly settings: RegistrySettings;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly sync: {
    readonly status: 'Pending' | 'InProgress' | 'Success' | 'Failed';
    readonly message: string;
    readonly startedAt: Date | undefined;
    readonly syncedAt: Date | undefined;
  };
  readonly createdAt: Date;
  readonly modifiedAt: Date;
}

interface RegistryRow {
  uid: string;
  name: string;
  kind: string;
  is_default: boolean;
  spec: unknown;
  settings: unknown;
  labels: unknown;
  annotations: unknown;
  sync_status: Registry['sync']['status'];
  sync_message: string;
  sync_started_at: Date | null;
  synced_at: Date | null;
  created_at: Date;
  modified_at: Date;
}

const Texts = z.record(z.string(), z.string());
const COLUMNS =
  'uid, name, kind, is_default, spec, settings, labels, annotations, sync_status, sync_message, sync_started_at, synced_at, created_at, modified_at';

function fromRow(row: RegistryRow): Registry {
  return {
    uid: row.uid,
    name: row.name,
    kind: RegistryKind.parse(row.kind),
    isDefault: row.is_default,
    spec: row.spec === null ? undefined : RegistrySpec.parse(row.spec),
    settings: RegistrySettings.parse(row.settings),
    labels: Texts.parse(row.labels),
    annotations: Texts.parse(row.annotations),
    sync: {
      status: row.sync_status,
      message: row.sync_message,
      startedAt: row.sync_started_at ?? undefined,
      syncedAt: row.synced_at ?? undefined,
    },
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}

/** The tenant's registries, the built-in one first; it is made at the first look. */
export async function listRegistries(tx: Transaction): Promise<Registry[]> {
  const known = await selectRegistries(tx, 'true', []);
  if (known.some((registry) => registry.isDefault)) return known;
  await tx.execute(
    "INSERT INTO registries (uid, name, kind, is_default) VALUES ($1, $2, 'pack', true) ON CONFLICT DO NOTHING",
    [newUid(), BUILT_IN_REGISTRY],
  );
  return selectRegistries(tx, 'true', []);
}

/** Those that somebody who works in this project sees; undefined: in the tenant itself, which sees all. */
export function readableRegistries(registries: readonly Registry[], projectUid: string | undefined): Registry[] {
  return registries.filter((registry) => mayRead(registry, projectUid));
}

export function mayRead({ settings: { readProjects } }: Registry, projectUid: string | undefined): boolean {
  return projectUid === undefined || readProjects === undefined || readProjects.includes(projectUid);
}

export function mayPush({ settings: { pushProjects } }: Registry, projectUid: string | undefined): boolean {
  return projectUid === undefined || pushProjects === undefined || pushProjects.includes(projectUid);
}

async function selectRegistries(tx: Transaction, where: string, params: readonly SqlValue[]): Promise<Registry[]> {
  const rows = await tx.query<RegistryRow>(
    `SELECT ${COLUMNS} FROM registries WHERE ${where} ORDER BY is_default DESC, created_at, uid`,
    params,
  );
  return rows.map(fromRow);
}

export async function findRegistry(tx: Transaction, uid: string): Promise<Registry | undefined> {
  if (!isUid(uid)) return undefined;
  const [registry] = await selectRegistries(tx, 'uid = $1', [uid]);
  return registry;
}

/** Kept as it is until the end of the transaction. @throws PlaneError 404. */
export async function lockRegistry(tx: Transaction, uid: string): Promise<Registry> {
  const rows = isUid(uid)
    ? await tx.query<RegistryRow>(`SELECT ${COLUMNS} FROM registries WHERE uid = $1 FOR NO KEY UPDATE`, [uid])
    : [];
  const [row] = rows;
  if (!row) throw notFound('registry', uid);
  return fromRow(row);
}

/** Names by identifier. */
export async function registryNames(tx: Transaction): Promise<Map<string, string>> {
  const rows = await tx.query<{ uid: string; name: string }>('SELECT uid, name FROM registries');
  return new Map(rows.map((row) => [row.uid, row.name]));
}

export interface NewRegistry {
  readonly uid: string;
  readonly name: string;
  readonly kind: RegistryKind;
  readonly spec: RegistrySpec;
  readonly credentials: RegistryCredentials;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** When to look into it first; undefined: never by itself. */
  readonly syncAt: Date | undefined;
}

export async function insertRegistry(tx: Transaction, secrets: Secrets, registry: NewRegistry): Promise<void> {
  await tx.execute(
    `INSERT INTO registries (uid, name, kind, spec, credentials, labels, annotations, sync_status, sync_due_at)
     VALUES ($1, $2, $3, $4::jsonb, $5, $6::jsonb, $7::jsonb, $8, $9)`,
    [
      registry.uid,
      registry.name,
      registry.kind,
      JSON.stringify(registry.spec),
      sealCredentials(secrets, registry.uid, registry.credentials),
      JSON.stringify(registry.labels),
      JSON.stringify(registry.annotations),
      registry.syncAt === undefined ? 'Success' : 'Pending',
      registry.syncAt,
    ],
  );
}

/** Changes a registry; a run that goes on with what it was before ends at its next step. */
export async function updateRegistry(tx: Transaction, secrets: Secrets, registry: NewRegistry): Promise<void> {
  await tx.execute(
    `UPDATE registries SET name = $2, spec = $3::jsonb, credentials = $4, labels = $5::jsonb, annotations = $6::jsonb,
       sync_status = $7, sync_message = '', sync_due_at = $8, sync_cursor = NULL, sync_lease_until = NULL,
       sync_failures = 0, sync_run = sync_run + 1, modified_at = now()
     WHERE uid = $1`,
    [
      registry.uid,
      registry.name,
      JSON.stringify(registry.spec),
      sealCredentials(secrets, registry.uid, registry.credentials),
      JSON.stringify(registry.labels),
      JSON.stringify(registry.annotations),
      registry.syncAt === undefined ? 'Success' : 'Pending',
      registry.syncAt,
    ],
  );
}

/** Changes what a registry is called, and nothing about where it stands: a run goes on. */
export async function describeRegistry(
  tx: Transaction,
  { uid, name, labels, annotations }: Pick<NewRegistry, 'uid' | 'name' | 'labels' | 'annotations'>,
): Promise<void> {
  await tx.execute(
    'UPDATE registries SET name = $2, labels = $3::jsonb, annotations = $4::jsonb, modified_at = now() WHERE uid = $1',
    [uid, name, JSON.stringify(labels), JSON.stringify(annotations)],
  );
}

export async function updateSettings(tx: Transaction, uid: string, settings: RegistrySettings): Promise<void> {
  await tx.execute('UPDATE registries SET settings = $2::jsonb, modified_at = now() WHERE uid = $1', [
    uid,
    JSON.stringify(settings),
  ]);
}

/** Makes the next run due now. With `force` a run that goes on is given up and begun again. */
export async function requestSync(tx: Transaction, uid: string, now: Date, force: boolean): Promise<void> {
  await tx.execute(
    `UPDATE registries SET sync_due_at = $2, sync_failures = 0,
       sync_status = CASE WHEN sync_status = 'InProgress' AND NOT $3 THEN sync_status ELSE 'Pending' END,
       sync_cursor = CASE WHEN $3 THEN NULL ELSE sync_cursor END,
       sync_lease_until = CASE WHEN $3 THEN NULL ELSE sync_lease_until END,
       sync_run = CASE WHEN $3 THEN sync_run + 1 ELSE sync_run END
     WHERE uid = $1`,
    [uid, now, force],
  );
}

/** How to speak to a registry. @throws SecretsError when its credentials do not open. */
export async function registryAccess(tx: Transaction, secrets: Secrets, registry: Registry): Promise<RegistryAccess> {
  if (registry.spec === undefined) throw notFound('registry that stands elsewhere', registry.uid);
  const [row] = await tx.query<{ credentials: Uint8Array | null }>(
    'SELECT credentials FROM registries WHERE uid = $1',
    [registry.uid],
  );
  const sealed = row?.credentials ?? undefined;
  return {
    kind: registry.kind,
    spec: registry.spec,
    credentials:
      sealed === undefined
        ? RegistryCredentials.parse({ kind: 'noAuth' })
        : RegistryCredentials.parse(JSON.parse(secrets.openText(sealed, purpose(registry.uid)))),
  };
}

function sealCredentials(secrets: Secrets, uid: string, credentials: RegistryCredentials): Uint8Array {
  return secrets.seal(JSON.stringify(credentials), purpose(uid));
}

function purpose(uid: string): string {
  return `registry/${uid}`;
}

/** Bytes of the archives that a registry holds, each counted once. */
export async function usedBytes(tx: Transaction, uid: string): Promise<number> {
  const [row] = await tx.query<{ used: number }>(
    `SELECT coalesce(sum(b.size), 0)::bigint AS used FROM pack_blobs b
     WHERE b.digest IN (SELECT digest FROM packs WHERE registry_uid = $1)`,
    [uid],
  );
  return row?.used ?? 0;
}
