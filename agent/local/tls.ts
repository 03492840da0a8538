/** The certificate of the local API: given in files, or one of its own, kept in a Secret so that it stays the same. */
import { X509Certificate, createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import type { CallOptions } from '#kubernetes/client';
import type { SecretData } from '#kubernetes/secret';

import type { LocalConfig } from './config.ts';
import { changeSecret, type SecretClient } from './own-secret.ts';

const TLS_SECRET = 'palette-agent-local-tls';
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 24 * 60 * 60 * 1000;
/** Browsers take no longer ones. */
const LIFE_DAYS = 397;
const RENEW_BEFORE_DAYS = 30;

export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

export interface TlsOptions {
  readonly client: SecretClient;
  readonly namespace: string;
  readonly config: Pick<LocalConfig, 'tls' | 'names'>;
  readonly now: () => Date;
}

/** The certificate to serve with now. @throws Error when files cannot be read or do not fit, KubeError */
export async function localCertificate(
  { client, namespace, config, now }: TlsOptions,
  options: CallOptions,
): Promise<TlsPair> {
  if (config.tls) {
    const [cert, key] = await Promise.all([
      readFile(config.tls.certFile, 'utf8'),
      readFile(config.tls.keyFile, 'utf8'),
    ]);
    if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
      throw new Error(`${config.tls.keyFile} is not the key of ${config.tls.certFile}`);
    return { cert, key };
  }
  const stored = await changeSecret(
    client,
    { namespace, name: TLS_SECRET },
    async (data) => {
      if (isUsable(pairIn(data), config.names, now())) return undefined;
      const { cert, key } = await selfSigned(config.names, now());
      return { 'tls.crt': cert, 'tls.key': key };
    },
    options,
  );
  return pairIn(stored);
}

function pairIn(data: SecretData): TlsPair {
  return { cert: data.get('tls.crt')?.toString('utf8') ?? '', key: data.get('tls.key')?.toString('utf8') ?? '' };
}

/** SHA-256 of the certificate, as browsers and openssl show it. */
export function fingerprint(cert: string): string {
  return new X509Certificate(cert).fingerprint256;
}

function isUsable({ cert, key }: TlsPair, names: readonly string[], now: Date): boolean {
  try {
    const certificate = new X509Certificate(cert);
    return (
      certificate.checkPrivateKey(createPrivateKey(key)) &&
      Date.parse(certificate.validTo) > now.getTime() + RENEW_BEFORE_DAYS * DAY_MS &&
      ['localhost', ...names].every((name) => certificate.checkHost(name) !== undefined)
    );
  } catch {
    return false;
  }
}

async function selfSigned(names: readonly string[], now: Date): Promise<TlsPair> {
  const x509 = await import('@peculiar/x509');
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      // Positive and of one length.
      serialNumber: `01${randomBytes(15).toString('hex')}`,
      name: [{ CN: ['palette-agent local API'] }],
      notBefore: new Date(now.getTime() - DAY_MS),
      notAfter: new Date(now.getTime() + LIFE_DAYS * DAY_MS),
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([
          ...['localhost', ...names].map((value) => ({ type: 'dns' as const, value })),
          ...['127.0.0.1', '::1'].map((value) => ({ type: 'ip' as const, value })),
        ]),
      ],
    },
    webcrypto,
  );
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    cert: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${(key.match(/.{1,64}/g) ?? []).join('\n')}\n-----END PRIVATE KEY-----\n`,
  };
}
