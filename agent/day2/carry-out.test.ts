import { afterEach, expect, it, jest } from '@jest/globals';

import { silentLogger } from '#core/log';
import type { KubeClient } from '#kubernetes/client';
import { KubeError } from '#kubernetes/error';
import { ClusterUid } from '#protocol/identifiers';

import { carryOut, type CarryOutOptions } from './carry-out.ts';
import { newRun, type Run } from './run.ts';

afterEach(() => void jest.restoreAllMocks());

it('an action that meets the same fault again after each long try is given up in the end', async () => {
  let run: Run = newRun({
    runId: 'c0ffee00-0000-4000-8000-000000000000',
    clusterUid: ClusterUid.parse('c'.repeat(24)),
    action: { type: 'scale', spec: { pool: 'workers', replicas: 3 } },
    now: new Date(),
  });
  const book: Partial<CarryOutOptions['book']> = {
    get: () => run,
    change: async (_runId, change) => void (run = { ...run, ...change }),
  };
  let [calls, now] = [0, 0];
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  const options: CarryOutOptions = {
    client: {} as KubeClient, // this action uses none
    namespace: 'n',
    book: book as CarryOutOptions['book'], // no other is called
    handlers: {
      scale: async () => {
        calls++;
        now += 11 * 60_000;
        if (calls > 1_000) return { message: 'tried for ever' };
        throw new KubeError('the webhook does not answer', { status: 503, reason: 'Unavailable' });
      },
    },
    document: () => {
      throw new Error('is not asked for');
    },
    upload: async () => undefined,
    stop: new AbortController(),
    now: () => new Date(),
    log: silentLogger,
    away: { baseMs: 0, maxMs: 0 },
  };
  await carryOut(run, options, { signal: new AbortController().signal });
  expect(calls).toBe(100);
  expect(run).toMatchObject({ phase: 'failed', message: 'the webhook does not answer' });
});
