/**
 * Bundles that are brought by hand. Read once, as they come, a blob in memory at a time: the desired state is verified before
 * anything is laid down, and the agent sees what was laid down only when the bundle was read to its end and is whole.
 */
import { readFile } from 'node:fs/promises';
import type { KeyObject } from 'node:crypto';

import { aborted } from '#core/aborted';
import { delay } from '#core/retry';
import type { KubeClient } from '#kubernetes/client';
import { BundleError, readBundle, trustKeys, type BundledDesiredState, type BundleManifest } from '#packs/bundle/index';
import { publicKeyId, readPublicKey } from '#packs/signature/index';
import type { ClusterUid } from '#protocol/identifiers';
import { DesiredStateRefused, SignedDesiredState, verifyDesiredState, type TrustedKey } from '#protocol/signature';

import { handOver, handoverOutcome, type HandoverOutcome } from '../policy/handover.ts';

export interface BundleTrust {
  /** Ids of the keys, one of which must have signed; empty: whoever signed. */
  readonly keyIds: readonly string[];
  readonly trust: (manifest: Uint8Array, signature: string) => void;
}

/** @throws Error when a key cannot be read */
export async function bundleTrust(keyFiles: readonly string[]): Promise<BundleTrust> {
  const keys: KeyObject[] = [];
  for (const file of keyFiles) keys.push(readPublicKey(await readFile(file, 'utf8')));
  return { keyIds: keys.map((key) => publicKeyId(key)), trust: keys.length === 0 ? () => undefined : trustKeys(keys) };
}

export interface BundleTaking {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly clusterUid: ClusterUid;
  readonly trustedKeys: readonly TrustedKey[];
  /** In force. */
  readonly revision: number;
  readonly trust: BundleTrust['trust'];
  readonly maxBytes: number;
  readonly onManifest: (manifest: BundleManifest) => void;
}

export interface TakenBundle {
  /** `waiting`: all of it is in the cluster, and the agent has not come to it yet. */
  readonly state: 'taken' | 'waiting';
  readonly revision: number;
  readonly packs: number;
}

/** A bundle that is not taken; the message is for who brought it. */
export class BundleRefused extends Error {
  override readonly name = 'BundleRefused';
}

const PATIENCE_MS = 60_000;
const LOOK_MS = 200;
const MIB = 1024 * 1024;

/**
 * Takes a bundle's desired state for this cluster, and waits a while until the agent has it in force.
 *
 * @throws BundleRefused, KubeError. The policy in force stays what it was then.
 */
export async function takeBundle(
  source: AsyncIterable<Uint8Array>,
  taking: BundleTaking,
  { signal }: { readonly signal: AbortSignal },
): Promise<TakenBundle> {
  const { client, namespace } = taking;
  const laying = layDown(taking, signal);
  let id: string;
  let revision: number;
  let packs = 0;
  try {
    let wanted: BundledDesiredState | undefined;
    await readBundle(bounded(source, taking.maxBytes), {
      trust: taking.trust,
      onManifest: (manifest) => {
        taking.onManifest(manifest);
        wanted = desiredStateOf(manifest, taking.clusterUid);
      },
      onBlob: async ({ digest }, bytes) => {
        if (digest === wanted?.blob.digest) await laying.begin(parseSigned(bytes));
        else if (wanted?.packs.some((pack) => pack === digest)) {
          await laying.put(bytes);
          packs++;
        }
      },
      signal,
    });
    if (wanted && packs < new Set<string>(wanted.packs).size)
      throw new BundleRefused('the bundle lacks a pack that its desired state needs');
    ({ id, revision } = await laying.end());
  } catch (error) {
    await laying.giveUp();
    signal.throwIfAborted();
    if (error instanceof BundleError || error instanceof DesiredStateRefused)
      throw new BundleRefused(error.message, { cause: error });
    throw error;
  }
  return {
    state: await untilTaken(async () => handoverOutcome(client, namespace, id, { signal }), signal),
    revision,
    packs,
  };
}

/**
 * Waits a while for the agent's word. What was handed over is the agent's: it waits all the same when whoever brought it
 * leaves, or when the API server cannot be asked. @throws BundleRefused
 */
export async function untilTaken(
  ask: () => Promise<HandoverOutcome | undefined>,
  signal: AbortSignal,
): Promise<TakenBundle['state']> {
  const until = performance.now() + PATIENCE_MS;
  try {
    for (; performance.now() < until; await delay(LOOK_MS, { signal })) {
      const outcome = await ask();
      if (outcome?.kind === 'refused') throw new BundleRefused(outcome.message);
      if (outcome?.kind === 'taken') return 'taken';
    }
  } catch (error) {
    if (error instanceof BundleRefused) throw error;
  }
  return 'waiting';
}

interface Laying {
  begin(signed: SignedDesiredState): Promise<void>;
  put(archive: Uint8Array): Promise<void>;
  end(): Promise<{ readonly id: string; readonly revision: number }>;
  /** Nothing is left that the agent would take. */
  giveUp(): Promise<void>;
}

/** A handover that is fed from outside, one archive after the other. */
function layDown({ client, namespace, clusterUid, trustedKeys, revision }: BundleTaking, signal: AbortSignal): Laying {
  let handing: Promise<string> | undefined;
  let put: ((archive: Uint8Array) => Promise<void>) | undefined;
  let finish: (outcome: 'whole' | 'not whole') => void = () => undefined;
  let found = 0;
  return {
    begin: async (signed) => {
      const document = await verifyDesiredState(signed, { clusterUid, trustedKeys, minRevision: revision });
      found = document.revision;
      const finished = new Promise<'whole' | 'not whole'>((resolve) => {
        finish = resolve;
      });
      await new Promise<void>((resolve, reject) => {
        handing = handOver(
          client,
          namespace,
          signed,
          async (given) => {
            put = given;
            resolve();
            if ((await Promise.race([finished, aborted(signal)])) !== 'whole')
              throw new BundleRefused('it was not read to its end');
          },
          { signal },
        );
        handing.catch(reject);
      });
    },
    put: async (archive) => put?.(archive),
    end: async () => {
      finish('whole');
      if (!handing) throw new BundleRefused('the bundle holds no desired state for this cluster');
      return { id: await handing, revision: found };
    },
    giveUp: async () => {
      finish('not whole');
      await handing?.catch(() => undefined);
    },
  };
}

function desiredStateOf({ desiredStates }: BundleManifest, clusterUid: string): BundledDesiredState {
  const wanted = desiredStates.find((state) => state.clusterUid === clusterUid);
  if (wanted) return wanted;
  const held = desiredStates.map((state) => `${state.clusterName} (${state.clusterUid})`).slice(0, 10);
  throw new BundleRefused(
    `the bundle holds no desired state for this cluster (${clusterUid})${held.length === 0 ? '' : `, but for ${held.join(', ')}`}`,
  );
}

function parseSigned(bytes: Uint8Array): SignedDesiredState {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    throw new BundleRefused('the desired state in the bundle is not JSON', { cause: error });
  }
  const parsed = SignedDesiredState.safeParse(value);
  if (!parsed.success) throw new BundleRefused('the desired state in the bundle is not as a plane signs it');
  return parsed.data;
}

async function* bounded(source: AsyncIterable<Uint8Array>, max: number): AsyncGenerator<Uint8Array, void, undefined> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > max) throw new BundleRefused(`the bundle is larger than ${Math.floor(max / MIB)} MiB`);
    yield chunk;
  }
}
