/** What all kinds of registries have in common. */
import { z } from 'zod';

/** Where the archive of one version is fetched from. */
export const ArchiveSource = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('helm'),
    url: z.string(),
    /** Of the chart archive, as the index says; older indexes have none. */
    digest: z.string().optional(),
  }),
  z.object({ kind: z.literal('oci'), repository: z.string(), tag: z.string(), digest: z.string().optional() }),
  z.object({ kind: z.literal('plane'), uid: z.string(), digest: z.string() }),
]);
export type ArchiveSource = z.infer<typeof ArchiveSource>;

/** One version of a chart or pack, as a registry lists it. */
export interface FoundVersion {
  readonly name: string;
  readonly version: string;
  readonly source: ArchiveSource;
  /** What the list says of it; empty where it says nothing. */
  readonly displayName: string;
  readonly description: string;
  readonly appVersion: string;
  readonly icon: string;
  readonly deprecated: boolean;
}

export type ListStep =
  | { readonly kind: 'found'; readonly version: FoundVersion }
  /** Something that cannot be used, with the reason; it does not spoil the rest. */
  | { readonly kind: 'skipped'; readonly what: string; readonly reason: string }
  /** Everything up to this name is listed, in the order of names; a later run may go on after it. */
  | { readonly kind: 'done'; readonly after: string }
  /** What the server calls the state that is being listed. */
  | { readonly kind: 'state'; readonly etag: string }
  /** The server says that nothing has changed. */
  | { readonly kind: 'unchanged' };

export interface FetchedArchive {
  readonly bytes: Uint8Array;
  /** Over the bytes, in base64; absent where there is none, or where it was verified in another way. */
  readonly signature: string | undefined;
  /** Whether the registry's own form of signature was verified with the keys given. */
  readonly verified: boolean;
}

export interface Source {
  /** Lists everything, as far as `after` and `etag` do not say that it is known. @throws RegistryError */
  list(known: {
    readonly after: string | undefined;
    readonly etag: string | undefined;
    readonly signal: AbortSignal;
  }): AsyncIterable<ListStep>;
  /** Looks for one version by its exact name, without a list where that can be. @throws RegistryError */
  find(name: string, version: string, options: { readonly signal: AbortSignal }): Promise<FoundVersion | undefined>;
  /** @throws RegistryError, also for an archive of another digest than was listed. */
  fetch(
    source: ArchiveSource,
    options: { readonly publicKeys: readonly string[]; readonly signal: AbortSignal },
  ): Promise<FetchedArchive>;
  /** Whether it can be read with these credentials. @throws RegistryError when not. */
  probe(options: { readonly signal: AbortSignal }): Promise<void>;
  close(): void;
}

/** Bytes of one archive as it arrives. */
export const MAX_ARCHIVE_BYTES = 32 * 1024 * 1024;
export const ARCHIVE_TIMEOUT_MS = 120_000;

/** Names and versions end up in paths, labels and messages; what is none is left out of the list. */
export const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$/;
export const VERSION = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/;
