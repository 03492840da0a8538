/**
 * The last known policy, kept in Secrets of the cluster it is for: the signed document as it
 * came, the keys it was verified with, and the pack archives it names. A restarted agent
 * enforces it without any plane.
 *
 * Blobs lie in chunks, named by their content and never changed; one index names them all. A
 * new policy writes its chunks first, then the index, then removes what the index no longer
 * names: killed anywhere, the index that is there is whole.
 */
import { gunzip, gzip } from 'node:zlib';
import { promisify } from 'node:util';

import { z } from 'zod';

import type { CallOptions, KubeClient } from '#kubernetes/client';
import { readSecret, writeSecret } from '#kubernetes/secret';
import { ClusterUid, type ContentDigest } from '#protocol/identifiers';
import { SignedDesiredState, TrustedKey } from '#protocol/signature';

import { Blob, createChunkStore } from './chunks.ts';

const INDEX_NAME = 'palette-agent-policy-index';
const INDEX_KEY = 'index.json';

const Index = z.object({
  clusterUid: ClusterUid,
  revision: z.int().positive(),
  document: Blob,
  packs: z.array(Blob),
});
type Index = z.infer<typeof Index>;

const StoredDocument = z.object({ signed: SignedDesiredState, trustedKeys: z.array(TrustedKey).min(1) });
export type StoredDocument = z.infer<typeof StoredDocument>;

export interface StoredPolicy extends StoredDocument {
  readonly clusterUid: ClusterUid;
  readonly revision: number;
}

export interface PolicyStore {
  /** What is stored, compared with its digests but not verified. @throws Error when it is damaged */
  load(options: CallOptions): Promise<StoredPolicy | undefined>;
  /** A stored archive, compared with its digest, or undefined when there is none. */
  pack(digest: ContentDigest, options: CallOptions): Promise<Uint8Array | undefined>;
  /** Replaces the policy. Archives that are stored already need not be given again. */
  save(
    policy: StoredPolicy,
    packs: ReadonlyMap<ContentDigest, Uint8Array | undefined>,
    options: CallOptions,
  ): Promise<void>;
  /** Removes everything, the index first. */
  remove(options: CallOptions): Promise<void>;
}

const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

export function createPolicyStore(client: KubeClient, namespace: string): PolicyStore {
  let index: Index | undefined;
  const chunks = createChunkStore(client, { namespace, prefix: 'palette-agent-policy', part: 'last-known-policy' });

  const readIndex = async (options: CallOptions): Promise<Index | undefined> => {
    const text = (await readSecret(client, namespace, INDEX_NAME, options))?.get(INDEX_KEY)?.toString('utf8');
    index = text === undefined ? undefined : Index.parse(JSON.parse(text));
    return index;
  };
  return {
    load: async (options) => {
      const found = await readIndex(options);
      if (!found) return undefined;
      const text = await promisify(gunzip)(await chunks.read(found.document, options), {
        maxOutputLength: MAX_DOCUMENT_BYTES,
      });
      const document = StoredDocument.parse(JSON.parse(text.toString('utf8')));
      return { ...document, clusterUid: found.clusterUid, revision: found.revision };
    },
    pack: async (digest, options) => {
      const blob = index?.packs.find((pack) => pack.digest === digest);
      return blob && (await chunks.read(blob, options));
    },
    save: async (policy, packs, options) => {
      const { signed, trustedKeys, clusterUid, revision } = policy;
      const document = await chunks.write(await promisify(gzip)(JSON.stringify({ signed, trustedKeys })), options);
      const stored: Blob[] = [];
      for (const [digest, bytes] of packs) {
        const known = index?.packs.find((pack) => pack.digest === digest);
        if (known) stored.push(known);
        else if (bytes) stored.push(await chunks.write(bytes, options));
      }
      const next: Index = { clusterUid, revision, document, packs: stored };
      const data = { [INDEX_KEY]: JSON.stringify(next) };
      await writeSecret(client, { namespace, name: INDEX_NAME, labels: chunks.labels, data }, options);
      index = next;
      await chunks.sweep(new Set([INDEX_NAME, ...[document, ...stored].flatMap((blob) => blob.chunks)]), options);
    },
    remove: async (options) => {
      index = undefined;
      await client.delete({ apiVersion: 'v1', kind: 'Secret', namespace, name: INDEX_NAME }, options);
      await chunks.sweep(new Set(), options);
    },
  };
}
