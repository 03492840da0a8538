/** Packs and their archives in the database. */
import { z } from 'zod';

import { ArchiveSource } from '#plane/registry/source';
import type { SqlValue, Transaction } from '#plane/store/database';

import { Layer } from '#profiles/document';

/** What a pack says of itself, kept beside its archive so that reads need not open it. */
export const PackDocument = z.object({
  displayName: z.string(),
  addonType: z.string(),
  addonSubType: z.string(),
  cloudTypes: z.array(z.string()),
  annotations: z.record(z.string(), z.string()),
  values: z.string(),
  presets: z.array(
    z.object({
      name: z.string(),
      displayName: z.string(),
      group: z.string(),
      remove: z.array(z.string()),
      add: z.string(),
    }),
  ),
  schema: z.array(
    z.object({
      name: z.string(),
      required: z.boolean(),
      readonly: z.boolean(),
      format: z.string(),
      hints: z.array(z.string()),
    }),
  ),
  manifests: z.array(z.string()),
  readme: z.string(),
  installPriority: z.int(),
  /** Of what the pack holds, whatever packed it: tells the same pack from another under its name. */
  contentDigest: z.string(),
  /** As pack.json has them; absent for what was stored before they were kept. */
  constraints: z.record(z.string(), z.unknown()).optional(),
  /** Range of Kubernetes versions; empty: any. */
  kubeVersion: z.string().optional(),
  /** Of the archive as it came from its registry, before it was wrapped; absent for packs. */
  chartDigest: z.string().optional(),
  /** A URL; for charts, whose archive holds no logo. */
  icon: z.string().optional(),
});
export type PackDocument = z.infer<typeof PackDocument>;

export const PackType = z.enum(['spectro', 'helm', 'oci']);
export type PackType = z.infer<typeof PackType>;

export interface StoredPack {
  readonly uid: string;
  readonly registryUid: string;
  readonly name: string;
  readonly version: string;
  readonly type: PackType;
  readonly layer: Layer;
  /** Of the archive's bytes; undefined while it is only listed and was not fetched yet. */
  readonly digest: string | undefined;
  /** Where it is fetched from; undefined for what was pushed here. */
  readonly source: ArchiveSource | undefined;
  /** Over the archive's bytes. */
  readonly signature: string | undefined;
  readonly document: PackDocument;
  readonly createdAt: Date;
}

interface PackRow {
  uid: string;
  registry_uid: string;
  name: string;
  version: string;
  type: string;
  layer: string;
  digest: string | null;
  source: unknown;
  signature: string | null;
  document: unknown;
  created_at: Date;
}

function fromRow(row: PackRow): StoredPack {
  return {
    uid: row.uid,
    registryUid: row.registry_uid,
    name: row.name,
    version: row.version,
    type: PackType.parse(row.type),
    layer: Layer.parse(row.layer),
    digest: row.digest ?? undefined,
    source: row.source === null ? undefined : ArchiveSource.parse(row.source),
    signature: row.signature ?? undefined,
    document: PackDocument.parse(row.document),
    createdAt: row.created_at,
  };
}

const SELECT =
  'SELECT uid, registry_uid, name, version, type, layer, digest, source, signature, document, created_at FROM packs';

/** Packs in the order of name and age. `where` is SQL of the caller's own, never of a request. */
export async function selectPacks(
  tx: Transaction,
  where: string,
  params: readonly SqlValue[],
  { offset = 0, limit }: { readonly offset?: number; readonly limit?: number } = {},
): Promise<StoredPack[]> {
  // Whole numbers of the caller's own, too.
  const range = limit === undefined ? '' : ` LIMIT ${Math.trunc(limit)} OFFSET ${Math.trunc(offset)}`;
  const rows = await tx.query<PackRow>(`${SELECT} WHERE ${where} ORDER BY name, created_at, uid${range}`, params);
  return rows.map(fromRow);
}

/** How many there are. */
export async function countPacks(tx: Transaction, where: string, params: readonly SqlValue[]): Promise<number> {
  const [row] = await tx.query<{ count: number }>(`SELECT count(*)::int AS count FROM packs WHERE ${where}`, params);
  return row?.count ?? 0;
}

/** All packs of some registries without what makes them large: values, README, schema and presets are empty. */
export async function summarizePacks(tx: Transaction, registryUids: readonly string[]): Promise<StoredPack[]> {
  const rows = await tx.query<PackRow>(
    `SELECT uid, registry_uid, name, version, type, layer, digest, source, signature, created_at,
       document || '{"values":"","readme":"","schema":[],"presets":[]}' AS document
     FROM packs WHERE registry_uid = ANY ($1::text[]) ORDER BY name, created_at, uid`,
    [`{${registryUids.join(',')}}`],
  );
  return rows.map(fromRow);
}

/** One pack by its identifier. */
export async function findPack(tx: Transaction, uid: string): Promise<StoredPack | undefined> {
  const [pack] = await selectPacks(tx, 'uid = $1', [uid]);
  return pack;
}

/** One pack by registry, name and version. */
export async function findPackVersion(
  tx: Transaction,
  registryUid: string,
  name: string,
  version: string,
): Promise<StoredPack | undefined> {
  const [pack] = await selectPacks(tx, 'registry_uid = $1 AND name = $2 AND version = $3', [
    registryUid,
    name,
    version,
  ]);
  return pack;
}

/** Stores a pack; its archive is stored before, if there is one. */
export async function insertPack(
  tx: Transaction,
  pack: Omit<StoredPack, 'createdAt'>,
  logo?: Uint8Array,
): Promise<void> {
  await tx.execute(
    `INSERT INTO packs (uid, registry_uid, name, version, type, layer, digest, source, signature, document, logo)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10::jsonb, $11)`,
    [
      pack.uid,
      pack.registryUid,
      pack.name,
      pack.version,
      pack.type,
      pack.layer,
      pack.digest,
      pack.source && JSON.stringify(pack.source),
      pack.signature,
      JSON.stringify(pack.document),
      logo,
    ],
  );
}

/** What the archive of a listed pack said when it was fetched. @returns false when another was faster. */
export async function completePack(
  tx: Transaction,
  uid: string,
  found: {
    readonly layer: Layer;
    readonly digest: string;
    readonly signature: string | undefined;
    readonly document: PackDocument;
    readonly logo: Uint8Array | undefined;
  },
): Promise<boolean> {
  const changed = await tx.execute(
    'UPDATE packs SET layer = $2, digest = $3, signature = $4, document = $5::jsonb, logo = $6 WHERE uid = $1 AND digest IS NULL',
    [uid, found.layer, found.digest, found.signature, JSON.stringify(found.document), found.logo],
  );
  return changed === 1;
}

/** The logo of a pack; undefined when it has none. */
export async function readLogo(tx: Transaction, uid: string): Promise<Uint8Array | undefined> {
  const [row] = await tx.query<{ logo: Uint8Array | null }>('SELECT logo FROM packs WHERE uid = $1', [uid]);
  return row?.logo ?? undefined;
}
