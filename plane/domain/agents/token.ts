/** Secrets that agents show: shown once, kept as hashes. */
import { createHash, randomBytes } from 'node:crypto';

/** A new secret of 256 random bits; the prefix tells people what it is. */
export function newToken(prefix: 'par' | 'pat'): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

/** What is kept of a secret. It is random and long, so a plain hash suffices. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
