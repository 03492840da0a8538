/**
 * Looks into registries in the background. A run belongs to whichever replica holds its lease; one that ends early,
 * because its process did or the registry failed, is gone on with from where it was.
 */
import type { Logger } from '#core/log';
import { backoffDelay } from '#core/retry';
import type { Secrets } from '#plane/domain/secrets/secrets';
import type { OpenSource } from '#plane/registry/open-source';
import { RegistryError } from '#plane/registry/registry-error';
import type { FoundVersion, Source } from '#plane/registry/source';
import { SyncCursor, type RegistryAccess } from '#plane/registry/registry-spec';
import type { Database, TenantDatabase } from '#plane/store/database';
import { TenantUid } from '#protocol/identifiers';

import type { Wake } from '../events/wake.ts';
import { fetchPack, type FetchDependencies } from '../packs/fetch-packs.ts';
import { PlaneError } from '#plane/api/error';
import { clearBlobs } from './clear-blobs.ts';
import { findRegistry, registryAccess, type Registry } from './registry-store.ts';
import { dropUnseen, storeBatch } from './sync-store.ts';

export interface SyncOptions {
  readonly database: Database;
  readonly secrets: Secrets;
  readonly open: OpenSource;
  readonly quotaBytes: number;
  readonly wake: Wake;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/** How long a replica that says nothing is taken to be alive, in milliseconds. */
const LEASE_MS = 60_000;
const LOOK_MS = 5_000;
/** Between two runs that go well. */
const INTERVAL_MS = 3_600_000;
const AFTER_FAILURE = { baseMs: 60_000, maxMs: INTERVAL_MS };
/** For one run. */
const RUN_MS = 1_800_000;
const BATCH = 200;
const MAX_VERSIONS = 100_000;
const CLEAR_MS = 3_600_000;
/** How many runs a process has at once. */
const AT_ONCE = 8;
/** How many of them one tenant has: slow registries of one keep no other waiting. */
const AT_ONCE_OF_TENANT = 2;
/** How many of what was left out are named. */
const NAMED = 3;

/** Runs until the signal is aborted. Replicas may all run it: each registry is looked into by one. */
export async function runSyncs(options: SyncOptions): Promise<void> {
  const { wake, log, signal } = options;
  const running = new Set<Promise<void>>();
  let cleared = options.now().getTime();
  while (!signal.aborted) {
    const seen = wake.count();
    try {
      while (running.size < AT_ONCE) {
        const claimed = await claimDue(options);
        if (claimed === undefined) break;
        const run = syncOne(options, claimed).finally(() => {
          running.delete(run);
          wake.wake();
        });
        running.add(run);
      }
      if (options.now().getTime() - cleared > CLEAR_MS) {
        cleared = options.now().getTime();
        await options.database.asSystem().transaction(async (tx) => clearBlobs(tx, options.now()));
      }
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, 'registries that are due were not looked for, trying again');
    }
    if (wake.count() === seen) await wake.wait(LOOK_MS, signal);
  }
  await Promise.allSettled(running);
}

interface Claim {
  readonly uid: string;
  readonly tenantUid: string;
  readonly run: number;
  readonly cursor: SyncCursor;
  /** How the run before ended; undefined when this one goes on with it. */
  readonly before: SyncCursor | undefined;
}

/** Takes the registry that is due for longest, if there is one that nobody looks into and its tenant may have a run more. */
async function claimDue({ database, now }: SyncOptions): Promise<Claim | undefined> {
  return database.asSystem().transaction(async (tx) => {
    const [row] = await tx.query<{
      uid: string;
      tenant_uid: string;
      sync_run: number;
      sync_cursor: unknown;
    }>(
      `SELECT uid, tenant_uid, sync_run, sync_cursor FROM registries r
       WHERE spec IS NOT NULL AND (sync_lease_until IS NULL OR sync_lease_until < $1)
         AND (sync_status = 'InProgress' OR sync_due_at <= $1)
         AND (SELECT count(*) FROM registries o WHERE o.tenant_uid = r.tenant_uid AND o.sync_lease_until >= $1) < $2
       ORDER BY sync_due_at NULLS FIRST LIMIT 1 FOR UPDATE SKIP LOCKED`,
      [now(), AT_ONCE_OF_TENANT],
    );
    if (!row) return undefined;
    const kept = row.sync_cursor === null ? undefined : SyncCursor.parse(row.sync_cursor);
    // A run that did not come to its end goes on; one that did is followed by a new one.
    const resumed = kept?.finished === false;
    const run = resumed ? row.sync_run : row.sync_run + 1;
    // Where names come in no order it is listed from the beginning, and counted from there.
    const cursor: SyncCursor = resumed && kept.after !== undefined ? kept : { done: 0, skipped: 0, finished: false };
    await tx.execute(
      `UPDATE registries SET sync_status = 'InProgress', sync_run = $2, sync_cursor = $3::jsonb, sync_message = $4,
         sync_lease_until = $5, sync_started_at = CASE WHEN $6 THEN sync_started_at ELSE $7 END
       WHERE uid = $1`,
      [row.uid, run, JSON.stringify(cursor), progress(cursor), new Date(now().getTime() + LEASE_MS), resumed, now()],
    );
    return { uid: row.uid, tenantUid: row.tenant_uid, run, cursor, before: resumed ? undefined : kept };
  });
}

/** Another run was begun, or the registry is gone. */
class Superseded extends Error {
  override readonly name = 'Superseded';
}

async function syncOne(options: SyncOptions, claim: Claim): Promise<void> {
  const log = options.log.child({ registryUid: claim.uid, tenantUid: claim.tenantUid });
  const db = options.database.forTenant(TenantUid.parse(claim.tenantUid));
  const started = performance.now();
  const ended = new AbortController();
  const late = setTimeout(
    () => ended.abort(new RegistryError('RegistryTooSlow', `the run took more than ${RUN_MS / 60_000} minutes`)),
    RUN_MS,
  );
  const signal = AbortSignal.any([options.signal, ended.signal]);
  const keeper = keepLease(options, db, claim, ended);
  try {
    const found = await db.transaction(
      async (tx) => {
        const registry = await findRegistry(tx, claim.uid);
        return registry?.spec && { registry, access: await registryAccess(tx, options.secrets, registry) };
      },
      { readOnly: true },
    );
    if (found === undefined) return;
    const outcome = await runThrough({ ...options, signal }, db, claim, found.registry, found.access);
    await finish(options, db, claim, outcome);
    log.info({ ...outcome.cursor, ms: Math.round(performance.now() - started) }, 'the registry was looked into');
  } catch (error) {
    // The process ends: another one, or the next, goes on.
    if (options.signal.aborted || error instanceof Superseded) return;
    const reason: unknown = ended.signal.aborted ? ended.signal.reason : error;
    if (reason instanceof Superseded) return;
    log.warn({ err: reason }, 'the registry could not be looked into');
    await fail(options, db, claim, reason).catch((failure: unknown) =>
      log.warn({ err: failure }, 'the failure of a registry was not noted'),
    );
  } finally {
    clearTimeout(late);
    clearInterval(keeper);
  }
}

/** A registry may be silent for longer than a lease lasts. */
function keepLease(options: SyncOptions, db: TenantDatabase, claim: Claim, ended: AbortController): NodeJS.Timeout {
  return setInterval(() => {
    db.transaction(async (tx) =>
      tx.execute(
        "UPDATE registries SET sync_lease_until = $3 WHERE uid = $1 AND sync_run = $2 AND sync_status = 'InProgress'",
        [claim.uid, claim.run, new Date(options.now().getTime() + LEASE_MS)],
      ),
    ).then(
      (kept) => (kept === 0 ? ended.abort(new Superseded('another run was begun')) : undefined),
      // The next time may go better; without it the lease ends, and another replica takes over.
      () => undefined,
    );
  }, LEASE_MS / 3);
}

interface Outcome {
  readonly cursor: SyncCursor;
  readonly left: readonly string[];
  readonly unchanged: boolean;
}

async function runThrough(
  options: SyncOptions,
  db: TenantDatabase,
  claim: Claim,
  registry: Registry,
  access: RegistryAccess,
): Promise<Outcome> {
  const { signal } = options;
  const source: Source = options.open(access);
  const fetching: FetchDependencies = {
    db,
    secrets: options.secrets,
    open: options.open,
    quotaBytes: options.quotaBytes,
    signal,
  };
  let cursor = claim.cursor;
  let batch: FoundVersion[] = [];
  const left: string[] = [];
  const leaveOut = (what: string, reason: string): void => {
    cursor = { ...cursor, skipped: cursor.skipped + 1 };
    if (left.length < NAMED) left.push(`${what}: ${reason}`.slice(0, 300));
  };
  const flush = async (after: string | undefined): Promise<void> => {
    cursor = { ...cursor, done: cursor.done + batch.length, ...(after === undefined ? {} : { after }) };
    if (cursor.done > MAX_VERSIONS)
      throw new RegistryError('RegistryLimit', `the registry has more than ${MAX_VERSIONS} versions`);
    const versions = batch;
    batch = [];
    const unfetched = await db.transaction(
      async (tx) => {
        const kept = await tx.execute(
          `UPDATE registries SET sync_cursor = $3::jsonb, sync_message = $4, sync_lease_until = $5
           WHERE uid = $1 AND sync_run = $2 AND sync_status = 'InProgress'`,
          [
            claim.uid,
            claim.run,
            JSON.stringify(cursor),
            progress(cursor),
            new Date(options.now().getTime() + LEASE_MS),
          ],
        );
        if (kept === 0) throw new Superseded('another run was begun');
        return storeBatch(tx, registry, claim.run, versions);
      },
      { signal },
    );
    for (const { uid, name, version } of unfetched) {
      try {
        await fetchPack(fetching, { kind: 'listed', uid });
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof PlaneError)) throw error;
        leaveOut(`${name} ${version}`, error.message);
        await db.transaction(async (tx) => tx.execute('DELETE FROM packs WHERE uid = $1 AND digest IS NULL', [uid]));
      }
    }
  };

  try {
    for await (const step of source.list({ after: cursor.after, etag: claim.before?.etag, signal })) {
      switch (step.kind) {
        case 'found':
          batch.push(step.version);
          if (batch.length >= BATCH) await flush(undefined);
          break;
        case 'skipped':
          leaveOut(step.what, step.reason);
          break;
        case 'done':
          if (batch.length > 0) await flush(step.after);
          else cursor = { ...cursor, after: step.after };
          break;
        case 'state':
          cursor = { ...cursor, etag: step.etag };
          break;
        case 'unchanged':
          return { cursor: claim.before ?? cursor, left, unchanged: true };
      }
    }
    await flush(undefined);
    return { cursor, left, unchanged: false };
  } finally {
    source.close();
  }
}

async function finish(
  { now }: SyncOptions,
  db: TenantDatabase,
  claim: Claim,
  { cursor, left, unchanged }: Outcome,
): Promise<void> {
  await db.transaction(async (tx) => {
    const more = cursor.skipped > left.length ? `; and ${cursor.skipped - left.length} more` : '';
    const found = cursor.skipped === 0 ? '' : `${cursor.skipped} left out: ${left.join('; ')}${more}`;
    const message = unchanged ? (cursor.message ?? '') : found;
    const { done, skipped, etag } = cursor;
    const finished = await tx.execute(
      `UPDATE registries SET sync_status = 'Success', sync_message = $3, sync_cursor = $4::jsonb,
         sync_lease_until = NULL, sync_failures = 0, synced_at = $5, sync_due_at = $6
       WHERE uid = $1 AND sync_run = $2 AND sync_status = 'InProgress'`,
      [
        claim.uid,
        claim.run,
        message,
        JSON.stringify({ done, skipped, etag, message, finished: true }),
        now(),
        new Date(now().getTime() + backoffDelay(0, { baseMs: INTERVAL_MS, maxMs: INTERVAL_MS })),
      ],
    );
    if (finished === 1 && !unchanged) await dropUnseen(tx, claim.uid, claim.run);
  });
}

async function fail({ now }: SyncOptions, db: TenantDatabase, claim: Claim, error: unknown): Promise<void> {
  const message =
    error instanceof RegistryError || error instanceof PlaneError
      ? error.message
      : "the plane failed to look into the registry; its log has the reason under the registry's identifier";
  await db.transaction(async (tx) => {
    const [row] = await tx.query<{ sync_failures: number }>('SELECT sync_failures FROM registries WHERE uid = $1', [
      claim.uid,
    ]);
    const wait = backoffDelay(row?.sync_failures ?? 0, AFTER_FAILURE);
    await tx.execute(
      `UPDATE registries SET sync_status = 'Failed', sync_message = $3, sync_failures = sync_failures + 1,
         sync_lease_until = NULL, sync_due_at = $4
       WHERE uid = $1 AND sync_run = $2 AND sync_status = 'InProgress'`,
      [claim.uid, claim.run, message.slice(0, 1000), new Date(now().getTime() + wait)],
    );
  });
}

function progress({ done, skipped }: SyncCursor): string {
  return `${done} versions found so far${skipped === 0 ? '' : `, ${skipped} left out`}`;
}
