export type BundleErrorCode =
  /** No complete tar.gz with the entries of a bundle in their order. */
  | 'UnreadableBundle'
  /** No trusted key signed it, or what was signed was changed. */
  | 'UntrustedBundle'
  /** The manifest is signed and says something that no bundle says. */
  | 'InvalidManifest'
  /** What lies under a digest is something else. */
  | 'DamagedBundle'
  | 'LimitExceeded';

/** A bundle that must not be used. Nothing of it was handed on, or it says so. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
  readonly code: BundleErrorCode;

  constructor(code: BundleErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
