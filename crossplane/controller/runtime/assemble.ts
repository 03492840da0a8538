/** Puts the parts of a working controller together: what wakes whom. */
import type { Logger } from '#core/log';
import { delay } from '#core/retry';
import type { KubeClient } from '#kubernetes/client';
import { createEventRecorder } from '#kubernetes/event-recorder';
import { describeRef, groupOf, refOf, type KubeObject, type ObjectRef } from '#kubernetes/object';
import type { StoreChange } from '#kubernetes/store';

import type { ControllerConfig } from '../config.ts';
import type { ConnectOutcome, Reconciler, ReconcilerDependencies } from '../contracts.ts';
import type { ControllerMetrics, WakeCause } from '../metrics.ts';
import { CLUSTER_GROUP, FINALIZER, NAMESPACED_GROUP, VERSION } from '../../schema/groups.ts';
import { managedKinds, type ManagedKind } from '../../schema/kinds.ts';
import { becameReferable, callsForLook } from './change-filter.ts';
import { createEventStreams, type EventStreams } from './event-streams.ts';
import { createClaimIndex } from './external-name-claims.ts';
import { asManaged, createManagedObjects, createWaitingForReferences } from './managed-objects.ts';
import { createManagedWork, STREAM_SETTLE_MS, type ManagedWork } from './managed-work.ts';
import { keyOf, type ObjectKey } from './object-key.ts';
import { rememberWrites } from './own-writes.ts';
import { configKeyOf } from './provider-configs/config-id.ts';
import { createConfigWork } from './provider-configs/config-work.ts';
import { createConnections, type Connections } from './provider-configs/connections.ts';
import { createProviderConfigs } from './provider-configs/provider-configs.ts';
import { secretOf } from './provider-configs/settings.ts';
import { createUsages, USAGE_KIND } from './provider-configs/usages.ts';
import { createSecretVersions, secretsIn } from './secret-versions.ts';
import { createStores, type FollowedKind, type Stores } from './stores.ts';
import { createWatchIndex } from './watch-index.ts';

export interface AssembleOptions {
  readonly config: ControllerConfig;
  readonly kube: KubeClient;
  readonly createReconciler: (dependencies: ReconcilerDependencies) => Reconciler;
  readonly metrics: ControllerMetrics;
  readonly log: Logger;
  /** Who reports events. */
  readonly component: string;
  /** Ends the beginning of anything new. */
  readonly intake: AbortSignal;
  /** Ends reconciles that run. */
  readonly work: AbortSignal;
  /** Ends watches, streams and everything else. */
  readonly background: AbortSignal;
}

export interface Parts {
  /** Reads the cluster, then begins to work. @throws the reason of `intake` */
  begin(): Promise<void>;
  /** Resolves when nothing is worked on, after intake has ended. */
  idle(): Promise<void>;
  /** Writes the events that wait. */
  flush(): Promise<void>;
  /** Resolves when what runs in the background has ended. */
  ended(): Promise<void>;
  close(): void;
  length(): number;
}

/** How long the first tries of provider configurations may keep managed resources waiting, in milliseconds. */
const FIRST_CONNECTIONS_MS = 10_000;
/** When all managed resources of an account are to be looked at: so many a second, but within a minute. */
const SPREAD_PER_SECOND = 20;
const SPREAD_LONGEST_MS = 60_000;

const CONFIG_KINDS = [
  { apiVersion: `${CLUSTER_GROUP}/${VERSION}`, kind: 'ProviderConfig' },
  { apiVersion: `${NAMESPACED_GROUP}/${VERSION}`, kind: 'ProviderConfig' },
  { apiVersion: `${NAMESPACED_GROUP}/${VERSION}`, kind: 'ClusterProviderConfig' },
] as const;
const USAGE_KINDS = [CLUSTER_GROUP, NAMESPACED_GROUP].map((group) => ({
  apiVersion: `${group}/${VERSION}`,
  kind: USAGE_KIND,
}));

export function assemble(options: AssembleOptions): Parts {
  const { config, kube, metrics, log, intake, work: running, background } = options;
  const kinds = managedKinds();
  const events = createEventRecorder({ client: kube, component: options.component, signal: background, log });
  const watches = createWatchIndex();
  const references = createWaitingForReferences();
  const usages = createUsages(kube);
  const outcomes = new Map<ObjectKey, ConnectOutcome>();

  const find = (key: ObjectKey): KubeObject | undefined => stores.find(key);
  // The answer to the last write may come after the news that the object is gone: nothing is kept of it then.
  const writes = rememberWrites(kube, (key) => objects.find(key) !== undefined);
  const objects = createManagedObjects({ kube, kinds, stores: () => stores });
  const usersOf = (key: ObjectKey): ObjectKey[] =>
    objects
      .all()
      .filter(({ kind, object }) => configKeyOf(kind, object) === key)
      .map(({ object }) => keyOf(object));
  const holdersOf = (key: ObjectKey): string[] =>
    objects
      .all()
      .filter(({ kind, object }) => isHeld(object) && configKeyOf(kind, object) === key)
      .map(({ object }) => describeRef(refOf(object)));
  const wakeSpread = (keys: readonly ObjectKey[], cause: WakeCause, longestMs = SPREAD_LONGEST_MS): void => {
    const spreadMs = Math.min(longestMs, (keys.length / SPREAD_PER_SECOND) * 1000);
    for (const key of keys) managed.wake(key, cause, 1 + Math.random() * spreadMs);
  };

  const streams: EventStreams = createEventStreams({
    signal: background,
    log,
    onChange: (realm, external) => {
      for (const key of watches.keysOf(realm, external)) managed.wake(key, 'stream', STREAM_SETTLE_MS);
      if (external.type !== 'project') return;
      for (const key of connections.inProject(external.uid)) {
        connections.doubt(key);
        configs.wake(key);
      }
    },
    onGap: (realm) => wakeSpread(watches.keysIn(realm), 'stream'),
    onDown: (realm) => {
      for (const key of watches.keysIn(realm)) managed.wake(key, 'stream', Math.random() * config.pollIntervalMs);
    },
  });
  const connections: Connections = createConnections({
    kube,
    metrics,
    log,
    isWatched: streams.isLive,
    onFault: (key) => configs.wake(key),
    onOutcome: (key, outcome) => {
      const before = outcomes.get(key);
      outcomes.set(key, outcome);
      if (!isSameOutcome(before, outcome)) configs.wake(key);
      if (outcome.kind !== 'connected') return;
      streams.follow(key, outcome.connection);
      if (before?.kind === 'connected' && before.connection === outcome.connection) return;
      log.info({ config: key, realm: outcome.connection.realm }, 'connected to the API');
      wakeSpread(usersOf(key), 'provider-config');
    },
  });
  const configs = createConfigWork({ kube, find, connections, usages, holdersOf, intake, signal: running, log });
  const secrets = createSecretVersions({
    kube,
    log,
    onLook: (owner, { version, changed }) => {
      if (objects.kindOf(owner)) {
        if (changed) managed.wake(owner, 'secret');
        return;
      }
      const used = connections.secretVersionOf(owner);
      if (!changed && (used === undefined || used === version)) return;
      connections.doubt(owner);
      configs.wake(owner);
    },
  });
  const claims = createClaimIndex((kind, object) => connections.realmOf(configKeyOf(kind, object)));
  const managed: ManagedWork = createManagedWork({
    reconciler: options.createReconciler({
      kube: writes.kube,
      providerConfigs: createProviderConfigs({ kube, find, connections, usages }),
      claims,
      lookup: objects.lookup,
      events,
      log,
      now: Date.now,
    }),
    find: objects.find,
    isOutdated: writes.isOutdated,
    read: objects.read,
    watches,
    isLive: streams.isLive,
    changedSince: ({ realm, external }, since) => streams.changedSince(realm, external, since),
    events,
    metrics,
    workers: config.workers,
    pollIntervalMs: config.pollIntervalMs,
    resyncIntervalMs: config.resyncIntervalMs,
    intake,
    signal: running,
    log,
  });

  const onManaged = (kind: ManagedKind, change: StoreChange): void => {
    const object = asManaged(change.object);
    const key = keyOf(object);
    if (change.kind === 'deleted') {
      claims.set(kind, key, undefined);
      references.set(key, undefined);
      secrets.want(key, []);
      managed.forget(key);
      writes.forget(key);
      for (const other of claims.othersWith(kind, object)) managed.wake(other, 'external-name');
      configs.wake(configKeyOf(kind, object));
      if (!usages.has(object.metadata.uid)) return;
      // Its owner's end removes the record, too, where the garbage collector runs.
      usages.release(kind, object, { signal: running }).catch((error: unknown) => {
        if (!running.aborted) log.debug({ err: error, object: key }, 'the record of its use was not removed');
      });
      return;
    }
    claims.set(kind, key, object);
    references.set(key, object);
    secrets.want(key, secretsIn(object));
    const before = change.kind === 'changed' ? asManaged(change.before) : undefined;
    // A configuration that it holds no more may be waiting for that.
    if (before !== undefined && isHeld(before)) {
      const config = configKeyOf(kind, before);
      if (!isHeld(object) || configKeyOf(kind, object) !== config) configs.wake(config);
    }
    if (before === undefined || callsForLook(before, object)) managed.wake(key, 'api');
    if (becameReferable(before, object)) {
      for (const other of references.near(object)) managed.wake(other, 'reference');
    }
  };
  const onConfig = (change: StoreChange): void => {
    const { object } = change;
    const key = keyOf(object);
    const secret = change.kind === 'deleted' ? undefined : secretOf(object);
    secrets.want(key, secret?.namespace === undefined ? [] : [{ namespace: secret.namespace, name: secret.name }]);
    if (change.kind === 'deleted') {
      streams.leave(key);
      outcomes.delete(key);
    }
    // What is written to the status calls for nothing.
    if (change.kind !== 'changed' || configChanged(change.before, object)) configs.wake(key);
  };
  const onUsage = (change: StoreChange): void => {
    for (const key of usages.observe(change)) configs.wake(key);
  };
  const followed: FollowedKind[] = [
    ...USAGE_KINDS.map((kind) => ({ ...kind, onChange: onUsage })),
    ...CONFIG_KINDS.map((kind) => ({ ...kind, onChange: onConfig })),
    ...kinds.map((kind) => ({
      apiVersion: kind.apiVersion,
      kind: kind.kind,
      onChange: (change: StoreChange) => onManaged(kind, change),
    })),
  ];
  const stores: Stores = createStores({ kube, kinds: followed, signal: background, log });

  metrics.observe({
    queueLength: () => managed.length,
    resources: () => kinds.map((kind) => countOf(kind, stores, managed)),
    streams: streams.count,
    eventsDropped: () => events.dropped,
    requestsWaiting: () => connections.waiting,
  });
  const sweepUsages = async (): Promise<void> => {
    const records = USAGE_KINDS.flatMap(
      ({ apiVersion, kind }) => stores.storeOf(groupOf(apiVersion), kind)?.list() ?? [],
    );
    const exists = (user: ObjectRef, uid: string): boolean => {
      const store = stores.storeOf(groupOf(user.apiVersion), user.kind);
      // Of a kind that is not served nothing is known.
      return store?.isSynced !== true || store.get(user.name, user.namespace)?.metadata.uid === uid;
    };
    await usages.sweep(records, exists, { signal: intake }).catch((error: unknown) => {
      intake.throwIfAborted();
      log.warn({ err: error }, 'records of provider configurations in use could not be tidied');
    });
  };
  const aside: Promise<void>[] = [];
  return {
    begin: async () => {
      await stores.begin({ signal: intake });
      aside.push(stores.pickUp({ signal: background }), secrets.run({ signal: background }));
      await sweepUsages();
      // Which accounts configurations lead to has to be known before external names are compared.
      const first = configs.begin(configKeys(stores));
      const ended = new AbortController();
      await Promise.race([first, delay(FIRST_CONNECTIONS_MS, { signal: ended.signal }).catch(() => undefined)]);
      ended.abort();
      intake.throwIfAborted();
      managed.begin(objects.all().map(({ object }) => keyOf(object)));
    },
    idle: async () => {
      await Promise.all([managed.idle(), configs.idle()]);
    },
    flush: async () => events.flush({ signal: background }),
    ended: async () => {
      await Promise.all([...aside, streams.idle()]);
    },
    close: () => connections.close(),
    length: () => managed.length,
  };
}

function configKeys(stores: Stores): ObjectKey[] {
  return CONFIG_KINDS.flatMap(({ apiVersion, kind }) =>
    (stores.storeOf(groupOf(apiVersion), kind)?.list() ?? []).map(keyOf),
  );
}

/** Whether it stays until what it stands for is gone. */
function isHeld({ metadata }: KubeObject): boolean {
  return metadata.finalizers?.includes(FINALIZER) === true;
}

function configChanged(before: KubeObject, after: KubeObject): boolean {
  return (
    before.metadata.generation !== after.metadata.generation ||
    before.metadata.deletionTimestamp !== after.metadata.deletionTimestamp ||
    before.metadata.finalizers?.length !== after.metadata.finalizers?.length
  );
}

function isSameOutcome(a: ConnectOutcome | undefined, b: ConnectOutcome): boolean {
  if (a?.kind !== b.kind) return false;
  return b.kind === 'connected' || (a.kind === 'failed' && a.reason === b.reason && a.message === b.message);
}

function countOf(
  kind: ManagedKind,
  stores: Stores,
  managed: ManagedWork,
): {
  readonly kind: string;
  readonly scope: string;
  readonly exist: number;
  readonly ready: number;
  readonly synced: number;
} {
  const found = (stores.storeOf(kind.group, kind.kind)?.list() ?? []).map((object) => managed.foundOf(keyOf(object)));
  return {
    kind: kind.kind,
    scope: kind.scope,
    exist: found.length,
    ready: found.filter((each) => each?.ready === true).length,
    synced: found.filter((each) => each?.synced === true).length,
  };
}
