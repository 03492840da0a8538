import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { answerOnce } from '#plane/api/answer-once';
import { createSecrets } from '#plane/domain/secrets/secrets';
import { createDatabase } from '#plane/store/create-database';
import { openDatabase } from '#plane/store/open-database';
import { openPostgres } from '#plane/store/postgres';
import { newUid } from '#plane/store/uid';
import { TenantUid } from '#protocol/identifiers';
import { startPostgres, type TestPostgres } from '#test/support/postgres';

import { describeOnce } from './once-suite.ts';
import { describeStore, log } from './store-suite.ts';

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

describe('with a PostgreSQL server', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  }, 120_000);
  afterAll(async () => server?.stop());

  describeStore('PostgreSQL, as a login role that is no superuser', async () =>
    openDatabase({ kind: 'postgres', url: await server.createDatabase('suite') }, { log }),
  );

  describeOnce('PostgreSQL', async () =>
    openDatabase({ kind: 'postgres', url: await server.createDatabase('once') }, { log }),
  );

  it('asks for patience when a request under the same idempotency key takes too long', async () => {
    const url = await server.createDatabase('patience');
    const db = await openDatabase({ kind: 'postgres', url }, { log });
    const hasty = createDatabase(openPostgres({ url, log, lockTimeoutMs: 50 }), { log });
    const [tenantUid, userUid] = [TenantUid.parse(newUid()), newUid()];
    await db.asSystem().transaction(async (tx) => {
      await tx.execute(`INSERT INTO tenants (uid, name) VALUES ($1, 'patience')`, [tenantUid]);
      await tx.execute(`INSERT INTO users (uid, tenant_uid, email) VALUES ($1, $2, 'a@b.test')`, [userUid, tenantUid]);
    });
    const use = { userUid, key: 'slow', request: 'POST /v1/things', projectUid: undefined };
    const secrets = createSecrets(randomBytes(32));
    const answer = { status: 201, body: { uid: 'u' } };
    const began = new AbortController();
    const go = new AbortController();
    const first = answerOnce({ db: db.forTenant(tenantUid), secrets, use }, async () => {
      began.abort();
      await aborted(go.signal);
      return answer;
    });
    await aborted(began.signal);
    const again = async () => answerOnce({ db: hasty.forTenant(tenantUid), secrets, use }, async () => answer);
    await expect(again()).rejects.toMatchObject({
      status: 503,
      code: 'RequestInProgress',
      headers: { 'Retry-After': '1' },
    });
    go.abort();
    await first;
    expect(await again()).toMatchObject({ ...answer, headers: { 'Idempotency-Replayed': 'true' } });
    await Promise.all([db.close(), hasty.close()]);
  });

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
