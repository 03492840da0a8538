/** The agent's own Deployment: another image beside the running one, gone back from when it does not become available. */
import { z } from 'zod';

import { delay } from '#core/retry';
import type { CallOptions, KubeClient } from '#kubernetes/client';
import { conditionsOf, mapAt, valueAt, type KubeObject, type ObjectRef } from '#kubernetes/object';
import { readSecret, secretRef, writeSecret } from '#kubernetes/secret';

const CONTAINER = 'agent';
/** An agent that ends just after it became ready is no replacement. */
const MIN_READY_SECONDS = 15;
const PROGRESS_SECONDS = 300;
/** Beyond that, for a Deployment whose controller says nothing. */
const PATIENCE_MS = 120_000;
const LOOK_MS = 1_000;
/** Starts of a new version before it works; then the one before it comes back. */
const MOST_STARTS = 5;
const RECORD = 'palette-agent-upgrade';
const RECORD_KEY = 'upgrade.json';

export interface OwnDeployment {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  /** Seconds that a Pod must be ready to count, and within which it must. Default: 15 and 300. */
  readonly seconds?: { readonly ready: number; readonly progress: number };
}

/** Of an image of this agent: what it is, and which version it holds. */
const Side = z.object({ image: z.string(), version: z.string() });

const Record = z.object({
  /** Names the upgrade, so that another one of the same version is not taken for it. */
  attempt: z.string(),
  from: Side,
  to: Side,
  /** Of the new version, before it worked. */
  starts: z.int().nonnegative(),
  /** Why it is gone back from. */
  failure: z.string().optional(),
  /** The image before it was asked for again. */
  isBack: z.boolean().optional(),
});
type Record = z.infer<typeof Record>;

/** What an upgrade changes. */
export type Upgrade = Pick<Record, 'attempt' | 'from' | 'to'>;

function refOfOwn({ namespace, name }: OwnDeployment): ObjectRef {
  return { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name };
}

/** The image that the Deployment asks for. @throws Error where there is no such Deployment */
export async function deployedImage(own: OwnDeployment, options: CallOptions): Promise<string> {
  const found = await own.client.get(refOfOwn(own), options);
  if (!found) throw new Error(`there is no Deployment ${own.namespace}/${own.name}`);
  const containers = z
    .array(z.object({ name: z.string(), image: z.string() }))
    .parse(valueAt(found, 'spec', 'template', 'spec', 'containers'));
  const agent = containers.find(({ name }) => name === CONTAINER);
  if (!agent) throw new Error(`Deployment ${own.namespace}/${own.name} has no container ${CONTAINER}`);
  return agent.image;
}

/** Asks for an image: the new Pod is made first, the old one ends once that is available. */
async function deploy(
  own: OwnDeployment,
  { image, version }: z.infer<typeof Side>,
  options: CallOptions,
): Promise<void> {
  await own.client.apply(
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: own.name, namespace: own.namespace },
      spec: {
        minReadySeconds: own.seconds?.ready ?? MIN_READY_SECONDS,
        progressDeadlineSeconds: own.seconds?.progress ?? PROGRESS_SECONDS,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        template: {
          metadata: { annotations: { 'palette-iac.dev/agent-version': version } },
          spec: { containers: [{ name: CONTAINER, image }] },
        },
      },
    },
    options,
  );
}

export async function readUpgradeRecord(own: OwnDeployment, options: CallOptions): Promise<Record | undefined> {
  const text = (await readSecret(own.client, own.namespace, RECORD, options))?.get(RECORD_KEY)?.toString('utf8');
  if (text === undefined) return undefined;
  try {
    return Record.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function writeRecord(own: OwnDeployment, record: Record, options: CallOptions): Promise<void> {
  const data = { [RECORD_KEY]: JSON.stringify(record) };
  await writeSecret(own.client, { namespace: own.namespace, name: RECORD, data }, options);
}

/** This version works. What is known of another one's upgrade stays: its run may still go on, and would begin anew. */
export async function removeUpgradeRecord(own: OwnDeployment, version: string, options: CallOptions): Promise<void> {
  const record = await readUpgradeRecord(own, options);
  if (record?.to.version !== version) return;
  await own.client.delete(secretRef(own.namespace, RECORD), options);
}

export type Rollout =
  /** The new version is available. */
  | { readonly kind: 'done' }
  /** It is not, and the former image is asked for again. */
  | { readonly kind: 'rolled back'; readonly reason: string };

/** Asks for the image before again; called once more after a restart, it ends what was left half done. @throws KubeError */
async function goBack(own: OwnDeployment, record: Record, failure: string, options: CallOptions): Promise<void> {
  await writeRecord(own, { ...record, failure }, options);
  await deploy(own, record.from, options);
  await writeRecord(own, { ...record, failure, isBack: true }, options);
}

/** Rolls out an image and sees that it comes to work. Called again after a restart, it goes on. @throws KubeError, the signal's reason */
export async function rollOut(
  own: OwnDeployment,
  upgrade: Upgrade,
  { signal, now, progress }: CallOptions & { readonly now: () => number; readonly progress: (step: string) => void },
): Promise<Rollout> {
  /** Where this upgrade is gone back from already, however far. */
  const failureOf = async (record: Record | undefined): Promise<Rollout | undefined> => {
    if (record?.attempt !== upgrade.attempt || record.failure === undefined) return undefined;
    if (record.isBack !== true) await goBack(own, record, record.failure, { signal });
    return { kind: 'rolled back', reason: record.failure };
  };
  const stored = await readUpgradeRecord(own, { signal });
  const failure = await failureOf(stored);
  if (failure) return failure;
  const known = stored?.attempt === upgrade.attempt ? stored : undefined;
  const record = known ?? { ...upgrade, starts: 0 };
  if (known === undefined) await writeRecord(own, record, { signal });
  if ((await deployedImage(own, { signal })) !== upgrade.to.image) await deploy(own, upgrade.to, { signal });
  const until = now() + (own.seconds?.progress ?? PROGRESS_SECONDS) * 1_000 + PATIENCE_MS;
  for (;;) {
    const found = await own.client.get(refOfOwn(own), { signal });
    const state = found ? stateOf(found) : ({ kind: 'failed', reason: 'the Deployment is gone' } as const);
    if (state.kind === 'done') {
      // The new version may have gone back by itself: then it is the old one that is available.
      return (await failureOf(await readUpgradeRecord(own, { signal }))) ?? { kind: 'done' };
    }
    if (state.kind === 'failed' || now() > until) {
      const reason = state.kind === 'failed' ? state.reason : 'it did not become available in time';
      await goBack(own, record, reason, { signal });
      return { kind: 'rolled back', reason };
    }
    progress(state.step);
    await delay(LOOK_MS, { signal });
  }
}

type State =
  | { readonly kind: 'done' }
  | { readonly kind: 'under way'; readonly step: string }
  | { readonly kind: 'failed'; readonly reason: string };

function stateOf(deployment: KubeObject): State {
  const status = mapAt(deployment, 'status');
  const count = (key: string): number => (typeof status[key] === 'number' ? status[key] : 0);
  const wanted = valueAt(deployment, 'spec', 'replicas');
  const replicas = typeof wanted === 'number' ? wanted : 1;
  if (count('observedGeneration') < (deployment.metadata.generation ?? 0))
    return { kind: 'under way', step: 'waiting' };
  const stuck = conditionsOf(deployment).find(
    (condition) => condition['type'] === 'Progressing' && condition['reason'] === 'ProgressDeadlineExceeded',
  );
  if (stuck) return { kind: 'failed', reason: `it did not become available: ${String(stuck['message'])}` };
  const isDone =
    count('updatedReplicas') >= replicas && count('availableReplicas') >= replicas && count('replicas') === replicas;
  if (isDone) return { kind: 'done' };
  return {
    kind: 'under way',
    step: `the new version's Pods: ${count('updatedReplicas')} of ${replicas} made, ${count('unavailableReplicas')} not available yet`,
  };
}

/** The upgrade that brought this version and is not confirmed yet; undefined where there is none. */
async function unconfirmed(own: OwnDeployment, version: string, options: CallOptions): Promise<Record | undefined> {
  const record = await readUpgradeRecord(own, options);
  // Whoever asks for the image again, after it was gone back from, is not stopped.
  return record?.to.version === version && record.isBack !== true ? record : undefined;
}

/**
 * Called when an agent starts: counts starts of a version that has not worked yet, and goes back from one that keeps
 * ending. What cannot start at all is gone back from by the version before it, which still runs then.
 *
 * @returns whether this process should go on.
 */
export async function countStart(own: OwnDeployment, version: string, options: CallOptions): Promise<boolean> {
  const record = await unconfirmed(own, version, options);
  if (record === undefined) return true;
  if (record.failure === undefined && record.starts < MOST_STARTS) {
    await writeRecord(own, { ...record, starts: record.starts + 1 }, options);
    return true;
  }
  await goBack(own, record, record.failure ?? `it was started ${record.starts} times and never came to work`, options);
  return false;
}

/** This version did not come to work: the one before it is asked for again, where an upgrade brought this one. @throws KubeError */
export async function giveUp(
  own: OwnDeployment,
  version: string,
  reason: string,
  options: CallOptions,
): Promise<'gone back' | 'nothing to go back to'> {
  const record = await unconfirmed(own, version, options);
  if (record === undefined) return 'nothing to go back to';
  await goBack(own, record, record.failure ?? reason, options);
  return 'gone back';
}
