import { AsyncLocalStorage } from 'node:async_hooks';

import type { Logger } from '#core/log';
import { retry } from '#core/retry';
import { TenantUid } from '#protocol/identifiers';

import type { Database, RunTransaction, Transaction, TransactionOptions } from './database.ts';
import type { Driver, Session } from './driver.ts';
import { isTransient } from './errors.ts';

/** Names of the roles that migration 0001 makes; neither can log in. */
const TENANT_ROLE = 'palette_tenant';
const SYSTEM_ROLE = 'palette_system';

const RETRY = { attempts: 6, baseMs: 10, maxMs: 400 };

/** Set while a transaction runs: a second one inside it would wait for the first for ever on a single connection. */
const running = new AsyncLocalStorage<true>();

/**
 * The store over a driver.
 *
 * The login role owns the tables, and with PGlite it is a superuser, whom policies do not bind. So every transaction
 * takes one of two roles: `palette_tenant`, which sees rows of the tenant in `app.tenant_uid` alone, or
 * `palette_system`, whose policies show every tenant's rows. There is no third way to run a statement.
 */
export function createDatabase(driver: Driver, { log }: { readonly log: Logger }): Database {
  const runner =
    (role: string, tenantUid: string): RunTransaction =>
    async (work, options = {}) => {
      if (running.getStore())
        throw new Error('a transaction was started inside another one; pass the outer one on instead');
      const preamble = `${modeOf(options)}SET LOCAL ROLE ${role}; SELECT set_config('app.tenant_uid', '${tenantUid}', true);`;
      const attempt = async (): Promise<{ result: Awaited<ReturnType<typeof work>>; hooks: (() => void)[] }> => {
        const hooks: (() => void)[] = [];
        const result = await driver.transaction(preamble, async (session) => {
          const { tx, end } = transactionOver(session, hooks, options.signal);
          try {
            return await running.run(true, async () => work(tx));
          } finally {
            end();
          }
        });
        return { result, hooks };
      };
      const { result, hooks } = await retry(attempt, {
        ...RETRY,
        signal: options.signal,
        retryable: isTransient,
        onRetry: ({ attempt, error }) => log.debug({ attempt, err: error }, 'transaction runs again'),
      });
      for (const hook of hooks) {
        try {
          hook();
        } catch (error) {
          log.error({ err: error }, 'what was to follow a commit failed');
        }
      }
      return result;
    };

  const system = { transaction: runner(SYSTEM_ROLE, '') };
  return {
    kind: driver.kind,
    // Parsed again although typed: the value becomes part of a statement.
    forTenant: (tenantUid) => ({ tenantUid, transaction: runner(TENANT_ROLE, TenantUid.parse(tenantUid)) }),
    asSystem: () => system,
    ping: async ({ signal }) => {
      await system.transaction(async (tx) => tx.query('SELECT 1'), { signal, readOnly: true });
    },
    close: async () => driver.close(),
  };
}

function modeOf({ isolation, readOnly }: TransactionOptions): string {
  const modes = [...(isolation ? [`ISOLATION LEVEL ${isolation}`] : []), ...(readOnly ? ['READ ONLY'] : [])];
  return modes.length === 0 ? '' : `SET TRANSACTION ${modes.join(', ')}; `;
}

function transactionOver(
  session: Session,
  hooks: (() => void)[],
  signal: AbortSignal | undefined,
): { tx: Transaction; end: () => void } {
  let over = false;
  const run: Session['run'] = async (sql, params) => {
    if (over) throw new Error('the transaction is over: a statement was not awaited inside it');
    signal?.throwIfAborted();
    return session.run(sql, params);
  };
  const tx: Transaction = {
    query: async <Row extends object>(sql: string, params: Parameters<Transaction['query']>[1] = []) => {
      const { rows } = await run(sql, params);
      // The statement decides what a row holds; its author declares it in `Row`.
      return [...rows] as Row[];
    },
    execute: async (sql, params = []) => (await run(sql, params)).changed,
    afterCommit: (work) => void hooks.push(work),
  };
  return { tx, end: () => void (over = true) };
}
