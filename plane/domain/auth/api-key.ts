import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** First characters of a key, which find its row; they prove nothing. */
const PREFIX_LENGTH = 8;

export interface NewApiKey {
  /** Shown once, stored nowhere. */
  readonly key: string;
  readonly prefix: string;
  readonly hash: Uint8Array;
}

/** A new key of 256 random bits. Being random, it needs no slow hash. */
export function createApiKey(): NewApiKey {
  const key = randomBytes(32).toString('base64url');
  return { key, prefix: apiKeyPrefix(key), hash: hashApiKey(key) };
}

export function apiKeyPrefix(key: string): string {
  return key.slice(0, PREFIX_LENGTH);
}

export function hashApiKey(key: string): Uint8Array {
  return createHash('sha256').update(key).digest();
}

/** Whether a key is the one that was hashed; takes as long for a wrong one. */
export function isApiKey(key: string, hash: Uint8Array): boolean {
  const given = hashApiKey(key);
  return given.length === hash.length && timingSafeEqual(given, hash);
}
