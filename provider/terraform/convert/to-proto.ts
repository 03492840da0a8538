import type { CtyValue } from '#resources/engine/cty';
import { objectType, type ObjectModel } from '#resources/engine/model';
import type { Diagnostic } from '#resources/engine/diagnostic';
import type { TerraformPath } from '#resources/engine/path';

import { encodeValue } from '../cty/value-codec.ts';
import * as proto from '../generated/tfplugin6.ts';

/** From our own types to the protocol's. */

const EMPTY = Buffer.alloc(0);

/** A value as an object of a schema, or null. */
export function toDynamicValue(model: ObjectModel, value: CtyValue): proto.DynamicValue {
  return { msgpack: encodeValue(objectType(model), value), json: EMPTY };
}

export function toDiagnostics(diagnostics: readonly Diagnostic[]): proto.Diagnostic[] {
  return diagnostics.map(({ severity, summary, detail, path }) => ({
    severity: severity === 'error' ? proto.Severity.SEVERITY_ERROR : proto.Severity.SEVERITY_WARNING,
    summary,
    detail,
    attribute: path === undefined ? undefined : toAttributePath(path),
  }));
}

export function toAttributePath(path: TerraformPath): proto.AttributePath {
  return { steps: path.map((step) => ({ selector: toSelector(step) })) };
}

function toSelector(step: TerraformPath[number]): proto.AttributePathStep['selector'] {
  switch (step.kind) {
    case 'attribute':
      return { $case: 'attributeName', value: step.name };
    case 'index':
      return { $case: 'elementKeyInt', value: step.index };
    case 'key':
      return { $case: 'elementKeyString', value: step.key };
  }
}
