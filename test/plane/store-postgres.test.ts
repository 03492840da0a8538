import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { openDatabase } from '#plane/store/open-database';
import { startPostgres, type TestPostgres } from '#test/support/postgres';

import { describeStore, log } from './store-suite.ts';

describe('with a PostgreSQL server', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  }, 120_000);
  afterAll(async () => server?.stop());

  describeStore('PostgreSQL, as a login role that is no superuser', async () =>
    openDatabase({ kind: 'postgres', url: await server.createDatabase('suite') }, { log }),
  );

  it('is migrated once by planes that start together', async () => {
    const url = await server.createDatabase('together');
    const planes = await Promise.all(
      Array.from({ length: 3 }, async () => openDatabase({ kind: 'postgres', url }, { log })),
    );
    const [first] = planes;
    const steps = await first
      ?.asSystem()
      .transaction(async (tx) =>
        tx.query<{ n: number }>(`SELECT count(*) AS n FROM pg_tables WHERE tablename = 'projects'`),
      );
    expect(steps).toEqual([{ n: 1 }]);
    await Promise.all(planes.map(async (plane) => plane.close()));
  });

  it('is named when it cannot be reached, without its password', async () => {
    const url = 'postgres://someone:hidden@127.0.0.1:1/somewhere';
    const failure: unknown = await openDatabase({ kind: 'postgres', url }, { log }).catch((error: unknown) => error);
    expect(String(failure)).toMatch(/the database 127\.0\.0\.1:1\/somewhere cannot be reached: .*ECONNREFUSED/);
    expect(String(failure)).not.toContain('hidden');
  });

  it('is reached again after its connections were cut', async () => {
    const db = await openDatabase({ kind: 'postgres', url: await server.createDatabase('cut') }, { log });
    await db.ping({ signal: AbortSignal.timeout(5_000) });
    await server.admin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'cut'`);
    await expect(db.ping({ signal: AbortSignal.timeout(5_000) })).resolves.toBeUndefined();
    await db.close();
  });
});
