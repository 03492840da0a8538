/** Private keys as cosign keeps them: PKCS#8 in a NaCl secretbox under a key derived from a password by scrypt. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair as generate,
  randomBytes,
  scrypt,
  type KeyObject,
  type ScryptOptions,
} from 'node:crypto';
import { promisify } from 'node:util';

import nacl from 'tweetnacl';
import { z } from 'zod';

import { refuseUnfit } from './public-key.ts';
import { SignatureError } from './signature-error.ts';

const LABEL = 'ENCRYPTED SIGSTORE PRIVATE KEY';
/** The second is what cosign wrote before its version 2. */
const ENCRYPTED = /-----BEGIN ENCRYPTED (?:SIGSTORE|COSIGN) PRIVATE KEY-----([A-Za-z0-9+/=\s]*)-----END/;
const MAX_PEM = 64 * 1024;
/** What cosign derives with since its version 2; 64 MiB of memory. */
const DERIVATION = { N: 65_536, r: 8, p: 1 };
/** A file that asks for more would only be made to hurt: 256 MiB. */
const MAX_COST = 2_097_152;

const Bytes = z.base64().transform((text) => Uint8Array.from(Buffer.from(text, 'base64')));
const Envelope = z.object({
  kdf: z.object({
    name: z.literal('scrypt'),
    params: z.object({ N: z.int().min(2), r: z.int().min(1), p: z.int().min(1).max(16) }),
    salt: Bytes,
  }),
  cipher: z.object({ name: z.literal('nacl/secretbox'), nonce: Bytes }),
  ciphertext: Bytes,
});

const generateEc = promisify(generate);

/**
 * A new key pair, ECDSA on P-256 as `cosign generate-key-pair` makes it: cosign signs with the private part and verifies
 * with the public one.
 */
export async function generateKeyPair(
  password: string,
): Promise<{ readonly privateKey: string; readonly publicKey: string }> {
  const { privateKey, publicKey } = await generateEc('ec', { namedCurve: 'P-256' });
  const plain = privateKey.export({ type: 'pkcs8', format: 'der' });
  const salt = randomBytes(32);
  const nonce = randomBytes(nacl.secretbox.nonceLength);
  const key = await derive(password, salt, DERIVATION);
  const envelope = {
    kdf: { name: 'scrypt', params: DERIVATION, salt: salt.toString('base64') },
    cipher: { name: 'nacl/secretbox', nonce: nonce.toString('base64') },
    ciphertext: Buffer.from(nacl.secretbox(Uint8Array.from(plain), Uint8Array.from(nonce), key)).toString('base64'),
  };
  plain.fill(0);
  return {
    privateKey: pem(LABEL, Buffer.from(JSON.stringify(envelope))),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/**
 * Reads a private key: cosign's own form, or plain or encrypted PEM of PKCS#8.
 *
 * @throws SignatureError `InvalidKey`, or `WrongPassword`.
 */
export async function readPrivateKey(text: string, password: string): Promise<KeyObject> {
  if (text.length > MAX_PEM) throw new SignatureError('InvalidKey', 'the private key is too long to be one');
  const encrypted = ENCRYPTED.exec(text)?.[1];
  const key = encrypted === undefined ? readPem(text, password) : await openEnvelope(encrypted, password);
  refuseUnfit(key);
  return key;
}

/** The public part of a private key, as PEM. */
export function publicKeyOf(privateKey: KeyObject): string {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
}

function readPem(text: string, password: string): KeyObject {
  try {
    return createPrivateKey({
      key: text,
      format: 'pem',
      ...(text.includes('ENCRYPTED') ? { passphrase: password } : {}),
    });
  } catch {
    // The cause may quote parts of the key.
    throw text.includes('ENCRYPTED') && text.includes('PRIVATE KEY-----')
      ? wrongPassword()
      : new SignatureError(
          'InvalidKey',
          `the private key cannot be read; expected PEM that begins with -----BEGIN ${LABEL}----- or -----BEGIN PRIVATE KEY-----`,
        );
  }
}

async function openEnvelope(base64: string, password: string): Promise<KeyObject> {
  const envelope = Envelope.safeParse(jsonOf(Buffer.from(base64, 'base64').toString('utf8')));
  if (!envelope.success)
    throw new SignatureError(
      'InvalidKey',
      'the encrypted private key is damaged, or encrypted in a way that cosign does not use',
    );
  const { kdf, cipher, ciphertext } = envelope.data;
  const { N, r, p } = kdf.params;
  if (N * r * p > MAX_COST || (N & (N - 1)) !== 0)
    throw new SignatureError('InvalidKey', 'the encrypted private key asks for more memory than cosign ever does');
  if (cipher.nonce.length !== nacl.secretbox.nonceLength)
    throw new SignatureError('InvalidKey', 'the encrypted private key is damaged: its nonce has another length');
  const plain = nacl.secretbox.open(ciphertext, cipher.nonce, await derive(password, kdf.salt, { N, r, p }));
  if (plain === null) throw wrongPassword();
  try {
    return createPrivateKey({ key: Buffer.from(plain), format: 'der', type: 'pkcs8' });
  } catch {
    throw new SignatureError(
      'InvalidKey',
      'the encrypted private key opens with this password, and holds no PKCS#8 key',
    );
  }
}

function wrongPassword(): SignatureError {
  return new SignatureError('WrongPassword', 'the private key does not open with this password');
}

async function derive(
  password: string,
  salt: Uint8Array,
  params: ScryptOptions & { N: number; r: number },
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    // Node refuses more than 32 MiB unless it is told; scrypt takes 128 * N * r, and a little more.
    scrypt(
      password,
      salt,
      nacl.secretbox.keyLength,
      { ...params, maxmem: 130 * params.N * params.r + 1024 * 1024 },
      (error, key) => {
        if (error) reject(error);
        else resolve(Uint8Array.from(key));
      },
    );
  });
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
