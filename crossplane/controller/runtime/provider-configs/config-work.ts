/** Looks after provider configurations: keeps those that are in use, tries them, and says in their status how they are. */
import type { Logger } from '#core/log';
import { backoffDelay } from '#core/retry';
import { createKeyQueue } from '#core/key-queue';
import type { KubeClient } from '#kubernetes/client';
import { KubeError, isNotFound } from '#kubernetes/error';
import { groupOf, refOf, type KubeObject } from '#kubernetes/object';

import type { ConnectOutcome } from '../../contracts.ts';
import { IN_USE_FINALIZER, VERSION } from '../../../schema/groups.ts';
import type { ObjectKey } from '../object-key.ts';
import { createSchedule } from '../schedule.ts';
import { configKeyOfUsage } from './config-id.ts';
import type { Connections } from './connections.ts';
import { statusPatch } from './config-status.ts';
import { USAGE_KIND, userOf, type Usages } from './usages.ts';

export interface ConfigWork {
  /** Looks at a configuration soon; a number of changes at about the same time lead to one look. */
  wake(key: ObjectKey): void;
  /** Begins, and resolves when each configuration has been looked at once. */
  begin(keys: readonly ObjectKey[]): Promise<void>;
  idle(): Promise<void>;
}

export interface ConfigWorkOptions {
  readonly kube: KubeClient;
  readonly find: (key: ObjectKey) => KubeObject | undefined;
  readonly connections: Connections;
  readonly usages: Usages;
  /**
   * The managed resources that still have to delete something by a configuration, as people call them. Their records may
   * be gone: with a namespace those are deleted first.
   */
  readonly holdersOf: (key: ObjectKey) => readonly string[];
  /** Stops intake. */
  readonly intake: AbortSignal;
  /** Stops what runs. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly now?: () => number;
}

const WORKERS = 4;
/** Many managed resources are made at once: their users are counted once. */
const SETTLE_MS = 200;
const RETRY = { baseMs: 1_000, maxMs: 30_000 };

export function createConfigWork(options: ConfigWorkOptions): ConfigWork {
  const { find, connections, intake, signal, log } = options;
  const failures = new Map<ObjectKey, number>();
  const firstLooks = new Map<ObjectKey, () => void>();
  let begun = false;

  const work = async (key: ObjectKey): Promise<void> => {
    const config = find(key);
    if (!config) {
      connections.forget(key);
      failures.delete(key);
      firstLooks.get(key)?.();
      return;
    }
    let isWell = false;
    try {
      isWell = (await look(options, key, config, { signal }))?.kind !== 'failed';
    } catch (error) {
      // Written by somebody else meanwhile, or gone: the watch tells.
      const isPassing = error instanceof KubeError && (error.status === 409 || isNotFound(error));
      if (!signal.aborted && !isPassing)
        log.warn({ err: error, config: key }, 'a provider configuration was not looked after');
    }
    firstLooks.get(key)?.();
    const failed = isWell ? 0 : (failures.get(key) ?? 0) + 1;
    failures.set(key, failed);
    if (!isWell) schedule.atLatest(key, backoffDelay(failed - 1, RETRY));
  };
  const queue = createKeyQueue({ concurrency: WORKERS, signal: intake, work });
  const schedule = createSchedule((key) => queue.add(key));
  intake.addEventListener('abort', () => schedule.clear(), { once: true });
  return {
    wake: (key) => {
      if (begun && !intake.aborted) schedule.atLatest(key, SETTLE_MS);
    },
    begin: async (keys) => {
      begun = true;
      await Promise.all(
        keys.map(
          async (key) =>
            new Promise<void>((resolve) => {
              firstLooks.set(key, () => {
                firstLooks.delete(key);
                resolve();
              });
              queue.add(key);
            }),
        ),
      );
    },
    idle: async () => queue.idle(),
  };
}

async function look(
  { kube, connections, usages, holdersOf, now = Date.now }: ConfigWorkOptions,
  key: ObjectKey,
  config: KubeObject,
  options: { readonly signal: AbortSignal },
): Promise<ConnectOutcome | undefined> {
  const isDeleted = config.metadata.deletionTimestamp !== undefined;
  const recorded = usages.usersOf(key);
  const users = isDeleted ? [...new Set([...recorded, ...holdersOf(key)])].toSorted() : recorded;
  if (isDeleted && users.length === 0) {
    // What was recorded a moment ago may not have been heard of yet.
    const others = await recordedUsers(kube, key, config, options);
    if (others.length === 0) {
      await unhold(kube, config, options);
      return undefined;
    }
  }
  if (!isDeleted) await hold(kube, config, options);
  const outcome = await connections.connect(config, options);
  const patch = statusPatch(config, { outcome, users, now: timeOf(now()) });
  if (patch) await kube.mergePatch(refOf(config), patch, { ...options, subresource: 'status' });
  return outcome;
}

/** Makes sure that the configuration stays while it is in use. @throws KubeError status 409 when it was written meanwhile */
export async function hold(
  kube: KubeClient,
  config: KubeObject,
  options: { readonly signal: AbortSignal },
): Promise<void> {
  const { finalizers = [], resourceVersion } = config.metadata;
  if (finalizers.includes(IN_USE_FINALIZER)) return;
  await kube.mergePatch(
    refOf(config),
    { metadata: { finalizers: [...finalizers, IN_USE_FINALIZER], resourceVersion } },
    options,
  );
}

async function unhold(kube: KubeClient, config: KubeObject, options: { readonly signal: AbortSignal }): Promise<void> {
  const { finalizers = [], resourceVersion } = config.metadata;
  if (!finalizers.includes(IN_USE_FINALIZER)) return;
  const others = finalizers.filter((name) => name !== IN_USE_FINALIZER);
  await kube.mergePatch(refOf(config), { metadata: { finalizers: others, resourceVersion } }, options);
}

async function recordedUsers(
  kube: KubeClient,
  key: ObjectKey,
  config: KubeObject,
  { signal }: { readonly signal: AbortSignal },
): Promise<string[]> {
  const type = await kube.discovery.resourceType(
    { apiVersion: `${groupOf(config.apiVersion)}/${VERSION}`, kind: USAGE_KIND },
    { signal },
  );
  if (!type) return [];
  const { namespace } = config.metadata;
  const { items } = await kube.list(type, { namespace, signal });
  return items.filter((usage) => configKeyOfUsage(usage) === key).map(userOf);
}

/** As `metav1.Time` has it: to the second. */
function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
