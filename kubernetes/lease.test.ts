import { afterEach, describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';

import type { KubeClient } from './client.ts';
import { KubeError } from './error.ts';
import { acquireLease, LeaseLostError, type LeaseOptions } from './lease.ts';
import { valueAt, type KubeObject } from './object.ts';

/** An API server that has leases and nothing else. */
function fakeServer() {
  let lease: KubeObject | undefined;
  let version = 0;
  const state = { isAway: false, writes: 0 };
  const check = (): void => {
    if (state.isAway) throw new KubeError('the API server does not answer', { status: 0, reason: 'Unreachable' });
  };
  const conflict = (): KubeError => new KubeError('written meanwhile', { status: 409, reason: 'Conflict' });
  const store = (object: KubeObject): KubeObject => {
    state.writes++;
    lease = { ...object, metadata: { ...object.metadata, resourceVersion: String(++version) } };
    return lease;
  };
  const client: Pick<KubeClient, 'get' | 'create' | 'replace'> = {
    get: async () => {
      check();
      return lease;
    },
    create: async (object) => {
      check();
      if (lease) throw conflict();
      return store({ ...object, metadata: { name: 'leader', namespace: 'default' } });
    },
    replace: async (object) => {
      check();
      if (object.metadata.resourceVersion !== lease?.metadata.resourceVersion) throw conflict();
      return store(object);
    },
  };
  return {
    // as: the election uses nothing else
    client: client as KubeClient,
    state,
    holder: () => valueAt(lease, 'spec', 'holderIdentity'),
    transitions: () => valueAt(lease, 'spec', 'leaseTransitions'),
    takeBy: (identity: string, leaseDurationSeconds = 1) => {
      if (lease)
        store({ ...lease, spec: { ...(lease['spec'] as object), holderIdentity: identity, leaseDurationSeconds } });
    },
    touch: () => {
      if (lease) store({ ...lease });
    },
  };
}

const stops: AbortController[] = [];
const released: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) stop.abort(new Error('the test is over'));
  for (const release of released.splice(0)) await release();
});

function options(client: KubeClient, identity: string): LeaseOptions {
  return {
    client,
    namespace: 'default',
    name: 'leader',
    identity,
    log: silentLogger,
    durationMs: 300,
    renewWithinMs: 200,
    retryMs: 20,
    random: () => 0,
  };
}

async function acquire(client: KubeClient, identity: string) {
  const stop = new AbortController();
  stops.push(stop);
  const leadership = await acquireLease(options(client, identity), { signal: stop.signal });
  released.push(leadership.release);
  return leadership;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('leader election', () => {
  it('gives a lease that nobody has to the first, who keeps it by renewing it', async () => {
    const server = fakeServer();
    const leadership = await acquire(server.client, 'a');
    const { writes } = server.state;
    const began = performance.now();
    // Longer than a lease lasts that is not renewed.
    await until(() => performance.now() - began > 500);
    expect(server.holder()).toBe('a');
    expect(leadership.lost.aborted).toBe(false);
    expect(server.state.writes - writes).toBeGreaterThan(5);
  });

  it('lets another one wait while the holder renews, and take over at once when it is given back', async () => {
    const server = fakeServer();
    const first = await acquire(server.client, 'a');
    const second = acquire(server.client, 'b');
    const began = performance.now();
    await until(() => performance.now() - began > 500);
    expect(server.holder()).toBe('a');
    await first.release();
    await second;
    expect(server.holder()).toBe('b');
    expect(server.transitions()).toBe(1);
    expect(first.lost.aborted).toBe(false);
  });

  it('lets another one take over when the holder is heard of no more, and not before the lease is over', async () => {
    const server = fakeServer();
    await acquire(server.client, 'a');
    await released.pop()?.();
    server.takeBy('gone');
    const began = performance.now();
    await acquire(server.client, 'b');
    // The lease says one second: whole seconds are all that it can say.
    expect(performance.now() - began).toBeGreaterThan(950);
    expect(server.holder()).toBe('b');
  });

  it('lets another one take over from a holder that crashed after fifteen seconds, with the times that agents have', async () => {
    const server = fakeServer();
    const clock = { now: 0 };
    const timed = (identity: string): LeaseOptions => ({
      client: server.client,
      namespace: 'default',
      name: 'leader',
      identity,
      log: silentLogger,
      now: () => clock.now,
      // Every look is two seconds of that clock.
      wait: async (ms) => {
        clock.now += ms;
        await new Promise((resolve) => setImmediate(resolve));
      },
      random: () => 0,
    });
    await acquire(server.client, 'a');
    await released.pop()?.();
    // As a holder leaves it whose process was killed.
    server.takeBy('crashed', 15);
    const leadership = await acquireLease(timed('b'), { signal: AbortSignal.timeout(10_000) });
    released.push(leadership.release);
    expect([clock.now >= 15_000, clock.now <= 19_000]).toEqual([true, true]);
    expect(server.holder()).toBe('b');
  });

  it('tells the holder at once when somebody else has it', async () => {
    const server = fakeServer();
    const leadership = await acquire(server.client, 'a');
    server.takeBy('thief');
    await until(() => leadership.lost.aborted);
    expect(leadership.lost.reason).toBeInstanceOf(LeaseLostError);
    await leadership.release();
    expect(server.holder()).toBe('thief');
  });

  it('tells the holder that it has lost it before another one may take it, when the API server stays away', async () => {
    const server = fakeServer();
    const leadership = await acquire(server.client, 'a');
    server.state.isAway = true;
    const began = performance.now();
    await until(() => leadership.lost.aborted);
    expect(performance.now() - began).toBeLessThan(300);
    expect(String(leadership.lost.reason)).toContain('could not be renewed');
  });

  it('does not take a write in between for a loss: it may have been its own, whose answer was lost', async () => {
    const server = fakeServer();
    const leadership = await acquire(server.client, 'a');
    const began = performance.now();
    while (performance.now() - began < 300) {
      server.touch();
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    expect(leadership.lost.aborted).toBe(false);
  });

  it('ends the wait when it is told to', async () => {
    const server = fakeServer();
    await acquire(server.client, 'a');
    const stop = new AbortController();
    const waiting = acquireLease(options(server.client, 'b'), { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});
