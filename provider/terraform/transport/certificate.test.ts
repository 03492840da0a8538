import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';

import { describe, expect, it } from '@jest/globals';

import { createSelfSigned } from './certificate.ts';
import { pem, time, unsignedInteger } from './der.ts';

describe('createSelfSigned', () => {
  it('makes certificates that OpenSSL accepts, however long their signatures and serial numbers come out', () => {
    for (let turn = 0; turn < 500; turn++) {
      const { der, certificate, privateKey } = createSelfSigned();
      const parsed = new X509Certificate(certificate);
      expect(parsed.raw.equals(der)).toBe(true);
      expect(parsed.checkPrivateKey(createPrivateKey(privateKey))).toBe(true);
      expect(parsed.verify(parsed.publicKey)).toBe(true);
      if (turn % 100 === 0)
        expect(() => createSecureContext({ cert: certificate, key: privateKey, ca: certificate })).not.toThrow();
    }
  });

  it('is for localhost, is an authority, and holds for now', () => {
    const parsed = new X509Certificate(createSelfSigned().certificate);
    expect([parsed.checkHost('localhost'), parsed.ca]).toEqual(['localhost', true]);
    expect(Date.parse(parsed.validFrom)).toBeLessThan(Date.now());
    expect(Date.parse(parsed.validTo)).toBeGreaterThan(Date.now());
  });

  it('dates certificates beyond 2050 so that they are read right', () => {
    const parsed = new X509Certificate(createSelfSigned(new Date('2060-01-01T00:00:00Z')).certificate);
    expect(new Date(parsed.validTo).getUTCFullYear()).toBe(2060);
  });
});

describe('DER', () => {
  it.each([
    { name: 'a number with its top bit set gets a zero before it', bytes: [0x80], want: '02020080' },
    { name: 'leading zeros are dropped', bytes: [0, 0, 1], want: '020101' },
    { name: 'zero is one byte', bytes: [0, 0], want: '020100' },
  ])('$name', ({ bytes, want }) => {
    expect(unsignedInteger(Buffer.from(bytes)).toString('hex')).toBe(want);
  });

  it('writes times in both forms', () => {
    expect(time(new Date('2026-11-21T10:00:00Z')).toString('latin1')).toBe('\x17\r261121100000Z');
    expect(time(new Date('2050-01-01T00:00:00Z')).toString('latin1')).toBe('\x18\x0f20500101000000Z');
  });

  it('leaves no empty line in PEM whose last line is full', () => {
    expect(pem('X', Buffer.alloc(48))).toBe(`-----BEGIN X-----\n${'A'.repeat(64)}\n-----END X-----\n`);
  });
});
