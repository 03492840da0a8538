import type { Schemas } from '#openapi/client/index';
import type { VariableDefinition } from '#packs/variables';

/** The variables of a profile as the API tells of them, as values are checked against. */
export function variableDefinitions(variables: readonly Schemas['v1Variable'][]): VariableDefinition[] {
  return variables.map(({ name, format, defaultValue, regex, required, isSensitive, inputType, options }) => ({
    name,
    format,
    // A masked secret says that there is a default, not what it is.
    defaultValue: isSensitive === true ? undefined : defaultValue,
    regex,
    required: required === true && !(isSensitive === true && (defaultValue ?? '') !== ''),
    isSensitive,
    inputType,
    options: options?.map(({ value }) => ({ value })),
  }));
}
