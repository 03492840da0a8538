import pg from 'pg';

import type { Logger } from '#core/log';
import { retry } from '#core/retry';

import type { Driver, Session } from './driver.ts';
import { isUnavailable } from './errors.ts';
import { parseInteger } from './parse-integer.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`; it may name TLS settings as libpq does. */
  readonly url: string;
  readonly log: Logger;
  /** Connections at most. Default 10. */
  readonly connections?: number;
  /** Longest run of one statement, in milliseconds. Default 15 s. */
  readonly statementTimeoutMs?: number;
  /** Longest wait for a lock, in milliseconds. Default 5 s. */
  readonly lockTimeoutMs?: number;
}

const CONNECT = { attempts: 5, baseMs: 100, maxMs: 2_000 };

/** A pool over a PostgreSQL server (15 or newer). Opens no connection until the first transaction. */
export function openPostgres({
  url,
  log,
  connections = 10,
  statementTimeoutMs = 15_000,
  lockTimeoutMs = 5_000,
}: PostgresOptions): Driver {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    application_name: 'palette-plane',
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: 60_000,
    options: '-c TimeZone=UTC',
    types: { getTypeParser },
  });
  // Without a listener an idle connection that breaks would end the process; the pool replaces it anyway.
  pool.on('error', (error) => log.warn({ err: error }, 'a connection to the database broke'));

  return {
    kind: 'postgres',
    transaction: async (preamble, work) => {
      const client = await begin(pool, preamble);
      let broken: Error | undefined;
      try {
        const result = await work(sessionOver(client));
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch((failure: unknown) => {
          broken = failure instanceof Error ? failure : new Error('rollback failed', { cause: failure });
        });
        throw error;
      } finally {
        // A connection that cannot roll back is not given to anybody else.
        client.release(broken);
      }
    },
    close: async () => pool.end(),
  };
}

/** A connection with a transaction begun on it: nothing has happened yet, so this part may be tried again. */
async function begin(pool: pg.Pool, preamble: string): Promise<pg.PoolClient> {
  const attempt = async (): Promise<pg.PoolClient> => {
    const client = await pool.connect();
    try {
      await client.query(`BEGIN; ${preamble}`);
      return client;
    } catch (error) {
      client.release(true);
      throw error;
    }
  };
  return retry(attempt, { ...CONNECT, retryable: isUnavailable });
}

function sessionOver(client: pg.PoolClient): Session {
  return {
    run: async (sql, params) => {
      const { rows, rowCount } = await client.query<object>(sql, [...params]);
      return { rows, changed: rowCount ?? 0 };
    },
    script: async (sql) => void (await client.query(sql)),
  };
}

const getTypeParser: pg.CustomTypesConfig['getTypeParser'] = (oid: number, format?: 'text' | 'binary') => {
  if (oid === pg.types.builtins.INT8) return parseInteger;
  return format === undefined ? pg.types.getTypeParser(oid) : pg.types.getTypeParser(oid, format);
};
