/** Bundles: profiles, packs and what they need in one signed file, for planes and agents that reach no registry. */
export { BundleError, type BundleErrorCode } from './bundle-error.ts';
export { imageReference, imagesOfObjects, imagesOfPack, imagesOfValues } from './images.ts';
export { BUNDLE_LIMITS, type BundleLimits } from './limits.ts';
export {
  blobsOf,
  bundleDigest,
  BundleManifest,
  type BundleBlob,
  type BundledDesiredState,
  type BundledImage,
  type BundledPack,
  type BundledProfile,
} from './manifest.ts';
export { readBundle, type ReadBundleOptions } from './read-bundle.ts';
export { bundleSigner, signerId, trustKeys } from './trust.ts';
export { writeBundle, type WriteBundleOptions } from './write-bundle.ts';
