/** Making a lock file say what the profiles of today ask for. */
import { contentDigest } from '#packs/index';
import type { ProfileDocument } from '#profiles/document';
import type { PackSource } from '#profiles/render/pack-source';
import { resolveProfile } from '#profiles/render/resolve-profile';

import { applyLock, keyOf, lockKeyOf, type LockEntry, type LockFile } from './lock-file.ts';
import { lockedSource } from './locked-source.ts';

export interface LockChange {
  readonly kind: 'added' | 'changed' | 'removed';
  readonly name: string;
  readonly wanted: string;
  readonly before?: string;
  readonly after?: string;
}

export interface UpdatedLock {
  readonly lock: LockFile;
  /** By name and range; empty when the lock said it all. */
  readonly changes: readonly LockChange[];
}

export interface UpdateLockOptions {
  readonly source: PackSource;
  /** Names of packs to resolve anew; `all` for every one. Default: none, what is locked stays. */
  readonly update?: readonly string[] | 'all';
  /** Entries that no layer asks for go. Other programs of the folder may need them. Default: false. */
  readonly prune?: boolean;
  readonly signal: AbortSignal;
}

/**
 * Resolves what the lock does not know yet and keeps the rest, after a look that it still is there.
 *
 * @throws ProfileError when a pack is not there, or is another than the lock says.
 */
export async function updateLock(
  documents: readonly ProfileDocument[],
  before: LockFile,
  { source, update = [], prune = false, signal }: UpdateLockOptions,
): Promise<UpdatedLock> {
  const kept: LockFile = {
    lockVersion: 1,
    packs: before.packs.filter(({ name }) => update !== 'all' && !update.includes(name)),
  };
  const asked = new Map<string, LockEntry>();
  for (const document of documents) {
    const resolved = await resolveProfile(applyLock(document, kept), { source: lockedSource(source, kept), signal });
    for (const layer of resolved.document.layers) {
      const key = lockKeyOf(layer);
      const sourced = resolved.packs.get(layer.name);
      if (!key || !sourced || !layer.resolved) continue;
      asked.set(keyOf(key), {
        ...key,
        version: layer.resolved.version,
        digest: sourced.digest,
        content: contentDigest(sourced.pack),
      });
    }
  }
  // What other programs of the folder ask for stays as it was, even when all is resolved anew.
  const others = prune ? [] : before.packs.filter((entry) => !asked.has(keyOf(entry)));
  const lock: LockFile = { lockVersion: 1, packs: [...others, ...asked.values()] };
  return { lock, changes: changesBetween(before, lock) };
}

function changesBetween(before: LockFile, after: LockFile): LockChange[] {
  const old = new Map(before.packs.map((entry) => [keyOf(entry), entry]));
  const now = new Map(after.packs.map((entry) => [keyOf(entry), entry]));
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((key): LockChange[] => {
    const [was, is] = [old.get(key), now.get(key)];
    if (was && !is) return [{ kind: 'removed', name: was.name, wanted: was.wanted, before: was.version }];
    if (is && !was) return [{ kind: 'added', name: is.name, wanted: is.wanted, after: is.version }];
    return was && is && (was.version !== is.version || was.digest !== is.digest)
      ? [{ kind: 'changed', name: is.name, wanted: is.wanted, before: was.version, after: is.version }]
      : [];
  });
}
