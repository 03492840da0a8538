import { isApiError, isNotFound } from '#openapi/client/index';
import type { AnyResource } from '#resources/engine/index';
import { modelOf } from '#resources/engine/model';
import { refresh } from '#resources/engine/settle';
import { fromTyped, toTyped } from '#resources/engine/state-conversion';

import { fromDynamicValue } from '../convert/from-proto.ts';
import { toDiagnostics, toDynamicValue } from '../convert/to-proto.ts';
import { isDiagnostic, requireConnection, runOperation } from '../operation.ts';
import { loadResource, type Rpc } from '../session.ts';

/** Looks at a resource. One that is gone is answered with null; when the API cannot be asked yet the state stays. */
export const readResource: Rpc<'readResource'> = async ({ typeName, currentState, private: kept }, session) => {
  const definition = await loadResource(session, typeName);
  const model = modelOf(definition);
  const state = fromDynamicValue(model, currentState);
  const unchanged = { newState: currentState, private: kept, diagnostics: [] };
  if (state === undefined || session.connection.kind === 'deferred') return unchanged;
  const connection = requireConnection(session);
  if (isDiagnostic(connection)) return { ...unchanged, diagnostics: toDiagnostics([connection]) };

  const result = await runOperation(session, connection, { verb: 'read', definition, values: state }, async (ctx) =>
    // as never: a definition of any resource has forgotten its own types, which its model just followed
    definition.read({ state: toTyped(model, state, { unknown: 'omit' }) as never }, ctx).catch(absentIfGone),
  );
  if (result.kind === 'failed') return { ...unchanged, diagnostics: toDiagnostics(result.diagnostics) };
  const diagnostics = toDiagnostics(result.diagnostics);
  if (result.value.kind === 'absent')
    return { newState: toDynamicValue(model, null), private: Buffer.alloc(0), diagnostics };
  const found = fromTyped(model, { ...result.value.state });
  return {
    newState: toDynamicValue(model, refresh(model, state, { ...found, timeouts: state['timeouts'] ?? null })),
    private: kept,
    diagnostics,
  };
};

/** Not found means gone, but only when it is the API that says so: another server at this address must not empty a state. */
function absentIfGone(error: unknown): Awaited<ReturnType<AnyResource['read']>> {
  if (isNotFound(error) && isApiError(error) && error.code !== 'InvalidResponse') return { kind: 'absent' };
  throw error;
}
