/** A bundle's desired state into the cluster that it is for: laid down for the agent there, which verifies and takes it. */
import { createIdentityStore, type Identity } from '#agent/identity/identity';
import { handOver, handoverOutcome, type HandoverOutcome } from '#agent/policy/handover';
import { createPolicyStore } from '#agent/policy/store';
import { CliError } from '#cli/cli-error';
import { assertNever } from '#core/assert-never';
import { delay } from '#core/retry';
import { createKubeClient, type KubeClient } from '#kubernetes/client';
import { accessFromKubeconfig } from '#kubernetes/kubeconfig';
import type { BundleManifest, ReadBundleOptions } from '#packs/bundle/index';
import { DesiredStateRefused, verifyDesiredState, type SignedDesiredState } from '#protocol/signature';

import { readBundleFile, refuseOther, type CheckedBundle } from './check-bundle.ts';

export interface LoadIntoClusterOptions {
  readonly kubeconfig: string;
  /** The agent's. */
  readonly namespace: string;
  /** How long the agent is waited for, in milliseconds. */
  readonly patienceMs: number;
  readonly trust: ReadBundleOptions['trust'];
  readonly signal: AbortSignal;
}

export interface LoadedDesiredState {
  readonly cluster: string;
  readonly revision: number;
  readonly digest: string;
}

const FIELD_MANAGER = 'palette-bundle';
const LOOK_MS = 250;

/** @throws CliError that says why the agent would not take it, or did not. Nothing is changed then. */
export async function loadIntoCluster(
  file: string,
  bundle: CheckedBundle,
  options: LoadIntoClusterOptions,
): Promise<LoadedDesiredState> {
  const { kubeconfig, namespace, signal } = options;
  const access = await accessFromKubeconfig(kubeconfig).catch((cause: unknown) => {
    throw new CliError(cause instanceof Error ? cause.message : String(cause), { cause });
  });
  const client = createKubeClient(access, { fieldManager: FIELD_MANAGER });
  try {
    const identity = await createIdentityStore(client, namespace).load({ signal });
    if (!identity)
      throw new CliError(`the cluster has no registered agent in the namespace ${namespace}`, {
        hint: "An agent takes what its plane signed: apply the cluster's import manifest first, where a plane is in reach.",
      });
    const signed = desiredStateFor(bundle, identity);
    const { revision } = await believable(signed, identity, await revisionInForce(client, namespace, signal));
    const id = await handOver(
      client,
      namespace,
      signed,
      async (put) => putArchives(file, bundle.manifest, identity, put, options),
      { signal },
    );
    const outcome = await outcomeOf(client, id, options);
    switch (outcome.kind) {
      case 'taken':
        return { cluster: identity.credentials.clusterName, revision: outcome.revision, digest: outcome.digest };
      case 'refused':
        throw new CliError(`the agent refused revision ${revision}: ${outcome.message}`);
      default:
        return assertNever(outcome);
    }
  } finally {
    client.close();
  }
}

function desiredStateFor({ manifest, desiredStates }: CheckedBundle, { clusterUid }: Identity): SignedDesiredState {
  const signed = desiredStates.get(clusterUid);
  if (signed) return signed;
  const held = manifest.desiredStates.map(({ clusterName, clusterUid }) => `${clusterName} (${clusterUid})`);
  throw new CliError(`the bundle holds no desired state for this cluster (${clusterUid})`, {
    hint:
      held.length === 0
        ? 'It holds none at all; `palette bundle create --desired-state CLUSTER` puts one in.'
        : `It is for ${held.join(', ')}.`,
  });
}

/** The same checks that the agent makes, before anything is written. @throws CliError */
async function believable(
  signed: SignedDesiredState,
  { clusterUid, credentials }: Identity,
  minRevision: number,
): Promise<{ readonly revision: number }> {
  try {
    return await verifyDesiredState(signed, { clusterUid, trustedKeys: credentials.trustedKeys, minRevision });
  } catch (error) {
    if (!(error instanceof DesiredStateRefused)) throw error;
    throw new CliError(`the agent would not take it: ${error.message}`, { cause: error });
  }
}

async function revisionInForce(client: KubeClient, namespace: string, signal: AbortSignal): Promise<number> {
  // One that cannot be read is the agent's to tell of; it decides by itself.
  const stored = await createPolicyStore(client, namespace)
    .load({ signal })
    .catch(() => undefined);
  signal.throwIfAborted();
  return stored?.revision ?? 0;
}

async function putArchives(
  file: string,
  manifest: BundleManifest,
  { clusterUid }: Identity,
  put: (archive: Uint8Array) => Promise<void>,
  { trust, signal }: LoadIntoClusterOptions,
): Promise<void> {
  const needed = new Set<string>(manifest.desiredStates.find((one) => one.clusterUid === clusterUid)?.packs);
  await readBundleFile(file, {
    trust,
    signal,
    onManifest: (again) => refuseOther(file, again, manifest),
    onBlob: async ({ digest }, archive) => {
      if (needed.has(digest)) await put(archive);
    },
  });
}

async function outcomeOf(
  client: KubeClient,
  id: string,
  { namespace, patienceMs, signal }: LoadIntoClusterOptions,
): Promise<HandoverOutcome> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const outcome = await handoverOutcome(client, namespace, id, { signal });
    if (outcome) return outcome;
    if (performance.now() > until)
      throw new CliError(
        `the agent did not take it within ${Math.round(patienceMs / 1000)} s; it lies in the namespace ${namespace}, and the agent takes it when it runs`,
        { hint: 'Look whether the agent runs, and what it logs.' },
      );
    await delay(LOOK_MS, { signal });
  }
}
