/** Looking at the external object. */
import { isApiError, isNotFound } from '#openapi/client/index';
import type { CtyObject } from '#resources/engine/cty';
import { refresh } from '#resources/engine/settle';
import { fromTyped, type TypedObject } from '#resources/engine/state-conversion';

import type { ApiConnection } from '../contracts.ts';
import { PassFailure, attributeFailure, describeFailure } from './failure.ts';
import { guardClient } from './guarded-client.ts';
import { operate, type Pass } from './pass.ts';
import { idOf, seedState, typedOf } from './state.ts';

export type Observation =
  | { readonly kind: 'current'; readonly id: string; readonly state: CtyObject }
  /** The API says that there is no such object; `help` says what was looked for. */
  | { readonly kind: 'absent'; readonly help?: string };

/**
 * Looks at the object that an external name stands for.
 *
 * @param settled its last known state; absent when it has not been seen yet
 * @throws PassFailure CannotObserve when the API cannot be asked
 */
export async function look(
  pass: Pass,
  connection: ApiConnection,
  {
    name,
    settled,
    config,
  }: { readonly name: string; readonly settled: CtyObject | undefined; readonly config: CtyObject },
): Promise<Observation> {
  return settled === undefined ? observeByName(pass, connection, { name, config }) : observe(pass, connection, settled);
}

async function observe(pass: Pass, connection: ApiConnection, state: CtyObject): Promise<Observation> {
  try {
    return await read(pass, connection, state);
  } catch (error) {
    throw cannotObserve(pass, error);
  }
}

/** Finds what an external name stands for: an identifier, or what one would give to `terraform import`. */
async function observeByName(
  pass: Pass,
  connection: ApiConnection,
  { name, config }: { readonly name: string; readonly config: CtyObject },
): Promise<Observation> {
  const { definition } = pass;
  let byId: Observation | undefined;
  try {
    // An identifier has no colon; what one imports by has: `name:context`.
    if (!name.includes(':')) {
      byId = await tryRead(pass, connection, seedState(pass, config, { id: name }));
      if (byId.kind === 'current' || definition.importState === undefined) return byId;
    }
    const imported = await operate(
      pass,
      { verb: 'import', connection, client: guardClient(connection.client) },
      async (ctx) => definition.importState?.({ id: name }, ctx),
    );
    if (imported === undefined) return { kind: 'absent' };
    return await read(pass, connection, seedState(pass, config, { ...imported }));
  } catch (error) {
    pass.signal.throwIfAborted();
    // What looks like an identifier was meant as one: the form of import ids does not help.
    if (byId !== undefined && isFormWrong(error) && UID.test(name)) return byId;
    if (saysNo(error)) return { kind: 'absent', help: describeFailure(definition, error) };
    throw cannotObserve(pass, error);
  }
}

const UID = /^[0-9a-f]{24}$/i;

/** As `read`, but what cannot be the identifier of anything is absent. */
async function tryRead(pass: Pass, connection: ApiConnection, state: CtyObject): Promise<Observation> {
  try {
    return await read(pass, connection, state);
  } catch (error) {
    pass.signal.throwIfAborted();
    if (saysNo(error)) return { kind: 'absent', help: describeFailure(pass.definition, error) };
    throw error;
  }
}

/** Whether this is about the name that was given, rather than about the way to the API. */
function saysNo(error: unknown): boolean {
  if (isApiError(error)) return [400, 404, 422].includes(error.status);
  return attributeFailure(error) !== undefined || isFormWrong(error);
}

function isFormWrong(error: unknown): boolean {
  return error instanceof Error && error.name === 'ImportIdError';
}

async function read(pass: Pass, connection: ApiConnection, state: CtyObject): Promise<Observation> {
  const { definition, model } = pass;
  const outcome = await operate(
    pass,
    { verb: 'read', connection, client: guardClient(connection.client) },
    async (ctx) => definition.read({ state: typedOf(pass, state) }, ctx),
  ).catch((error: unknown) => {
    if (isNotFound(error)) return { kind: 'absent' } as const;
    throw error;
  });
  if (outcome.kind === 'absent') return outcome;
  // as: the states of all definitions are objects of this kind
  const found = fromTyped(model, { ...(outcome.state as TypedObject) });
  const id = idOf(found) ?? idOf(state) ?? '';
  return { kind: 'current', id, state: refresh(model, state, { ...found, id }) };
}

function cannotObserve(pass: Pass, error: unknown): unknown {
  pass.signal.throwIfAborted();
  if (error instanceof PassFailure) return error;
  return new PassFailure(
    describeFailure(pass.definition, error),
    { reason: 'CannotObserve', event: 'CannotObserveExternalResource' },
    { cause: error },
  );
}
