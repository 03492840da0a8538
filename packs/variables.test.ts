import { describe, expect, it } from '@jest/globals';

import {
  validateVariable,
  validateVariableDefinition,
  validateVariables,
  type VariableDefinition,
  type VariableFormat,
} from './variables.ts';

describe('a value by the format of its variable', () => {
  const right: Record<VariableFormat, string[]> = {
    string: ['x', ' ', 'a\nb', '{{ x }}'],
    number: ['0', '-1', '3.25', '1e6', '+4', '.5'],
    boolean: ['true', 'false'],
    ipv4: ['10.0.0.1', '255.255.255.255'],
    ipv4cidr: ['10.0.0.0/8', '0.0.0.0/0', '10.1.2.3/32'],
    ipv6: ['::1', 'fd00::1', '2001:db8:0:0:0:0:0:1'],
    version: ['1.2.3', 'v1.30.2', '1.30', '1.2.3-rc.1+build'],
    base64: ['aGVsbG8=', 'YQ==', 'YWJj'],
  };
  const wrong: Record<VariableFormat, string[]> = {
    string: [],
    number: ['x', '1,5', '0x10', '1 2', 'NaN', 'Infinity', '1.'],
    boolean: ['True', 'yes', '1', 'FALSE'],
    ipv4: ['10.0.0', '256.1.1.1', '::1', '10.0.0.1/8'],
    ipv4cidr: ['10.0.0.0', '10.0.0.0/33', 'fd00::/8', '10.0.0.0/8/8', '10.0.0.0/'],
    ipv6: ['10.0.0.1', ':::', 'fe80::1%eth0'],
    version: ['latest', '1.x', '1.2.3.4'],
    base64: ['aGVsbG8', '====', 'a b=', '*'],
  };
  const formats = Object.keys(right) as VariableFormat[];
  it.each(formats.flatMap((format) => right[format].map((value) => ({ format, value }))))(
    'takes $value as $format',
    ({ format, value }) => {
      expect(validateVariable({ name: 'x', format }, value)).toBeUndefined();
    },
  );
  it.each(formats.flatMap((format) => wrong[format].map((value) => ({ format, value }))))(
    'refuses $value as $format',
    ({ format, value }) => {
      expect(validateVariable({ name: 'x', format }, value)).toMatch(
        new RegExp(`^the format is ${format}: expected .*, found `),
      );
    },
  );
});

describe('a value by the rest of the definition', () => {
  it.each<{ name: string; definition: VariableDefinition; value: string; want: RegExp | undefined }>([
    {
      name: 'nothing is right when not required',
      definition: { name: 'x', format: 'number' },
      value: '',
      want: undefined,
    },
    { name: 'nothing is wrong when required', definition: { name: 'x', required: true }, value: '', want: /required/ },
    {
      name: 'an option of a dropdown',
      definition: { name: 'x', inputType: 'dropdown', options: [{ value: 'a' }] },
      value: 'a',
      want: undefined,
    },
    {
      name: 'no option of a dropdown',
      definition: { name: 'x', inputType: 'dropdown', options: [{ value: 'a' }] },
      value: 'b',
      want: /expected one of "a", found "b"/,
    },
    { name: 'a value its regex matches', definition: { name: 'x', regex: '^[a-z]+$' }, value: 'abc', want: undefined },
    {
      name: 'a regex without anchors matches anywhere',
      definition: { name: 'x', regex: 'b' },
      value: 'abc',
      want: undefined,
    },
    {
      name: 'a value its regex does not match',
      definition: { name: 'x', regex: '^[a-z]+$' },
      value: 'aBc',
      want: /matches \^\[a-z\]\+\$, found "aBc"/,
    },
    { name: 'a regex that is none', definition: { name: 'x', regex: '(' }, value: 'a', want: /regex cannot be read/ },
    {
      name: 'a regex that would never end',
      definition: { name: 'x', regex: '^(a+)+$' },
      value: `${'a'.repeat(60)}!`,
      want: /takes too long/,
    },
    {
      name: 'a sensitive value stays out of the message',
      definition: { name: 'x', format: 'number', isSensitive: true },
      value: 'hunter2',
      want: /^(?!.*hunter2)/,
    },
    {
      name: 'an options list without dropdown does not bind',
      definition: { name: 'x', options: [{ value: 'a' }] },
      value: 'b',
      want: undefined,
    },
  ])('$name', ({ definition, value, want }) => {
    const problem = validateVariable(definition, value);
    if (want === undefined) expect(problem).toBeUndefined();
    else expect(problem).toMatch(want);
  });
});

describe('all values of a profile', () => {
  const definitions: VariableDefinition[] = [
    { name: 'replicas', format: 'number', defaultValue: '2' },
    { name: 'region', required: true },
    { name: 'nick' },
  ];
  it('are right with defaults filled in', () => {
    expect(validateVariables(definitions, { region: 'eu' })).toEqual([]);
  });
  it('tell every problem at once', () => {
    expect(
      validateVariables(definitions, { replicas: 'two', replica: '3' }).map(({ variable, kind, message }) => [
        variable,
        kind,
        message,
      ]),
    ).toEqual([
      [
        'replicas',
        'format',
        'variable replicas: the format is number: expected a number such as 3 or -0.5, found "two"',
      ],
      ['region', 'missing', 'variable region: it is required and has no value'],
      ['replica', 'unknown', 'variable replica: no variable has that name; did you mean "replicas"?'],
    ]);
  });
  it('do not take names from Object.prototype for values', () => {
    expect(validateVariables([{ name: 'constructor', required: true }], {})).toHaveLength(1);
  });
});

describe('a definition', () => {
  it.each<{ name: string; definition: VariableDefinition; want: string[] }>([
    { name: 'is right', definition: { name: 'a_b-1', format: 'ipv4', defaultValue: '10.0.0.1' }, want: [] },
    {
      name: 'has a name macros cannot say',
      definition: { name: 'a b' },
      want: ['variable a b: expected a name of letters, digits, "_" and "-", at most 128 characters'],
    },
    {
      name: 'has a default of another format',
      definition: { name: 'a', format: 'boolean', defaultValue: 'no' },
      want: ['variable a: its default value: the format is boolean: expected true or false, found "no"'],
    },
    {
      name: 'is a dropdown of nothing',
      definition: { name: 'a', inputType: 'dropdown' },
      want: ['variable a: it is a dropdown without options'],
    },
    {
      name: 'has a broken regex',
      definition: { name: 'a', regex: '[' },
      want: ['variable a: its regex cannot be read: ['],
    },
  ])('$name', ({ definition, want }) => {
    expect(validateVariableDefinition(definition).map(({ message }) => message)).toEqual(want);
  });
});
