/** Packs and their archives in the database. */
import { z } from 'zod';

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
});
export type PackDocument = z.infer<typeof PackDocument>;

export interface StoredPack {
  readonly uid: string;
  readonly registryUid: string;
  readonly name: string;
  readonly version: string;
  readonly layer: Layer;
  /** Of the archive's bytes. */
  readonly digest: string;
  readonly document: PackDocument;
  readonly createdAt: Date;
}

interface PackRow {
  uid: string;
  registry_uid: string;
  name: string;
  version: string;
  layer: string;
  digest: string;
  document: unknown;
  created_at: Date;
}

function fromRow(row: PackRow): StoredPack {
  return {
    uid: row.uid,
    registryUid: row.registry_uid,
    name: row.name,
    version: row.version,
    layer: Layer.parse(row.layer),
    digest: row.digest,
    document: PackDocument.parse(row.document),
    createdAt: row.created_at,
  };
}

const SELECT = 'SELECT uid, registry_uid, name, version, layer, digest, document, created_at FROM packs';

/** Packs in the order of name and age. `where` is SQL of the caller's own, never of a request. */
export async function selectPacks(tx: Transaction, where: string, params: readonly SqlValue[]): Promise<StoredPack[]> {
  const rows = await tx.query<PackRow>(`${SELECT} WHERE ${where} ORDER BY name, created_at, uid`, params);
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

/** Stores a pack whose archive is stored. */
export async function insertPack(tx: Transaction, pack: Omit<StoredPack, 'createdAt'>): Promise<void> {
  await tx.execute(
    'INSERT INTO packs (uid, registry_uid, name, version, layer, digest, document) VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb)',
    [pack.uid, pack.registryUid, pack.name, pack.version, pack.layer, pack.digest, JSON.stringify(pack.document)],
  );
}
