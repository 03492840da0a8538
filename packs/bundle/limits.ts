import { DEFAULT_LIMITS } from '../limits.ts';

/** Bounds on a bundle. A file over one of them is refused at the first byte too many. */
export interface BundleLimits {
  /** Bytes of the manifest. */
  readonly manifestBytes: number;
  /** Bytes of one blob: a pack, a profile, a desired state. */
  readonly blobBytes: number;
  readonly blobs: number;
  /** Bytes of all blobs together. */
  readonly totalBytes: number;
}

const MIB = 1024 * 1024;

/** A blob is held in memory whole, one at a time; the rest bounds time and disk of whoever takes a bundle in. */
export const BUNDLE_LIMITS: BundleLimits = {
  manifestBytes: 16 * MIB,
  blobBytes: DEFAULT_LIMITS.archiveBytes,
  blobs: 10_000,
  totalBytes: 16 * 1024 * MIB,
};
