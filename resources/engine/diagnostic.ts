import type { AttributePath } from './attribute-error.ts';
import type { ConfigProblem } from './definition.ts';
import type { ObjectModel } from './model.ts';
import { terraformPath, type TerraformPath } from './path.ts';

/** What a practitioner is told, at the place in the configuration that it belongs to. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** One line: what is wrong. */
  readonly summary: string;
  /** What was expected, and what to do. */
  readonly detail: string;
  readonly path?: TerraformPath;
}

/** The diagnostic of a problem that a definition found. */
export function problemDiagnostic(object: ObjectModel, problem: ConfigProblem): Diagnostic {
  return diagnosticAt(object, problem.severity ?? 'error', problem.summary, problem.detail, problem.path);
}

/** A diagnostic at a definition's path. A path that names nothing is left out. */
export function diagnosticAt(
  object: ObjectModel,
  severity: Diagnostic['severity'],
  summary: string,
  detail: string,
  path?: AttributePath,
): Diagnostic {
  const at = path === undefined ? [] : terraformPath(object, path);
  return { severity, summary, detail, ...(at.length === 0 ? {} : { path: at }) };
}
