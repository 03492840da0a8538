/** Rules about a managed resource's spec as a whole, which the API server checks before anybody else sees the object. */
import type { AnyResource } from '#resources/engine/index';

import { managedFields, type ManagedField } from './fields.ts';
import { alternatives, celName, fallbackOf, givenIn, isRequired, writtenKey } from './parameters.ts';
import type { ValidationRule } from './structural.ts';

/** Whether the external object is to be as the spec says; otherwise it is only looked at or deleted. */
const WRITES = ['*', 'Create', 'Update'].map((policy) => `'${policy}' in self.managementPolicies`).join(' || ');

export function specRules(definition: AnyResource): ValidationRule[] {
  const fields = managedFields(definition);
  return [...fields.filter(isRequired).map(requiredRule), ...fields.filter(isFixed).map(fixedRule)];
}

function requiredRule(field: ManagedField): ValidationRule {
  const given = `${givenIn('self.forProvider', field)} || (has(self.initProvider) && (${givenIn('self.initProvider', field)}))`;
  return {
    rule: `!(${WRITES}) || ${given}`,
    message: `give ${alternatives(field)} here or in initProvider, unless managementPolicies only observe`,
    reason: 'FieldValueRequired',
    fieldPath: `.forProvider.${writtenKey(field)}`,
  };
}

/** Whether it stays as it was made. A managed resource is never replaced behind one's back. */
export function isFixed({ input, sensitive, model: { traits } }: ManagedField): boolean {
  return input && !sensitive && (traits.forceNew === true || traits.immutable === true);
}

/**
 * What was not given before may be: the controller compares it with what the external object is, and late
 * initialisation writes it. What is no longer given asks for no change.
 */
function fixedRule(field: ManagedField): ValidationRule {
  const { key, model } = field;
  const before = `oldSelf.forProvider.${celName(key)}`;
  const after = `self.forProvider.${celName(key)}`;
  const fallback = model.traits.equality === 'emptyIsDefault' ? fallbackOf(field) : undefined;
  const meaning = (value: string): string =>
    fallback === undefined ? value : `(${value} == '' ? ${literal(fallback.value)} : ${value})`;
  return {
    rule: `!(${WRITES}) || !has(${before}) || !has(${after}) || ${meaning(after)} == ${meaning(before)}`,
    message: `cannot be changed once it is set; to have it otherwise, delete this object and make it again`,
    reason: 'FieldValueForbidden',
    fieldPath: `.forProvider.${key}`,
  };
}

function literal(value: unknown): string {
  return typeof value === 'string'
    ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`
    : JSON.stringify(value);
}
