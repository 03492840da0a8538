import { modelOf } from '#resources/engine/model';
import { fromTyped, toTyped } from '#resources/engine/state-conversion';

import { toDiagnostics, toDynamicValue } from '../convert/to-proto.ts';
import { isDiagnostic, requireConnection, runOperation } from '../operation.ts';
import { loadResource, type Rpc } from '../session.ts';

/** Finds the resource that a user names. Terraform reads it next, from what is known here: its id, and defaults. */
export const importResourceState: Rpc<'importResourceState'> = async ({ typeName, id }, session) => {
  const definition = await loadResource(session, typeName);
  const model = modelOf(definition);
  if (definition.importState === undefined) {
    const detail = 'This type of resource has no identifier to import it by: let Terraform create it.';
    return {
      importedResources: [],
      diagnostics: toDiagnostics([{ severity: 'error', summary: `${typeName} cannot be imported`, detail }]),
    };
  }
  const connection = requireConnection(session);
  if (isDiagnostic(connection)) return { importedResources: [], diagnostics: toDiagnostics([connection]) };
  const result = await runOperation(
    session,
    connection,
    { verb: 'import', definition, values: undefined },
    async (ctx) => definition.importState?.({ id }, ctx),
  );
  const diagnostics = toDiagnostics(result.diagnostics);
  if (result.kind === 'failed' || result.value === undefined) return { importedResources: [], diagnostics };
  // There and back again: the way to typed values fills in the defaults.
  const withDefaults = toTyped(model, fromTyped(model, { ...result.value }), { unknown: 'omit' });
  const state = toDynamicValue(model, fromTyped(model, withDefaults));
  return { importedResources: [{ typeName, state, private: Buffer.alloc(0) }], diagnostics };
};
