/** Cosign-compatible signatures: keys, signatures over bytes, signatures of OCI artifacts. No I/O. */
export { requireSignature, signBlob, signerOf, verifyBlob } from './blob.ts';
export { generateKeyPair, publicKeyOf, readPrivateKey } from './private-key.ts';
export { publicKeyId, readPublicKey } from './public-key.ts';
export { SignatureError, type SignatureErrorCode } from './signature-error.ts';
export {
  SIGNATURE_ANNOTATION,
  signatureTag,
  signManifest,
  SIMPLE_SIGNING_MEDIA_TYPE,
  simpleSigningPayload,
  verifyManifest,
} from './simple-signing.ts';
