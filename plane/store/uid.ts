import { randomBytes } from 'node:crypto';

/**
 * A new identifier: 24 lower-case hexadecimal digits, the first eight the seconds since 1970, so that identifiers sort
 * by age; the other 64 bits are random. It is no secret and must not be used as one.
 */
export function newUid(now: Date = new Date()): string {
  const seconds = Math.floor(now.getTime() / 1000);
  return seconds.toString(16).padStart(8, '0').slice(-8) + randomBytes(8).toString('hex');
}

const UID = /^[0-9a-f]{24}$/;

/** Whether a text can be an identifier at all; a look-up by anything else finds nothing. */
export function isUid(text: string): boolean {
  return UID.test(text);
}
