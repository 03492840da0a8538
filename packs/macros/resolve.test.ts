import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { MacroContext } from '#protocol/desired-state';

import { parseYaml, parseYamlStream } from '../yaml.ts';
import { findMacroReferences, maskMacros, resolveMacros } from './resolve.ts';

const context = (variables: Record<string, string> = {}): MacroContext => ({
  system: { 'cluster.name': 'edge-7', 'kubernetes.version': '1.34.1' },
  macros: { registry: 'registry.example.com' },
  variables,
  packs: { 'csi-trident': { backend: 'nas' }, 'a.b': { c: 'dotted' } },
});

/** The value of a document after its macros were resolved. */
function valueOf(text: string, variables: Record<string, string> = {}): unknown {
  const { text: resolved, problems } = resolveMacros(text, context(variables));
  expect(problems).toEqual([]);
  return parseYaml(resolved).value;
}

describe('what macros resolve to', () => {
  it.each([
    { name: 'a profile variable', text: '{{.spectro.var.x}}', want: 'v' },
    { name: 'blanks inside the braces', text: '{{   .spectro.var.x   }}', want: 'v' },
    { name: 'trim markers are accepted', text: '{{- .spectro.var.x -}}', want: 'v' },
    { name: 'a macro of project or tenant', text: '{{.spectro.macro.registry}}', want: 'registry.example.com' },
    { name: 'a system macro', text: '{{ .spectro.system.cluster.name }}', want: 'edge-7' },
    {
      name: 'a function with the value piped in',
      text: '{{ .spectro.system.kubernetes.version | substr 0 4 }}',
      want: '1.34',
    },
    {
      name: 'a function with the value as argument',
      text: '{{ substr 0 4 .spectro.system.kubernetes.version }}',
      want: '1.34',
    },
    {
      name: 'functions one after the other',
      text: '{{ .spectro.system.cluster.name | upper | replace "-" "_" }}',
      want: 'EDGE_7',
    },
    { name: 'parentheses', text: '{{ trimPrefix (.spectro.var.x | lower) "value" }}', want: 'alue' },
    { name: 'an output of a pack', text: '{{ .spectro.pack.csi-trident.backend }}', want: 'nas' },
    { name: 'an output of a pack whose name has dots', text: '{{ .spectro.pack.a.b.c }}', want: 'dotted' },
    {
      name: 'a default for an unknown output',
      text: '{{ .spectro.pack.none.backend | default "block" }}',
      want: 'block',
    },
    { name: 'a default that is not needed', text: '{{ .spectro.var.x | default "w" }}', want: 'v' },
    { name: 'two macros side by side', text: '{{.spectro.var.x}}{{.spectro.var.x}}', want: 'vv' },
    { name: 'raw text as literal', text: '{{ .spectro.var.none | default `a"b` | b64enc }}', want: 'YSJi' },
    {
      name: 'Helm actions stay',
      text: '{{ .Values.x }}-{{ .spectro.var.x }}-{{ include "y" . }}',
      want: '{{ .Values.x }}-v-{{ include "y" . }}',
    },
    {
      name: 'words that begin like spectro stay',
      text: '{{ .spectrometer.var.x }}',
      want: '{{ .spectrometer.var.x }}',
    },
    {
      name: 'a path in a text of a Helm action stays',
      text: '{{ tpl ".spectro.var.x" . }}',
      want: '{{ tpl ".spectro.var.x" . }}',
    },
    { name: 'a macro in a text of a Helm action', text: '{{ tpl "{{.spectro.var.x}}" . }}', want: '{{ tpl "v" . }}' },
  ])('$name', ({ text, want }) => {
    const { text: resolved, problems } = resolveMacros(`key: '${text}'`, context({ x: 'v' }));
    expect(problems).toEqual([]);
    expect(parseYaml(resolved).value).toEqual({ key: want });
  });
});

describe('how a value enters YAML', () => {
  const hostile = 'a: b\n- "c" \'d\' #{{ .Values.x }} {{.spectro.var.y}} \\ \t&e *f !g |';
  it.each([
    { name: 'single quotes', text: "k: '{{.spectro.var.x}}'" },
    { name: 'double quotes', text: 'k: "{{.spectro.var.x}}"' },
    { name: 'no quotes', text: 'k: {{.spectro.var.x}}' },
    { name: 'a literal block', text: 'k: |-\n  {{.spectro.var.x}}\nnext: 1' },
    { name: 'a folded block', text: 'k: >-\n  {{.spectro.var.x}}\nnext: 1' },
    { name: 'a flow map', text: '{k: {{.spectro.var.x}}}' },
    { name: 'a flow list', text: 'k: [{{.spectro.var.x}}, two]' },
    { name: 'an anchor', text: 'k: &a {{.spectro.var.x}}\nl: *a' },
  ])('is data within $name', ({ text }) => {
    const value = valueOf(text, { x: hostile, y: 'no' }) as Record<string, unknown>;
    expect(value['k']).toEqual(text.includes('[') ? [hostile, 'two'] : hostile);
    if (text.includes('next')) expect(value['next']).toBe(1);
    if (text.includes('*a')) expect(value['l']).toBe(hostile);
  });

  it.each([
    { given: '3', want: 3 },
    { given: 'true', want: true },
    { given: '1.50', want: 1.5 },
    { given: 'plain text', want: 'plain text' },
    { given: 'http://x/y?z=1', want: 'http://x/y?z=1' },
    { given: '', want: '' },
    { given: '[a, b]', want: '[a, b]' },
    { given: '{a: b}', want: '{a: b}' },
    { given: 'a: b', want: 'a: b' },
    { given: 'a #b', want: 'a #b' },
    { given: '- a', want: '- a' },
    { given: '"a"', want: '"a"' },
    { given: '*a', want: '*a' },
    { given: '!!int 3', want: '!!int 3' },
    { given: '---', want: '---' },
    { given: 'a, b', want: 'a, b' },
    { given: ' a ', want: ' a ' },
    { given: '12:30:45', want: '12:30:45' },
  ])('without quotes, $given is one scalar', ({ given, want }) => {
    expect(valueOf('k: {{.spectro.var.x}}', { x: given })).toEqual({ k: want });
  });

  it('keeps a number in quotes text', () => {
    expect(valueOf("a: '{{.spectro.var.x}}'\nb: {{.spectro.var.x | quote}}", { x: '3' })).toEqual({ a: '3', b: '3' });
  });
  it('keeps text around the macro', () => {
    expect(
      valueOf(
        "a: pre-{{.spectro.var.x}}-post\nb: 'it''s {{.spectro.var.x}}'\nc: |\n  one\n  two {{.spectro.var.x}}\n  three\n",
        { x: "q'q" },
      ),
    ).toEqual({
      a: "pre-q'q-post",
      b: "it's q'q",
      c: "one\ntwo q'q\nthree\n",
    });
  });
  it('keeps several lines in a literal block', () => {
    expect(valueOf('ca: |\n  {{.spectro.var.x}}\nb: 1\n', { x: '--begin--\n  abc\n--end--' })).toEqual({
      ca: '--begin--\n  abc\n--end--\n',
      b: 1,
    });
  });
  it('works in keys and comments', () => {
    expect(valueOf('# of {{.spectro.var.x}}\n{{.spectro.var.y}}: 1', { x: 'a\nb: 2', y: 'c: d' })).toEqual({
      'c: d': 1,
    });
  });
  it('does not let a key become a merge', () => {
    expect(valueOf('a: &a {b: 1}\nc:\n  {{.spectro.var.x}}: *a', { x: '<<' })).toEqual({
      a: { b: 1 },
      c: { '<<': { b: 1 } },
    });
  });
});

describe('a manifest that also is a template', () => {
  const resolve = (text: string, x: string): ReturnType<typeof resolveMacros> =>
    resolveMacros(text, context({ x }), { as: 'template' });
  it.each([
    {
      name: 'a value between control lines',
      text: '{{- if .Values.a }}\nk: {{.spectro.var.x}}\n{{- end }}',
      x: 'v',
      want: '{{- if .Values.a }}\nk: v\n{{- end }}',
    },
    {
      name: 'a value that would be a template',
      text: "k: '{{.spectro.var.x}}'",
      x: '{{ .Values.secret }}',
      want: 'k: "{{"{{"}} .Values.secret }}"',
    },
    {
      name: 'a value beside a Helm action',
      text: 'k: "{{ .Values.a }}-{{.spectro.var.x}}"',
      x: 'a"b',
      want: 'k: "{{ .Values.a }}-a\\"b"',
    },
    {
      name: 'a value beside a Helm action in single quotes',
      text: "k: '{{ .Values.a }}-{{.spectro.var.x}}'",
      x: "a'b",
      want: "k: '{{ .Values.a }}-a''b'",
    },
    {
      name: 'lines in a block with a Helm action',
      text: 'k: |\n  {{ .Values.a }}\n  {{.spectro.var.x}}\n',
      x: 'a\nb',
      want: 'k: |\n  {{ .Values.a }}\n  a\n  b\n',
    },
    {
      name: 'a word inside a Helm action',
      text: 'k: {{ tpl "{{.spectro.var.x}}" . }}',
      x: 'abc',
      want: 'k: {{ tpl "abc" . }}',
    },
  ])('takes $name', ({ text, x, want }) => {
    expect(resolve(text, x)).toEqual({ text: want, problems: [] });
  });
  it.each([
    { name: 'lines between single quotes beside an action', text: "k: '{{ .Values.a }}{{.spectro.var.x}}'", x: 'a\nb' },
    { name: 'structure beside an action', text: 'k: {{ .Values.a }}{{.spectro.var.x}}', x: 'a: b' },
    { name: 'a quote inside a Helm action', text: 'k: {{ tpl "{{.spectro.var.x}}" . }}', x: 'a" | fail "b' },
  ])('refuses $name', ({ text, x }) => {
    const { text: resolved, problems } = resolve(text, x);
    expect(resolved).toBe(text);
    expect(problems).toMatchObject([{ kind: 'unplaceable', macro: '{{.spectro.var.x}}', line: 1 }]);
  });
});

describe('what is wrong with a macro', () => {
  it.each([
    {
      name: 'an unknown variable',
      text: 'a: 1\nb: {{.spectro.var.replcas}}',
      want: {
        kind: 'unknown',
        line: 2,
        column: 4,
        message: 'unknown profile variable "replcas"; did you mean "replicas"?',
      },
    },
    {
      name: 'an unknown macro',
      text: '{{.spectro.macro.nothing}}',
      want: { kind: 'unknown', message: 'unknown macro "nothing"; define it in the project or the tenant' },
    },
    {
      name: 'an unknown system macro',
      text: '{{.spectro.system.cluster.nam}}',
      want: { kind: 'unknown', message: 'unknown system macro "cluster.nam"; did you mean "cluster.name"?' },
    },
    {
      name: 'an unknown pack',
      text: '{{.spectro.pack.csi-triden.x}}',
      want: { kind: 'unknown', message: 'no pack "csi-triden" in the profile; did you mean "csi-trident"?' },
    },
    {
      name: 'an unknown group',
      text: '{{.spectro.vars.x}}',
      want: {
        kind: 'invalid',
        message: 'expected .spectro.var, .spectro.macro, .spectro.system or .spectro.pack, found .spectro.vars',
      },
    },
    {
      name: 'an unknown function',
      text: '{{.spectro.var.replicas | uper}}',
      want: { kind: 'invalid', message: 'unknown function "uper"; did you mean "upper"?' },
    },
    {
      name: 'too few arguments',
      text: '{{.spectro.var.replicas | substr 1}}',
      want: { kind: 'invalid', message: 'the function "substr" takes 3 arguments (the piped one included), found 2' },
    },
    {
      name: 'a number that is none',
      text: '{{.spectro.var.replicas | trunc "x"}}',
      want: { kind: 'invalid', message: 'trunc: expected a whole number, found "x"' },
    },
    {
      name: 'a missing pipe',
      text: '{{.spectro.var.replicas upper}}',
      want: { kind: 'invalid', message: 'unexpected text after the expression; a pipe "|" may be missing' },
    },
    { name: 'names of Object.prototype', text: '{{.spectro.var.constructor}}', want: { kind: 'unknown' } },
  ])('$name', ({ text, want }) => {
    const { text: left, problems } = resolveMacros(text, context({ replicas: '3' }));
    expect(problems).toMatchObject([want]);
    expect(left).toBe(text);
  });
});

describe('laws', () => {
  const variable = fc.string({ unit: 'binary' });
  const spectro = fc.constantFrom(
    '{{',
    '}}',
    '.spectro.',
    'var.x',
    '{{.spectro.var.x}}',
    '{{ .spectro.var.y | default "z" }}',
    '|',
    '"',
    "'",
    '`',
    '\\',
    '#',
    ': ',
    '\n',
    '  ',
    '- ',
    '>',
    '[',
    '{',
    '&a',
    '*a',
    '{{- if .Values.a }}',
    '{{- end }}',
  );
  const soup = fc.array(fc.oneof(spectro, fc.string({ maxLength: 4 }))).map((parts) => parts.join(''));

  it('never throws, on any text', () => {
    fc.assert(
      fc.property(soup, variable, fc.constantFrom('yaml' as const, 'template' as const), (text, x, as) => {
        const resolved = resolveMacros(text, context({ x }), { as });
        expect(typeof resolved.text).toBe('string');
        findMacroReferences(text);
      }),
      { numRuns: 500 },
    );
  });
  it('leaves text without macros as it is', () => {
    fc.assert(
      fc.property(
        soup.map((text) => text.replaceAll('.spectro', '.other')),
        (text) => {
          expect(resolveMacros(text, context())).toEqual({ text, problems: [] });
        },
      ),
    );
  });
  it('masks without moving anything', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const { masked, unmask } = maskMacros(text);
        expect(masked).toHaveLength(text.length);
        expect(unmask(masked)).toBe(text);
      }),
    );
  });
  it('a quoted macro gives back any value, and nothing but it', () => {
    const places = [
      "a: '{{.spectro.var.x}}'\nb: 1\n",
      'a: "{{.spectro.var.x}}"\nb: 1\n',
      '{a: "{{.spectro.var.x}}", b: 1}',
      "? b\n: 1\n? a\n: '{{.spectro.var.x}}'\n",
    ];
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.oneof(
            fc.constantFrom(...'\n\r\t "\'\\{}[]:#-&*!|>%@`,?~\u0085\u2028\ufeff'),
            fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
          ),
        }),
        fc.constantFrom(...places),
        (x, text) => {
          expect(valueOf(text, { x })).toEqual({ a: x, b: 1 });
        },
      ),
      { numRuns: 400 },
    );
  });
  it('a plain macro never adds structure', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab1 \n\t"\'{}[]:#-&*!|>%@`,?~<=') }), (x) => {
        const { text, problems } = resolveMacros(
          'a: {{.spectro.var.x}}\nb: [{{.spectro.var.x}}]\nc: 1\n',
          context({ x }),
        );
        expect(problems).toEqual([]);
        const { documents } = parseYamlStream(text);
        expect(documents).toHaveLength(1);
        const value = documents[0]?.value as Record<string, unknown>;
        expect(Object.keys(value)).toEqual(['a', 'b', 'c']);
        expect(typeof value['a'] === 'object' && value['a'] !== null).toBe(false);
        expect(value['b']).toHaveLength(1);
      }),
      { numRuns: 400 },
    );
  });
});

describe('what a text may cost', () => {
  it('is bounded in what its macros write', () => {
    const { text, problems } = resolveMacros('a: {{repeat 60000 .spectro.var.x}}\n'.repeat(500), context({ x: 'a' }));
    expect(text.length).toBeLessThan(10_000_000);
    expect(problems.at(-1)).toMatchObject({ kind: 'invalid', line: 500, message: expect.stringMatching(/characters/) });
  });
  it('is bounded in the time of its expressions', () => {
    const slow = `regexMatch "(a+)+$" "${'a'.repeat(40)}!"`;
    const started = performance.now();
    const { problems } = resolveMacros(
      `a: {{${slow} | ternary .spectro.var.x "b"}}\n`.repeat(100),
      context({ x: 'a' }),
    );
    expect(performance.now() - started).toBeLessThan(4_000);
    expect(problems).toHaveLength(100);
    expect(problems.at(-1)).toMatchObject({ kind: 'invalid', line: 100, message: expect.stringMatching(/too long/) });
  });
  it.each([
    { name: 'actions of Helm', text: `a: "${'{{x}}'.repeat(200_000)}{{.spectro.var.x}}"` },
    { name: 'macros', text: `a: "{{x}}${'{{.spectro.var.x}}'.repeat(60_000)}"` },
  ])(
    'does not grow with the length of a line: $name',
    ({ text }) => {
      const started = performance.now();
      expect(resolveMacros(text, context({ x: 'a' }), { as: 'template' }).problems).toEqual([]);
      // A second on a machine with nothing else to do; half a minute where each looks back to the line's beginning.
      expect(performance.now() - started).toBeLessThan(10_000);
    },
    60_000,
  );
});
