import { isApiError } from '#openapi/client/index';
import { diagnosticAt, type Diagnostic } from '#resources/engine/diagnostic';
import type { AttributePath } from '#resources/engine/index';
import type { ObjectModel } from '#resources/engine/model';

/** What was being done when something failed. */
export interface Attempt {
  /** `create`, `read`, `update`, `delete`, `import`, `plan` or `look up`. */
  readonly verb: string;
  readonly type: string;
  readonly model: ObjectModel;
}

/** The diagnostic of anything thrown: at its attribute where it belongs to one, in words for a practitioner, without a stack. */
export function failureDiagnostic(thrown: unknown, { verb, type, model }: Attempt): Diagnostic {
  const attribute = attributeFailure(thrown);
  if (attribute !== undefined) return diagnosticAt(model, 'error', attribute.summary, attribute.detail, attribute.path);
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const what = isApiError(error) ? 'the API refuses' : 'it failed';
  return {
    severity: 'error',
    summary: `Cannot ${verb} ${type}: ${isApiError(error) && error.status === 0 ? 'the API cannot be used' : what}`,
    detail: error.message,
  };
}

/** Tells an AttributeError also across copies of the module. */
function attributeFailure(
  thrown: unknown,
): { readonly path: AttributePath; readonly summary: string; readonly detail: string } | undefined {
  if (!(thrown instanceof Error) || thrown.name !== 'AttributeError') return undefined;
  if (!('path' in thrown) || !('summary' in thrown) || !('detail' in thrown) || !Array.isArray(thrown.path))
    return undefined;
  // as: AttributeError makes its paths of these only
  return { path: thrown.path as AttributePath, summary: String(thrown.summary), detail: String(thrown.detail) };
}
