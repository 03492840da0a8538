import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { checkValues } from './check-values.ts';
import { formatProblem } from './problem.ts';
import { formatFault } from './schema-format.ts';
import { parseSchemaExpression, type SchemaField } from './schema.ts';

function field(name: string, expression: string): SchemaField {
  const parsed = parseSchemaExpression(expression);
  if (parsed.kind !== 'parsed') throw new Error(parsed.message);
  return { name, ...parsed.field };
}
function check(fields: Readonly<Record<string, string>>, values: string, own = ''): string[] {
  const schema = Object.entries(fields).map(([name, expression]) => field(name, expression));
  return checkValues({ schema, values: own }, values).map(formatProblem);
}

describe('values by the schema of their pack', () => {
  it.each([
    { name: 'a required value that is there', fields: { 'a.b': '{{ required }}' }, values: 'a: {b: 0}', want: [] },
    {
      name: 'a required value of the pack itself',
      fields: { 'a.b': '{{ required }}' },
      values: '',
      own: 'a: {b: x}',
      want: [],
    },
    {
      name: 'a required value as a macro',
      fields: { 'a.b': '{{ required | format "${number}" }}' },
      values: "a: {b: '{{.spectro.var.x}}'}",
      want: [],
    },
    {
      name: 'a required value that is missing',
      fields: { 'a.b': '{{ required | hints "the site" }}' },
      values: 'a:\n  c: 1\n',
      want: ['values:1:1: error: a.b: the pack requires a value (the site); it has none (values-required)'],
    },
    {
      name: 'a required value that is empty, at its place',
      fields: { 'a.b': '{{ required }}' },
      values: 'a:\n  c: 1\n  b: ""\n',
      want: ['values:3:3: error: a.b: the pack requires a value; it has none (values-required)'],
    },
    { name: 'a key with dots', fields: { 'a.b.c/d.e': '{{ required }}' }, values: 'a: {b.c/d: {e: 1}}', want: [] },
    {
      name: 'a value that must stay',
      fields: { 'a.b': '{{ readonly }}' },
      values: 'a: {b: 2}',
      own: 'a: {b: 1}',
      want: ['values:1:5: error: a.b: the pack does not let this value be changed (values-readonly)'],
    },
    {
      name: 'a value that does stay',
      fields: { 'a.b': '{{ readonly }}' },
      values: 'a: {b: 1}',
      own: 'a: {b: 1}',
      want: [],
    },
    {
      name: 'items of a list, each',
      fields: { 'pool.$[]': '{{ required | format "${ipv4} - ${ipv4}" }}' },
      values: 'pool:\n- 10.0.0.1 - 10.0.0.9\n- 10.0.0.1-10.0.0.9\n',
      want: [
        'values:3:3: error: pool.1: expected the format ${ipv4} - ${ipv4}, found "10.0.0.1-10.0.0.9" (values-format)',
      ],
    },
    {
      name: 'fields of items',
      fields: { 'pool.$[].size': '{{ format "${number:[1-9]}" }}' },
      values: 'pool: [{size: 3}, {size: 30}, {}]',
      want: ['values:1:20: error: pool.1.size: expected a number from 1 to 9, found "30" (values-format)'],
    },
    {
      name: 'a list that is required and empty',
      fields: { 'pool.$[]': '{{ required }}' },
      values: 'pool: []',
      want: ['values:1:1: error: pool: the pack requires a value; it has none (values-required)'],
    },
    {
      name: 'a password, which is not told',
      fields: { secret: '{{ format "${password:/^[a-z]+$/}" }}' },
      values: 'secret: Hunter2',
      want: [
        'values:1:1: error: secret: expected a password that matches ^[a-z]+$, found something else (values-format)',
      ],
    },
    {
      name: 'values that cannot be read',
      fields: { a: '{{ required }}' },
      values: 'a: [',
      want: [expect.stringContaining('(yaml-syntax)')],
    },
  ])('$name', ({ fields, values, own, want }) => {
    expect(check(fields, values, own)).toEqual(want);
  });
  it.each([
    ['${string}', 'x', true],
    ['${string:/^([a-z0-9].*)$/}', '-x', false],
    ['${number}', 5, true],
    ['${number}', '5.5', true],
    ['${number}', 'five', false],
    ['${number:[5000-5005]}', 5005, true],
    ['${number:[5000-5005]}', 5006, false],
    ['${number:/^(500[0-5])$/}', 5001, true],
    ['${boolean}', true, true],
    ['${boolean}', 'yes', false],
    ['${list:[PACK,GIT, CHART]}', 'CHART', true],
    ['${list:[PACK,GIT, CHART]}', 'OTHER', false],
    ['${ipv4}', '10.0.0.256', false],
    ['${ipv6}', 'fd00::1', true],
    ['${ipv4cidr}', '10.0.0.0/33', false],
    ['${version}', '1.20', true],
    ['${version}', 'new', false],
    ['${base64}', 'aGk=', true],
    ['${input:/[a-z]{2}/}', 'ab', true],
    ['${input}', 'anything', true],
    ['${string}, ${string:/size=\\d+/}', 'type-a, size=150', true],
    ['${string}, ${string:/size=\\d+/}', 'type-a, size=s', false],
    ['${unknown}', 'anything', true],
    ['${string:/(/}', 'an expression nobody can read', true],
    ['fixed', 'fixed', true],
    ['fixed', 'other', false],
  ])('the format %s and %j', (format, value, fits) => {
    expect(formatFault(format, value) === undefined).toBe(fits);
  });
  it('never fails, and is quick, whatever the format and the value', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(
            '$',
            '{',
            '}',
            '[',
            ']',
            '/',
            ':',
            'a',
            '1',
            '-',
            ',',
            '\\',
            '(',
            '+',
            'number',
            'list',
          ),
        }),
        fc.oneof(fc.string(), fc.integer(), fc.constant(null)),
        (format, value) => {
          expect(() => formatFault(format, value)).not.toThrow();
        },
      ),
    );
    const started = performance.now();
    formatFault('${string:/^(a+)+$/}', `${'a'.repeat(60)}X`);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
