import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { traced } from '#core/tracing/trace';
import { withIdempotency } from '#openapi/client/index';
import type { AnyDefinition, OperationContext } from '#resources/engine/index';
import { diagnosticAt, type Diagnostic } from '#resources/engine/diagnostic';
import { parseDuration } from '#resources/engine/duration';
import { partOf, isCtyObject, type CtyObject } from '#resources/engine/cty';
import { modelOf } from '#resources/engine/model';
import { createWaitFor } from '#resources/engine/wait-for';

import type { Connection } from './configure.ts';
import { failureDiagnostic } from './failure.ts';
import type { Session } from './session.ts';

export type OperationVerb = 'create' | 'read' | 'update' | 'delete' | 'import' | 'plan' | 'look up';

export interface OperationRequest {
  readonly verb: OperationVerb;
  readonly definition: AnyDefinition;
  /** The values whose `timeouts` block counts. */
  readonly values: CtyObject | undefined;
}

export type OperationResult<T> =
  | { readonly kind: 'done'; readonly value: T; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'failed'; readonly error: unknown; readonly diagnostics: readonly Diagnostic[] };

/** How long an operation may take when neither its definition nor the configuration says so. */
const DEFAULT_TIMEOUT = '20m';

/**
 * Runs a function of a definition: gives it its context, ends it when its time is over or Terraform is interrupted, and
 * turns what it throws into a diagnostic.
 */
export async function runOperation<T>(
  session: Session,
  connection: Connection,
  request: OperationRequest,
  work: (ctx: OperationContext) => Promise<T>,
): Promise<OperationResult<T>> {
  const { verb, definition } = request;
  const model = modelOf(definition);
  const now = session.options.now ?? Date.now;
  const started = now();
  const limit = timeoutOf(request);
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(new Error(`the ${verb} took longer than ${limit.text}`)), limit.ms);
  timeout.unref();
  const signal = AbortSignal.any([session.stop.signal, timer.signal]);
  const log = session.options.log.child({ type: definition.type, verb });
  const diagnostics: Diagnostic[] = [];
  const deadline = started + limit.ms;
  const ctx: OperationContext = {
    client: once(connection.client, verb),
    projectUid: connection.projectUid,
    projectName: connection.settings.projectName,
    scopeOf: (context) => scopeOf(connection, context),
    log,
    signal,
    deadline,
    planIsShown: verb === 'plan',
    feature: (kind, name) =>
      (kind === 'flag' ? connection.settings.featureFlags : connection.settings.featurePreviews)[name] === true,
    warn: (summary, detail, path) => diagnostics.push(diagnosticAt(model, 'warning', summary, detail, path)),
    readFile: async (path) => readFile(path),
    waitFor: createWaitFor({ client: connection.client, log, signal, deadline, now }),
  };
  try {
    const value = await traced(
      `terraform ${verb}`,
      { root: true, attributes: { 'terraform.type': definition.type } },
      async () => work(ctx),
    );
    log.debug({ ms: now() - started }, 'operation is done');
    return { kind: 'done', value, diagnostics };
  } catch (error) {
    log.debug(
      { ms: now() - started, error, stack: error instanceof Error ? error.stack : undefined },
      'operation failed',
    );
    return {
      kind: 'failed',
      error,
      diagnostics: [
        ...diagnostics,
        endDiagnostic(session, timer.signal, request, limit.text) ??
          failureDiagnostic(error, { verb, type: definition.type, model }),
      ],
    };
  } finally {
    clearTimeout(timeout);
  }
}

/**
 * What an operation creates it creates once, also when an answer is lost on the way and the request is sent again. The
 * next run of Terraform is another operation: it knows of what was created by the state alone.
 */
function once(client: Connection['client'], verb: OperationVerb): Connection['client'] {
  return verb === 'create' || verb === 'update' ? withIdempotency(client, randomUUID()) : client;
}

/** Why an operation was ended from outside, if it was. */
function endDiagnostic(
  session: Session,
  timer: AbortSignal,
  { verb, definition }: OperationRequest,
  limit: string,
): Diagnostic | undefined {
  if (session.stop.signal.aborted) {
    return {
      severity: 'error',
      summary: `Interrupted: ${verb} of ${definition.type}`,
      detail: `Terraform was interrupted while the operation ran. Plan and apply again to go on.${verb === 'create' ? ' A request that was on its way may still have created the object: if the next apply says that it exists, import it.' : ''}`,
    };
  }
  if (!timer.aborted) return undefined;
  const fix =
    definition.kind === 'resource' && definition.timeouts !== undefined && verb in definition.timeouts
      ? ` Allow more in the resource: timeouts { ${verb} = "…" }.`
      : '';
  return {
    severity: 'error',
    summary: `${definition.type}: ${verb} took longer than ${limit}`,
    detail: `It was given up.${fix}`,
  };
}

function scopeOf(connection: Connection, context: 'project' | 'tenant'): ReturnType<OperationContext['scopeOf']> {
  if (context === 'tenant') return { kind: 'tenant' };
  if (connection.projectUid === '') {
    throw new Error(
      'The resource lives in a project, and the provider has none: set `project_name` in the provider block, or `context = "tenant"` here.',
    );
  }
  return { kind: 'project', projectUid: connection.projectUid };
}

function timeoutOf({ verb, definition, values }: OperationRequest): { readonly text: string; readonly ms: number } {
  const configured = partOf(values, 'timeouts');
  const own = isCtyObject(configured) && verb !== 'look up' ? configured[verb] : undefined;
  const defaults: { readonly [verb: string]: string | undefined } =
    definition.kind === 'resource' ? { ...definition.timeouts } : {};
  for (const text of [own, defaults[verb]]) {
    const ms = typeof text === 'string' ? parseDuration(text) : undefined;
    if (ms !== undefined && typeof text === 'string') return { text, ms };
  }
  return { text: DEFAULT_TIMEOUT, ms: parseDuration(DEFAULT_TIMEOUT) ?? 0 };
}

/** The connection that an operation needs, or what to tell when there is none. */
export function requireConnection(session: Session): Connection | Diagnostic {
  const state = session.connection;
  switch (state.kind) {
    case 'connected':
      return state.connection;
    case 'deferred':
      return {
        severity: 'error',
        summary: `The provider's ${state.setting} is not known yet`,
        detail:
          'It comes from a resource that does not exist yet: create that one first, for example with `terraform apply -target=…`.',
      };
    case 'unconfigured':
      return {
        severity: 'error',
        summary: 'The provider is not configured',
        detail: 'Terraform asked for an operation before it configured the provider.',
      };
  }
}

export function isDiagnostic(value: Connection | Diagnostic): value is Diagnostic {
  return 'severity' in value;
}
