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
import { KubeError } from '#kubernetes/error';
import { readSecret, writeSecret } from '#kubernetes/secret';
import { ClusterUid, type ContentDigest } from '#protocol/identifiers';
import { SignedDesiredState, TrustedKey } from '#protocol/signature';

import { createKeyedLock } from '../enforce/keyed-lock.ts';
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
  /**
   * Replaces the policy. Archives that are not stored yet, or were found damaged, are asked for one after the other, so
   * that one is in memory at a time; one that cannot be had, undefined, is left out.
   */
  save(
    policy: StoredPolicy,
    digests: Iterable<ContentDigest>,
    archiveOf: (digest: ContentDigest) => Promise<Uint8Array | undefined>,
    options: CallOptions,
  ): Promise<void>;
  /** Stores an archive of the stored policy that it lacks, or in the place of a damaged one. */
  keep(archive: Uint8Array, options: CallOptions): Promise<void>;
  /** Removes everything, the index first. */
  remove(options: CallOptions): Promise<void>;
}

const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

export function createPolicyStore(client: KubeClient, namespace: string): PolicyStore {
  let index: Index | undefined;
  /** What was read and is not what its digest says. */
  const damaged = new Set<ContentDigest>();
  /** Two that write the index would undo each other. */
  const oneAtATime = createKeyedLock();
  const chunks = createChunkStore(client, { namespace, prefix: 'palette-agent-policy', part: 'last-known-policy' });

  const readIndex = async (options: CallOptions): Promise<Index | undefined> => {
    const text = (await readSecret(client, namespace, INDEX_NAME, options))?.get(INDEX_KEY)?.toString('utf8');
    index = text === undefined ? undefined : Index.parse(JSON.parse(text));
    return index;
  };
  const writeIndex = async (next: Index, options: CallOptions): Promise<void> => {
    const data = { [INDEX_KEY]: JSON.stringify(next) };
    await writeSecret(client, { namespace, name: INDEX_NAME, labels: chunks.labels, data }, options);
    index = next;
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
      if (!blob) return undefined;
      try {
        return await chunks.read(blob, options);
      } catch (error) {
        if (!(error instanceof KubeError)) damaged.add(digest);
        throw error;
      }
    },
    save: async (policy, digests, archiveOf, options) =>
      oneAtATime(INDEX_NAME, async () => {
        const { signed, trustedKeys, clusterUid, revision } = policy;
        const there = index ? await chunks.names(options) : new Set();
        const packs: Blob[] = [];
        for (const digest of new Set(digests)) {
          const known = index?.packs.find((pack) => pack.digest === digest);
          if (known && !damaged.has(digest) && known.chunks.every((name) => there.has(name))) {
            packs.push(known);
            continue;
          }
          const archive = await archiveOf(digest);
          if (archive === undefined) continue;
          packs.push(await chunks.write(archive, options));
          damaged.delete(digest);
        }
        const document = await chunks.write(await promisify(gzip)(JSON.stringify({ signed, trustedKeys })), options);
        await writeIndex({ clusterUid, revision, document, packs }, options);
        const keep = [document, ...packs].flatMap((blob) => blob.chunks);
        await chunks.sweep(new Set([INDEX_NAME, ...keep]), options);
      }),
    keep: async (archive, options) =>
      oneAtATime(INDEX_NAME, async () => {
        if (!index) return;
        const blob = await chunks.write(archive, options);
        damaged.delete(blob.digest);
        if (index.packs.some(({ digest }) => digest === blob.digest)) return;
        await writeIndex({ ...index, packs: [...index.packs, blob] }, options);
      }),
    remove: async (options) => {
      index = undefined;
      await client.delete({ apiVersion: 'v1', kind: 'Secret', namespace, name: INDEX_NAME }, options);
      await chunks.sweep(new Set(), options);
    },
  };
}
