import { validateObject } from '#resources/engine/validate-config';

import { fromDynamicValue } from '../convert/from-proto.ts';
import { toDiagnostics } from '../convert/to-proto.ts';
import { providerModel } from '../provider-config.ts';
import type { Rpc } from '../session.ts';

/** Checks what the provider block says as far as that is possible without the environment: `validate` has to work without a key. */
export const validateProviderConfig: Rpc<'validateProviderConfig'> = async ({ config }) =>
  Promise.resolve({
    diagnostics: toDiagnostics(validateObject(providerModel, fromDynamicValue(providerModel, config) ?? {}, [])),
  });
