import type { Logger } from '#core/log';
import { sha256 } from '#core/digest';

import type { Driver, Session } from './driver.ts';
import type { Migration } from './migrations/migration.ts';

/** Key of the advisory lock under which planes that start together migrate one after another. */
const LOCK = 7_263_541;

const TABLE = `
CREATE TABLE IF NOT EXISTS schema_migrations (
  number     integer PRIMARY KEY,
  name       text NOT NULL,
  checksum   text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)`;

/**
 * Brings the schema to the newest step. Each step and its record are one transaction, so an interruption leaves whole
 * steps only.
 *
 * @throws Error when a step that was applied has changed since, or when the database is newer than this program.
 */
export async function migrate(
  driver: Driver,
  migrations: readonly Migration[],
  { log }: { readonly log: Logger },
): Promise<void> {
  const current = await driver.transaction('', async (session) => {
    await lock(session);
    await session.script(TABLE);
    return check(await applied(session), migrations);
  });
  for (const migration of migrations.slice(current)) {
    const ran = await driver.transaction('', async (session) => {
      await lock(session);
      // Another plane may have come first since.
      if ((await applied(session)).length >= migration.number) return false;
      await session.script(migration.sql);
      await session.run('INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)', [
        migration.number,
        migration.name,
        sha256(migration.sql),
      ]);
      return true;
    });
    if (ran) log.info({ number: migration.number, name: migration.name }, 'database schema migrated');
  }
}

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

async function lock(session: Session): Promise<void> {
  await session.run('SELECT pg_advisory_xact_lock($1)', [LOCK]);
}

async function applied(session: Session): Promise<readonly Applied[]> {
  const { rows } = await session.run('SELECT number, name, checksum FROM schema_migrations ORDER BY number', []);
  // The columns are those of the table above.
  return rows as readonly Applied[];
}

/** @returns how many steps are applied. */
function check(done: readonly Applied[], migrations: readonly Migration[]): number {
  for (const { number, name, checksum } of done) {
    const known = migrations[number - 1];
    if (!known) {
      throw new Error(
        `the database is at migration ${number} (${name}), newer than this program, which knows ${migrations.length}; start the newer program`,
      );
    }
    if (checksum !== sha256(known.sql)) {
      throw new Error(
        `migration ${number} (${name}) was applied with another content; restore the program that applied it, or the database`,
      );
    }
  }
  return done.length;
}
