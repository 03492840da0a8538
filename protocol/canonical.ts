import canonicalize from 'canonicalize';

import { sha256 } from '#core/digest';

import type { ContentDigest } from './identifiers.ts';

/**
 * JSON in canonical form (RFC 8785): equal values give equal bytes, whatever the order their
 * keys were written in.
 *
 * @throws TypeError for a value that JSON cannot hold.
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('canonical JSON: the value has no JSON form');
  return text;
}

/** The content address of a value's canonical form. */
export function canonicalDigest(value: unknown): ContentDigest {
  return sha256(canonicalJson(value));
}
