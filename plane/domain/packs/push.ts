/** Taking a pack into a registry. */
import { sha256 } from '#core/digest';
import {
  archivePack,
  contentDigest,
  hasErrors,
  lintPack,
  openPackArchive,
  PackError,
  type Pack,
  type Problem,
} from '#packs/index';
import { conflict, notFound, PlaneError } from '#plane/api/error';
import type { TenantDatabase, Transaction } from '#plane/store/database';
import { newUid } from '#plane/store/uid';

import { storeBlob } from './blob-store.ts';
import { findPackVersion, insertPack, type PackDocument, type StoredPack } from './pack-store.ts';

export interface PushedPack {
  readonly uid: string;
  readonly name: string;
  readonly version: string;
  readonly digest: `sha256:${string}`;
}

/**
 * Opens, lints and stores a pack. The same pack again is answered alike.
 *
 * @throws PlaneError 422 `InvalidPack` with the problems, 409 `PackVersionExists` for another
 *   content under a name and version that exist, 404 for an unknown registry. Nothing is stored then.
 */
export async function pushPack(db: TenantDatabase, registryUid: string, bytes: Uint8Array): Promise<PushedPack> {
  const pack = await openAndLint(bytes);
  // Our own archive of the content: whatever made the one that came, agents get the same bytes.
  const archive = archivePack(pack);
  const digest = sha256(archive);
  return db.transaction(async (tx) => {
    await requireRegistry(tx, registryUid);
    const content = contentDigest(pack);
    const known = await findPackVersion(tx, registryUid, pack.name, pack.version);
    if (known) return answerKnown(known, content);
    await storeBlob(tx, digest, archive);
    const uid = newUid();
    await insertPack(tx, {
      uid,
      registryUid,
      name: pack.name,
      version: pack.version,
      layer: pack.layer,
      digest,
      document: documentOf(pack, content),
    });
    return { uid, name: pack.name, version: pack.version, digest };
  });
}

function answerKnown(known: StoredPack, content: string): PushedPack {
  if (known.document.contentDigest !== content) {
    throw conflict(
      'PackVersionExists',
      `pack ${known.name} ${known.version} is in the registry with another content; raise its version, published versions never change`,
    );
  }
  // Written by `pushPack`, from `sha256`.
  return { uid: known.uid, name: known.name, version: known.version, digest: known.digest as `sha256:${string}` };
}

async function requireRegistry(tx: Transaction, registryUid: string): Promise<void> {
  const rows = await tx.query('SELECT 1 FROM registries WHERE uid = $1 FOR NO KEY UPDATE', [registryUid]);
  if (rows.length === 0) throw notFound('registry', registryUid);
}

async function openAndLint(bytes: Uint8Array): Promise<Pack> {
  let pack: Pack;
  try {
    pack = await openPackArchive(bytes);
  } catch (error) {
    if (error instanceof PackError) throw invalidPack(error.problems, error);
    throw error;
  }
  const problems = lintPack(pack);
  if (hasErrors(problems)) throw invalidPack(problems);
  return pack;
}

function invalidPack(problems: readonly Problem[], cause?: unknown): PlaneError {
  const errors = problems.filter((problem) => problem.severity === 'error');
  const [first] = errors;
  const place = first ? [first.file, first.line].filter((part) => part !== undefined).join(':') : '';
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new PlaneError(
    422,
    'InvalidPack',
    `the pack has problems: ${place}: ${first?.message ?? 'it cannot be read'}${more}`,
    problems,
    { cause },
  );
}

function documentOf(pack: Pack, content: string): PackDocument {
  return {
    displayName: pack.displayName,
    addonType: pack.addonType,
    addonSubType: pack.addonSubType,
    cloudTypes: [...pack.cloudTypes],
    annotations: { ...pack.annotations },
    values: pack.values,
    presets: pack.presets.map((preset) => ({ ...preset, remove: [...preset.remove] })),
    schema: pack.schema.map(({ name, required, readonly, format, hints }) => ({
      name,
      required,
      readonly,
      format,
      hints: [...hints],
    })),
    manifests: pack.manifests.map((manifest) => manifest.name),
    readme: pack.readme ?? '',
    installPriority: pack.installPriority,
    contentDigest: content,
  };
}
