/**
 * Certificates of the embedded environment: made when missing, kept over restarts, made anew when
 * they end soon or no longer fit. Keys are ECDSA P-256 in PKCS #8, readable by their owner only.
 */
import { X509Certificate, createPrivateKey, generateKeyPairSync, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { join } from 'node:path';

import type { JsonName } from '@peculiar/x509';

import { readIfThere, writeFileAtomic } from '#cli/atomic-file';

const DAY_MS = 24 * 60 * 60 * 1000;
const AUTHORITY_DAYS = 3650;
const CERTIFICATE_DAYS = 365;
/** A certificate that ends sooner than this is made anew: nobody then meets one that ends while it is in use. */
const RENEW_BEFORE_DAYS = 60;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface KeyPairFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A certificate authority: whoever trusts `certFile` trusts what it has signed. */
export type Authority = KeyPairFiles;

export interface PkiOptions {
  readonly dir: string;
  /** File name without extension, and the common name of an authority. */
  readonly name: string;
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: () => number;
}

export interface CertificateRequest extends PkiOptions {
  readonly authority: Authority;
  readonly commonName: string;
  readonly organization?: string;
  /** DNS names and IP addresses of a server; empty for a client. */
  readonly names: readonly string[];
  readonly usages: readonly ('server' | 'client')[];
}

/** Reads the authority of that name in the folder, or makes it. */
export async function ensureAuthority(options: PkiOptions): Promise<Authority> {
  const files = filesOf(options);
  const now = (options.now ?? Date.now)();
  const present = await readPair(files);
  if (present !== undefined && endsAfter(present, now + RENEW_BEFORE_DAYS * DAY_MS)) return files;
  const x509 = await import('@peculiar/x509');
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(),
      name: [{ CN: [options.name] }],
      ...validity(now, AUTHORITY_DAYS),
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  await write(files, certificate.toString('pem'), keys.privateKey);
  return files;
}

/** Reads the certificate of that name, or makes it; made anew when anything that was asked for differs. */
export async function ensureCertificate(request: CertificateRequest): Promise<KeyPairFiles> {
  const files = filesOf(request);
  const now = (request.now ?? Date.now)();
  const authority = await readPair(request.authority);
  if (authority === undefined)
    throw new Error(`${request.authority.certFile}: no certificate authority with its key is there`);
  const present = await readPair(files);
  if (present !== undefined && fits(present, request, authority, now)) return files;

  const x509 = await import('@peculiar/x509');
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const subject: JsonName = [
    ...(request.organization === undefined ? [] : [{ O: [request.organization] }]),
    { CN: [request.commonName] },
  ];
  const usages = { server: x509.ExtendedKeyUsage.serverAuth, client: x509.ExtendedKeyUsage.clientAuth };
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: serialNumber(),
      subject,
      issuer: new x509.X509Certificate(authority.certificate.raw).subject,
      ...validity(now, CERTIFICATE_DAYS),
      publicKey: keys.publicKey,
      signingKey: await importKey(authority.key),
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension(request.usages.map((usage) => usages[usage])),
        await x509.AuthorityKeyIdentifierExtension.create(
          new x509.X509Certificate(authority.certificate.raw),
          false,
          webcrypto,
        ),
        ...(request.names.length === 0
          ? []
          : [
              new x509.SubjectAlternativeNameExtension(
                request.names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
              ),
            ]),
      ],
    },
    webcrypto,
  );
  await write(files, certificate.toString('pem'), keys.privateKey);
  return files;
}

/** A key pair alone (PEM), as service account tokens are signed with. */
export async function ensureSigningKey({
  dir,
  name,
}: PkiOptions): Promise<{ readonly publicFile: string; readonly keyFile: string }> {
  const files = { publicFile: join(dir, `${name}.pub`), keyFile: join(dir, `${name}.key`) };
  if ((await readIfThere(files.keyFile)) !== undefined && (await readIfThere(files.publicFile)) !== undefined)
    return files;
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    // Kubernetes reads SEC 1 for EC keys.
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
  });
  await writeFileAtomic(files.keyFile, privateKey);
  await writeFileAtomic(files.publicFile, publicKey, 0o644);
  return files;
}

interface Pair {
  readonly certificate: X509Certificate;
  readonly key: string;
}

function filesOf({ dir, name }: PkiOptions): KeyPairFiles {
  return { certFile: join(dir, `${name}.crt`), keyFile: join(dir, `${name}.key`) };
}

/** Undefined unless both files are there, can be read, and belong together. */
async function readPair(files: KeyPairFiles): Promise<Pair | undefined> {
  const [certPem, key] = await Promise.all([readIfThere(files.certFile), readIfThere(files.keyFile)]);
  if (certPem === undefined || key === undefined) return undefined;
  try {
    const certificate = new X509Certificate(certPem);
    return certificate.checkPrivateKey(createPrivateKey(key)) ? { certificate, key } : undefined;
  } catch {
    return undefined;
  }
}

function endsAfter({ certificate }: Pair, time: number): boolean {
  return Date.parse(certificate.validTo) > time;
}

function fits(present: Pair, request: CertificateRequest, authority: Pair, now: number): boolean {
  const { certificate } = present;
  const subject = [
    ...(request.organization === undefined ? [] : [`O=${request.organization}`]),
    `CN=${request.commonName}`,
  ].join('\n');
  const names = (certificate.subjectAltName ?? '').split(', ').filter((name) => name !== '');
  const wanted = request.names.map((name) => (isIP(name) === 0 ? `DNS:${name}` : `IP Address:${name}`));
  const usages = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' };
  return (
    endsAfter(present, now + RENEW_BEFORE_DAYS * DAY_MS) &&
    certificate.verify(authority.certificate.publicKey) &&
    certificate.subject === subject &&
    names.toSorted().join() === wanted.toSorted().join() &&
    certificate.keyUsage.toSorted().join() ===
      request.usages
        .map((usage) => usages[usage])
        .toSorted()
        .join()
  );
}

/** Begins an hour ago, for clocks that are behind. */
function validity(now: number, days: number): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: new Date(now - 60 * 60 * 1000), notAfter: new Date(now + days * DAY_MS) };
}

/** 127 random bits, hexadecimal: positive and unique (RFC 5280, 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
}

/** The key first: a certificate whose key is missing would be useless, the other way round it is made anew. */
async function write(files: KeyPairFiles, certificate: string, key: webcrypto.CryptoKey): Promise<void> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  const pem = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'pem' });
  await writeFileAtomic(files.keyFile, pem);
  await writeFileAtomic(files.certFile, `${certificate}\n`, 0o644);
}
