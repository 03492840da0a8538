import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { Parser, type ReadEntry } from 'tar';

import { safePath, shownPath, sortFiles, type Files } from '../files.ts';
import { DEFAULT_LIMITS, type PackLimits } from '../limits.ts';
import { PackError } from '../problem.ts';

/** Entry types of tar that hold a file or a directory and nothing else. */
const FILE_TYPES: ReadonlySet<string> = new Set(['File', 'OldFile', 'ContiguousFile']);
const DIRECTORY_TYPES: ReadonlySet<string> = new Set(['Directory', 'GNUDumpDir']);

/**
 * Reads a tar.gz into memory. Nothing is written to disk. Reading stops at the first byte over a
 * limit, so a bomb costs no more than the limit.
 *
 * @throws PackError `UnsafePath` for a path that leaves the archive and for links and devices,
 *   `LimitExceeded`, or `UnreadableArchive` for bytes that are no complete tar.gz.
 */
export async function readArchive(bytes: Uint8Array, limits: PackLimits = DEFAULT_LIMITS): Promise<Files> {
  if (bytes.byteLength > limits.archiveBytes)
    throw tooMuch('', `has ${bytes.byteLength} bytes`, `${limits.archiveBytes}`);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw unreadable('it does not start as a gzip file does');

  const files = new Map<string, Uint8Array>();
  const reading = new ArchiveReading(limits, files);
  const gunzip = Readable.from(chunks(bytes)).pipe(createGunzip());
  try {
    for await (const chunk of gunzip) {
      // The stream's type cannot say so, but it yields buffers only.
      const part: Buffer = chunk;
      reading.write(part);
    }
    reading.end();
  } catch (error) {
    if (error instanceof PackError) throw error;
    throw unreadable(error instanceof Error || hasMessage(error) ? error.message : 'damaged', error);
  } finally {
    gunzip.destroy();
  }
  return sortFiles(files);
}

/** One pass over one tar stream; alive from the first byte to the last. */
class ArchiveReading {
  readonly #limits: PackLimits;
  readonly #files: Map<string, Uint8Array>;
  readonly #parser: Parser;
  #failure: PackError | undefined;
  #ended = false;
  #entries = 0;
  #unpacked = 0;
  #total = 0;

  constructor(limits: PackLimits, files: Map<string, Uint8Array>) {
    this.#limits = limits;
    this.#files = files;
    this.#parser = new Parser({
      strict: true,
      maxMetaEntrySize: 64 * 1024,
      onReadEntry: (entry) => this.#accept(entry),
    });
    this.#parser.on('end', () => {
      this.#ended = true;
    });
    // Types the parser does not know, and extended headers over its bound: it would skip them.
    this.#parser.on('ignoredEntry', (entry: ReadEntry) => this.#fail(refusedType(entry)));
    this.#parser.on('warn', (_code: string, message: string | Error) => this.#fail(unreadable(String(message))));
    this.#parser.on('error', (error: unknown) =>
      this.#fail(unreadable(hasMessage(error) ? error.message : 'damaged', error)),
    );
  }

  /** Entries are consumed as they come, so the parser never asks the writer to wait. */
  write(chunk: Buffer): void {
    this.#unpacked += chunk.byteLength;
    // Headers and padding cost at most 1.5 KiB an entry beyond the content.
    const most = this.#limits.totalBytes + this.#limits.entries * 1536 + 1024 * 1024;
    if (this.#unpacked > most) throw tooMuch('', 'unpacks to more bytes than that', `${this.#limits.totalBytes}`);
    this.#parser.write(chunk);
    if (this.#failure) throw this.#failure;
  }

  end(): void {
    this.#parser.end();
    if (this.#failure) throw this.#failure;
    if (!this.#ended) throw unreadable('it ends early');
    if (this.#entries === 0) throw unreadable('it holds no files');
  }

  #fail(error: PackError): void {
    this.#failure ??= error;
  }

  #accept(entry: ReadEntry): void {
    // Entries must be consumed even after a failure, or the parser waits for ever.
    entry.on('error', () => undefined);
    if (!this.#failure) {
      try {
        this.#keep(entry);
        return;
      } catch (error) {
        this.#fail(error instanceof PackError ? error : unreadable('damaged', error));
      }
    }
    entry.resume();
  }

  #keep(entry: ReadEntry): void {
    this.#entries += 1;
    if (this.#entries > this.#limits.entries)
      throw tooMuch('', 'has more entries than that', `${this.#limits.entries}`);
    if (DIRECTORY_TYPES.has(entry.type)) {
      if (!/^(\.?\/)*\.?$/.test(entry.path)) safePath(entry.path);
      entry.resume();
      return;
    }
    const path = safePath(entry.path);
    if (!FILE_TYPES.has(entry.type)) throw refusedType(entry);
    if (entry.size > this.#limits.fileBytes)
      throw tooMuch(path, `has ${entry.size} bytes`, `${this.#limits.fileBytes}`);
    // Two entries of one path: which one counts would depend on the reader.
    if (this.#files.has(path))
      throw PackError.at('UnsafePath', path, 'archive-duplicate-entry', 'the path occurs twice in the archive');
    this.#total += entry.size;
    if (this.#total > this.#limits.totalBytes)
      throw tooMuch('', 'unpacks to more bytes than that', `${this.#limits.totalBytes}`);

    const content = new Uint8Array(entry.size);
    let at = 0;
    this.#files.set(path, content);
    entry.on('data', (part: Buffer) => {
      content.set(part.subarray(0, entry.size - at), at);
      at += part.byteLength;
    });
    entry.on('end', () => {
      if (at !== entry.size) this.#fail(unreadable(`${path} ends early`));
    });
  }
}

/** The archive in pieces: a decompressor that is given all at once reads far ahead of its reader. */
function* chunks(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += 16 * 1024) yield bytes.subarray(at, at + 16 * 1024);
}

function refusedType({ path, type }: ReadEntry): PackError {
  return PackError.at(
    'UnsafePath',
    shownPath(path),
    'archive-entry-type',
    `entries of type ${type} are refused; a pack holds files and directories only`,
  );
}

function unreadable(why: string, cause?: unknown): PackError {
  return PackError.at('UnreadableArchive', '(archive)', 'archive-unreadable', `not a readable tar.gz: ${why}`, {
    cause,
  });
}

function tooMuch(path: string, what: string, limit: string): PackError {
  return PackError.at(
    'LimitExceeded',
    path === '' ? '(archive)' : path,
    'archive-limit',
    `at most ${limit} allowed; it ${what}`,
  );
}

function hasMessage(value: unknown): value is { readonly message: string } {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
}
