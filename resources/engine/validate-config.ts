import * as z from 'zod';

import { UNKNOWN, isCtyObject, isWhollyKnown, partOf, type CtyObject, type CtyValue } from './cty.ts';
import type { AnyDefinition } from './definition.ts';
import { problemDiagnostic, type Diagnostic } from './diagnostic.ts';
import { modelOf, type AttributeModel, type FieldModel, type ObjectModel, type ValueModel } from './model.ts';
import { attributeStep, formatPath, indexStep, type TerraformPath } from './path.ts';
import { toTyped } from './state-conversion.ts';

/**
 * All that is wrong with a configuration, as far as it is known: each attribute by its zod checks, conflicts,
 * deprecations, and what the definition itself checks. Terraform has checked types, required attributes and the number
 * of blocks already.
 */
export function validateConfig(definition: AnyDefinition, config: CtyObject): Diagnostic[] {
  const model = modelOf(definition);
  const found = validateObject(model, config, []);
  const typed = toTyped(model, config, { unknown: 'keep' });
  // as never: a definition of any resource has forgotten its own types, which the model just followed
  const problems = definition.validate?.({ config: typed as never }) ?? [];
  return [...found, ...problems.map((problem) => problemDiagnostic(model, problem))];
}

/** What is wrong with the attributes of one object. `above` is a path that Terraform can address. */
export function validateObject(object: ObjectModel, config: CtyObject, above: TerraformPath): Diagnostic[] {
  return object.fields.flatMap((field) => {
    const value = partOf(config, field.name);
    if (value === null) return [];
    const path = [...above, attributeStep(field.name)];
    return [
      ...deprecation(field, value, path),
      ...conflicts(object, field, config, path),
      ...validateField(field, value, path),
    ];
  });
}

function validateField(field: FieldModel, value: CtyValue, path: TerraformPath): Diagnostic[] {
  if (value === UNKNOWN) return [];
  if (field.kind === 'attribute') return validateAttribute(field, value, path);
  if (isCtyObject(value)) return validateObject(field.object, value, path);
  if (!Array.isArray(value)) return [];
  return value.flatMap((element, index) => {
    if (!isCtyObject(element)) return [];
    if (field.nesting !== 'set') return validateObject(field.object, element, [...path, indexStep(index)]);
    // Elements of a set have no address: what is wrong in them is shown at the set.
    return validateObject(field.object, element, path).map((found) => ({ ...found, path }));
  });
}

function validateAttribute(attribute: AttributeModel, value: CtyValue, path: TerraformPath): Diagnostic[] {
  const secret = attribute.traits.sensitive === true;
  const whole = isWhollyKnown(value) ? check(attribute.schema, plain(value), path, secret) : [];
  return whole.length > 0 || attribute.value.kind === 'leaf'
    ? whole
    : validateParts(attribute.value, value, path, secret);
}

/** Checks the known parts of a value that is not known as a whole. */
function validateParts(model: ValueModel, value: CtyValue, path: TerraformPath, secret: boolean): Diagnostic[] {
  if (isWhollyKnown(value)) return [];
  if (model.kind !== 'collection') return [];
  const parts = Array.isArray(value) ? value : isCtyObject(value) ? Object.values(value) : [];
  const element = model.element;
  if (element.kind !== 'leaf') return [];
  return parts.flatMap((part) =>
    part === null || part === UNKNOWN ? [] : check(element.schema, plain(part), path, secret),
  );
}

function check(schema: z.core.$ZodType, value: unknown, path: TerraformPath, secret: boolean): Diagnostic[] {
  const result = z.core.safeParse(schema, value);
  if (result.success) return [];
  return result.error.issues.map((issue) => {
    const at = [
      ...path,
      ...issue.path.map((part) =>
        typeof part === 'number' ? indexStep(part) : ({ kind: 'key', key: String(part) } as const),
      ),
    ];
    return {
      severity: 'error',
      summary: `Invalid value for ${formatPath(at)}`,
      detail: explain(issue, valueAt(value, issue.path), secret),
      path,
    };
  });
}

/** Says what was expected. A secret is never shown. */
function explain(issue: z.core.$ZodIssue, value: unknown, secret: boolean): string {
  const got =
    secret || (typeof value !== 'string' && typeof value !== 'number') ? '' : `, got ${JSON.stringify(value)}`;
  if (issue.code === 'invalid_value')
    return `Expected one of ${issue.values.map((allowed) => JSON.stringify(String(allowed))).join(', ')}${got}.`;
  const sentence = /[.!?]$/.test(issue.message) || got !== '' ? issue.message.replace(/\.$/, '') : issue.message;
  return issue.code === 'custom' ? issue.message : `${sentence}${got}.`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const part of path) at = typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined;
  return at;
}

/** A value as zod sees it: its own checks need numbers as numbers. */
function plain(value: CtyValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (isCtyObject(value)) return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
  return typeof value === 'object' && value !== null && 'text' in value ? Number(value.text) : value;
}

function conflicts(object: ObjectModel, field: FieldModel, config: CtyObject, path: TerraformPath): Diagnostic[] {
  if (isAbsent(partOf(config, field.name))) return [];
  return (field.traits.conflictsWith ?? []).flatMap((key): Diagnostic[] => {
    const other = object.fields.find((candidate) => candidate.key === key);
    const value = other === undefined ? null : partOf(config, other.name);
    if (other === undefined || isAbsent(value)) return [];
    return [
      {
        severity: 'error',
        summary: `${field.name} conflicts with ${other.name}`,
        detail: `Only one of ${field.name} and ${other.name} may be set: remove the other.`,
        path,
      },
    ];
  });
}

/** A block that is not written is an empty list. */
function isAbsent(value: CtyValue): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

function deprecation(field: FieldModel, value: CtyValue, path: TerraformPath): Diagnostic[] {
  if (field.traits.deprecated === undefined || isAbsent(value)) return [];
  return [{ severity: 'warning', summary: `${field.name} is deprecated`, detail: field.traits.deprecated, path }];
}
