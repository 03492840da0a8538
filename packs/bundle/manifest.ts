/** What a bundle holds, by digest. The manifest alone is signed; through the digests everything is. */
import { z } from 'zod';

import { sha256, type Digest } from '#core/digest';
import { canonicalJson } from '#protocol/canonical';

import { BundleError } from './bundle-error.ts';
import { BUNDLE_LIMITS, type BundleLimits } from './limits.ts';

/** Names are shown on terminals: no control characters. */
// oxlint-disable-next-line no-control-regex
const Text = z.string().regex(/^[^\u0000-\u001f\u007f-\u009f]{1,1024}$/, 'expected printable text');
/** A template literal keeps the type that `sha256` gives. */
const ContentAddress = z.templateLiteral(['sha256:', z.string().regex(/^[0-9a-f]{64}$/)]);

export const BundleBlob = z.object({
  /** Of the bytes as they lie in the bundle. */
  digest: ContentAddress,
  /** Bytes. */
  size: z.int().nonnegative(),
});
export type BundleBlob = z.infer<typeof BundleBlob>;

export const BundledProfile = z.object({
  name: Text,
  version: Text,
  /** Digest of the profile, which is more than that of its text: what a publication must come to. */
  profileDigest: ContentAddress,
  /** A profile document in canonical JSON, each layer with a pack resolved. */
  blob: BundleBlob,
});
export type BundledProfile = z.infer<typeof BundledProfile>;

export const BundledPack = z.object({
  name: Text,
  version: Text,
  layer: Text,
  /** The same for the same pack, whatever tool packed it. */
  contentDigest: ContentAddress,
  /** The archive; layers name it by this digest. */
  blob: BundleBlob,
  /** Over the archive, as `cosign sign-blob` makes it; present when the pack came with one. */
  signature: z
    .string()
    .regex(/^[A-Za-z0-9+/]{1,4096}={0,2}$/)
    .optional(),
});
export type BundledPack = z.infer<typeof BundledPack>;

export const BundledDesiredState = z.object({
  clusterUid: Text,
  clusterName: Text,
  revision: z.int().positive(),
  /** Digests of the archives that its layers name. */
  packs: z.array(ContentAddress),
  /** The envelope as the plane signed it: JSON. It may hold secrets. */
  blob: BundleBlob,
});
export type BundledDesiredState = z.infer<typeof BundledDesiredState>;

export const BundledImage = z.object({
  /** With registry, and tag or digest. */
  image: Text,
  /** What needs it: `profile version / layer`, or a pack. */
  usedBy: z.array(Text),
});
export type BundledImage = z.infer<typeof BundledImage>;

export const BundleManifest = z.object({
  apiVersion: z.literal('palette-iac.dev/v1', 'expected a bundle of version palette-iac.dev/v1'),
  kind: z.literal('Bundle'),
  name: Text,
  profiles: z.array(BundledProfile),
  packs: z.array(BundledPack),
  desiredStates: z.array(BundledDesiredState),
  images: z.array(BundledImage),
});
export type BundleManifest = z.infer<typeof BundleManifest>;

export const MANIFEST_PATH = 'manifest.json';
export const SIGNATURE_PATH = 'manifest.sig';

/** The bytes that are signed: sorted, so that a bundle of the same things is the same bundle. */
export function manifestBytes(manifest: BundleManifest): Uint8Array {
  const by =
    <T>(key: (entry: T) => string) =>
    (a: T, b: T): number =>
      key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
  return new TextEncoder().encode(
    canonicalJson({
      ...manifest,
      profiles: [...manifest.profiles].sort(by(({ name, version }) => `${name}\n${version}`)),
      packs: [...manifest.packs].sort(by(({ name, version, blob }) => `${name}\n${version}\n${blob.digest}`)),
      desiredStates: [...manifest.desiredStates].sort(by(({ clusterUid }) => clusterUid)),
      images: [...manifest.images].sort(by(({ image }) => image)),
    }),
  );
}

/** Names a bundle: two with the same one hold the same. */
export function bundleDigest(manifest: BundleManifest): Digest {
  return sha256(manifestBytes(manifest));
}

/**
 * Reads a manifest whose signature was checked, or will not be.
 *
 * @throws BundleError `InvalidManifest` for what no bundle says, `LimitExceeded`.
 */
export function parseManifest(bytes: Uint8Array, limits: BundleLimits = BUNDLE_LIMITS): BundleManifest {
  const text = new TextDecoder().decode(bytes);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new BundleError('InvalidManifest', `${MANIFEST_PATH} is not JSON`, { cause: error });
  }
  // Two readers of JSON may differ on a key that stands twice; they do not on the canonical form.
  if (canonicalJson(json) !== text)
    throw new BundleError('InvalidManifest', `${MANIFEST_PATH} is not in canonical form (RFC 8785)`);
  const parsed = BundleManifest.safeParse(json);
  if (!parsed.success)
    throw new BundleError('InvalidManifest', `${MANIFEST_PATH} is not as expected:\n${z.prettifyError(parsed.error)}`);
  refuseTooMuch(parsed.data, limits);
  return parsed.data;
}

/** Blobs in the order in which they lie in the file: what is small and decides comes first. */
export function blobsOf({ desiredStates, profiles, packs }: BundleManifest): readonly BundleBlob[] {
  const blobs = new Map<Digest, BundleBlob>();
  for (const { blob } of [...desiredStates, ...profiles, ...packs])
    blobs.set(blob.digest, blobs.get(blob.digest) ?? blob);
  return [...blobs.values()];
}

export function blobPath({ digest }: Pick<BundleBlob, 'digest'>): string {
  return `blobs/${digest.replace(':', '/')}`;
}

function refuseTooMuch(manifest: BundleManifest, limits: BundleLimits): void {
  const blobs = blobsOf(manifest);
  const refuse = (what: string): BundleError => new BundleError('LimitExceeded', `the bundle ${what}`);
  if (blobs.length > limits.blobs) throw refuse(`holds ${blobs.length} blobs; at most ${limits.blobs} allowed`);
  const large = blobs.find(({ size }) => size > limits.blobBytes);
  if (large) throw refuse(`holds ${large.digest} of ${large.size} bytes; at most ${limits.blobBytes} allowed`);
  const total = blobs.reduce((sum, { size }) => sum + size, 0);
  if (total > limits.totalBytes) throw refuse(`unpacks to ${total} bytes; at most ${limits.totalBytes} allowed`);
}
