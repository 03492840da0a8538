/**
 * Making the external object, exactly once.
 *
 * The intent is written to the managed resource before the API is called, and the call carries a key that follows from
 * it. Whoever comes later and finds an intent without an end makes the same calls with the same key: the API answers
 * what it answered before and makes nothing twice. On an API without such keys the object is looked for by its natural
 * key.
 */
import { isApiError, withIdempotency, type PaletteClient } from '#openapi/client/index';
import type { CtyObject } from '#resources/engine/cty';
import { planObject } from '#resources/engine/plan';
import { settle } from '#resources/engine/settle';
import { fromTyped, type TypedObject } from '#resources/engine/state-conversion';

import type { ApiConnection } from '../contracts.ts';
import { ANNOTATIONS } from '../../schema/groups.ts';
import { checkConfig, checkPlan } from './check-plan.ts';
import { CREATE_IDENTITY, nextMoment, type Creation } from './creation.ts';
import type { Desired } from './desired.ts';
import { PassFailure, attributeFailure, describeFailure } from './failure.ts';
import { guardClient, traceClient, type RequestTrace } from './guarded-client.ts';
import { StillGoing } from './operation.ts';
import { operate, tell, type Pass } from './pass.ts';
import { typedOf } from './state.ts';
import { claim, persist } from './writes.ts';

/** The API keeps keys for seven days; a day less leaves room for clocks that differ. */
const KEY_LIFE_MS = 6 * 24 * 3_600_000;
/** How long a request may be on its way after its sender died: by then it has arrived or never will. */
const IN_FLIGHT_MS = 60_000;

export interface Created {
  readonly id: string;
  readonly state: CtyObject;
  /** The API is at work on it; says on what. */
  readonly going?: string;
}

/** Makes the external object. @throws PassFailure */
export async function create(pass: Pass, connection: ApiConnection, desired: Desired): Promise<Created> {
  const { model, definition } = pass;
  checkConfig(pass, desired.config);
  const bare = planObject(model, undefined, desired.config);
  const { planned } = await checkPlan(pass, connection, { prior: undefined, planned: bare, config: desired.config });
  const identity = definition.identity?.({ planned: typedOf(pass, planned) });
  if (!isIdempotent(connection) && identity !== undefined) await refuseExisting(pass, connection, identity);
  const pending = nextMoment(pass.object, pass.deps.now());
  await claim(pass, { [ANNOTATIONS.createPending]: pending, [CREATE_IDENTITY]: identity ?? null });
  const attempt = await attemptCreate(pass, connection, { planned, pending });
  switch (attempt.kind) {
    case 'created':
      tell(pass, 'Normal', 'CreatedExternalResource', `Created ${pass.kind.kind} ${attempt.created.id}.`);
      return attempt.created;
    case 'unfinished':
      throw failure(pass, attempt.error, `${attempt.id} exists, but is not complete: `);
    case 'refused':
      await persist(pass, { [ANNOTATIONS.createFailed]: nextMoment(pass.object, pass.deps.now()) });
      throw failure(pass, attempt.error, '');
    case 'unknown':
      throw failure(pass, attempt.error, 'whether it was made is not known, which the next try finds out: ');
  }
}

export type Recovered = { readonly kind: 'made'; readonly id: string } | { readonly kind: 'notMade' };

interface Recovery {
  readonly creation: Extract<Creation, { kind: 'incomplete' }>;
  readonly desired: Desired;
}

/**
 * Finds out how a creation ended that nobody saw the end of, by doing it again with the same key or by looking for its
 * result. The identifier is written down when there is one.
 *
 * @throws PassFailure while that cannot be found out
 */
export async function recover(pass: Pass, connection: ApiConnection, recovery: Recovery): Promise<Recovered> {
  const isRemembered = pass.deps.now() - recovery.creation.since < KEY_LIFE_MS;
  return isIdempotent(connection) && isRemembered
    ? repeat(pass, connection, recovery)
    : search(pass, connection, recovery);
}

/** Makes the same calls with the same keys. What was made before is answered again, whatever the spec says by now. */
async function repeat(pass: Pass, connection: ApiConnection, { creation, desired }: Recovery): Promise<Recovered> {
  const planned = planObject(pass.model, undefined, desired.config);
  const attempt = await attemptCreate(pass, connection, { planned, pending: creation.pending });
  switch (attempt.kind) {
    case 'created':
    case 'unfinished': {
      const id = attempt.kind === 'created' ? attempt.created.id : attempt.id;
      tell(pass, 'Normal', 'AdoptedExternalResource', `Took up the creation of ${pass.kind.kind} ${id} again.`);
      return { kind: 'made', id };
    }
    case 'refused': {
      // The API looked at the request: had it carried it out before, it would have said so. But what it finds malformed
      // it does not look at, and the spec may have been changed into that since.
      const { identity } = creation;
      // It was carried out, and elsewhere: to make another one here would leave that one to nobody.
      if (isApiError(attempt.error) && attempt.error.code === 'IdempotencyKeyReused')
        throw failure(pass, attempt.error, 'it was made where its provider configuration or context led before: ');
      const isMalformed = isApiError(attempt.error) && [400, 422].includes(attempt.error.status);
      const isConclusive = isApiError(attempt.error) && attempt.error.status === 409;
      if (
        isConclusive ||
        (isMalformed && identity !== undefined && (await lookUp(pass, connection, identity)) === undefined)
      )
        return notMade(pass);
      throw failure(pass, attempt.error, 'how its creation ended is not known yet: ');
    }
    case 'unknown':
      throw failure(pass, attempt.error, 'how its creation ended is not known yet: ');
  }
}

/** Looks for what was made by its natural key, on an API that knows no keys or has forgotten them. */
async function search(pass: Pass, connection: ApiConnection, { creation }: Recovery): Promise<Recovered> {
  const { identity, pending, since } = creation;
  if (identity === undefined) {
    throw new PassFailure(
      `Its creation was begun at ${pending}, and how that ended cannot be found out. If the object is there, set the annotation ${ANNOTATIONS.externalName} to its identifier; then, or if it is not, remove the annotation ${ANNOTATIONS.createPending}.`,
      { reason: 'CreateIncomplete', event: 'CannotCreateExternalResource', requeue: 'rest' },
    );
  }
  if (pass.deps.now() - since < IN_FLIGHT_MS) {
    throw new PassFailure('Its creation was interrupted: a request may still be on its way.', {
      reason: 'CreateIncomplete',
      event: 'CannotCreateExternalResource',
      requeue: 'progressing',
    });
  }
  const found = await lookUp(pass, connection, identity);
  return found === undefined ? notMade(pass) : adopt(pass, found);
}

async function notMade(pass: Pass): Promise<Recovered> {
  await persist(pass, { [ANNOTATIONS.createFailed]: nextMoment(pass.object, pass.deps.now()) });
  return { kind: 'notMade' };
}

async function adopt(pass: Pass, id: string): Promise<Recovered> {
  await persistName(pass, id);
  tell(pass, 'Normal', 'AdoptedExternalResource', `Found ${pass.kind.kind} ${id}, whose creation was interrupted.`);
  return { kind: 'made', id };
}

type Attempt =
  | { readonly kind: 'created'; readonly created: Created }
  /** It exists, and something that belongs to it failed. */
  | { readonly kind: 'unfinished'; readonly id: string; readonly error: unknown }
  /** Nothing was made. */
  | { readonly kind: 'refused'; readonly error: unknown }
  | { readonly kind: 'unknown'; readonly error: unknown };

/** Calls the definition's create, and writes down the external name as soon as there is one. */
async function attemptCreate(
  pass: Pass,
  connection: ApiConnection,
  { planned, pending }: { readonly planned: CtyObject; readonly pending: string },
): Promise<Attempt> {
  const { definition, model } = pass;
  const trace: RequestTrace = { last: 'none' };
  const client = traceClient(keyedClient(pass, connection, pending), trace);
  let kept: { readonly id: string; readonly state: TypedObject; readonly written: Promise<void> } | undefined;
  const note = (state: TypedObject): void => {
    const { id } = state;
    if (typeof id !== 'string' || id === '') return;
    const written = kept?.id === id ? kept.written : persistName(pass, id);
    // Awaited below; without this a failure in between would count as nobody's.
    written.catch(() => undefined);
    kept = { id, state, written };
  };
  let end: { readonly kind: 'done' } | { readonly kind: 'going'; readonly what: string } | Failed;
  try {
    note({
      ...(await operate(pass, { verb: 'create', connection, client }, async (ctx) =>
        definition.create({ planned: typedOf(pass, planned), checkpoint: (state) => note({ ...state }) }, ctx),
      )),
    });
    end = { kind: 'done' };
  } catch (error) {
    pass.signal.throwIfAborted();
    end = error instanceof StillGoing ? { kind: 'going', what: error.message } : { kind: 'failed', error };
  }
  if (kept !== undefined) {
    const { id, written } = kept;
    await written;
    if (end.kind === 'failed') return { kind: 'unfinished', id, error: end.error };
    const state = settle(model, planned, fromTyped(model, kept.state));
    return { kind: 'created', created: { id, state, ...(end.kind === 'going' ? { going: end.what } : {}) } };
  }
  const error = end.kind === 'failed' ? end.error : new Error(`${definition.type} was made without an identifier`);
  const nothing = trace.last === 'refused' || (trace.last === 'none' && end.kind === 'failed');
  return { kind: nothing ? 'refused' : 'unknown', error };
}

interface Failed {
  readonly kind: 'failed';
  readonly error: unknown;
}

async function persistName(pass: Pass, id: string): Promise<void> {
  await persist(pass, {
    [ANNOTATIONS.externalName]: id,
    [ANNOTATIONS.createSucceeded]: nextMoment(pass.object, pass.deps.now()),
    [CREATE_IDENTITY]: null,
  });
}

function isIdempotent({ client }: ApiConnection): boolean {
  return client.offers('idempotency') === true;
}

function keyedClient(pass: Pass, connection: ApiConnection, pending: string): PaletteClient {
  if (!isIdempotent(connection)) return connection.client;
  return withIdempotency(connection.client, `${pass.object.metadata.uid ?? ''}/${pending}`);
}

/** What is there already was made by somebody else: taking it over is a decision. */
async function refuseExisting(pass: Pass, connection: ApiConnection, identity: string): Promise<void> {
  const id = await lookUp(pass, connection, identity);
  if (id === undefined) return;
  throw new PassFailure(
    `There is one of this name already (${id}). To take it over, set the annotation ${ANNOTATIONS.externalName}: ${id}; else give another name.`,
    { reason: 'ExternalResourceExists', event: 'CannotCreateExternalResource' },
  );
}

/** The identifier of what has this natural key. @throws PassFailure when the API cannot be asked */
async function lookUp(pass: Pass, connection: ApiConnection, identity: string): Promise<string | undefined> {
  const { definition } = pass;
  try {
    const found = await operate(
      pass,
      { verb: 'import', connection, client: guardClient(connection.client) },
      async (ctx) => definition.importState?.({ id: identity }, ctx),
    );
    return found?.id;
  } catch (error) {
    pass.signal.throwIfAborted();
    if (attributeFailure(error) !== undefined || (isApiError(error) && error.status === 404)) return undefined;
    throw new PassFailure(
      describeFailure(definition, error),
      { reason: 'CannotObserve', event: 'CannotObserveExternalResource' },
      { cause: error },
    );
  }
}

function failure(pass: Pass, error: unknown, prefix: string): PassFailure {
  const exists = isApiError(error) && error.status === 409 && prefix === '';
  const help = exists
    ? ` To take over what exists, set the annotation ${ANNOTATIONS.externalName} to its identifier; else give another name.`
    : '';
  return new PassFailure(
    `${prefix}${describeFailure(pass.definition, error)}${help}`,
    {
      reason: exists
        ? 'ExternalResourceExists'
        : attributeFailure(error) === undefined
          ? 'CannotCreate'
          : 'InvalidSpec',
      event: 'CannotCreateExternalResource',
    },
    { cause: error },
  );
}
