/**
 * Signatures of OCI artifacts as `cosign sign --key` stores them beside an artifact: a manifest under the tag
 * `sha256-<digest>.sig`, each layer a payload that names the artifact, its signature in an annotation.
 */
import type { KeyObject } from 'node:crypto';

import { z } from 'zod';

import type { Digest } from '#core/digest';

import { signBlob, verifyBlob } from './blob.ts';

export const SIMPLE_SIGNING_MEDIA_TYPE = 'application/vnd.dev.cosign.simplesigning.v1+json';
export const SIGNATURE_ANNOTATION = 'dev.cosignproject.cosign/signature';
const TYPE = 'cosign container image signature';

const Payload = z.object({
  critical: z.object({
    identity: z.object({ 'docker-reference': z.string() }),
    image: z.object({ 'docker-manifest-digest': z.string() }),
    type: z.literal(TYPE),
  }),
});

/** The tag under which an artifact's signatures stand in its repository. */
export function signatureTag(manifestDigest: string): string {
  return `${manifestDigest.replace(':', '-')}.sig`;
}

/** The bytes that are signed for an artifact. */
export function simpleSigningPayload(reference: string, manifestDigest: Digest): Uint8Array {
  return Buffer.from(
    JSON.stringify({
      critical: {
        identity: { 'docker-reference': reference },
        image: { 'docker-manifest-digest': manifestDigest },
        type: TYPE,
      },
      optional: null,
    }),
  );
}

/** Signs an artifact: the payload and the annotation's value. */
export function signManifest(
  reference: string,
  manifestDigest: Digest,
  privateKey: KeyObject,
): { readonly payload: Uint8Array; readonly signature: string } {
  const payload = simpleSigningPayload(reference, manifestDigest);
  return { payload, signature: signBlob(payload, privateKey) };
}

/** Whether a payload is signed with one of the keys and speaks of this very artifact. */
export function verifyManifest(
  manifestDigest: string,
  payload: Uint8Array,
  signature: string,
  publicKeys: readonly KeyObject[],
): boolean {
  // The signature first: what nobody signed is not even parsed.
  if (!verifyBlob(payload, signature, publicKeys)) return false;
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch {
    return false;
  }
  const parsed = Payload.safeParse(json);
  return parsed.success && parsed.data.critical.image['docker-manifest-digest'] === manifestDigest;
}
