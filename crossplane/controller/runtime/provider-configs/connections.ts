/** One connection for each provider configuration, shared by all that use it and made anew when it changes. */
import type { Logger } from '#core/log';
import { backoffDelay } from '#core/retry';
import type { KubeClient } from '#kubernetes/client';
import type { KubeObject } from '#kubernetes/object';
import { createClient, type PaletteClient } from '#openapi/client/index';
import { createHttpsFetch } from '#openapi/client/https-fetch';
import { proxyFromEnv, type Environment } from '#core/network/proxy';

import type { ApiConnection, ConnectFailure, ConnectOutcome } from '../../contracts.ts';
import type { ControllerMetrics } from '../../metrics.ts';
import { keyOf, type ObjectKey } from '../object-key.ts';
import { limitFetch } from './limited-fetch.ts';
import { readSettings, type Settings } from './settings.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';
import { verify } from './verify.ts';

export interface Connections {
  /** Connects as the configuration says; the answer is kept until something speaks against it. @throws KubeError */
  connect(config: KubeObject, options: { readonly signal: AbortSignal }): Promise<ConnectOutcome>;
  /** The connection that was good last, when nothing but the Secret that it was made from can have changed since. */
  lastOf(config: KubeObject): ApiConnection | undefined;
  /** The account a configuration leads to, once it was connected. */
  realmOf(key: ObjectKey): string | undefined;
  /** Version of the Secret that the connection was made from. */
  secretVersionOf(key: ObjectKey): string | undefined;
  /** Reads the configuration's Secret at the next use. */
  doubt(key: ObjectKey): void;
  /** Configurations of that project. */
  inProject(projectUid: string): readonly ObjectKey[];
  forget(key: ObjectKey): void;
  close(): void;
  /** Requests that wait under a rate limit. */
  readonly waiting: number;
}

export interface ConnectionsOptions {
  readonly kube: KubeClient;
  readonly metrics: ControllerMetrics;
  readonly log: Logger;
  /** Whether the API of that account tells of changes at the moment. */
  readonly isWatched: (realm: string) => boolean;
  /** Told of every new outcome, also of one that is like the last. Must not throw. */
  readonly onOutcome: (key: ObjectKey, outcome: ConnectOutcome) => void;
  /** Told that a connection that was good has met a fault. Must not throw. */
  readonly onFault: (key: ObjectKey) => void;
  readonly env?: Environment;
  readonly now?: () => number;
  readonly random?: () => number;
}

interface Way {
  readonly settings: Settings;
  readonly client: PaletteClient;
  readonly bucket: TokenBucket;
  readonly close: () => void;
}

interface Slot {
  readonly uid: string | undefined;
  generation: number | undefined;
  way: Way | undefined;
  outcome: ConnectOutcome | undefined;
  /** What was good last, by the way that there is. */
  last: { readonly connection: ApiConnection; readonly spec: string } | undefined;
  /** Something spoke against the outcome. */
  doubted: boolean;
  failures: number;
  /** Not to be tried again before this, while nothing has changed. */
  retryAt: number;
  pending: Promise<ConnectOutcome> | undefined;
}

const TIMEOUT_MS = 30_000;
/** Requests may wait long for their turn; the time for their answer is limited where they are sent. */
const WITH_WAITING_MS = 15 * 60_000;
const RETRY = { baseMs: 1_000, maxMs: 30_000 };
/** A connection that goes on failing is not verified more often than this. */
const DOUBT_MS = 1_000;
const MAX_WAITING = 10_000;

export function createConnections(options: ConnectionsOptions): Connections {
  const { log, now = () => performance.now(), random = Math.random } = options;
  const slots = new Map<ObjectKey, Slot>();

  const slotOf = (key: ObjectKey, config: KubeObject): Slot => {
    const known = slots.get(key);
    if (known && known.uid === config.metadata.uid) return known;
    const made: Slot = {
      uid: config.metadata.uid,
      generation: undefined,
      way: undefined,
      outcome: undefined,
      last: undefined,
      doubted: false,
      failures: 0,
      retryAt: 0,
      pending: undefined,
    };
    slots.set(key, made);
    return made;
  };

  const connect = async (
    key: ObjectKey,
    slot: Slot,
    config: KubeObject,
    signal: AbortSignal,
  ): Promise<ConnectOutcome> => {
    let outcome: ConnectOutcome;
    try {
      outcome = await establish(options, key, slot, config, signal);
    } catch (error) {
      slot.doubted = true;
      throw error;
    }
    slot.generation = config.metadata.generation;
    slot.failures = outcome.kind === 'connected' ? 0 : slot.failures + 1;
    slot.retryAt = now() + (outcome.kind === 'connected' ? DOUBT_MS : backoffDelay(slot.failures - 1, RETRY, random));
    // A request that failed while it was verified says nothing that is not known now.
    slot.doubted = false;
    slot.outcome = outcome;
    if (outcome.kind === 'connected') slot.last = { connection: outcome.connection, spec: specOf(config) };
    if (outcome.kind === 'failed') {
      log.warn({ config: key, reason: outcome.reason, detail: outcome.message }, 'no connection to the API');
    }
    if (slots.get(key) === slot) options.onOutcome(key, outcome);
    return outcome;
  };

  return {
    connect: async (config, { signal }) => {
      const key = keyOf(config);
      const slot = slotOf(key, config);
      const isSame = slot.generation === config.metadata.generation;
      if (slot.pending) return orAborted(slot.pending, signal);
      if (slot.outcome && isSame && slot.outcome.kind === 'connected' && !slot.doubted) return slot.outcome;
      if (slot.outcome && isSame && now() < slot.retryAt) return slot.outcome;
      // Made for all that wait for it: it must not end because one of them does.
      slot.pending = connect(key, slot, config, AbortSignal.timeout(WITH_WAITING_MS)).finally(() => {
        slot.pending = undefined;
      });
      return orAborted(slot.pending, signal);
    },
    lastOf: (config) => {
      const slot = slots.get(keyOf(config));
      const isSame = slot?.uid === config.metadata.uid && slot?.last?.spec === specOf(config);
      return isSame ? slot?.last?.connection : undefined;
    },
    realmOf: (key) => slots.get(key)?.last?.connection.realm,
    secretVersionOf: (key) => slots.get(key)?.way?.settings.secretVersion,
    doubt: (key) => {
      const slot = slots.get(key);
      if (!slot) return;
      slot.doubted = true;
      slot.retryAt = 0;
    },
    inProject: (projectUid) =>
      [...slots]
        .filter(([, { outcome }]) => outcome?.kind === 'connected' && outcome.connection.projectUid === projectUid)
        .map(([key]) => key),
    forget: (key) => {
      slots.get(key)?.way?.close();
      slots.delete(key);
    },
    close: () => {
      for (const key of slots.keys()) slots.get(key)?.way?.close();
      slots.clear();
    },
    get waiting() {
      return [...slots.values()].reduce((sum, { way }) => sum + (way?.bucket.waiting ?? 0), 0);
    },
  };
}

/** Reads the settings, keeps the way there when they are as they were, and verifies it. */
async function establish(
  options: ConnectionsOptions,
  key: ObjectKey,
  slot: Slot,
  config: KubeObject,
  signal: AbortSignal,
): Promise<ConnectOutcome> {
  const read = await readSettings(options.kube, config, { signal });
  if (read.kind === 'failed') return read;
  const { settings } = read;
  const isSame = slot.way !== undefined && sameSettings(slot.way.settings, settings);
  const way = slot.way && isSame ? { ...slot.way, settings } : makeWay(options, key, slot, settings);
  if ('reason' in way) return way;
  if (slot.way?.client !== way.client) slot.last = undefined;
  slot.way = way;
  const { host, project } = settings;
  const verified = await verify(way.client, { host, project, signal });
  if (verified.kind === 'failed') return verified;
  const realm = `${verified.tenantUid}@${plainHost(host)}`;
  const before = slot.last?.connection;
  const connection: ApiConnection =
    before?.client === way.client && before.realm === realm && before.projectUid === verified.projectUid
      ? before
      : {
          client: way.client,
          projectUid: verified.projectUid,
          projectName: project ?? '',
          realm,
          watched: () => options.isWatched(realm),
        };
  return { kind: 'connected', connection };
}

function makeWay(options: ConnectionsOptions, key: ObjectKey, slot: Slot, settings: Settings): Way | ConnectFailure {
  const { host, apiKey, ca, insecure, rateLimit } = settings;
  const env = options.env ?? process.env;
  const bucket = createTokenBucket({
    perSecond: rateLimit.requestsPerSecond,
    burst: rateLimit.burst,
    maxWaiting: MAX_WAITING,
  });
  const onFault = (): void => {
    if (slot.doubted || slot.way?.bucket !== bucket || slot.pending !== undefined) return;
    slot.doubted = true;
    options.onFault(key);
  };
  try {
    const https = createHttpsFetch({ ca, insecure, proxy: proxyFromEnv(new URL(`https://${plainHost(host)}`), env) });
    const fetch = limitFetch({
      fetch: https.fetch,
      bucket,
      metrics: options.metrics,
      config: key,
      timeoutMs: TIMEOUT_MS,
      onFault,
    });
    const client = createClient({
      host,
      apiKey,
      // The queue of managed resources tries again in its own time.
      retryAttempts: 2,
      timeoutMs: WITH_WAITING_MS,
      deadlineMs: WITH_WAITING_MS,
      userAgent: 'palette-controller',
      fetch,
      log: options.log.child({ config: key }),
    });
    return { settings, client, bucket, close: https.close };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      kind: 'failed',
      reason: 'CredentialsInvalid',
      message: `the host or the certificates cannot be used: ${reason}`,
    };
  }
}

function sameSettings(a: Settings, b: Settings): boolean {
  return (
    a.host === b.host &&
    a.apiKey === b.apiKey &&
    a.ca === b.ca &&
    a.insecure === b.insecure &&
    a.rateLimit.requestsPerSecond === b.rateLimit.requestsPerSecond &&
    a.rateLimit.burst === b.rateLimit.burst
  );
}

function specOf(config: KubeObject): string {
  return JSON.stringify(config['spec']);
}

/** The host in one spelling. */
function plainHost(host: string): string {
  return host
    .trim()
    .toLowerCase()
    .replace(/^https:\/\//, '')
    .replace(/\/+$/, '')
    .replace(/:443$/, '');
}

async function orAborted<T>(pending: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([pending, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
