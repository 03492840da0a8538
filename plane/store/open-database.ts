import { assertNever } from '#core/assert-never';
import type { Logger } from '#core/log';

import { createDatabase } from './create-database.ts';
import type { Database } from './database.ts';
import type { Driver } from './driver.ts';
import { isBusy, isUnavailable } from './errors.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { openPglite } from './pglite.ts';
import { openPostgres } from './postgres.ts';

/** Where the database is: embedded in a folder or in memory, or a PostgreSQL server. */
export type DatabaseLocation =
  | { readonly kind: 'pglite'; readonly dir: string }
  | { readonly kind: 'memory' }
  | { readonly kind: 'postgres'; readonly url: string };

/** Opens the store and brings its schema to the newest step. @throws when it cannot be opened or migrated. */
export async function openDatabase(location: DatabaseLocation, { log }: { readonly log: Logger }): Promise<Database> {
  const driver = await openDriver(location, log);
  try {
    await migrate(driver, migrations, { log });
    return createDatabase(driver, { log });
  } catch (error) {
    await driver.close();
    if (isUnavailable(error) || isBusy(error)) {
      throw new Error(`the database ${nameOf(location)} cannot be reached: ${reasonOf(error)}`, { cause: error });
    }
    throw error;
  }
}

/** Where it is, without the password that a URL may hold. */
function nameOf(location: DatabaseLocation): string {
  switch (location.kind) {
    case 'memory':
      return 'in memory';
    case 'pglite':
      return location.dir;
    case 'postgres': {
      const url = URL.canParse(location.url) ? new URL(location.url) : undefined;
      return url === undefined ? 'of the URL given' : `${url.host}${url.pathname}`;
    }
    default:
      return assertNever(location);
  }
}

/** Node tries every address of a name and then says nothing in the message itself. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(String).join('; ');
  return error instanceof Error ? error.message : String(error);
}

async function openDriver(location: DatabaseLocation, log: Logger): Promise<Driver> {
  switch (location.kind) {
    case 'pglite':
      return openPglite({ dir: location.dir });
    case 'memory':
      return openPglite({});
    case 'postgres':
      return openPostgres({ url: location.url, log });
    default:
      return assertNever(location);
  }
}
