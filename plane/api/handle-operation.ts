import type { Context } from 'hono';

import { assertNever } from '#core/assert-never';
import type { Logger } from '#core/log';
import { traced, type SpanAttributes } from '#core/tracing/trace';
import { withFetchedPacks, type FetchDependencies } from '#plane/domain/packs/fetch-packs';
import type { PlaneServices } from '#plane/domain/services';
import type { Database, TenantDatabase } from '#plane/store/database';
import { isBusy, isForeignKeyViolation, isUnavailable, isUniqueViolation } from '#plane/store/errors';

import { answerOnce, idempotencyKeyOf } from './answer-once.ts';
import type { Authenticator } from './authenticate.ts';
import type { Binding } from './bind.ts';
import { PlaneError } from './error.ts';
import type { Gate } from './gate.ts';
import type { Principal, Scope } from './handler.ts';
import type { Metrics } from './metrics.ts';
import { readRequest } from './read-request.ts';
import { requestSignal } from './request-signal.ts';
import { CAPABILITIES, internalError, toErrorResponse, toResponse, type AnyReply } from './write-reply.ts';

export interface OperationDependencies {
  readonly authenticator: Authenticator;
  readonly database: Database;
  readonly services: PlaneServices;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly stopping: AbortSignal;
  /** For bodies that are held in memory and may be large. */
  readonly uploads: Gate;
  readonly source: string;
  readonly requestId: string;
}

/** Longest time from a request to its answer, in milliseconds; below the 60 s that clients wait. */
const TIMEOUT_MS = 50_000;
/** The same for a pack of 100 MiB over a slow line. */
const UPLOAD_TIMEOUT_MS = 300_000;

/** What is known of a caller so far, for the log. */
interface Caller {
  principal?: Principal;
  scope?: Scope;
}

/** Serves one request of an operation: from credentials to an answer that fits the contract, whatever happens. */
export async function handleOperation(
  c: Context,
  binding: Binding,
  dependencies: OperationDependencies,
): Promise<Response> {
  const { metrics, requestId } = dependencies;
  const { operation } = binding;
  const log = dependencies.log.child({ requestId, operation: operation.id });
  const start = performance.now();
  const caller: Caller = {};
  metrics.inFlight(1);
  let response: Response;
  let failure: PlaneError | undefined;
  try {
    const reply = await traced(
      operation.id,
      {
        kind: 'server',
        root: !binding.streams,
        parent: c.req.header('traceparent'),
        attributes: spanAttributes(c, binding, requestId),
      },
      async (span) => {
        const answered = await answer(c, binding, { ...dependencies, log }, caller);
        span.set({ 'http.response.status_code': answered.status });
        return answered;
      },
    );
    response = toResponse(reply, operation.replies.get(reply.status)?.contentType);
  } catch (error) {
    failure = toPlaneError(error, requestId);
    response = toErrorResponse(failure, requestId);
  }
  metrics.inFlight(-1);
  for (const [name, value] of Object.entries({ ...CAPABILITIES, 'X-Request-Id': requestId }))
    response.headers.set(name, value);
  const took = performance.now() - start;
  metrics.request({ operation: operation.id, status: response.status }, took / 1000);
  record(log, c, response.status, failure, caller, took);
  return response;
}

function spanAttributes(c: Context, { operation }: Binding, requestId: string): SpanAttributes {
  return { 'http.request.method': c.req.method, 'http.route': operation.path, 'palette.request_id': requestId };
}

async function answer(
  c: Context,
  binding: Binding,
  dependencies: OperationDependencies,
  caller: Caller,
): Promise<AnyReply> {
  const gone = c.req.raw.signal;
  // A stream has no end of its own, so it ends with the plane; everything else may finish while the plane stops.
  if (binding.streams) return invoke(c, binding, dependencies, caller, AbortSignal.any([gone, dependencies.stopping]));
  const { signal, release } = requestSignal(gone, isUpload(binding) ? UPLOAD_TIMEOUT_MS : TIMEOUT_MS);
  try {
    return await invoke(c, binding, dependencies, caller, signal);
  } finally {
    release();
  }
}

/** Its body is held in memory as a whole and may be large. */
function isUpload({ operation }: Binding): boolean {
  return operation.body?.contentType === 'application/octet-stream';
}

async function invoke(
  c: Context,
  binding: Binding,
  dependencies: OperationDependencies,
  caller: Caller,
  signal: AbortSignal,
): Promise<AnyReply> {
  const { database } = dependencies;
  const call = { headers: c.req.raw.headers, source: dependencies.source, signal };
  const base = { ...pick(dependencies), signal };
  const { operation, validator } = binding;

  const work = async (): Promise<AnyReply> => {
    switch (binding.access) {
      case 'user': {
        const { principal, scope } = Object.assign(caller, await dependencies.authenticator.user(call));
        const request = await readRequest(c, operation, validator);
        const handle = async (db: TenantDatabase): Promise<AnyReply> =>
          binding.handle(request, { ...base, principal, scope, db });
        const db = database.forTenant(scope.tenantUid);
        const key = idempotencyKeyOf(operation, request.headers);
        const { secrets, fleet } = base.services;
        const fetching = (): FetchDependencies => ({ db, secrets, ...fleet.registries, signal });
        return withFetchedPacks(fetching, async () => {
          if (key === undefined) return handle(db);
          const { userUid } = principal;
          const use = { userUid, key, request: `${operation.method} ${c.req.path}`, projectUid: scope.projectUid };
          return answerOnce({ db, secrets, use }, async (joined) => {
            const reply = await handle(joined);
            check(binding, reply); // before it is remembered
            return reply;
          });
        });
      }
      case 'agent': {
        const { principal, scope } = Object.assign(caller, await dependencies.authenticator.agent(call));
        const request = await readRequest(c, operation, validator);
        return binding.handle(request, { ...base, principal, scope, db: database.forTenant(scope.tenantUid) });
      }
      case 'public': {
        const principal = await dependencies.authenticator.anybody(call);
        caller.principal = principal;
        const request = await readRequest(c, operation, validator);
        return limitFailures(dependencies, async () => binding.handle(request, { ...base, principal }));
      }
      default:
        return assertNever(binding);
    }
  };
  const reply = await untilAborted(isUpload(binding) ? dependencies.uploads.run(work) : work(), signal);
  check(binding, reply);
  return reply;
}

function pick({
  requestId,
  log,
  services,
  database,
}: OperationDependencies): Pick<OperationDependencies, 'requestId' | 'log' | 'services' | 'database'> {
  return { requestId, log, services, database };
}

/** An operation that takes a secret of its own in place of credentials answers 401 for a wrong one. */
async function limitFailures<T>({ authenticator, source }: OperationDependencies, work: () => Promise<T>): Promise<T> {
  authenticator.failures.check(source);
  try {
    return await work();
  } catch (error) {
    if (error instanceof PlaneError && error.status === 401) authenticator.failures.failed(source);
    throw error;
  }
}

/** Does not wait for work that ignores its signal. @throws the signal's reason. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** A plane that breaks its own contract fails here, not in a client. @throws Error saying how. */
function check({ operation, validator }: Binding, reply: AnyReply): void {
  if (!operation.replies.has(reply.status))
    throw new Error(`${operation.id} answered ${reply.status}, which the contract does not document`);
  if (operation.replies.get(reply.status)?.contentType !== 'application/json') return;
  const [violation] = validator.reply(reply.status, reply.body);
  if (violation)
    throw new Error(
      `${operation.id} answered what the contract does not allow: ${violation.field} ${violation.message}`,
    );
}

function toPlaneError(error: unknown, requestId: string): PlaneError {
  if (error instanceof PlaneError) return error;
  if (typeof error === 'object' && error !== null && 'name' in error && error.name === 'TimeoutError') {
    return new PlaneError(503, 'RequestTimeout', 'the request took too long and was given up; try again', undefined, {
      cause: error,
    });
  }
  if (isUnavailable(error) || isBusy(error)) {
    return new PlaneError(
      503,
      'DatabaseUnavailable',
      'the database cannot be reached or is too busy; try again',
      undefined,
      {
        cause: error,
        headers: { 'Retry-After': '1' },
      },
    );
  }
  // Who looks before writing meets this only when somebody else wrote at the same moment.
  if (isUniqueViolation(error) || isForeignKeyViolation(error)) {
    return new PlaneError(
      409,
      'ChangedMeanwhile',
      'another request made or removed the same at this moment; look at what is there now and try again',
      undefined,
      { cause: error },
    );
  }
  return internalError(requestId, error);
}

function record(
  log: Logger,
  c: Context,
  status: number,
  failure: PlaneError | undefined,
  { principal, scope }: Caller,
  took: number,
): void {
  const fields = {
    method: c.req.method,
    path: c.req.path,
    status,
    ms: Math.round(took * 10) / 10,
    ...(principal && principal.kind !== 'anonymous'
      ? {
          principal: principal.kind === 'user' ? principal.userUid : principal.clusterUid,
          tenantUid: principal.tenantUid,
        }
      : {}),
    ...(scope?.projectUid === undefined ? {} : { projectUid: scope.projectUid }),
    ...(failure ? { code: failure.code } : {}),
  };
  if (c.req.raw.signal.aborted) log.debug(fields, 'the caller went away before the answer');
  else if (status >= 500) log.error({ ...fields, err: failure?.cause ?? failure }, 'request failed');
  else if (status >= 400) log.info(fields, 'request refused');
  // Reads are many and say little.
  else if (c.req.method === 'GET') log.debug(fields, 'request answered');
  else log.info(fields, 'request answered');
}
