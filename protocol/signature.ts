/**
 * Signed desired state: a flattened JWS (RFC 7515, section 7.2.2) with Ed25519 (RFC 8037) over
 * the document's canonical JSON. The receiver verifies the exact bytes that came and only then
 * parses them.
 */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

import { FlattenedSign, errors, flattenedVerify } from 'jose';
import { z } from 'zod';

import { sha256 } from '#core/digest';

import { canonicalJson } from './canonical.ts';
import { DesiredState } from './desired-state.ts';
import type { ClusterUid, ContentDigest } from './identifiers.ts';

/** The `typ` header: a signature made for another purpose is never taken for this one. */
const TYPE = 'palette-desired-state+json';

export const SignedDesiredState = z.object({
  payload: z.string().min(1),
  protected: z.string().min(1),
  signature: z.string().min(1),
});
export type SignedDesiredState = z.infer<typeof SignedDesiredState>;

/** A public key that an agent trusts, as a JSON Web Key (RFC 8037). */
export const TrustedKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  kid: z.string().min(1),
  x: z.string().min(1),
});
export type TrustedKey = z.infer<typeof TrustedKey>;

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** Why a document was refused; closed, so that reports and metrics can count by it. */
export type RefusalReason =
  | 'malformed'
  | 'unknown key'
  | 'bad signature'
  | 'not canonical'
  | 'invalid document'
  | 'other cluster'
  | 'older revision';

/** A desired state that must not be applied. The last known policy stays in force. */
export class DesiredStateRefused extends Error {
  override readonly name = 'DesiredStateRefused';
  readonly reason: RefusalReason;
  constructor(reason: RefusalReason, detail: string, options?: ErrorOptions) {
    super(`desired state refused: ${reason}: ${detail}`, options);
    this.reason = reason;
  }
}

/** Makes a signing key; its id is derived from the public key. */
export function generateSigningKey(): SigningKey {
  return signingKeyFrom(generateKeyPairSync('ed25519').privateKey);
}

/** Wraps an Ed25519 private key, deriving its id from the public half. */
export function signingKeyFrom(privateKey: KeyObject): SigningKey {
  return { kid: keyId(publicJwk(privateKey).x), privateKey };
}

/** The public half, as agents are given it when they register. */
export function trustedKey(key: SigningKey): TrustedKey {
  return { kty: 'OKP', crv: 'Ed25519', kid: key.kid, x: publicJwk(key.privateKey).x };
}

function publicJwk(privateKey: KeyObject): { readonly x: string } {
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
  if (jwk.crv !== 'Ed25519' || jwk.x === undefined) throw new TypeError('signing key: expected an Ed25519 private key');
  return { x: jwk.x };
}

function keyId(x: string): string {
  return createHash('sha256').update(x).digest('base64url').slice(0, 16);
}

/** Signs a document's canonical form. */
export async function signDesiredState(document: DesiredState, key: SigningKey): Promise<SignedDesiredState> {
  return signAs(TYPE, document, key);
}

/** Signs the canonical form of any document under the type that says what it is for. */
export async function signAs(type: string, document: unknown, key: SigningKey): Promise<SignedDesiredState> {
  const bytes = new TextEncoder().encode(canonicalJson(document));
  const {
    payload,
    protected: header,
    signature,
  } = await new FlattenedSign(bytes).setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: type }).sign(key.privateKey);
  return SignedDesiredState.parse({ payload, protected: header, signature });
}

/** The content address of the signed document: of the canonical JSON inside, not of the envelope. */
export function documentDigest(signed: SignedDesiredState): ContentDigest {
  return sha256(Buffer.from(signed.payload, 'base64url'));
}

export interface VerifyOptions {
  readonly clusterUid: ClusterUid;
  readonly trustedKeys: readonly TrustedKey[];
  /** The revision in force, or 0: anything older is a replay. The same revision is accepted. */
  readonly minRevision: number;
}

/**
 * Verifies a signed document and parses it.
 *
 * @throws DesiredStateRefused for a changed byte, an unknown key, another cluster's document or
 *   a revision older than the one in force.
 */
export async function verifyDesiredState(signed: unknown, options: VerifyOptions): Promise<DesiredState> {
  const document = await openAs(TYPE, DesiredState, signed, options.trustedKeys);
  if (document.clusterUid !== options.clusterUid) {
    throw new DesiredStateRefused(
      'other cluster',
      `it is for cluster ${document.clusterUid}, this is ${options.clusterUid}`,
    );
  }
  if (document.revision < options.minRevision) {
    throw new DesiredStateRefused('older revision', `revision ${document.revision} came after ${options.minRevision}`);
  }
  return document;
}

/**
 * Verifies the signature of a document of a type and parses it.
 *
 * @throws DesiredStateRefused for a changed byte, an unknown key, another type, or another form
 */
export async function openAs<T>(
  type: string,
  schema: z.ZodType<T>,
  signed: unknown,
  trustedKeys: readonly TrustedKey[],
): Promise<T> {
  const envelope = SignedDesiredState.safeParse(signed);
  if (!envelope.success) throw new DesiredStateRefused('malformed', 'expected a flattened JWS');
  let bytes: Uint8Array;
  try {
    const verified = await flattenedVerify(
      envelope.data,
      (header: { readonly kid?: string }) => {
        const jwk = trustedKeys.find((key) => key.kid === header.kid);
        if (!jwk) throw new DesiredStateRefused('unknown key', `no trusted key has the id ${String(header.kid)}`);
        return createPublicKey({ key: { ...jwk }, format: 'jwk' });
      },
      { algorithms: ['EdDSA'] },
    );
    if (verified.protectedHeader?.typ !== type) {
      throw new DesiredStateRefused('malformed', `expected the type ${type}`);
    }
    bytes = verified.payload;
  } catch (error) {
    if (error instanceof DesiredStateRefused) throw error;
    if (error instanceof errors.JWSSignatureVerificationFailed) {
      throw new DesiredStateRefused('bad signature', 'its content was changed or another key signed it', {
        cause: error,
      });
    }
    throw new DesiredStateRefused('malformed', 'the JWS cannot be read', { cause: error });
  }
  return parseDocument(new TextDecoder().decode(bytes), schema);
}

function parseDocument<T>(text: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DesiredStateRefused('invalid document', 'the payload is not JSON', { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new DesiredStateRefused('invalid document', z.prettifyError(parsed.error));
  if (canonicalJson(value) !== text)
    throw new DesiredStateRefused('not canonical', 'the payload is not canonical JSON');
  return parsed.data;
}
