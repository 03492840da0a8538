import { isIPv4, isIPv6 } from 'node:net';

import { valid } from 'semver';

import { closest } from './macros/suggest.ts';
import { matchPattern, MAX_PATTERN } from './match-pattern.ts';

/** What kind of value a profile variable takes. */
export type VariableFormat = 'string' | 'number' | 'boolean' | 'ipv4' | 'ipv4cidr' | 'ipv6' | 'version' | 'base64';

/** The part of a profile variable's definition that says which values it takes. */
export interface VariableDefinition {
  readonly name: string;
  /** Default: `string`. */
  readonly format?: VariableFormat | undefined;
  readonly defaultValue?: string | undefined;
  /** The value must match it; anywhere, unless the expression has anchors. */
  readonly regex?: string | undefined;
  readonly required?: boolean | undefined;
  readonly isSensitive?: boolean | undefined;
  /** `dropdown`: one of `options`. Default: `text`. */
  readonly inputType?: 'text' | 'dropdown' | 'multiline' | undefined;
  readonly options?: readonly { readonly value: string }[] | undefined;
}

export interface VariableProblem {
  readonly variable: string;
  /** `missing`: required and without a value. `unknown`: a value nobody asked for. `definition`: the definition itself is wrong. */
  readonly kind: 'missing' | 'unknown' | 'format' | 'regex' | 'option' | 'definition';
  /** Names the variable; the value of a sensitive variable is not in it. */
  readonly message: string;
}

/**
 * What is wrong with a variable's value, as a phrase without the variable's name; undefined when
 * nothing is. An empty value of a variable that is not required means "none" and is always right.
 * The value of a sensitive variable is never in the phrase.
 */
export function validateVariable(definition: VariableDefinition, value: string): string | undefined {
  return findFault(definition, value)?.message;
}

interface Fault {
  readonly kind: VariableProblem['kind'];
  readonly message: string;
}

function findFault(definition: VariableDefinition, value: string): Fault | undefined {
  const { format = 'string', regex: pattern = '' } = definition;
  const found = definition.isSensitive
    ? 'found something else'
    : `found ${JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value)}`;
  if (value === '')
    return definition.required ? { kind: 'missing', message: 'it is required and has no value' } : undefined;
  const { matches, expected } = FORMATS[format];
  if (!matches(value)) return { kind: 'format', message: `the format is ${format}: expected ${expected}, ${found}` };
  if (definition.inputType === 'dropdown') {
    const options = (definition.options ?? []).map((option) => option.value);
    if (!options.includes(value))
      return {
        kind: 'option',
        message: `expected one of ${options.map((option) => JSON.stringify(option)).join(', ')}, ${found}`,
      };
  }
  if (pattern === '') return undefined;
  switch (matchPattern(pattern, value)) {
    case 'matches':
      return undefined;
    case 'differs':
      return { kind: 'regex', message: `expected a value that matches ${pattern}, ${found}` };
    case 'unreadable':
      return { kind: 'definition', message: `its regex cannot be read: ${pattern}` };
    case 'too-long':
      return {
        kind: 'definition',
        message: `its regex has ${pattern.length} characters; expected at most ${MAX_PATTERN}`,
      };
    case 'too-slow':
      return {
        kind: 'definition',
        message: `its regex takes too long on this value; write it without nested repetition: ${pattern}`,
      };
  }
}

/**
 * Everything wrong with the values given for a profile's variables: values of the wrong form,
 * required variables without value and without default, names that no definition has.
 */
export function validateVariables(
  definitions: readonly VariableDefinition[],
  values: Readonly<Record<string, string>>,
): VariableProblem[] {
  const names = definitions.map(({ name }) => name);
  const problems = definitions.flatMap((definition) => {
    const given = Object.hasOwn(values, definition.name) ? values[definition.name] : undefined;
    const fault = findFault(definition, given ?? definition.defaultValue ?? '');
    return fault
      ? [{ variable: definition.name, kind: fault.kind, message: `variable ${definition.name}: ${fault.message}` }]
      : [];
  });
  for (const name of Object.keys(values)) {
    if (names.includes(name)) continue;
    const near = closest(name, names);
    problems.push({
      variable: name,
      kind: 'unknown',
      message: `variable ${name}: no variable has that name${near === undefined ? '' : `; did you mean "${near}"?`}`,
    });
  }
  return problems;
}

/** What is wrong with a definition itself: its name, its default, its regex, its options. */
export function validateVariableDefinition(definition: VariableDefinition): VariableProblem[] {
  const { name, inputType, options = [], defaultValue = '' } = definition;
  const problem = (message: string): VariableProblem => ({
    variable: name,
    kind: 'definition',
    message: `variable ${name}: ${message}`,
  });
  const problems: VariableProblem[] = [];
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(name))
    problems.push(problem('expected a name of letters, digits, "_" and "-", at most 128 characters'));
  if (inputType === 'dropdown' && options.length === 0) problems.push(problem('it is a dropdown without options'));
  const fault = definition.regex ? findFault({ name, regex: definition.regex }, 'x') : undefined;
  if (fault?.kind === 'definition') problems.push(problem(fault.message));
  if (problems.length > 0 || defaultValue === '') return problems;
  const wrong = findFault(definition, defaultValue);
  return wrong ? [problem(`its default value: ${wrong.message}`)] : [];
}

interface Format {
  readonly matches: (value: string) => boolean;
  readonly expected: string;
}

const FORMATS: Readonly<Record<VariableFormat, Format>> = {
  string: { matches: () => true, expected: 'any text' },
  number: {
    matches: (value) => /^[-+]?(\d+(\.\d+)?|\.\d+)([eE][-+]?\d{1,3})?$/.test(value),
    expected: 'a number such as 3 or -0.5',
  },
  boolean: { matches: (value) => value === 'true' || value === 'false', expected: 'true or false' },
  ipv4: { matches: isIPv4, expected: 'an address such as 10.0.0.1' },
  ipv4cidr: { matches: isCidr, expected: 'a network such as 10.0.0.0/16' },
  ipv6: { matches: (value) => isIPv6(value) && !value.includes('%'), expected: 'an address such as fd00::1' },
  version: {
    matches: (value) => valid(value) !== null || /^v?\d+(\.\d+){0,2}$/.test(value),
    expected: 'a version such as 1.4.2',
  },
  base64: {
    matches: (value) => value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value),
    expected: 'base64 text such as aGVsbG8=',
  },
};

function isCidr(value: string): boolean {
  const [address, bits, ...more] = value.split('/');
  return more.length === 0 && isIPv4(address ?? '') && /^\d{1,2}$/.test(bits ?? '') && Number(bits) <= 32;
}
