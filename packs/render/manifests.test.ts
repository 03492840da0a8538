import { describe, expect, it } from '@jest/globals';

import { textOf } from '../files.ts';
import { chartAround, isTemplate } from './manifests.ts';

const context = { system: { 'cluster.name': 'edge-7' }, macros: {}, variables: {}, packs: {} };

describe('whether a manifest is a template', () => {
  it.each([
    { name: 'text without actions is none', content: 'a: 1\n', hasValues: true, want: false },
    { name: 'a macro alone makes none', content: "a: '{{.spectro.var.x}}'\n", hasValues: true, want: false },
    {
      name: 'any action is one for a manifest with values',
      content: 'a: |\n  {{ .x }}\n',
      hasValues: true,
      want: true,
    },
    { name: 'an action in a value is one', content: 'a: "{{ .Release.Name }}"\n', hasValues: false, want: true },
    { name: 'a line of its own is one', content: '{{- if true }}\na: 1\n{{- end }}\n', hasValues: false, want: true },
    {
      name: "somebody else's configuration is none",
      content: 'a: |\n  {{- if .x }}\n  y: {{ z }}\n  {{- end }}\n# {{ c }}\nb: 1\n',
      hasValues: false,
      want: false,
    },
    {
      name: 'nor is it with quotes that stand out',
      content: 'q:\n    d: "x\n  y"\na: >\n  {{ z }}\n',
      hasValues: false,
      want: false,
    },
    { name: 'one action elsewhere is enough', content: 'a: |\n  {{ x }}\nb: {{ y }}\n', hasValues: false, want: true },
    { name: 'text that is no YAML is one', content: 'a: "{{ x }}\nb: [\n', hasValues: false, want: true },
  ])('$name', ({ content, hasValues, want }) => {
    expect(isTemplate(content, hasValues)).toBe(want);
  });
});

describe('a manifest as a chart', () => {
  it('knows the cluster by the name that older packs use', () => {
    const files = chartAround(
      'a',
      "x: {{ .Spectro.cluster | quote }}\ny: '{{ $.Spectro.apiServer }} {{ .Values.Spectro.z }}'\n",
      { v: 1 },
      context,
    );
    expect(textOf(files.get('templates/manifest.yaml') ?? new Uint8Array())).toBe(
      "x: {{ $.Values.spectro__.cluster | quote }}\ny: '{{ $.Values.spectro__.apiServer }} {{ .Values.Spectro.z }}'\n",
    );
    expect(JSON.parse(textOf(files.get('values.yaml') ?? new Uint8Array()))).toEqual({
      v: 1,
      spectro__: { cluster: 'edge-7', apiServer: '' },
    });
  });
  it('has its own values and no more', () => {
    expect(JSON.parse(textOf(chartAround('a', 'x', { v: 1 }, context).get('values.yaml') ?? new Uint8Array()))).toEqual(
      { v: 1 },
    );
  });
});
