import { execFileSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { sha256 } from '#core/digest';

import {
  generateKeyPair,
  publicKeyId,
  publicKeyOf,
  readPrivateKey,
  readPublicKey,
  requireSignature,
  signatureTag,
  signBlob,
  signManifest,
  simpleSigningPayload,
  verifyBlob,
  verifyManifest,
} from './index.ts';

let privateKey: KeyObject;
let publicKey: KeyObject;
let privatePem: string;
let publicPem: string;

beforeAll(async () => {
  ({ privateKey: privatePem, publicKey: publicPem } = await generateKeyPair('a password'));
  privateKey = await readPrivateKey(privatePem, 'a password');
  publicKey = readPublicKey(publicPem);
});

describe('keys', () => {
  it('generates a pair in the form that cosign reads', () => {
    expect(privatePem).toMatch(/^-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n/);
    expect(publicPem).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
    expect(publicKeyOf(privateKey)).toBe(publicPem);
    expect(publicKeyId(publicKey)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('says that a password is wrong', async () => {
    await expect(readPrivateKey(privatePem, 'another')).rejects.toMatchObject({ code: 'WrongPassword' });
    const plain = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const openssl = plain
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'right' })
      .toString();
    await expect(readPrivateKey(openssl, 'wrong')).rejects.toMatchObject({ code: 'WrongPassword' });
    await expect(readPrivateKey(openssl, 'right')).resolves.toMatchObject({ asymmetricKeyType: 'ec' });
  });

  it.each([
    { name: 'rubbish', text: 'rubbish' },
    { name: 'nothing', text: '' },
    {
      name: 'a public key',
      text: generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    },
    {
      name: 'an envelope that asks for 64 GiB',
      text: envelope({ N: 2 ** 29, r: 8, p: 1 }),
    },
    { name: 'an envelope whose cost is no power of two', text: envelope({ N: 1000, r: 8, p: 1 }) },
    { name: 'an envelope without content', text: '-----BEGIN ENCRYPTED COSIGN PRIVATE KEY-----\ne30=\n-----END' },
    { name: 'a key on another curve', text: pemOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey) },
    { name: 'a weak RSA key', text: pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey) },
    { name: 'a key that signs nothing', text: pemOf(generateKeyPairSync('x25519').privateKey) },
  ])('refuses $name as a private key', async ({ text }) => {
    await expect(readPrivateKey(text, '')).rejects.toMatchObject({ name: 'SignatureError', code: 'InvalidKey' });
  });

  it('refuses a private key where a public one is expected, and tells nothing of it', () => {
    const pem = pemOf(generateKeyPairSync('ed25519').privateKey);
    expect(() => readPublicKey(pem)).toThrow('this is a private key');
    expect(() => readPublicKey(pem)).not.toThrow(pem.split('\n')[1]);
    expect(() => readPublicKey('x'.repeat(100_000))).toThrow('too long');
  });
});

describe('signatures over bytes', () => {
  it('holds for the bytes that were signed and for no others', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 200 }), (bytes, others) => {
        const signature = signBlob(bytes, privateKey);
        expect(verifyBlob(bytes, signature, [publicKey])).toBe(true);
        expect(verifyBlob(others, signature, [publicKey])).toBe(Buffer.compare(bytes, others) === 0);
      }),
      { numRuns: 50 },
    );
  });

  it.each(['ed25519', 'rsa', 'ec'] as const)('is made and verified with keys of type %s', (type) => {
    const pair =
      type === 'ec'
        ? generateKeyPairSync('ec', { namedCurve: 'P-384' })
        : type === 'rsa'
          ? generateKeyPairSync('rsa', { modulusLength: 2048 })
          : generateKeyPairSync('ed25519');
    const bytes = randomBytes(1000);
    const signature = signBlob(bytes, pair.privateKey);
    expect(verifyBlob(bytes, signature, [publicKey, pair.publicKey])).toBe(true);
    expect(verifyBlob(bytes, signature, [publicKey])).toBe(false);
  });

  it('says whether something is not signed, or signed wrongly', () => {
    const bytes = Buffer.from('content');
    expect(() => requireSignature('pack x 1.0.0', bytes, undefined, [publicKey])).toThrow('pack x 1.0.0 is not signed');
    expect(() => requireSignature('pack x 1.0.0', bytes, 'AAAA', [publicKey])).toThrow('the trusted key');
    expect(() => requireSignature('pack x 1.0.0', bytes, '%%%', [publicKey])).toThrow('the trusted key');
    expect(() => requireSignature('it', bytes, 'A'.repeat(10_000), [publicKey])).toThrow('the trusted key');
    expect(() => requireSignature('it', bytes, `${signBlob(bytes, privateKey)}\n`, [publicKey])).not.toThrow();
  });

  it('is what openssl, and so cosign, verifies', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'signature-'));
    try {
      const bytes = randomBytes(5000);
      await writeFile(join(folder, 'blob'), bytes);
      await writeFile(join(folder, 'key.pub'), publicPem);
      await writeFile(join(folder, 'signature'), Buffer.from(signBlob(bytes, privateKey), 'base64'));
      const said = execFileSync(
        'openssl',
        ['dgst', '-sha256', '-verify', 'key.pub', '-signature', 'signature', 'blob'],
        {
          cwd: folder,
          encoding: 'utf8',
        },
      );
      expect(said).toBe('Verified OK\n');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('signatures of OCI artifacts', () => {
  const digest = sha256('a manifest');

  it('stands under a tag named after the digest', () => {
    expect(signatureTag(digest)).toBe(`sha256-${digest.slice('sha256:'.length)}.sig`);
  });

  it('holds for the artifact that it names', () => {
    const { payload, signature } = signManifest('registry.example.com/charts/x', digest, privateKey);
    expect(verifyManifest(digest, payload, signature, [publicKey])).toBe(true);
    expect(verifyManifest(sha256('another'), payload, signature, [publicKey])).toBe(false);
    expect(verifyManifest(digest, simpleSigningPayload('another/name', digest), signature, [publicKey])).toBe(false);
  });

  it.each(['', 'null', '{}', '{"critical":{}}', '{"critical":{"image":{"docker-manifest-digest":1}}}'])(
    'does not hold for the signed payload %j that names no artifact',
    (text) => {
      const payload = Buffer.from(text);
      expect(verifyManifest(digest, payload, signBlob(payload, privateKey), [publicKey])).toBe(false);
    },
  );
});

function pemOf(key: KeyObject): string {
  return createPrivateKey(key.export({ type: 'pkcs8', format: 'pem' }))
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

function envelope(params: { readonly N: number; readonly r: number; readonly p: number }): string {
  const json = {
    kdf: { name: 'scrypt', params, salt: 'AAAA' },
    cipher: { name: 'nacl/secretbox', nonce: Buffer.alloc(24).toString('base64') },
    ciphertext: 'AAAA',
  };
  return `-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n${Buffer.from(JSON.stringify(json)).toString('base64')}\n-----END`;
}
