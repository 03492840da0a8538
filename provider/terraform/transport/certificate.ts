import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

import {
  bitString,
  boolean,
  objectIdentifier,
  octetString,
  pem,
  sequence,
  setOf,
  time,
  tlv,
  unsignedInteger,
  utf8String,
} from './der.ts';

/** A certificate for one run of the provider, signed by itself, and its private key. */
export interface SelfSigned {
  /** DER of the certificate, which the handshake hands to Terraform. */
  readonly der: Buffer;
  readonly certificate: string;
  readonly privateKey: string;
}

const OID = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  organization: '2.5.4.10',
  commonName: '2.5.4.3',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
} as const;

/** Terraform calls the provider by this name, whatever the address. */
const SERVER_NAME = 'localhost';

const HOUR_MS = 3_600_000;

/**
 * Makes a P-256 key and a certificate for it (RFC 5280). Written out here because a certificate library costs more at
 * start than everything else that the provider does before its handshake.
 */
export function createSelfSigned(now: Date = new Date()): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(objectIdentifier(OID.ecdsaWithSha256));
  const name = sequence(attribute(OID.organization, 'palette-iac'), attribute(OID.commonName, SERVER_NAME));
  const serial = randomBytes(16);
  serial[0] = (serial[0] ?? 0) | 1; // never zero
  const toBeSigned = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))), // version 3
    unsignedInteger(serial),
    algorithm,
    name,
    sequence(time(new Date(now.getTime() - HOUR_MS)), time(new Date(now.getTime() + 30 * 24 * HOUR_MS))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions())),
  );
  const der = sequence(toBeSigned, algorithm, bitString(sign('sha256', toBeSigned, privateKey)));
  return {
    der,
    certificate: pem('CERTIFICATE', der),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function attribute(type: string, value: string): Buffer {
  return setOf(sequence(objectIdentifier(type), utf8String(value)));
}

/** Terraform takes the certificate as the only authority that it trusts, so it has to be one, too. */
function extensions(): Buffer[] {
  const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
    sequence(objectIdentifier(id), ...(critical ? [boolean(true)] : []), octetString(value));
  return [
    extension(OID.keyUsage, true, bitString(Buffer.from([0b1010_1100]), 2)), // digitalSignature, keyEncipherment, keyAgreement, keyCertSign
    extension(
      OID.extendedKeyUsage,
      false,
      sequence(objectIdentifier(OID.clientAuth), objectIdentifier(OID.serverAuth)),
    ),
    extension(OID.basicConstraints, true, sequence(boolean(true))),
    extension(OID.subjectAltName, false, sequence(tlv(0x82, Buffer.from(SERVER_NAME)))),
  ];
}
