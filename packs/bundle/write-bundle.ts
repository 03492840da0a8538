/** Writes bundles, one blob in memory at a time. */
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';

import { Header } from 'tar';

import { sha256, type Digest } from '#core/digest';

import { BundleError } from './bundle-error.ts';
import {
  blobPath,
  blobsOf,
  MANIFEST_PATH,
  manifestBytes,
  parseManifest,
  SIGNATURE_PATH,
  type BundleManifest,
} from './manifest.ts';

export interface WriteBundleOptions {
  /** A blob that the manifest names; asked for in the order of the file. */
  readonly blob: (digest: Digest) => Promise<Uint8Array>;
  /** Signs the manifest: base64. */
  readonly sign: (manifest: Uint8Array) => string;
  readonly signal: AbortSignal;
}

const BLOCK = 512;

/**
 * A bundle's bytes. The same content, signed by a key whose signatures are always the same (Ed25519), gives the same
 * bytes with the same zlib.
 *
 * @throws BundleError `DamagedBundle` when a blob is not what the manifest says, or what `parseManifest` throws.
 */
export async function* writeBundle(
  manifest: BundleManifest,
  { blob, sign, signal }: WriteBundleOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const signed = manifestBytes(manifest);
  // What nobody could read again is not written.
  const sorted = parseManifest(signed);
  const parts = async function* (): AsyncGenerator<Buffer, void, undefined> {
    yield* entry(MANIFEST_PATH, signed);
    yield* entry(SIGNATURE_PATH, Buffer.from(`${sign(signed)}\n`));
    for (const listed of blobsOf(sorted)) {
      signal.throwIfAborted();
      const bytes = await blob(listed.digest);
      if (bytes.byteLength !== listed.size || sha256(bytes) !== listed.digest)
        throw new BundleError('DamagedBundle', `${listed.digest}: what was to be bundled under it is something else`);
      yield* entry(blobPath(listed), bytes);
    }
    yield Buffer.alloc(2 * BLOCK);
  };
  const gzip = createGzip();
  // An error comes out where the bytes come out.
  pipeline(Readable.from(parts()), gzip, () => undefined);
  let at = 0;
  // The stream's type cannot say so, but it yields buffers only.
  const chunks: AsyncIterable<Buffer> = gzip;
  for await (const chunk of chunks) {
    // Byte 9 names the operating system; 255 is "unknown" (RFC 1952, section 2.3.1).
    if (at <= 9 && at + chunk.length > 9) chunk[9 - at] = 255;
    at += chunk.length;
    yield chunk;
  }
}

function* entry(path: string, content: Uint8Array): Generator<Buffer, void, undefined> {
  const header = Buffer.alloc(BLOCK);
  new Header({ path, mode: 0o644, uid: 0, gid: 0, size: content.byteLength, mtime: new Date(0), type: 'File' }).encode(
    header,
  );
  yield header;
  yield Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  yield Buffer.alloc((BLOCK - (content.byteLength % BLOCK)) % BLOCK);
}
