import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * Values that must not lie in the database as they are.
 *
 * `context` names what the value belongs to, for example `cloud-account/<uid>`; it is authenticated, not stored: a
 * sealed value that was copied to another row does not open there.
 */
export interface Secrets {
  seal(value: string | Uint8Array, context: string): Uint8Array;
  /** @throws SecretsError when the value was changed, belongs elsewhere, or was sealed with another key. */
  open(sealed: Uint8Array, context: string): Uint8Array;
  /** As `open`, as text. */
  openText(sealed: Uint8Array, context: string): string;
}

export class SecretsError extends Error {
  override readonly name = 'SecretsError';
}

/** First byte of a sealed value: how the rest is laid out. */
const VERSION = 1;
const NONCE = 12;
const TAG = 16;
const KEY = 32;
const WRAPPED_KEY = NONCE + KEY + TAG;

/**
 * Envelope encryption with AES-256-GCM: each value has a key of its own, sealed by the master key, so that the master
 * key encrypts little and a new one needs the envelopes alone rewritten.
 *
 * Layout: version (1 byte), sealed data key, sealed value; each sealed part is nonce (12), ciphertext, tag (16).
 */
export function createSecrets(masterKey: Uint8Array): Secrets {
  if (masterKey.length !== KEY)
    throw new SecretsError(`the master key must have ${KEY} bytes, got ${masterKey.length}`);

  const open: Secrets['open'] = (sealed, context) => {
    if (sealed.length < 1 + WRAPPED_KEY + NONCE + TAG || sealed[0] !== VERSION) {
      throw new SecretsError(`${context}: not a sealed value of this version`);
    }
    try {
      const key = decrypt(masterKey, sealed.subarray(1, 1 + WRAPPED_KEY), context);
      return decrypt(key, sealed.subarray(1 + WRAPPED_KEY), context);
    } catch (error) {
      throw new SecretsError(
        `${context}: the sealed value does not open; it was changed, or the master key is another one`,
        { cause: error },
      );
    }
  };

  return {
    seal: (value, context) => {
      const key = randomBytes(KEY);
      const plain = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
      return Buffer.concat([Buffer.of(VERSION), encrypt(masterKey, key, context), encrypt(key, plain, context)]);
    },
    open,
    openText: (sealed, context) => Buffer.from(open(sealed, context)).toString('utf8'),
  };
}

function encrypt(key: Uint8Array, plain: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context, 'utf8'));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Uint8Array, sealed: Uint8Array, context: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG })
    .setAAD(Buffer.from(context, 'utf8'))
    .setAuthTag(sealed.subarray(sealed.length - TAG));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE, sealed.length - TAG)), decipher.final()]);
}
