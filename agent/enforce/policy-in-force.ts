import type { DesiredState } from '#protocol/desired-state';
import type { ContentDigest } from '#protocol/identifiers';

/** The verified document that the agent enforces, with the archives it names. */
export interface PolicyInForce {
  readonly document: DesiredState;
  readonly digest: ContentDigest;
  /** Digest of what people at the cluster set in it; absent: nothing, the document is as it was signed. */
  readonly local?: string;
  /** A pack archive by its digest, verified. @throws Error when it cannot be had */
  pack(digest: ContentDigest, options: { readonly signal: AbortSignal }): Promise<Uint8Array>;
}
