/**
 * The plane's own connections to the bus: one in the system account that keeps the servers told
 * of the tenants' accounts, and one in each tenant's account.
 */
import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';
import { createWake } from '#plane/domain/events/wake';
import type { Secrets } from '#plane/domain/secrets/secrets';
import type { Database } from '#plane/store/database';
import type { Bus } from '#protocol/bus';
import { TenantUid } from '#protocol/identifiers';
import { connectBus } from '#protocol/nats';

import { ensureAccount, readRevocations, revocationMarks } from './account-store.ts';
import { accountJwt, planeUser, systemUser, type AccountKeys } from './accounts.ts';
import { pushAccount } from './claims.ts';
import type { Operator } from './operator.ts';

export interface TenantBusesOptions {
  readonly database: Database;
  readonly secrets: Secrets;
  readonly operator: Operator;
  readonly servers: readonly string[];
  /** PEM bundle for the servers' certificates. */
  readonly ca: string | undefined;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Called once for each tenant when its connection is there for the first time. */
  readonly onTenant: (tenantUid: TenantUid, bus: Bus) => void;
  /** Called whenever a tenant's connection is back. */
  readonly onConnected: (tenantUid: TenantUid) => void;
}

export interface TenantBuses {
  /** The tenant's connection; absent when it is not there now. */
  connected(tenantUid: string): Bus | undefined;
  /** The tenant's account, made and told to the servers when it is new. */
  account(tenantUid: TenantUid): Promise<AccountKeys>;
  /** Tells the servers again soon, after revocations changed. */
  refresh(tenantUid: TenantUid): void;
  stop(): Promise<void>;
}

const PUSH_TIMEOUT_MS = 3_000;
/** How long the loop sleeps when nothing wakes it. */
const IDLE_MS = 1_000;
/** How soon is seen which users another replica revoked, which may have died before it told the servers. */
const LOOK_MS = 2_000;

/** Connects in the background and stays connected; returns at once. */
export function startTenantBuses(options: TenantBusesOptions): TenantBuses {
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  const accounts = new Map<TenantUid, AccountKeys>();
  const buses = new Map<string, Bus>();
  const connecting = new Map<string, Promise<void>>();
  const dirty = new Set<TenantUid>();
  let marks: ReadonlyMap<string, string> = new Map();
  let system: Bus | undefined;
  const bell = createWake();

  /** Work whose failure nobody waits for. */
  const background = async (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => {
      if (!signal.aborted) options.log.error({ err: error }, 'work on the bus ended early');
    });

  const markDirty = (tenants: Iterable<TenantUid>): void => {
    for (const tenantUid of tenants) dirty.add(tenantUid);
    bell.wake();
  };

  const account = async (tenantUid: TenantUid): Promise<AccountKeys> => {
    const known = accounts.get(tenantUid);
    if (known) return known;
    const keys = await options.database
      .asSystem()
      .transaction(async (tx) => ensureAccount(tx, options.secrets, tenantUid));
    accounts.set(tenantUid, keys);
    markDirty([tenantUid]);
    return keys;
  };

  const push = async (bus: Bus, tenantUid: TenantUid): Promise<void> => {
    const keys = await account(tenantUid);
    const revocations = await options.database
      .asSystem()
      .transaction(async (tx) => readRevocations(tx, tenantUid), { readOnly: true });
    await pushAccount(bus, await accountJwt(options.operator, tenantUid, keys, revocations), {
      timeoutMs: PUSH_TIMEOUT_MS,
      signal,
    });
    if (!connecting.has(tenantUid)) connecting.set(tenantUid, background(connectTenant(tenantUid, keys)));
  };

  const connectTenant = async (tenantUid: TenantUid, keys: AccountKeys): Promise<void> => {
    const bus = await connectBus({
      servers: options.servers,
      ...(await planeUser(keys)),
      ca: options.ca,
      inboxPrefix: '_INBOX_plane',
      name: 'palette plane',
      log: options.log.child({ tenantUid }),
      signal,
      onStatus: (status) => {
        if (status.kind === 'connected' && buses.has(tenantUid)) options.onConnected(tenantUid);
      },
    });
    buses.set(tenantUid, bus);
    options.onTenant(tenantUid, bus);
    options.onConnected(tenantUid);
  };

  const connectSystem = async (): Promise<void> => {
    system = await connectBus({
      servers: options.servers,
      ...(await systemUser(options.operator)),
      ca: options.ca,
      inboxPrefix: '_INBOX_plane',
      name: 'palette plane, system',
      log: options.log,
      signal,
      // A server that comes back may have lost what it was told.
      onStatus: (status) => status.kind === 'connected' && markDirty(accounts.keys()),
    });
    bell.wake();
  };

  const loadTenants = async (): Promise<void> => {
    const rows = await options.database
      .asSystem()
      .transaction(async (tx) => tx.query<{ uid: string }>('select uid from tenants'), { readOnly: true });
    for (const { uid } of rows) await account(TenantUid.parse(uid));
  };

  /** What the servers were told last may be older than what another replica has revoked since. */
  const look = async (): Promise<void> => {
    const now = await options.database.asSystem().transaction(revocationMarks, { readOnly: true });
    markDirty([...accounts.keys()].filter((tenantUid) => marks.get(tenantUid) !== now.get(tenantUid)));
    marks = now;
  };

  const keepTold = async (): Promise<void> => {
    let loaded = false;
    let lookedAt = performance.now();
    for (let failures = 0; !signal.aborted;) {
      let next: TenantUid | undefined;
      try {
        if (!loaded) await loadTenants();
        loaded = true;
        if (performance.now() - lookedAt >= LOOK_MS) {
          lookedAt = performance.now();
          await look();
        }
        const bus = system?.connected() ? system : undefined;
        [next] = dirty;
        if (!bus || next === undefined) await bell.wait(IDLE_MS, signal);
        else {
          dirty.delete(next);
          await push(bus, next);
        }
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (next !== undefined) dirty.add(next);
        options.log.warn({ err: error, tenantUid: next }, 'the bus was not told of an account, trying again');
        await delay(backoffDelay(failures++, { baseMs: 100, maxMs: 2_000 }), { signal }).catch(() => undefined);
      }
    }
  };

  const running = [background(connectSystem()), background(keepTold())];

  return {
    connected: (tenantUid) => {
      const bus = buses.get(tenantUid);
      return bus?.connected() ? bus : undefined;
    },
    account,
    refresh: (tenantUid) => markDirty([tenantUid]),
    stop: async () => {
      stopping.abort();
      await Promise.allSettled([
        ...running,
        ...connecting.values(),
        system?.drain(),
        ...[...buses.values()].map((bus) => bus.drain()),
      ]);
    },
  };
}
