import type { Digest } from '#core/digest';

/** A Secret holds at most 1 MiB of data; this leaves room for everything else in it. */
export const CHUNK_BYTES = 900 * 1024;

/** Parts of at most 900 KiB, at least one. */
export function splitChunks(bytes: Uint8Array, size: number = CHUNK_BYTES): readonly Uint8Array[] {
  const count = Math.max(1, Math.ceil(bytes.length / size));
  return Array.from({ length: count }, (_part, at) => bytes.subarray(at * size, (at + 1) * size));
}

/** The same content always lies under the same names. */
export function chunkName(digest: Digest, at: number): string {
  return `palette-agent-policy-${digest.slice('sha256:'.length, 'sha256:'.length + 40)}-${at}`;
}
