/** Definitions of profile variables, and values for them. */
import { validateVariable, validateVariableDefinition } from '#packs/index';
import { PlaneError } from '#plane/api/error';

import type { Variable } from '#profiles/document';
import { MASK } from './views.ts';

/**
 * Checks definitions as they come in. A sensitive default that comes back masked stays as it was.
 *
 * @throws PlaneError 422 `InvalidVariable` that names the variable.
 */
export function checkDefinitions(definitions: readonly Variable[], before: readonly Variable[]): Variable[] {
  const names = new Set<string>();
  return definitions.map((given) => {
    const definition = unmasked(given, before);
    const { name, hidden, required, defaultValue } = definition;
    const [problem] = validateVariableDefinition(definition);
    if (problem) throw refusal(name, problem.message);
    if (names.has(name)) throw invalid(name, 'it is defined twice');
    if (hidden && required && !defaultValue) throw invalid(name, 'it is hidden and required, so it needs a default');
    names.add(name);
    return definition;
  });
}

function unmasked(definition: Variable, before: readonly Variable[]): Variable {
  if (!definition.isSensitive || definition.defaultValue !== MASK) return definition;
  const known = before.find((candidate) => candidate.name === definition.name);
  return { ...definition, defaultValue: known?.defaultValue };
}

/**
 * The values of one profile's variables on a cluster after a change. A sensitive value that comes
 * back masked stays as it was.
 *
 * @param before values that the cluster gives now.
 * @throws PlaneError 422 `InvalidVariable` for an unknown variable, a value of the wrong format,
 *   an immutable one that would change, or a required one without value.
 */
export function checkValues(
  definitions: readonly Variable[],
  given: readonly { readonly name: string; readonly value?: string | undefined }[],
  before: Readonly<Record<string, string>>,
): Record<string, string> {
  const values: Record<string, string> = {};
  // Values of variables that are defined no more go.
  for (const { name } of definitions) if (before[name] !== undefined) values[name] = before[name];
  for (const { name, value = '' } of given) {
    const definition = definitions.find((candidate) => candidate.name === name);
    if (!definition) {
      const known = definitions.map((candidate) => candidate.name).join(', ');
      throw invalid(
        name,
        `the profile does not define it${known === '' ? ' (it defines none)' : `; it defines ${known}`}`,
      );
    }
    if (definition.isSensitive && value === MASK) continue;
    if (definition.immutable && before[name] !== undefined && before[name] !== value)
      throw invalid(name, 'it is immutable and has a value already');
    if (value === '') delete values[name];
    else {
      const problem = validateVariable(definition, value);
      if (problem !== undefined) throw invalid(name, problem);
      values[name] = value;
    }
  }
  for (const { name, required, defaultValue } of definitions) {
    if (required && !values[name] && !defaultValue) throw invalid(name, 'it is required and has no value');
  }
  return values;
}

function invalid(name: string, problem: string): PlaneError {
  return refusal(name, `variable ${name}: ${problem}`);
}

function refusal(name: string, message: string): PlaneError {
  return new PlaneError(422, 'InvalidVariable', message, { variable: name });
}
