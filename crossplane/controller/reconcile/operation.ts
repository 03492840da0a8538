/** What a definition's function works with when it is called for a managed resource. */
import { delay } from '#core/retry';
import type { Logger } from '#core/log';
import type { PaletteClient } from '#openapi/client/index';
import type { AnyResource, AttributePath, OperationContext } from '#resources/engine/index';
import type { WaitRequest, WaitOutcome } from '#resources/engine/wait-for';

import type { ApiConnection } from '../contracts.ts';

/** One call of a definition with all its requests, in milliseconds. None waits for anything to happen: that is what later looks are for. */
const OPERATION_LIMIT_MS = 120_000;

/** The API is at work on what was asked for. Ends a definition's function, so that no worker waits. */
export class StillGoing extends Error {
  override readonly name = 'StillGoing';
}

export interface OperationOptions {
  readonly verb: 'create' | 'read' | 'update' | 'delete' | 'import' | 'plan';
  readonly definition: AnyResource;
  readonly connection: ApiConnection;
  /** Instead of the connection's own. */
  readonly client: PaletteClient;
  readonly warn: (summary: string, detail: string, path?: AttributePath) => void;
  readonly log: Logger;
  readonly now: () => number;
  /** When it was asked for first; see OperationContext. */
  readonly since?: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * Calls a function of a definition with its context.
 *
 * @throws what the function throws; StillGoing when it would wait; Error when it takes too long; the signal's reason
 */
export async function runOperation<T>(
  options: OperationOptions,
  work: (ctx: OperationContext) => Promise<T>,
): Promise<T> {
  const { verb, definition, connection, client, now } = options;
  const limit = new AbortController();
  const finished = new AbortController();
  const signal = AbortSignal.any([options.signal, limit.signal]);
  const ends = delay(OPERATION_LIMIT_MS, { signal: finished.signal }).then(
    () => limit.abort(new Error(`the ${verb} of ${definition.type} took longer than ${OPERATION_LIMIT_MS / 1000} s`)),
    () => undefined,
  );
  const log = options.log.child({ type: definition.type, verb });
  try {
    return await work({
      client,
      projectUid: connection.projectUid,
      projectName: connection.projectName,
      scopeOf: (context) => scopeOf(connection, context),
      log,
      signal,
      deadline: now() + OPERATION_LIMIT_MS,
      ...(options.since === undefined ? {} : { since: options.since }),
      feature: () => false,
      warn: options.warn,
      waitFor: async (request) => lookOnce(request, signal),
    });
  } catch (error) {
    options.signal.throwIfAborted();
    if (limit.signal.aborted) throw limit.signal.reason;
    throw error;
  } finally {
    finished.abort(new Error('the operation has ended'));
    await ends;
  }
}

async function lookOnce<T>({ poll, describe }: WaitRequest<T>, signal: AbortSignal): Promise<WaitOutcome<T>> {
  const seen = await poll({ signal });
  if (seen.kind === 'reached') return seen;
  throw new StillGoing(`Waiting for ${describe}: it is ${seen.seen}.`);
}

function scopeOf(connection: ApiConnection, context: 'project' | 'tenant'): ReturnType<OperationContext['scopeOf']> {
  if (context === 'tenant') return { kind: 'tenant' };
  if (connection.projectUid === '') {
    throw new Error(
      'The resource lives in a project, and its provider configuration names none: set spec.project there, or spec.forProvider.context: tenant here where the kind has it.',
    );
  }
  return { kind: 'project', projectUid: connection.projectUid };
}
