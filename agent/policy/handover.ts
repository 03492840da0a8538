/**
 * A desired state that is brought by hand, where no plane is in reach: laid down in Secrets beside the agent's own, taken
 * by the running agent, which alone decides and alone writes its last known policy.
 *
 * Chunks first, then the index that names them: the agent sees a handover whole or not at all. What became of it stands
 * in a Secret of its own.
 */
import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { assertNever } from '#core/assert-never';
import type { Logger } from '#core/log';
import { parseLoosely } from '#core/parse-loosely';
import { retry } from '#core/retry';
import type { CallOptions, KubeClient } from '#kubernetes/client';
import { isTransient } from '#kubernetes/error';
import type { KubeObject } from '#kubernetes/object';
import { readSecret, secretData, secretRef, writeSecret } from '#kubernetes/secret';
import { watchKind } from '#kubernetes/watch';
import type { ContentDigest } from '#protocol/identifiers';
import { DesiredStateRefused, type SignedDesiredState } from '#protocol/signature';

import type { PolicyInForce } from '../enforce/policy-in-force.ts';
import type { Identity } from '../identity/identity.ts';
import { Blob, createChunkStore, type ChunkStore } from './chunks.ts';
import type { PolicyKeeper } from './desired.ts';

const HANDOVER_SECRET = 'palette-agent-handover';
const OUTCOME_SECRET = 'palette-agent-handover-outcome';
const INDEX_KEY = 'index.json';
const OUTCOME_KEY = 'outcome.json';

const HandoverIndex = z.object({ id: z.uuid(), document: Blob, packs: z.array(Blob) });
type HandoverIndex = z.infer<typeof HandoverIndex>;

const HandoverOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('taken'), id: z.string(), revision: z.int(), digest: z.string() }),
  z.object({ kind: z.literal('refused'), id: z.string(), message: z.string() }),
]);
export type HandoverOutcome = z.infer<typeof HandoverOutcome>;

const RETRY = { attempts: 10, baseMs: 250, maxMs: 10_000 };

function handoverChunks(client: KubeClient, namespace: string): ChunkStore {
  return createChunkStore(client, { namespace, prefix: HANDOVER_SECRET, part: 'handover' });
}

/**
 * Lays a desired state and its archives down for the agent. One that the agent has not taken yet is replaced.
 *
 * @param archives gives them one after the other; what it throws leaves nothing that the agent would take.
 * @returns what `handoverOutcome` asks for. @throws KubeError
 */
export async function handOver(
  client: KubeClient,
  namespace: string,
  signed: SignedDesiredState,
  archives: (put: (archive: Uint8Array) => Promise<void>) => Promise<void>,
  options: CallOptions,
): Promise<string> {
  const chunks = handoverChunks(client, namespace);
  await client.delete(secretRef(namespace, HANDOVER_SECRET), options);
  await chunks.sweep(new Set(), options);
  const packs: Blob[] = [];
  await archives(async (archive) => void packs.push(await chunks.write(archive, options)));
  const document = await chunks.write(Buffer.from(JSON.stringify(signed)), options);
  const index: HandoverIndex = { id: randomUUID(), document, packs };
  const data = { [INDEX_KEY]: JSON.stringify(index) };
  await writeSecret(client, { namespace, name: HANDOVER_SECRET, labels: chunks.labels, data }, options);
  return index.id;
}

/** What the agent said of a handover; undefined as long as it has said nothing. @throws KubeError */
export async function handoverOutcome(
  client: KubeClient,
  namespace: string,
  id: string,
  options: CallOptions,
): Promise<HandoverOutcome | undefined> {
  const text = (await readSecret(client, namespace, OUTCOME_SECRET, options))?.get(OUTCOME_KEY)?.toString('utf8');
  if (text === undefined) return undefined;
  const parsed = HandoverOutcome.safeParse(parseLoosely(text));
  return parsed.success && parsed.data.id === id ? parsed.data : undefined;
}

/** Removes what was handed over and what was said of it. @throws KubeError */
export async function removeHandovers(client: KubeClient, namespace: string, options: CallOptions): Promise<void> {
  await client.delete(secretRef(namespace, HANDOVER_SECRET), options);
  await client.delete(secretRef(namespace, OUTCOME_SECRET), options);
  await handoverChunks(client, namespace).sweep(new Set(), options);
}

export interface HandoverReceiver {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly keeper: Pick<PolicyKeeper, 'accept'>;
  readonly identity: () => Pick<Identity, 'clusterUid' | 'credentials'>;
  readonly onPolicy: (policy: PolicyInForce) => void;
  readonly onRefused: (refusal: DesiredStateRefused) => void;
  readonly log: Logger;
}

/** Takes what is handed over until the signal is aborted. */
export async function runHandovers(
  receiver: HandoverReceiver,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const { client, namespace, log } = receiver;
  const type = { apiVersion: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true, verbs: [] };
  const fieldSelector = `metadata.name=${HANDOVER_SECRET}`;
  for await (const event of watchKind(client, type, { namespace, fieldSelector, log, signal })) {
    const index = indexIn(
      event.kind === 'synced' ? event.objects[0] : event.kind === 'changed' ? event.object : undefined,
    );
    if (!index) continue;
    try {
      await retry(async () => take(receiver, index, { signal }), { ...RETRY, retryable: isTransient, signal });
    } catch (error) {
      if (signal.aborted) return;
      log.error({ err: error, handover: index.id }, 'what was handed over cannot be taken now; hand it over again');
    }
  }
}

async function take(receiver: HandoverReceiver, index: HandoverIndex, options: CallOptions): Promise<void> {
  const { client, namespace, log } = receiver;
  const outcome = await outcomeOf(receiver, index, options);
  switch (outcome.kind) {
    case 'taken':
      log.info({ handover: index.id, revision: outcome.revision }, 'desired state taken that was handed over');
      break;
    case 'refused':
      log.error({ handover: index.id, reason: outcome.message }, 'what was handed over is refused');
      break;
    default:
      assertNever(outcome);
  }
  const chunks = handoverChunks(client, namespace);
  const data = { [OUTCOME_KEY]: JSON.stringify(outcome) };
  // Not labelled as a part of it: it outlives the handover.
  await writeSecret(client, { namespace, name: OUTCOME_SECRET, data }, options);
  const present = await readSecret(client, namespace, HANDOVER_SECRET, options);
  if (present && parseIndex(present.get(INDEX_KEY))?.id !== index.id) return;
  await client.delete(secretRef(namespace, HANDOVER_SECRET), options);
  await chunks.sweep(new Set(), options);
}

async function outcomeOf(
  { client, namespace, keeper, identity, onPolicy, onRefused }: HandoverReceiver,
  { id, document, packs }: HandoverIndex,
  options: CallOptions,
): Promise<HandoverOutcome> {
  const chunks = handoverChunks(client, namespace);
  const { clusterUid, credentials } = identity();
  const fetchPack = async (digest: ContentDigest, how: CallOptions): Promise<Uint8Array> => {
    const blob = packs.find((pack) => pack.digest === digest);
    if (!blob) throw new IncompleteHandover(`the pack ${digest} is neither in it nor in the cluster`);
    return chunks.read(blob, how);
  };
  try {
    const body = parseLoosely((await chunks.read(document, options)).toString('utf8'));
    const policy = await keeper.accept(
      body,
      { clusterUid, trustedKeys: credentials.trustedKeys },
      { ...options, fetchPack },
    );
    onPolicy(policy);
    return { kind: 'taken', id, revision: policy.document.revision, digest: policy.digest };
  } catch (error) {
    options.signal.throwIfAborted();
    if (isTransient(error)) throw error;
    if (error instanceof DesiredStateRefused) onRefused(error);
    return { kind: 'refused', id, message: error instanceof Error ? error.message : String(error) };
  }
}

/** What was handed over does not stand on its own. */
class IncompleteHandover extends Error {
  override readonly name = 'IncompleteHandover';
}

function indexIn(secret: KubeObject | undefined): HandoverIndex | undefined {
  return secret && parseIndex(secretData(secret).get(INDEX_KEY));
}

function parseIndex(content: Buffer | undefined): HandoverIndex | undefined {
  const parsed = HandoverIndex.safeParse(parseLoosely(content?.toString('utf8') ?? ''));
  return parsed.success ? parsed.data : undefined;
}
