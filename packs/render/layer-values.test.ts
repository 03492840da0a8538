import { describe, expect, it } from '@jest/globals';

import { openPackFiles, type Pack } from '../pack.ts';
import { packJson, textFiles } from '../testing/files.ts';
import { layerValues } from './layer-values.ts';

const context = { system: {}, macros: {}, variables: { size: '3' }, packs: {} };
const packOf = async (values: string, presets = ''): Promise<Pack> =>
  openPackFiles(textFiles({ 'pack.json': packJson(), 'values.yaml': values, 'presets.yaml': presets }));

describe("a layer's values", () => {
  it('are the pack’s under the layer’s, macros resolved', async () => {
    const pack = await packOf('pack:\n  namespace: shop\ncharts:\n  x:\n    size: {{.spectro.var.size}}\n    a: 1\n');
    expect(layerValues({ name: 'p', values: 'charts:\n  x:\n    a: 2\n' }, pack, context)).toEqual({
      pack: { namespace: 'shop' },
      charts: { x: { size: 3, a: 2 } },
    });
  });
  it('do not ask for a variable that the layer writes over', async () => {
    const pack = await packOf("charts:\n  x:\n    a: '{{.spectro.var.missing}}'\n");
    expect(layerValues({ name: 'p', values: 'charts: {x: {a: own}}' }, pack, context)).toEqual({
      charts: { x: { a: 'own' } },
    });
    expect(() => layerValues({ name: 'p', values: '' }, pack, context)).toThrow(
      'pack p, values.yaml:3:9: {{.spectro.var.missing}}: unknown profile variable "missing"',
    );
  });
  it('tell each variable that is missing, and no other', async () => {
    const pack = await packOf(
      "charts:\n  x:\n    a: '{{.spectro.var.m}}'\n    b: '{{.spectro.var.missing_with_a_long_name}}'\n",
    );
    expect(() => layerValues({ name: 'p', values: 'charts: {x: {a: own}}' }, pack, context)).toThrow(
      /^pack p, values\.yaml:4:9: [^\n]*$/,
    );
  });
  it('leave out of the pack’s values what a chosen preset removes', async () => {
    const pack = await packOf(
      'charts:\n  x:\n    a: 1\n    b: 1\n',
      'presets:\n  - {name: p, group: g, remove: [charts.x.a], add: ""}\n',
    );
    expect(
      layerValues({ name: 'p', values: '# spectrocloud.com/enabled-presets: g:p\ncharts: {x: {c: 1}}' }, pack, context),
    ).toEqual({ charts: { x: { b: 1, c: 1 } } });
  });
  it.each([
    { name: 'broken YAML', values: 'a: [', message: /^pack p, values:\d+:\d+: / },
    { name: 'a list', values: '- a', message: /^pack p, values:1: expected a map of values$/ },
  ])('that are $name are told with their place', ({ values, message }) => {
    expect(() => layerValues({ name: 'p', values }, undefined, context)).toThrow(message);
  });
});
