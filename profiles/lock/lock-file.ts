/** The lock file beside a program: what the ranges of its profiles stand for, so that every machine takes the same packs. */
import { dirname, join } from 'node:path';

import { z } from 'zod';

import type { ProfileDocument, ProfileLayer } from '#profiles/document';
import { ProfileError } from '#profiles/problem';
import { packNameOf } from '#profiles/render/pack-source';

export const LOCK_FILE = 'palette.lock.json';

const Digest = z.templateLiteral(['sha256:', z.string().regex(/^[0-9a-f]{64}$/)]);

export const LockEntry = z.object({
  type: z.enum(['spectro', 'helm', 'oci']),
  name: z.string().min(1),
  /** Absent: the default one. */
  registry: z.string().optional(),
  /** As layers write the version. */
  wanted: z.string(),
  version: z.string().min(1),
  /** Of the archive that the plane stores and agents fetch. */
  digest: Digest,
  /** Of what is in it, whatever compressed it: by this a pack is recognised. */
  content: Digest,
});
export type LockEntry = z.infer<typeof LockEntry>;

export const LockFile = z.object({ lockVersion: z.literal(1), packs: z.array(LockEntry) });
export type LockFile = z.infer<typeof LockFile>;

export const EMPTY_LOCK: LockFile = { lockVersion: 1, packs: [] };

/** Where the lock file of a program is. */
export function lockPathOf(program: string): string {
  return join(dirname(program), LOCK_FILE);
}

/** @throws ProfileError for a text that is no lock file of this version. */
export function parseLock(file: string, text: string): LockFile {
  const refuse = (message: string, cause?: unknown): ProfileError =>
    ProfileError.of(
      { profile: '', file, rule: 'lock-unreadable', message: `${message}; \`palette profile lock\` writes it anew` },
      { cause },
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse('the lock file is no JSON (a conflict of a merge, perhaps)', error);
  }
  const parsed = LockFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw refuse(`the lock file is not as expected: ${z.core.toDotPath(issue?.path ?? [])}: ${issue?.message ?? ''}`);
}

/** One entry a line group, in an order that depends on what is in it alone: merges and reviews stay small. */
export function formatLock({ packs }: LockFile): string {
  const sorted = [...packs].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
  return `${JSON.stringify(
    {
      lockVersion: 1,
      packs: sorted.map(({ type, name, registry, wanted, version, digest, content }) => ({
        type,
        name,
        ...(registry === undefined ? {} : { registry }),
        wanted,
        version,
        digest,
        content,
      })),
    },
    undefined,
    2,
  )}\n`;
}

/** What a lock entry is found by. */
export type LockKey = Pick<LockEntry, 'type' | 'name' | 'registry' | 'wanted'>;

/** The key of a layer; undefined for manifests alone. */
export function lockKeyOf({ type, name, registry, version }: ProfileLayer): LockKey | undefined {
  if (type === 'manifest') return undefined;
  return {
    type,
    name: packNameOf(name),
    ...(registry === undefined ? {} : { registry }),
    wanted: version.trim() === '' ? 'latest' : version.trim(),
  };
}

export function keyOf({ type, name, registry, wanted }: LockKey): string {
  return JSON.stringify([name, wanted, type, registry ?? '']);
}

/** The profile with what the lock says its layers stand for; layers that it does not know stay as they are. */
export function applyLock(document: ProfileDocument, lock: LockFile): ProfileDocument {
  const known = new Map(lock.packs.map((entry) => [keyOf(entry), entry]));
  return {
    ...document,
    layers: document.layers.map((layer) => {
      const key = lockKeyOf(layer);
      const entry = key && known.get(keyOf(key));
      return entry === undefined ? layer : { ...layer, resolved: { version: entry.version, digest: entry.digest } };
    }),
  };
}

/** Layers whose pack no lock has pinned, by name. */
export function unlockedLayers({ layers }: ProfileDocument): readonly string[] {
  return layers.filter(({ type, resolved }) => type !== 'manifest' && resolved === undefined).map(({ name }) => name);
}
