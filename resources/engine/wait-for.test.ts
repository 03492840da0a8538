import { describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import { ApiError, type PaletteClient, type PaletteEvent } from '#openapi/client/index';

import { createWaitFor, type Observation } from './wait-for.ts';

const scope = { kind: 'tenant' } as const;
const events = { clusterUid: 'c-1', scope };
const at = { deadline: Date.now() + 3_600_000, log: silentLogger, signal: new AbortController().signal };

/** A stream that gives events when it is told to, and ends with its signal. */
function createStream() {
  let push: ((event: PaletteEvent) => void) | undefined;
  let opened = (): void => undefined;
  let closed = (): void => undefined;
  const open = new Promise<void>((resolve) => (opened = resolve));
  const end = new Promise<void>((resolve) => (closed = resolve));
  const client: Pick<PaletteClient, 'events'> = {
    async *events({ signal }) {
      try {
        for (;;) {
          const next = new Promise<PaletteEvent | undefined>((resolve) => {
            push = resolve;
            signal.addEventListener('abort', () => resolve(undefined), { once: true });
          });
          opened();
          const event = await next;
          if (event === undefined) return;
          yield event;
        }
      } finally {
        closed();
      }
    },
  };
  return { client, open, end, push: (event: PaletteEvent) => push?.(event) };
}

const silent: Pick<PaletteClient, 'events'> = {
  // oxlint-disable-next-line require-yield
  async *events() {
    await Promise.reject(
      new ApiError({
        code: 'ResourceNotFound',
        status: 404,
        reason: 'no such path',
        method: 'GET',
        path: '/v1/events',
      }),
    );
  },
};

/** Looks that find what they are told to, in order; the last one again and again. */
function observations<T>(...all: Observation<T>[]) {
  let looks = 0;
  return {
    poll: async () => Promise.resolve(all[Math.min(looks++, all.length - 1)] as Observation<T>),
    looks: () => looks,
  }; // as: there is at least one
}

describe('waitFor', () => {
  it('is done at once when it is so already', async () => {
    const { poll, looks } = observations({ kind: 'reached', value: 7 });
    await expect(createWaitFor({ ...at, client: silent })({ describe: 'x', poll })).resolves.toEqual({
      kind: 'reached',
      value: 7,
    });
    expect(looks()).toBe(1);
  });

  it('looks again as soon as there is an event, and lets the stream go at the end', async () => {
    const stream = createStream();
    const { poll } = observations<string>({ kind: 'pending', seen: 'Pending' }, { kind: 'reached', value: 'Running' });
    const waiting = createWaitFor({ ...at, client: stream.client, polling: { baseMs: 3_600_000, maxMs: 3_600_000 } })({
      describe: 'x',
      poll,
      events,
    });
    await stream.open;
    stream.push({ kind: 'open', resumed: false });
    await expect(waiting).resolves.toEqual({ kind: 'reached', value: 'Running' });
    await stream.end;
  });

  it('polls where there is no event stream', async () => {
    const { poll, looks } = observations<string>(
      { kind: 'pending', seen: 'Pending' },
      { kind: 'pending', seen: 'Pending' },
      { kind: 'reached', value: 'Running' },
    );
    const waitFor = createWaitFor({ ...at, client: silent, polling: { baseMs: 1, maxMs: 2 } });
    await expect(waitFor({ describe: 'x', poll, events })).resolves.toEqual({ kind: 'reached', value: 'Running' });
    expect(looks()).toBe(3);
  });

  it("ends before the operation's own timeout, and tells what it saw last", async () => {
    const { poll } = observations<string>({ kind: 'pending', seen: 'Provisioning' });
    let clock = 0;
    const waitFor = createWaitFor({
      ...at,
      deadline: 600_000,
      now: () => (clock += 200_000),
      client: silent,
      polling: { baseMs: 1, maxMs: 2 },
    });
    await expect(waitFor({ describe: 'x', poll })).resolves.toMatchObject({ kind: 'timedOut', seen: 'Provisioning' });
  });

  it('ends with the reason of an interrupt while it waits', async () => {
    const stop = new AbortController();
    const poll = async (): Promise<Observation<string>> => {
      setImmediate(() => stop.abort(new Error('interrupted')));
      return Promise.resolve({ kind: 'pending', seen: 'Pending' });
    };
    const waitFor = createWaitFor({
      ...at,
      signal: stop.signal,
      client: silent,
      polling: { baseMs: 3_600_000, maxMs: 3_600_000 },
    });
    await expect(waitFor({ describe: 'x', poll })).rejects.toThrow('interrupted');
  });

  it('ends with what a look throws', async () => {
    const waitFor = createWaitFor({ ...at, client: silent });
    await expect(waitFor({ describe: 'x', poll: async () => Promise.reject(new Error('gone')) })).rejects.toThrow(
      'gone',
    );
  });
});
