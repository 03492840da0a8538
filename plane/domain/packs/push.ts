/** Taking a pack into the plane's own registry. */
import { sha256 } from '#core/digest';
import { contentDigest, hasErrors, lintPack, openPackArchive, PackError, type Pack, type Problem } from '#packs/index';
import { keepArchive } from '#packs/archive/keep-archive';
import { readPublicKey, requireSignature, SignatureError } from '#packs/signature/index';
import { conflict, PlaneError } from '#plane/api/error';
import type { Scope } from '#plane/api/handler';
import type { TenantDatabase } from '#plane/store/database';
import { newUid } from '#plane/store/uid';

import { lockRegistry, mayPush, usedBytes, type Registry } from '../registries/registry-store.ts';
import { storeBlob } from './blob-store.ts';
import { documentOf } from './pack-document.ts';
import { findPackVersion, insertPack, type StoredPack } from './pack-store.ts';
import { refuseOverQuota } from './quota.ts';

export interface PushedPack {
  readonly uid: string;
  readonly name: string;
  readonly version: string;
  readonly digest: `sha256:${string}`;
}

export interface Push {
  readonly registryUid: string;
  readonly bytes: Uint8Array;
  /** Over the bytes, in base64, as `cosign sign-blob` makes it. */
  readonly signature: string | undefined;
  /** From where it is pushed. */
  readonly scope: Scope;
  /** The plane's own limit, where the registry has none. */
  readonly quotaBytes: number;
}

/**
 * Opens, lints and stores a pack. The same pack again is answered alike.
 *
 * @throws PlaneError 422 `InvalidPack` with the problems or `SignatureRequired`, 409 `PackVersionExists` for another
 *   content under a name and version that exist, 403 `PushNotAllowed` or `QuotaExceeded`, 404 for an unknown registry.
 *   Nothing is stored then.
 */
export async function pushPack(
  db: TenantDatabase,
  { registryUid, bytes, signature, scope, quotaBytes }: Push,
): Promise<PushedPack> {
  const pack = await openAndLint(bytes);
  // Without a signature, our own archive of the content: whatever made the one that came, agents get the same bytes, and
  // a pack that comes from another plane keeps its digest. With one, the bytes that were signed.
  const archive = signature === undefined ? keepArchive(pack, bytes) : bytes;
  const digest = sha256(archive);
  return db.transaction(async (tx) => {
    const registry = await lockRegistry(tx, registryUid);
    refuseForeign(registry, scope);
    const kept = checkSignature(registry, pack, bytes, signature);
    const content = contentDigest(pack);
    const known = await findPackVersion(tx, registryUid, pack.name, pack.version);
    if (known) return answerKnown(known, content);
    refuseOverQuota(registry, { used: await usedBytes(tx, registryUid), added: archive.length, quotaBytes });
    await storeBlob(tx, digest, archive);
    const uid = newUid();
    await insertPack(
      tx,
      {
        uid,
        registryUid,
        name: pack.name,
        version: pack.version,
        type: 'spectro',
        layer: pack.layer,
        digest,
        source: undefined,
        signature: kept,
        document: documentOf(pack, content),
      },
      pack.logo,
    );
    return { uid, name: pack.name, version: pack.version, digest };
  });
}

/** A signature that is sent is kept; where keys are given it must hold. */
function checkSignature(
  { name, settings: { publicKeys } }: Registry,
  pack: Pack,
  bytes: Uint8Array,
  signature: string | undefined,
): string | undefined {
  if (publicKeys.length === 0) return signature;
  try {
    requireSignature(`pack ${pack.name} ${pack.version}`, bytes, signature, publicKeys.map(readPublicKey));
    return signature;
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    throw new PlaneError(
      422,
      'SignatureRequired',
      `registry ${name} takes signed packs only: ${error.message}`,
      undefined,
      {
        cause: error,
      },
    );
  }
}

function refuseForeign(registry: Registry, { projectUid }: Scope): void {
  if (registry.spec !== undefined)
    throw new PlaneError(
      422,
      'RegistryNotOwn',
      `registry ${registry.name} stands at ${registry.spec.endpoint}; push there, the plane reads it from there`,
    );
  if (!mayPush(registry, projectUid))
    throw new PlaneError(
      403,
      'PushNotAllowed',
      `packs may not be pushed to registry ${registry.name} from this project; ask the tenant's administrator`,
    );
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
