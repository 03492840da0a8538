/** Reads bundles: the signature before anything it covers, each blob compared with its digest before it is handed on. */
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { Parser, type ReadEntry } from 'tar';

import { sha256 } from '#core/digest';

import { shownPath } from '../files.ts';
import { BundleError } from './bundle-error.ts';
import { BUNDLE_LIMITS, type BundleLimits } from './limits.ts';
import {
  blobPath,
  blobsOf,
  MANIFEST_PATH,
  parseManifest,
  SIGNATURE_PATH,
  type BundleBlob,
  type BundleManifest,
} from './manifest.ts';

export interface ReadBundleOptions {
  /** Whether to believe the manifest: throws when not. Called before the manifest is even parsed. */
  readonly trust: (manifest: Uint8Array, signature: string) => void;
  /** Called once, before the first blob. */
  readonly onManifest?: (manifest: BundleManifest) => Promise<void> | void;
  /** Called for each blob, in the order of the file; its bytes are what the digest says. */
  readonly onBlob?: (blob: BundleBlob, bytes: Uint8Array) => Promise<void> | void;
  readonly limits?: BundleLimits;
  readonly signal: AbortSignal;
}

const MAX_SIGNATURE_BYTES = 8 * 1024;
/** Padding and the end of an archive, beyond its content. */
const SLACK_BYTES = 64 * 1024;

/**
 * Reads a bundle from its first byte to its last, one blob in memory at a time.
 *
 * @throws BundleError; what came before it is true, but not all that the manifest promised came. Whatever `trust`,
 *   `onManifest` and `onBlob` throw.
 */
export async function readBundle(
  source: AsyncIterable<Uint8Array>,
  { trust, onManifest, onBlob, limits = BUNDLE_LIMITS, signal }: ReadBundleOptions,
): Promise<BundleManifest> {
  const reading = new BundleReading(trust, limits);
  const gunzip = createGunzip();
  let given = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of source) {
      signal.throwIfAborted();
      if (given === 0 && (chunk[0] !== 0x1f || (chunk.length > 1 && chunk[1] !== 0x8b)))
        throw unreadable('it does not start as a gzip file does');
      given += chunk.length;
      yield chunk;
    }
  };
  pipeline(Readable.from(counted()), gunzip, () => undefined);
  let told = false;
  const handOn = async (): Promise<void> => {
    if (reading.manifest && !told) {
      told = true;
      await onManifest?.(reading.manifest);
    }
    for (const { blob, bytes } of reading.take()) await onBlob?.(blob, bytes);
  };
  try {
    // The stream's type cannot say so, but it yields buffers only.
    const chunks: AsyncIterable<Buffer> = gunzip;
    for await (const chunk of chunks) {
      reading.write(chunk);
      await handOn();
    }
    if (gunzip.bytesWritten !== given) throw unreadable('something follows its end');
    const manifest = reading.end();
    await handOn();
    return manifest;
  } catch (error) {
    signal.throwIfAborted();
    if (isOfStream(error)) throw unreadable(error.message, error);
    throw error;
  } finally {
    gunzip.destroy();
  }
}

interface Blob {
  readonly blob: BundleBlob;
  readonly bytes: Uint8Array;
}

/** One pass over one bundle: which entry comes next is known before it comes, so no path is ever taken from the file. */
class BundleReading {
  readonly #trust: ReadBundleOptions['trust'];
  readonly #limits: BundleLimits;
  readonly #parser: Parser;
  #manifestBytes: Uint8Array | undefined;
  #expected: readonly BundleBlob[] = [];
  #ready: Blob[] = [];
  #entries = 0;
  #unpacked = 0;
  #most: number;
  #failure: { readonly error: unknown } | undefined;
  #ended = false;
  manifest: BundleManifest | undefined;

  constructor(trust: ReadBundleOptions['trust'], limits: BundleLimits) {
    this.#trust = trust;
    this.#limits = limits;
    this.#most = limits.manifestBytes + MAX_SIGNATURE_BYTES + SLACK_BYTES + limits.blobBytes;
    this.#parser = new Parser({
      strict: true,
      maxMetaEntrySize: 4096,
      onReadEntry: (entry) => this.#accept(entry),
    });
    this.#parser.on('end', () => {
      this.#ended = true;
    });
    this.#parser.on('ignoredEntry', (entry: ReadEntry) =>
      this.#fail(unreadable(`entries of type ${entry.type} are refused`)),
    );
    this.#parser.on('warn', (_code: string, message: string | Error) => this.#fail(unreadable(String(message))));
    this.#parser.on('error', (error: unknown) =>
      this.#fail(unreadable(error instanceof Error ? error.message : 'damaged', error)),
    );
  }

  /** @throws whatever is wrong so far. */
  write(chunk: Buffer): void {
    this.#unpacked += chunk.byteLength;
    this.#parser.write(chunk);
    if (this.#failure) throw this.#failure.error;
    if (this.#unpacked > this.#most)
      throw new BundleError('LimitExceeded', 'the bundle unpacks to more bytes than its manifest says, or may say');
  }

  /** Blobs that are complete; each is given once. */
  take(): readonly Blob[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  end(): BundleManifest {
    this.#parser.end();
    if (this.#failure) throw this.#failure.error;
    const missing = this.#expected[this.#entries - 2];
    if (!this.#ended || !this.manifest) throw unreadable('it ends early');
    if (missing) throw unreadable(`it ends early: ${missing.digest} and what follows is missing`);
    return this.manifest;
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
  }

  #accept(entry: ReadEntry): void {
    // Entries must be consumed even after a failure, or the parser waits for ever.
    entry.on('error', () => undefined);
    if (!this.#failure) {
      try {
        this.#keep(entry, this.#next(entry));
        return;
      } catch (error) {
        this.#fail(error);
      }
    }
    entry.resume();
  }

  /** What must come now, and what to do with it. */
  #next(entry: ReadEntry): (content: Uint8Array) => void {
    const at = this.#entries++;
    if (at === 0) {
      this.#require(entry, MANIFEST_PATH, this.#limits.manifestBytes);
      return (content) => {
        this.#manifestBytes = content;
      };
    }
    if (at === 1) {
      this.#require(entry, SIGNATURE_PATH, MAX_SIGNATURE_BYTES);
      return (content) => this.#believe(new TextDecoder().decode(content).trim());
    }
    const blob = this.#expected[at - 2];
    if (!blob) throw unreadable(`${shownPath(entry.path)} follows the last blob that the manifest names`);
    this.#require(entry, blobPath(blob), blob.size);
    if (entry.size !== blob.size) throw damaged(blob, `it has ${entry.size} bytes, and the manifest says ${blob.size}`);
    return (content) => {
      if (sha256(content) !== blob.digest) throw damaged(blob, 'what lies under it is something else');
      this.#ready.push({ blob, bytes: content });
    };
  }

  #require(entry: ReadEntry, path: string, mostBytes: number): void {
    if (entry.path !== path)
      throw unreadable(
        `expected ${path}, and found ${shownPath(entry.path)}; a bundle holds nothing else, in this order`,
      );
    if (entry.type !== 'File' && entry.type !== 'OldFile') throw unreadable(`${path} is a ${entry.type}, and no file`);
    if (entry.size > mostBytes)
      throw new BundleError('LimitExceeded', `${path} has ${entry.size} bytes; at most ${mostBytes} allowed`);
  }

  #keep(entry: ReadEntry, use: (content: Uint8Array) => void): void {
    const content = new Uint8Array(entry.size);
    let at = 0;
    entry.on('data', (part: Buffer) => {
      content.set(part.subarray(0, entry.size - at), at);
      at += part.byteLength;
    });
    entry.on('end', () => {
      if (this.#failure) return;
      try {
        if (at !== entry.size) throw unreadable(`${shownPath(entry.path)} ends early`);
        use(content);
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  #believe(signature: string): void {
    const bytes = this.#manifestBytes ?? new Uint8Array();
    this.#trust(bytes, signature);
    this.manifest = parseManifest(bytes, this.#limits);
    this.#expected = blobsOf(this.manifest);
    const total = this.#expected.reduce((sum, { size }) => sum + size + 1024, 0);
    this.#most = bytes.byteLength + MAX_SIGNATURE_BYTES + SLACK_BYTES + total;
  }
}

function unreadable(why: string, cause?: unknown): BundleError {
  return new BundleError('UnreadableBundle', `not a readable bundle: ${why}`, { cause });
}

function damaged({ digest }: BundleBlob, why: string): BundleError {
  return new BundleError('DamagedBundle', `the bundle is damaged at ${digest}: ${why}`);
}

/** Not told by `instanceof`: errors of Node's streams may come from another realm. */
function isOfStream(error: unknown): error is { readonly code: string; readonly message: string } {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^(Z_|ERR_STREAM_)/.test(error.code) &&
    'message' in error &&
    typeof error.message === 'string'
  );
}
