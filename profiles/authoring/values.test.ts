import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { resolveMacros } from '#packs/index';
import { parseValues } from '#packs/values';
import { parseYaml } from '#packs/yaml';

import { macro, system } from './reference.ts';
import { valuesToYaml } from './values.ts';
import { variable } from './variable.ts';
import { yaml } from './yaml-text.ts';

const replicas = variable('replicas', { format: 'number' });
const host = variable('host');
const debug = variable('debug', { format: 'boolean' });

describe('values as objects', () => {
  it.each([
    { name: 'nothing', given: {}, want: '' },
    { name: 'what is undefined is left out', given: { a: undefined, b: 1 }, want: 'b: 1\n' },
    { name: 'a number as a number', given: { replicas }, want: 'replicas: {{.spectro.var.replicas}}\n' },
    { name: 'a boolean as a boolean', given: { debug }, want: 'debug: {{.spectro.var.debug}}\n' },
    { name: 'a text in quotes', given: { host }, want: "host: '{{.spectro.var.host}}'\n" },
    {
      name: 'a reference within a text',
      given: { url: `https://${String(host)}:8443` },
      want: "url: 'https://{{.spectro.var.host}}:8443'\n",
    },
    {
      name: 'a system macro through functions',
      given: { short: system.kubernetes.version.pipe('substr', 0, 4), name: system.cluster.name.default('none') },
      want: `short: '{{ .spectro.system.kubernetes.version | substr 0 4 }}'\nname: '{{ .spectro.system.cluster.name | default "none" }}'\n`,
    },
    { name: 'a macro of a type', given: { a: macro('n', { as: 'number' }) }, want: 'a: {{.spectro.macro.n}}\n' },
    {
      name: 'texts that look like something else',
      given: { a: 'yes', b: '1', c: '0o17' },
      want: 'a: "yes"\nb: "1"\nc: "0o17"\n',
    },
    { name: 'lists', given: { a: [1, host] }, want: "a:\n  - 1\n  - '{{.spectro.var.host}}'\n" },
  ])('$name', ({ given, want }) => {
    expect(valuesToYaml(given)).toBe(want);
  });

  it('says where a value is that YAML cannot hold', () => {
    expect(() => valuesToYaml({ a: { b: [() => 1] } })).toThrow(/values, a\.b\.0: a function cannot be written/);
    expect(() => valuesToYaml({ a: Number.NaN })).toThrow(/values, a: NaN/);
    expect(() => valuesToYaml({ a: new Date(0) })).toThrow(/values, a: an object of a class/);
    expect(() => valuesToYaml({ a: { '<<': 1 } })).toThrow(/values, a\.<<: no value/);
  });

  it('reads back as the same values, whatever they are', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        'yes',
        'null',
        '~',
        '0o17',
        '0644',
        '1:30',
        '2020-01-01',
        '1e3',
        '.inf',
        '<<',
        '=',
        '- a',
        'a: b',
        '#x',
        ' a ',
        'a\n',
        '\n',
        'a\n\nb\n\n',
      ),
    );
    const key = text.filter((one) => one !== '<<');
    const anything = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        text,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(fc.dictionary(key, anything, { minKeys: 1, maxKeys: 5 }), (values) => {
        const plain: unknown = JSON.parse(JSON.stringify(values));
        expect(parseYaml(valuesToYaml(plain)).value).toEqual(plain);
      }),
      { numRuns: 300 },
    );
  });

  it('resolves to what a cluster gives, of the type that the variable has', () => {
    const context = { system: {}, macros: {}, packs: {} };
    fc.assert(
      fc.property(fc.integer(), fc.boolean(), fc.string({ unit: 'grapheme', minLength: 1 }), (count, flag, name) => {
        const text = valuesToYaml({ replicas, debug, host, both: `${String(host)}/${String(replicas)}` });
        const { text: resolved, problems } = resolveMacros(text, {
          ...context,
          variables: { replicas: String(count), debug: String(flag), host: name },
        });
        expect(problems).toEqual([]);
        expect(parseYaml(resolved).value).toEqual({
          replicas: count,
          debug: flag,
          host: name,
          both: `${name}/${count}`,
        });
      }),
    );
  });
});

describe('values as YAML', () => {
  it('keeps comments, takes references, and drops the indentation of the program', () => {
    expect(yaml`
      # How many there are.
      replicas: ${replicas}
      nested:
        host: '${host}' # where
    `).toBe(
      "# How many there are.\nreplicas: {{.spectro.var.replicas}}\nnested:\n  host: '{{.spectro.var.host}}' # where\n",
    );
  });

  it('indents a text of several lines as the place where it is put', () => {
    const block = 'a: 1\nb: 2';
    expect(yaml`
      first:
        ${block}
      last: 1
    `).toBe('first:\n  a: 1\n  b: 2\nlast: 1\n');
  });

  it('gives values whose macros are not resolved yet', () => {
    expect(parseValues(yaml`replicas: ${replicas}`).value).toEqual({ replicas: '{{.spectro.var.replicas}}' });
  });
});
