/** Profile variables: a definition, and a typed reference to it in one. */
import { types } from 'node:util';

import type { Variable } from '#profiles/document';

import { refuseUnknown } from './known-options.ts';
import { referenceTo, type Reference, type ReferenceType } from './reference.ts';

export type VariableFormat = NonNullable<Variable['format']>;

/** What a program writes for a value of a format. */
export type ValueOf<F extends VariableFormat> = F extends 'number' ? number : F extends 'boolean' ? boolean : string;

export interface VariableOption<V> {
  readonly value: V;
  readonly label?: string;
  readonly description?: string;
}

export interface VariableOptions<F extends VariableFormat> {
  /** Default: `string`. */
  readonly format?: F;
  readonly displayName?: string;
  readonly description?: string;
  /** For clusters that give none. */
  readonly default?: ValueOf<F>;
  /** The values to choose from; asked for as a list. */
  readonly options?: readonly (ValueOf<F> | VariableOption<ValueOf<F>>)[];
  /** A value must match it, anywhere unless it has anchors. An expression takes no flags. */
  readonly regex?: RegExp | string;
  /** Asked for in several lines. */
  readonly multiline?: boolean;
  readonly required?: boolean;
  readonly hidden?: boolean;
  /** A cluster keeps the value that it was first given. */
  readonly immutable?: boolean;
  /** A secret: stored sealed, shown nowhere. */
  readonly sensitive?: boolean;
}

const OPTIONS: Readonly<Record<keyof VariableOptions<'string'>, true>> = {
  format: true,
  displayName: true,
  description: true,
  default: true,
  options: true,
  regex: true,
  multiline: true,
  required: true,
  hidden: true,
  immutable: true,
  sensitive: true,
};

/** In values it is a reference; in `variables` of a profile it is the definition. */
export interface ProfileVariable<T extends string | number | boolean = string> extends Reference<T> {
  readonly definition: Variable;
}

/**
 * A variable of a profile.
 *
 * @example
 * const replicas = variable('replicas', { format: 'number', default: 2, regex: /^[1-9]$/ });
 * addon({ pack: 'shop', version: '^1.0.0', values: { replicas } });
 */
export function variable<const F extends VariableFormat = 'string'>(
  name: string,
  options: VariableOptions<F> = {},
): ProfileVariable<ValueOf<F>> {
  refuseUnknown(`variable ${name}`, options, OPTIONS);
  const { format, regex, multiline, sensitive } = options;
  if (types.isRegExp(regex) && regex.flags !== '')
    throw new TypeError(
      `variable ${name}: its regex has the flags "${regex.flags}"; a profile keeps the expression alone`,
    );
  const choices = options.options?.map((option) => choiceOf<ValueOf<F>>(option));
  const chosen = options.default === undefined ? undefined : String(options.default);
  const definition = withoutUndefined<Variable>({
    name,
    displayName: options.displayName,
    description: options.description,
    defaultValue: chosen,
    format,
    inputType: choices ? 'dropdown' : multiline ? 'multiline' : undefined,
    options: choices?.map(({ value, ...rest }) => ({
      value: String(value),
      ...rest,
      ...(String(value) === chosen ? { default: true } : {}),
    })),
    regex: types.isRegExp(regex) ? regex.source : regex,
    required: options.required,
    hidden: options.hidden,
    immutable: options.immutable,
    isSensitive: sensitive,
  });
  const type: ReferenceType = format === 'number' || format === 'boolean' ? format : 'string';
  const reference = referenceTo(`var.${name}`, type);
  // Descriptors, since the mark of a reference is not enumerable.
  const marked = Object.defineProperties({ definition }, Object.getOwnPropertyDescriptors(reference));
  return Object.freeze(marked) as ProfileVariable<ValueOf<F>>; // as: the brand of a reference is there for the compiler alone
}

function choiceOf<V>(option: V | VariableOption<V>): VariableOption<V> {
  return typeof option === 'object' && option !== null && 'value' in option ? option : { value: option };
}

/** What is not said is not there: a document is compared and written as it is. */
function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T; // as: optional fields alone can be undefined
}
