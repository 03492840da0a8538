import { createPublicKey, type KeyObject } from 'node:crypto';

import { sha256, type Digest } from '#core/digest';

import { SignatureError } from './signature-error.ts';

/** Bytes of a PEM that may be a key at all; an RSA key of 8192 bits has 1.5 KiB. */
const MAX_PEM = 16 * 1024;
const CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/**
 * A public key that verifies signatures: PEM as `cosign.pub` has it (ECDSA; RSA of 2048 bits or more, and Ed25519 too).
 *
 * @throws SignatureError `InvalidKey` for anything else, and for a private key, which must not be given away.
 */
export function readPublicKey(pem: string): KeyObject {
  if (pem.length > MAX_PEM) throw new SignatureError('InvalidKey', 'the public key is too long to be one');
  if (pem.includes('PRIVATE KEY-----'))
    throw new SignatureError(
      'InvalidKey',
      'this is a private key; give the public one (cosign.pub), keep this one secret',
    );
  let key: KeyObject;
  try {
    key = createPublicKey({ key: pem, format: 'pem' });
  } catch (error) {
    throw new SignatureError(
      'InvalidKey',
      'the public key cannot be read; expected PEM that begins with -----BEGIN PUBLIC KEY-----',
      {
        cause: error,
      },
    );
  }
  refuseUnfit(key);
  return key;
}

/** @throws SignatureError `InvalidKey` for a kind of key that cosign does not use, or a weak one. */
export function refuseUnfit(key: KeyObject): void {
  const { namedCurve = '', modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'ed25519':
      return;
    case 'ec':
      if (CURVES.has(namedCurve)) return;
      throw new SignatureError('InvalidKey', `the key is on the curve ${namedCurve}; expected P-256, P-384 or P-521`);
    case 'rsa':
      if (modulusLength >= 2048) return;
      throw new SignatureError('InvalidKey', `the RSA key has ${modulusLength} bits; expected 2048 or more`);
    default:
      throw new SignatureError(
        'InvalidKey',
        `the key is of type ${key.asymmetricKeyType ?? 'unknown'}; expected ECDSA, RSA or Ed25519`,
      );
  }
}

/** Names a public key: the digest of its DER (SubjectPublicKeyInfo), the same however its PEM is wrapped. */
export function publicKeyId(key: KeyObject): Digest {
  return sha256(key.export({ type: 'spki', format: 'der' }));
}
