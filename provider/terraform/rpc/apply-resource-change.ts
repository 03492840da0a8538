import { isNotFound } from '#openapi/client/index';
import type { AnyResource, OperationContext } from '#resources/engine/index';
import type { CtyObject } from '#resources/engine/cty';
import type { Diagnostic } from '#resources/engine/diagnostic';
import { modelOf, type ObjectModel } from '#resources/engine/model';
import { hasChanged } from '#resources/engine/plan';
import { settle } from '#resources/engine/settle';
import { fromTyped, toTyped } from '#resources/engine/state-conversion';

import { fromDynamicValue } from '../convert/from-proto.ts';
import { toDiagnostics, toDynamicValue } from '../convert/to-proto.ts';
import { isDiagnostic, requireConnection, runOperation } from '../operation.ts';
import { loadResource, type Rpc } from '../session.ts';

/** Does what was planned: creates (no prior state), deletes (no planned state) or changes. */
export const applyResourceChange: Rpc<'applyResourceChange'> = async (request, session) => {
  const definition = await loadResource(session, request.typeName);
  const model = modelOf(definition);
  const prior = fromDynamicValue(model, request.priorState);
  const planned = fromDynamicValue(model, request.plannedState);
  const respond = (state: CtyObject | undefined, diagnostics: readonly Diagnostic[]) => ({
    newState: toDynamicValue(model, state ?? null),
    private: request.plannedPrivate,
    diagnostics: toDiagnostics(diagnostics),
    legacyTypeSystem: true,
  });
  if (prior === undefined && planned === undefined) return respond(undefined, []);
  if (prior !== undefined && planned !== undefined && onlyLocal(model, prior, planned))
    return respond(settle(model, planned, {}), []);
  const connection = requireConnection(session);
  if (isDiagnostic(connection)) return respond(prior, [connection]);

  const verb = planned === undefined ? 'delete' : prior === undefined ? 'create' : 'update';
  // What is kept when the operation fails: for a create nothing, until the definition says that something is there.
  let kept = prior;
  const checkpoint = (state: object): void => {
    kept = settle(model, planned ?? {}, fromTyped(model, { ...state }));
  };
  const result = await runOperation(
    session,
    connection,
    { verb, definition, values: planned ?? prior },
    async (ctx) => {
      const state = await perform(definition, { prior, planned, checkpoint }, ctx);
      if (state === undefined || planned === undefined) return undefined;
      // Should the rest of what it returned be wrong, the object exists nevertheless: its id must not get lost.
      if (prior === undefined && 'id' in state && typeof state.id === 'string')
        kept = settle(model, planned, { id: state.id });
      return settle(model, planned, fromTyped(model, { ...state }));
    },
  );
  return result.kind === 'failed' ? respond(kept, result.diagnostics) : respond(result.value, result.diagnostics);
};

interface Change {
  readonly prior: CtyObject | undefined;
  readonly planned: CtyObject | undefined;
  readonly checkpoint: (state: object) => void;
}

async function perform(
  definition: AnyResource,
  { prior, planned, checkpoint }: Change,
  ctx: OperationContext,
): Promise<object | undefined> {
  const model = modelOf(definition);
  // as never: a definition of any resource has forgotten its own types, which its model follows
  const typed = (value: CtyObject): never => toTyped(model, value, { unknown: 'omit' }) as never;
  if (planned === undefined) {
    if (prior === undefined) return undefined;
    try {
      await definition.delete({ state: typed(prior) }, ctx);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    return undefined;
  }
  if (prior === undefined) return definition.create({ planned: typed(planned), checkpoint }, ctx);
  if (definition.update === undefined) throw new Error(`${definition.type} cannot be changed in place`);
  return definition.update({ planned: typed(planned), prior: typed(prior), checkpoint }, ctx);
}

/** Whether nothing changes but the timeouts, which the API knows nothing of. */
function onlyLocal(model: ObjectModel, prior: CtyObject, planned: CtyObject): boolean {
  return model.fields.every((field) => field.name === 'timeouts' || !hasChanged(field, prior, planned));
}
