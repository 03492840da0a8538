/** Signatures over bytes as `cosign sign-blob --key` makes them: SHA-256, DER, base64. */
import { sign, verify, type KeyObject } from 'node:crypto';

import { SignatureError } from './signature-error.ts';

/** Characters of a signature in base64; RSA of 8192 bits takes 1368. */
const MAX_SIGNATURE = 4096;

/** Signs bytes; what `cosign verify-blob --key` accepts. */
export function signBlob(bytes: Uint8Array, privateKey: KeyObject): string {
  return sign(hashFor(privateKey), bytes, privateKey).toString('base64');
}

/**
 * Whether the signature over the bytes was made with the private part of one of these keys. What cannot be a signature
 * is not one.
 */
export function verifyBlob(bytes: Uint8Array, signature: string, publicKeys: readonly KeyObject[]): boolean {
  return signerOf(bytes, signature, publicKeys) !== undefined;
}

/** The key, of these, that the signature was made with. */
export function signerOf(
  bytes: Uint8Array,
  signature: string,
  publicKeys: readonly KeyObject[],
): KeyObject | undefined {
  const text = signature.trim();
  if (text.length > MAX_SIGNATURE || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const der = Buffer.from(text, 'base64');
  return publicKeys.find((key) => {
    try {
      return verify(hashFor(key), bytes, key, der);
    } catch {
      // What does not parse as a signature of the key's kind.
      return false;
    }
  });
}

/** @throws SignatureError `NotSigned` or `InvalidSignature` that names what was to be signed. */
export function requireSignature(
  what: string,
  bytes: Uint8Array,
  signature: string | undefined,
  publicKeys: readonly KeyObject[],
): void {
  if (signature === undefined || signature.trim() === '')
    throw new SignatureError(
      'NotSigned',
      `${what} is not signed, and must be; sign it with cosign sign-blob or palette pack sign`,
    );
  if (!verifyBlob(bytes, signature, publicKeys))
    throw new SignatureError(
      'InvalidSignature',
      `the signature of ${what} was not made over these bytes with ${publicKeys.length === 1 ? 'the trusted key' : 'a trusted key'}`,
    );
}

/** Ed25519 hashes by itself; cosign hashes with SHA-256 for every other key. */
function hashFor(key: KeyObject): string | null {
  return key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
}
