import { expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import type { Database, Transaction } from '#plane/store/database';

import { superviseHeartbeats } from './supervise.ts';

/** The clock of the test goes on by so much whenever it is read. */
const STEP_MS = 10_000;

/** At which seconds silent clusters were looked for. */
async function looks(isAway: (at: number) => boolean, until: number): Promise<number[]> {
  const stop = new AbortController();
  let at = 0;
  const found: number[] = [];
  // as: of a transaction, only what is used here
  const tx = {
    query: async (sql: string) => {
      if (sql.startsWith('UPDATE clusters')) found.push(at / 1000);
      return [];
    },
    execute: async () => 0,
    afterCommit: () => undefined,
  } as unknown as Transaction;
  const database = {
    asSystem: () => ({
      transaction: async (work: (tx: Transaction) => Promise<unknown>) => {
        if (isAway(at)) throw new Error('the database is away');
        return work(tx);
      },
    }),
  } as unknown as Database;
  await superviseHeartbeats({
    database,
    services: { fleet: { now: () => new Date(at), changed: () => undefined } as never },
    log: silentLogger,
    signal: stop.signal,
    lookMs: 0,
    monotonic: () => {
      at += STEP_MS;
      if (at >= until) stop.abort();
      return at;
    },
  });
  return found;
}

it('judges nobody silent before heartbeats could arrive for as long as silence takes', async () => {
  const found = await looks(() => false, 120_000);
  expect(found[0]).toBeGreaterThan(60);
  expect(found.length).toBeGreaterThan(2);
});

it('begins anew after the database was away', async () => {
  const found = await looks((at) => at > 100_000 && at < 200_000, 400_000);
  expect(found.filter((at) => at > 100 && at < 260)).toEqual([]);
  expect(found.some((at) => at > 260)).toBe(true);
});
