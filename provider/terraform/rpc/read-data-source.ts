import { modelOf } from '#resources/engine/model';
import { planObject } from '#resources/engine/plan';
import { settle } from '#resources/engine/settle';
import { fromTyped, toTyped } from '#resources/engine/state-conversion';

import { fromDynamicValue } from '../convert/from-proto.ts';
import { toDiagnostics, toDynamicValue } from '../convert/to-proto.ts';
import { isDiagnostic, requireConnection, runOperation } from '../operation.ts';
import { loadDataSource, type Rpc } from '../session.ts';

/** Looks something up. What the configuration says stays as it says; the rest comes from the API. */
export const readDataSource: Rpc<'readDataSource'> = async ({ typeName, config: sent }, session) => {
  const definition = await loadDataSource(session, typeName);
  const model = modelOf(definition);
  const config = fromDynamicValue(model, sent) ?? {};
  const connection = requireConnection(session);
  if (isDiagnostic(connection)) return { state: undefined, diagnostics: toDiagnostics([connection]) };
  const wanted = planObject(model, undefined, config);
  const result = await runOperation(
    session,
    connection,
    { verb: 'look up', definition, values: undefined },
    async (ctx) => {
      // as never: a definition of any data source has forgotten its own types, which its model just followed
      const found = await definition.read({ config: toTyped(model, wanted, { unknown: 'omit' }) as never }, ctx);
      return settle(model, wanted, fromTyped(model, { ...found }));
    },
  );
  const diagnostics = toDiagnostics(result.diagnostics);
  return { state: result.kind === 'done' ? toDynamicValue(model, result.value) : undefined, diagnostics };
};
