/** Whom a bundle is believed. */
import { createPublicKey, type KeyObject } from 'node:crypto';

import { publicKeyId, signBlob, signerOf } from '../signature/index.ts';
import { BundleError } from './bundle-error.ts';

/** Signs as `cosign sign-blob --key` does, so that its manifest and signature can be checked by cosign too. */
export function bundleSigner(privateKey: KeyObject): (manifest: Uint8Array) => string {
  return (manifest) => signBlob(manifest, privateKey);
}

/** Believes what one of these keys signed. @throws BundleError `UntrustedBundle` that names the keys, from what it gives */
export function trustKeys(
  publicKeys: readonly KeyObject[],
  onSigner: (key: KeyObject) => void = () => undefined,
): (manifest: Uint8Array, signature: string) => void {
  return (manifest, signature) => {
    const signer = signerOf(manifest, signature, publicKeys);
    if (signer) {
      onSigner(signer);
      return;
    }
    const ids = publicKeys.map((key) => publicKeyId(key)).join(', ');
    throw new BundleError(
      'UntrustedBundle',
      `the bundle is not signed with ${publicKeys.length === 1 ? 'the key' : 'one of the keys'} ${ids}, or was changed after it was signed`,
    );
  };
}

/** Names the key that a private key belongs to, as verification tells it. */
export function signerId(privateKey: KeyObject): string {
  return publicKeyId(createPublicKey(privateKey));
}
