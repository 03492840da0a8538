import { afterAll, beforeAll, describe } from '@jest/globals';

import { startPostgres, type TestPostgres } from '#test/support/postgres';

import { describeAgents } from './fleet-agents-suite.ts';
import { describeSlice } from './fleet-slice-suite.ts';

describe('with a PostgreSQL server', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  }, 120_000);
  afterAll(async () => server?.stop());

  describeSlice('PostgreSQL', async () => ({ kind: 'postgres', url: await server.createDatabase('slice') }));
  describeAgents('PostgreSQL', async () => ({ kind: 'postgres', url: await server.createDatabase('agents') }));
});
