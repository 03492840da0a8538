/**
 * Agents that have no bus wait here: a question is held until there is news for its cluster. However many wait, one look
 * at the database serves all of them.
 */
import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';
import type { components } from '#openapi/generated/types';
import type { SystemDatabase, Transaction } from '#plane/store/database';

import type { Wake } from '../events/wake.ts';

export interface Waiting {
  readonly clusterUid: string;
  /** Digest of the document that the agent knows of. */
  readonly digest: string | undefined;
  /** Cursor of the last command that the agent knows of. */
  readonly after: number;
  /** Types of commands that the agent knows, those of actions as `action/backup`. */
  readonly types: readonly string[];
}

export type News =
  | { readonly kind: 'news'; readonly changes: components['schemas']['AgentChanges'] }
  /** Nothing happened in the time given. */
  | { readonly kind: 'quiet' }
  /** The access ended: deleted with its cluster, or another agent took its place. */
  | { readonly kind: 'revoked' };

export interface ChangesRoom {
  /** Waits for news, `timeoutMs` milliseconds at most. Ends quietly when the signal is aborted. */
  wait(who: Waiting, options: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<News>;
  /** How many wait. */
  waiting(): number;
  /** Lets everybody go, and holds nobody any more: the plane stops. */
  release(): void;
}

/** How soon is seen what another replica changed, or a revocation, when nothing wakes this one. */
const POLL_MS = 1_000;
const TOGETHER_MS = 20;
/** How many are asked for at once. */
const BATCH = 1_000;
const AWAY = { baseMs: 200, maxMs: 5_000 };

interface Waiter {
  readonly who: Waiting;
  /** Tells the agent from one that takes its place. */
  readonly registeredAt: number;
  readonly tell: (news: News) => void;
}

export function createChangesRoom(options: {
  readonly database: SystemDatabase;
  /** Rings when there may be something new. */
  readonly wake: Wake;
  readonly now: () => Date;
  readonly log: Logger;
  readonly signal: AbortSignal;
}): ChangesRoom {
  const { database, wake, log } = options;
  const released = new AbortController();
  const signal = AbortSignal.any([options.signal, released.signal]);
  const waiters = new Set<Waiter>();
  let watching = false;

  const look = async (all: readonly Waiting[]): Promise<readonly Look[]> =>
    database.transaction(async (tx) => readNews(tx, all, options.now()), { readOnly: true, signal });

  const lookForAll = async (): Promise<void> => {
    const all = [...waiters];
    for (let start = 0; start < all.length; start += BATCH) {
      const some = all.slice(start, start + BATCH);
      const found = await look(some.map(({ who }) => who));
      some.forEach((waiter, index) => {
        const seen = found[index];
        if (!seen) return;
        if (seen.registeredAt !== waiter.registeredAt) waiter.tell({ kind: 'revoked' });
        else if (seen.news.kind !== 'quiet') waiter.tell(seen.news);
      });
    }
  };

  /** Runs while somebody waits. */
  const watch = async (): Promise<void> => {
    for (let failures = 0; waiters.size > 0 && !signal.aborted;) {
      const seen = wake.count();
      try {
        await lookForAll();
        failures = 0;
      } catch (error) {
        if (signal.aborted) break;
        log.warn({ err: error }, 'news for agents that wait cannot be read now, trying again');
        await delay(backoffDelay(failures++, AWAY), { signal }).catch(() => undefined);
      }
      if (waiters.size > 0 && wake.count() === seen) await wake.wait(POLL_MS, signal);
      // What comes in a row is looked at once.
      await delay(TOGETHER_MS, { signal }).catch(() => undefined);
    }
    watching = false;
    for (const { tell } of waiters) tell({ kind: 'quiet' });
  };

  return {
    wait: async (who, { timeoutMs, signal: gone }) => {
      // Who has missed something is told at once.
      const [seen] = await look([who]);
      const { news: missed, registeredAt } = seen ?? UNKNOWN;
      if (missed.kind !== 'quiet' || registeredAt === undefined || gone.aborted || signal.aborted) return missed;
      return new Promise<News>((resolve) => {
        const tell = (news: News): void => {
          clearTimeout(timer);
          gone.removeEventListener('abort', leave);
          waiters.delete(waiter);
          resolve(news);
        };
        const leave = (): void => tell({ kind: 'quiet' });
        const waiter: Waiter = { who, registeredAt, tell };
        const timer = setTimeout(leave, timeoutMs);
        gone.addEventListener('abort', leave, { once: true });
        waiters.add(waiter);
        if (watching) return;
        watching = true;
        void watch();
      });
    },
    waiting: () => waiters.size,
    release: () => released.abort(),
  };
}

interface Look {
  readonly news: News;
  /** Milliseconds since 1970; absent when there is no such agent. */
  readonly registeredAt: number | undefined;
}

const UNKNOWN: Look = { news: { kind: 'revoked' }, registeredAt: undefined };

interface NewsRow {
  cluster_uid: string;
  registered_at: Date;
  digest: string | null;
}

interface CommandRow {
  cluster_uid: string;
  cursor: number;
  type: string;
}

async function readNews(tx: Transaction, all: readonly Waiting[], now: Date): Promise<readonly Look[]> {
  const uids = [...new Set(all.map(({ clusterUid }) => clusterUid))];
  const rows = await tx.query<NewsRow>(
    `SELECT a.cluster_uid, a.registered_at, d.digest
     FROM agents a LEFT JOIN desired_states d ON d.cluster_uid = a.cluster_uid WHERE a.cluster_uid = ANY ($1::text[])`,
    [uids],
  );
  const commands = await tx.query<CommandRow>(
    `SELECT cluster_uid, cursor::int AS cursor, CASE WHEN type = 'action' THEN 'action/' || (action->>'type') ELSE type END AS type
     FROM cluster_commands WHERE cluster_uid = ANY ($1::text[]) AND outcome IS NULL AND expires_at > $2 ORDER BY cursor`,
    [uids, now],
  );
  const agents = new Map(rows.map((row) => [row.cluster_uid, row]));
  return all.map((who): Look => {
    const agent = agents.get(who.clusterUid);
    if (!agent) return UNKNOWN;
    const registeredAt = agent.registered_at.getTime();
    const cursor = commands
      .filter(({ cluster_uid, type }) => cluster_uid === who.clusterUid && who.types.includes(type))
      .reduce((most, command) => Math.max(most, command.cursor), 0);
    const desiredState = agent.digest !== null && agent.digest !== who.digest ? agent.digest : undefined;
    if (desiredState === undefined && cursor <= who.after) return { news: { kind: 'quiet' }, registeredAt };
    const changes = {
      ...(desiredState === undefined ? {} : { desiredState }),
      ...(cursor > who.after ? { commands: cursor } : {}),
    };
    return { news: { kind: 'news', changes }, registeredAt };
  });
}
