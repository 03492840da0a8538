import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { PGlite, types } from '@electric-sql/pglite';

import { claimFolder } from './claim-folder.ts';
import type { SqlValue } from './database.ts';
import type { Driver, Session } from './driver.ts';
import { parseInteger } from './parse-integer.ts';

/** Part of what PGlite gives a transaction; see `Session`. */
interface Statements {
  query(sql: string, params: unknown[]): Promise<{ rows: unknown[]; affectedRows?: number }>;
  exec(sql: string): Promise<unknown>;
}

/**
 * PostgreSQL inside this process: on disk in `dir`, or in memory without it. One connection, so transactions run one
 * after another, and no statement can be cut off by time: a long one delays all. The folder is claimed for this process:
 * two engines over one folder would destroy it.
 *
 * @throws Error when another process holds the folder.
 */
export async function openPglite({ dir }: { readonly dir?: string }): Promise<Driver> {
  if (dir !== undefined) await mkdir(dir, { recursive: true, mode: 0o700 });
  const claim = dir === undefined ? undefined : await claimFolder(dir);
  try {
    const engine = await PGlite.create({
      ...(dir === undefined ? {} : { dataDir: dir }),
      ...((await isNew(dir)) ? { loadDataDir: await emptyDatabase() } : {}),
      parsers: { [types.INT8]: parseInteger },
    });
    engine.parsers = Object.fromEntries(Object.entries(engine.parsers).filter(([oid]) => Number(oid) < FIRST_OWN_TYPE));
    return {
      kind: 'pglite',
      transaction: async (preamble, work) =>
        engine.transaction(async (tx) => {
          if (preamble !== '') await tx.exec(preamble);
          return work(sessionOver(tx));
        }),
      close: async () => {
        await engine.close();
        await claim?.release();
      },
    };
  } catch (error) {
    await claim?.release();
    throw new Error(
      `the embedded database ${dir ?? 'in memory'} cannot be opened; if its files are damaged, restore a copy of the folder`,
      { cause: error },
    );
  }
}

/**
 * The first object identifier that is not PostgreSQL's own. PGlite has parsers for the row type of every table, which
 * nobody reads here, and copies all its parsers at every query: without them a query takes less than half as long.
 *
 * @see https://www.postgresql.org/docs/current/system-catalog-initial-data.html#SYSTEM-CATALOG-OID-ASSIGNMENT
 */
const FIRST_OWN_TYPE = 10_000;

async function isNew(dir: string | undefined): Promise<boolean> {
  if (dir === undefined) return true;
  return access(join(dir, 'PG_VERSION')).then(
    () => false,
    () => true,
  );
}

async function emptyDatabase(): Promise<Blob> {
  const { dataDir } = await import('@electric-sql/pglite-prepopulatedfs');
  return dataDir();
}

function sessionOver(statements: Statements): Session {
  return {
    run: async (sql, params) => {
      const { rows, affectedRows } = await statements.query(sql, params.map(toParameter));
      // PGlite gives rows as objects unless asked for arrays.
      return { rows: rows as object[], changed: affectedRows ?? 0 };
    },
    script: async (sql) => void (await statements.exec(sql)),
  };
}

/** PGlite tells an absent parameter from null; PostgreSQL has only null. */
function toParameter(value: SqlValue): unknown {
  return value ?? null;
}
