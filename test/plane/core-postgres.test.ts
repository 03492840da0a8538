import { afterAll, beforeAll, describe } from '@jest/globals';

import { startPostgres, type TestPostgres } from '#test/support/postgres';

import { describeCore } from './core-suite.ts';
import { describeIdempotency } from './idempotency-suite.ts';
import { describeResourceEvents } from './resource-events-suite.ts';

describe('with a PostgreSQL server', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  }, 120_000);
  afterAll(async () => server?.stop());

  describeCore('PostgreSQL', async () => ({ kind: 'postgres', url: await server.createDatabase('core') }));
  describeIdempotency('PostgreSQL', async () => ({
    kind: 'postgres',
    url: await server.createDatabase('idempotency'),
  }));
  describeResourceEvents('PostgreSQL', async () => ({ kind: 'postgres', url: await server.createDatabase('events') }));
});
