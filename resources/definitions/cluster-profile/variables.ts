import type { Schemas } from '#openapi/client/index';
import type { PlannedValues } from '#resources/engine/index';

import type { clusterProfileSchema } from './schema.ts';

export type ProfileVariables = NonNullable<PlannedValues<typeof clusterProfileSchema>['profileVariables']>;
export type ProfileVariable = ProfileVariables[number]['variable'][number];

/** What some APIs show in the place of a secret. */
const MASK = /^\**$/;

/** Variables as the API takes them. */
export function toVariables(blocks: ProfileVariables | undefined): Schemas['v1Variable'][] {
  return (blocks?.[0]?.variable ?? []).map((variable) => ({
    name: variable.name,
    displayName: variable.displayName,
    description: variable.description ?? '',
    format: variable.format,
    inputType: variable.inputType,
    defaultValue: variable.defaultValue ?? '',
    regex: variable.regex ?? '',
    required: variable.required ?? false,
    immutable: variable.immutable ?? false,
    hidden: variable.hidden ?? false,
    isSensitive: variable.isSensitive ?? false,
    options: (variable.options ?? []).map((option) => ({
      value: option.value,
      label: option.label,
      description: option.description ?? '',
      default: option.value === variable.defaultValue,
    })),
  }));
}

/** The block of variables that the API tells; the order is that of the prior one, since it means nothing. */
export function fromVariables(
  found: readonly Schemas['v1Variable'][],
  prior: ProfileVariables | undefined,
): ProfileVariables {
  if (found.length === 0) return [];
  const before = prior?.[0]?.variable ?? [];
  const position = (name: string): number => {
    const at = before.findIndex((variable) => variable.name === name);
    return at < 0 ? before.length : at;
  };
  const ordered = [...found].sort((a, b) => position(a.name) - position(b.name));
  return [
    {
      variable: ordered.map((variable) =>
        fromVariable(
          variable,
          before.find(({ name }) => name === variable.name),
        ),
      ),
    },
  ];
}

function fromVariable(found: Schemas['v1Variable'], prior: ProfileVariable | undefined): ProfileVariable {
  const shown = found.defaultValue ?? '';
  return {
    name: found.name,
    displayName: found.displayName ?? found.name,
    description: found.description,
    format: found.format ?? 'string',
    inputType: found.inputType ?? 'text',
    // A secret is not read back: what was configured stays.
    defaultValue: found.isSensitive === true && MASK.test(shown) ? prior?.defaultValue : shown,
    regex: found.regex,
    required: found.required ?? false,
    immutable: found.immutable ?? false,
    hidden: found.hidden ?? false,
    isSensitive: found.isSensitive ?? false,
    options: (found.options ?? []).map((option) => ({
      value: option.value,
      label: option.label ?? option.value,
      description: option.description,
      default: option.default ?? option.value === shown,
    })),
  };
}
