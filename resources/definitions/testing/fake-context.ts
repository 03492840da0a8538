/** An operation's context over answers written in a test: no network, every call is remembered. */
import { setMaxListeners } from 'node:events';

import { silentLogger } from '#core/log';
import { createClusterProfileReader } from '#openapi/client/cluster-profiles';
import { ApiError, type PaletteClient, type Schemas, type Scope } from '#openapi/client/index';
import type { OperationContext, WaitOutcome, WaitRequest } from '#resources/engine/index';

/** A call that a definition made. */
export interface Call {
  /** `GET /v1/projects/{uid}` */
  readonly operation: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly scope?: Scope;
}

/** What an operation answers; a function is asked with the call. What has no answer is not found. */
export type Answers = Readonly<Record<string, unknown>>;

export interface FakeContext extends OperationContext {
  readonly calls: Call[];
  /** Operations called, in order. */
  operations(): string[];
  readonly warnings: { readonly summary: string; readonly detail: string }[];
  /** States that were checkpointed. */
  readonly checkpoints: unknown[];
  readonly checkpoint: (state: unknown) => void;
}

export const PROJECT_UID = 'a'.repeat(24);

export interface FakeOptions {
  /** Whether the API offers bulk reads. */
  readonly bulk?: boolean;
  /** How many looks a wait takes before its time is over. */
  readonly looks?: number;
  readonly flags?: readonly string[];
}

export function fakeContext(
  answers: Answers = {},
  { bulk = false, looks = 5, flags = [] }: FakeOptions = {},
): FakeContext {
  const calls: Call[] = [];
  const warnings: { summary: string; detail: string }[] = [];
  const checkpoints: unknown[] = [];
  const signal = new AbortController().signal;
  setMaxListeners(0, signal);

  const call = async (
    method: string,
    path: string,
    options: Omit<Call, 'operation'> & { readonly signal?: AbortSignal; readonly repeatable?: boolean } = {},
  ): Promise<unknown> => {
    const operation = `${method} ${path}`;
    const { path: pathParameters, query, body, scope } = options;
    const given = { path: pathParameters, query, body, scope };
    const made = { operation, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
    calls.push(made);
    await Promise.resolve();
    const answer = answers[operation];
    if (answer instanceof Error) throw answer;
    if (answer === undefined && method === 'GET') throw notFound(operation);
    return typeof answer === 'function' ? (answer as (call: Call) => unknown)(made) : answer; // as: functions among answers take the call
  };
  // as: every method of the client has this one form; the answers are what the test says
  const method = (name: string) =>
    (async (path: string, options?: object) => call(name, path, options)) as PaletteClient['get'] &
      PaletteClient['post'];
  const client = {
    get: method('GET'),
    put: method('PUT'),
    post: method('POST'),
    patch: method('PATCH'),
    delete: method('DELETE'),
    offers: () => bulk,
    close: () => undefined,
    events: () => {
      throw new Error('no test listens to events by itself');
    },
    clusterProfile: createClusterProfileReader({
      profile: async (uid, { scope }) =>
        (await call('GET', '/v1/clusterprofiles/{uid}', { path: { uid }, scope })) as Schemas['v1ClusterProfile'],
      variables: async (uid, { scope }) =>
        ((await call('GET', '/v1/clusterprofiles/{uid}/variables', { path: { uid }, scope })) as
          | Schemas['v1Variables']
          | undefined) ?? {},
      manifests: async (uid, packName, { scope }) =>
        (await call('GET', '/v1/clusterprofiles/{uid}/packs/{packName}/manifests', {
          path: { uid, packName },
          scope,
        })) as Schemas['v1ManifestEntities'],
      bulk: async (uids, { scope }) =>
        (await call('POST', '/v1/bulk/clusterprofiles', { body: { uids }, scope })) as Schemas['BulkClusterProfiles'],
      offersBulk: () => bulk,
    }),
  };

  return {
    calls,
    operations: () => calls.map(({ operation }) => operation),
    warnings,
    checkpoints,
    checkpoint: (state) => checkpoints.push(structuredClone(state)),
    client: client, // as: an object literal with what definitions use
    projectUid: PROJECT_UID,
    projectName: 'Default',
    scopeOf: (context) => (context === 'tenant' ? { kind: 'tenant' } : { kind: 'project', projectUid: PROJECT_UID }),
    log: silentLogger,
    signal,
    deadline: Number.POSITIVE_INFINITY,
    feature: (_kind, name) => flags.includes(name),
    warn: (summary, detail) => warnings.push({ summary, detail }),
    waitFor: async <T>({ poll }: WaitRequest<T>): Promise<WaitOutcome<T>> => {
      let seen = '';
      for (let look = 0; look < looks; look++) {
        const observation = await poll({ signal });
        if (observation.kind === 'reached') return observation;
        seen = observation.seen;
      }
      return { kind: 'timedOut', seen, waitedMs: 540_000 };
    },
  };
}

export function notFound(operation: string): ApiError {
  const [method = '', path = ''] = operation.split(' ');
  return new ApiError({ code: 'ResourceNotFound', status: 404, reason: 'it is not there', method, path });
}

/** Answers a call differently each time; the last answer stays. */
export function inTurn(...answers: readonly unknown[]): (call: Call) => unknown {
  let next = 0;
  return () => answers[Math.min(next++, answers.length - 1)];
}
