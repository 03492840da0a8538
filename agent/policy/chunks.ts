/** Content of any size in Secrets: in parts, named by what they hold, so that a part never changes. */
import { z } from 'zod';

import { sha256, type Digest } from '#core/digest';
import type { CallOptions, KubeClient } from '#kubernetes/client';
import { refOf, type KubeObject } from '#kubernetes/object';
import { readSecret, writeSecret } from '#kubernetes/secret';
import { ContentDigest } from '#protocol/identifiers';

/** A Secret holds at most 1 MiB of data; this leaves room for everything else in it. */
export const CHUNK_BYTES = 900 * 1024;
const CHUNK_KEY = 'chunk';
const PART_LABEL = 'palette-iac.dev/part';

/** Where a content lies. */
export const Blob = z.object({ digest: ContentDigest, chunks: z.array(z.string()).min(1) });
export type Blob = z.infer<typeof Blob>;

export interface ChunkStore {
  /** Labels of everything that belongs together. */
  readonly labels: Readonly<Record<string, string>>;
  write(bytes: Uint8Array, options: CallOptions): Promise<Blob>;
  /** The content, compared with its digest. @throws Error that names the Secret that is missing or changed */
  read(blob: Blob, options: CallOptions): Promise<Buffer>;
  /** Names of all parts that are there. */
  names(options: CallOptions): Promise<ReadonlySet<string>>;
  /** Removes every Secret with these labels but those that are named. */
  sweep(keep: ReadonlySet<string>, options: CallOptions): Promise<void>;
}

/** Parts of at most 900 KiB, at least one. */
export function splitChunks(bytes: Uint8Array, size: number = CHUNK_BYTES): readonly Uint8Array[] {
  const count = Math.max(1, Math.ceil(bytes.length / size));
  return Array.from({ length: count }, (_part, at) => bytes.subarray(at * size, (at + 1) * size));
}

/** `part` is the label that tells these Secrets from others, and stands in what is thrown. */
export function createChunkStore(
  client: KubeClient,
  { namespace, prefix, part }: { readonly namespace: string; readonly prefix: string; readonly part: string },
): ChunkStore {
  const what = part.replaceAll('-', ' ');
  const labels = { [PART_LABEL]: part };
  const nameOf = (digest: Digest, at: number): string =>
    `${prefix}-${digest.slice('sha256:'.length, 'sha256:'.length + 40)}-${at}`;
  const found = async (options: CallOptions): Promise<readonly KubeObject[]> => {
    const type = await client.discovery.resourceType({ apiVersion: 'v1', kind: 'Secret' }, options);
    if (!type) return [];
    const labelSelector = `${PART_LABEL}=${part}`;
    return (await client.list(type, { ...options, namespace, metadataOnly: true, labelSelector })).items;
  };
  return {
    labels,
    write: async (bytes, options) => {
      const digest = sha256(bytes);
      const parts = splitChunks(bytes);
      for (const [at, chunk] of parts.entries()) {
        const data = { [CHUNK_KEY]: chunk };
        await writeSecret(client, { namespace, name: nameOf(digest, at), labels, data }, options);
      }
      return { digest, chunks: parts.map((_part, at) => nameOf(digest, at)) };
    },
    read: async (blob, options) => {
      const parts: Buffer[] = [];
      for (const name of blob.chunks) {
        const chunk = (await readSecret(client, namespace, name, options))?.get(CHUNK_KEY);
        if (!chunk) throw new Error(`${what}: Secret ${namespace}/${name} is missing`);
        parts.push(chunk);
      }
      const bytes = Buffer.concat(parts);
      const actual = sha256(bytes);
      if (actual !== blob.digest)
        throw new Error(`${what}: ${blob.chunks[0]} holds ${actual}, expected ${blob.digest}`);
      return bytes;
    },
    names: async (options) => new Set((await found(options)).map(({ metadata }) => metadata.name)),
    sweep: async (keep, options) => {
      for (const item of await found(options))
        if (!keep.has(item.metadata.name)) await client.delete(refOf(item), options);
    },
  };
}
