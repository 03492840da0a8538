import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';

import { silentLogger } from '#core/log';
import { ApiError, createClient } from '#openapi/client/index';
import { AttributeError, resource } from '#resources/engine/index';

import type { Connection } from './configure.ts';
import { runOperation, type OperationVerb } from './operation.ts';
import { createSession, type Session } from './session.ts';

const definition = resource({
  type: 'spectrocloud_test',
  description: 'A test.',
  schemaVersion: 0,
  schema: z.object({ name: z.string(), pack: z.array(z.object({ tag: z.string() })).optional() }),
  timeouts: { create: '10m', delete: '5m' },
  create: async ({ planned }) => Promise.resolve({ ...planned, id: '1' }),
  read: async () => Promise.resolve({ kind: 'absent' }),
  delete: async () => Promise.resolve(),
});

const connection: Connection = {
  client: createClient({ host: 'localhost:1', apiKey: 'k' }),
  projectUid: '',
  settings: {
    host: 'localhost:1',
    apiKey: 'k',
    projectName: '',
    insecure: false,
    ca: undefined,
    retryAttempts: 0,
    trace: false,
    featureFlags: { a: true },
    featurePreviews: {},
  },
};

function session(): Session {
  return createSession({
    resources: {},
    dataSources: {},
    loadClient: async () => Promise.resolve(createClient),
    env: {},
    log: silentLogger,
    version: '0',
    now: () => 0,
  });
}

const create = { verb: 'create', definition, values: undefined } as const;

/** Waits for the end that comes from outside, as a call of the client does. */
async function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = (): void =>
      reject(new ApiError({ code: 'Aborted', status: 0, reason: 'the caller gave up', method: 'GET', path: '/' }));
    if (signal.aborted) fail();
    signal.addEventListener('abort', fail, { once: true });
  });
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

describe('runOperation', () => {
  it.each([
    { name: "the definition's own", values: undefined, want: 600_000 },
    { name: "the configuration's", values: { timeouts: { create: '90s' } }, want: 90_000 },
    {
      name: "the definition's where the configuration names another one",
      values: { timeouts: { create: null, delete: '1s' } },
      want: 600_000,
    },
  ])('gives an operation its time: $name', async ({ values, want }) => {
    const result = await runOperation(session(), connection, { ...create, values }, async (ctx) =>
      Promise.resolve(ctx.deadline),
    );
    expect(result).toMatchObject({ kind: 'done', value: want });
  });

  it('ends an operation whose time is over, and says how to give it more', async () => {
    const result = await runOperation(
      session(),
      connection,
      { ...create, values: { timeouts: { create: '1ms' } } },
      async (ctx) => untilAborted(ctx.signal),
    );
    expect(result).toMatchObject({
      kind: 'failed',
      diagnostics: [
        {
          summary: 'spectrocloud_test: create took longer than 1ms',
          detail: expect.stringContaining('timeouts { create = "…" }'),
        },
      ],
    });
  });

  it('ends an operation when Terraform is interrupted, keeping its warnings', async () => {
    const running = session();
    const result = await runOperation(running, connection, create, async (ctx) => {
      ctx.warn('Careful', 'It is slow.', ['name']);
      running.stop.abort(new Error('stop'));
      return untilAborted(ctx.signal);
    });
    expect(result).toMatchObject({
      diagnostics: [
        { severity: 'warning', path: [{ name: 'name' }] },
        { summary: 'Interrupted: create of spectrocloud_test' },
      ],
    });
  });

  it.each<{ name: string; error: unknown; want: object }>([
    {
      name: 'at its attribute',
      error: new AttributeError(['pack', 1, 'tag'], 'No such tag', 'Take another.'),
      want: {
        summary: 'No such tag',
        detail: 'Take another.',
        path: [{ name: 'pack' }, { index: 1 }, { name: 'tag' }],
      },
    },
    {
      name: 'of the API, with what to do',
      error: new ApiError({
        code: 'Conflict',
        status: 409,
        reason: 'it exists',
        method: 'POST',
        path: '/v1/x',
        requestId: 'r-1',
        hint: 'Import it.',
      }),
      want: {
        summary: 'Cannot create spectrocloud_test: the API refuses',
        detail: 'POST /v1/x: 409 Conflict: it exists. Import it. (request r-1)',
      },
    },
    {
      name: 'of anything else, without a stack',
      error: new Error('odd'),
      want: { summary: 'Cannot create spectrocloud_test: it failed', detail: 'odd' },
    },
  ])('tells a failure $name', async ({ error, want }) => {
    const result = await runOperation(session(), connection, create, async () => Promise.reject(error));
    expect(result).toMatchObject({ kind: 'failed', diagnostics: [{ severity: 'error', ...want }] });
  });

  it.each<{ verb: OperationVerb; keys: RegExp }>([
    { verb: 'create', keys: /^([0-9a-f-]{36})\/POST \/v1\/projects#1 \1\/POST \/v1\/projects#2$/ },
    { verb: 'update', keys: /^([0-9a-f-]{36})\/POST \/v1\/projects#1 \1\/POST \/v1\/projects#2$/ },
    { verb: 'look up', keys: /^none none$/ },
  ])('gives what it creates idempotency keys of its own: $verb', async ({ verb, keys }) => {
    const sent: string[] = [];
    const client = createClient({
      host: 'localhost:1',
      env: {},
      fetch: async ({ headers }) => {
        sent.push(headers['idempotency-key'] ?? 'none');
        return Promise.resolve({ status: 201, headers: {}, body: bytes('{"uid":"u"}') });
      },
    });
    const run = async (): Promise<string> => {
      const first = sent.length;
      await runOperation(session(), { ...connection, client }, { ...create, verb }, async (ctx) => {
        await ctx.client.post('/v1/projects', { body: {} });
        await ctx.client.post('/v1/projects', { body: {} });
      });
      return sent.slice(first).join(' ');
    };
    const [one, other] = [await run(), await run()];
    expect([one, other]).toEqual([expect.stringMatching(keys), expect.stringMatching(keys)]);
    if (verb !== 'look up') expect(one).not.toBe(other);
  });

  it('knows flags, and refuses the scope of a project when there is none', async () => {
    const result = await runOperation(session(), connection, create, async (ctx) =>
      Promise.resolve([ctx.feature('flag', 'a'), ctx.feature('preview', 'a'), ctx.scopeOf('tenant')]),
    );
    expect(result).toMatchObject({ value: [true, false, { kind: 'tenant' }] });
    const refused = await runOperation(session(), connection, create, async (ctx) =>
      Promise.resolve(ctx.scopeOf('project')),
    );
    expect(refused).toMatchObject({ diagnostics: [{ detail: expect.stringContaining('project_name') }] });
  });
});
