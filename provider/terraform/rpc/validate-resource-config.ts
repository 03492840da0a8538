import { modelOf } from '#resources/engine/model';
import { validateConfig } from '#resources/engine/validate-config';

import { fromDynamicValue } from '../convert/from-proto.ts';
import { toDiagnostics } from '../convert/to-proto.ts';
import { loadDataSource, loadResource, type Rpc } from '../session.ts';

export const validateResourceConfig: Rpc<'validateResourceConfig'> = async ({ typeName, config }, session) => {
  const definition = await loadResource(session, typeName);
  return {
    diagnostics: toDiagnostics(validateConfig(definition, fromDynamicValue(modelOf(definition), config) ?? {})),
  };
};

export const validateDataResourceConfig: Rpc<'validateDataResourceConfig'> = async ({ typeName, config }, session) => {
  const definition = await loadDataSource(session, typeName);
  return {
    diagnostics: toDiagnostics(validateConfig(definition, fromDynamicValue(modelOf(definition), config) ?? {})),
  };
};
