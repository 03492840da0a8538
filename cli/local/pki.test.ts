import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import {
  type Authority,
  type CertificateRequest,
  ensureAuthority,
  ensureCertificate,
  ensureSigningKey,
} from './pki.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'palette-pki-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const request = (authority: Authority, change: Partial<CertificateRequest> = {}): CertificateRequest => ({
  dir,
  name: 'server',
  authority,
  commonName: 'server',
  organization: 'group',
  names: ['localhost', '127.0.0.1'],
  usages: ['server'],
  ...change,
});

const read = async (file: string): Promise<string> => readFile(file, 'utf8');

describe('ensureAuthority', () => {
  it('is kept once it was made, and its key is for its owner only', async () => {
    const first = await ensureAuthority({ dir, name: 'ca' });
    const pem = await read(first.certFile);
    await ensureAuthority({ dir, name: 'ca' });
    expect(await read(first.certFile)).toBe(pem);
    expect((await stat(first.keyFile)).mode & 0o777).toBe(0o600);
    expect(new X509Certificate(pem).ca).toBe(true);
  });

  it('is made anew when its key is lost', async () => {
    const files = await ensureAuthority({ dir, name: 'ca' });
    const pem = await read(files.certFile);
    await rm(files.keyFile);
    await ensureAuthority({ dir, name: 'ca' });
    expect(await read(files.certFile)).not.toBe(pem);
  });
});

describe('ensureCertificate', () => {
  it('is signed by the authority and says the names that were asked for', async () => {
    const authority = await ensureAuthority({ dir, name: 'ca' });
    const { certFile } = await ensureCertificate(request(authority));
    const certificate = new X509Certificate(await read(certFile));
    expect(certificate.checkIssued(new X509Certificate(await read(authority.certFile)))).toBe(true);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.subject).toBe('O=group\nCN=server');
  });

  it.each([
    { name: 'the same request', change: {}, kept: true },
    { name: 'another host name', change: { names: ['localhost', '127.0.0.1', 'other'] }, kept: false },
    { name: 'another group', change: { organization: 'system:masters' }, kept: false },
    { name: 'another usage', change: { usages: ['server', 'client'] as const }, kept: false },
    { name: 'a look a month before its end', change: { now: () => Date.now() + 335 * DAY_MS }, kept: false },
  ])('$name: kept is $kept', async ({ change, kept }) => {
    const authority = await ensureAuthority({ dir, name: 'ca' });
    const { certFile } = await ensureCertificate(request(authority));
    const before = await read(certFile);
    await ensureCertificate(request(authority, change));
    expect((await read(certFile)) === before).toBe(kept);
  });

  it('is made anew when the authority changed', async () => {
    const authority = await ensureAuthority({ dir, name: 'ca' });
    const { certFile } = await ensureCertificate(request(authority));
    const other = await ensureAuthority({ dir, name: 'other' });
    await ensureCertificate(request(other));
    expect(new X509Certificate(await read(certFile)).checkIssued(new X509Certificate(await read(other.certFile)))).toBe(
      true,
    );
  });

  it('is made anew when its file is not a certificate', async () => {
    const authority = await ensureAuthority({ dir, name: 'ca' });
    const { certFile } = await ensureCertificate(request(authority));
    await writeFile(certFile, 'garbage');
    await ensureCertificate(request(authority));
    expect(await read(certFile)).toContain('BEGIN CERTIFICATE');
  });
});

describe('ensureSigningKey', () => {
  it('is kept once it was made', async () => {
    const { keyFile } = await ensureSigningKey({ dir, name: 'sa' });
    const key = await read(keyFile);
    await ensureSigningKey({ dir, name: 'sa' });
    expect(await read(keyFile)).toBe(key);
  });
});
