import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import {
  compareLayers,
  installPriority,
  mergeValues,
  packSettings,
  parsePriority,
  parseValues,
  removePath,
} from './values.ts';
import type { Json, JsonObject } from './yaml.ts';

const { json } = fc.letrec<{ json: Json; map: JsonObject }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Json[]>(null, true, 1, 'x'),
    fc.array(fc.constantFrom<Json[]>(1, 2), { maxLength: 2 }),
    tie('map'),
  ),
  map: fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'), tie('json'), { maxKeys: 4 }),
}));
const values = fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), json, { maxKeys: 4 });

describe('merging values', () => {
  it('with nothing changes nothing', () => {
    fc.assert(
      fc.property(values, (a) => {
        expect(mergeValues(a, {})).toEqual({ ...a });
        expect(mergeValues({}, a)).toEqual({ ...a });
      }),
    );
  });
  it('twice is as once', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const once = mergeValues(a, b);
        expect(mergeValues(once, b)).toEqual(once);
        expect(mergeValues(a, a)).toEqual({ ...a });
      }),
    );
  });
  it('lets the overlay win in every place it names', () => {
    const holds = (merged: Json | undefined, overlay: Json): boolean =>
      typeof overlay === 'object' && overlay !== null && !Array.isArray(overlay)
        ? Object.entries(overlay).every(
            ([key, value]) =>
              typeof merged === 'object' &&
              merged !== null &&
              Object.hasOwn(merged, key) &&
              holds((merged as JsonObject)[key], value),
          )
        : JSON.stringify(merged) === JSON.stringify(overlay);
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(holds(mergeValues(a, b), b)).toBe(true);
      }),
    );
  });
  it('keeps every key of the base', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const merged = mergeValues(a, b);
        expect(Object.keys(a).every((key) => Object.hasOwn(merged, key))).toBe(true);
      }),
    );
  });
  it('changes neither input, nor any prototype', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const before = JSON.stringify([a, b]);
        mergeValues(a, b);
        expect(JSON.stringify([a, b])).toBe(before);
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
    );
  });
  it('keeps a null, replaces lists', () => {
    expect(mergeValues({ a: { b: 1, c: [1, 2] }, d: 1 }, { a: { b: null, c: [3] } })).toEqual({
      a: { b: null, c: [3] },
      d: 1,
    });
  });
});

describe('removing a path', () => {
  it.each([
    { path: 'a.b', want: { a: { c: 1 }, 'x.y': { z: 1 } } },
    { path: 'a', want: { 'x.y': { z: 1 } } },
    { path: 'x.y.z', want: { a: { b: 1, c: 1 }, 'x.y': {} } },
    { path: 'a.none', want: { a: { b: 1, c: 1 }, 'x.y': { z: 1 } } },
  ])('$path', ({ path, want }) => {
    expect(removePath({ a: { b: 1, c: 1 }, 'x.y': { z: 1 } }, path)).toEqual(want);
  });
});

describe('what values say about the pack', () => {
  it('is read in every form that packs use', () => {
    expect(
      packSettings({
        pack: {
          namespace: ' shop ',
          additionalNamespaces: ['a', 'b', 'a'],
          namespaceLabels: { shop: 'team=blue, pod-security.kubernetes.io/enforce=privileged', a: { n: 1 } },
          namespaceAnnotations: { shop: 'note=a=b' },
          releaseNameOverride: { hello: 'hi', none: null },
          'spectrocloud.com/install-priority': '-13',
        },
      }),
    ).toEqual({
      namespace: 'shop',
      additionalNamespaces: ['a', 'b'],
      namespaceLabels: { shop: { team: 'blue', 'pod-security.kubernetes.io/enforce': 'privileged' }, a: { n: '1' } },
      namespaceAnnotations: { shop: { note: 'a=b' } },
      releaseNameOverride: { hello: 'hi' },
      installPriority: -13,
    });
  });
  it('is nothing in values that say nothing', () => {
    expect(packSettings({ pack: null })).toMatchObject({
      namespace: undefined,
      additionalNamespaces: [],
      installPriority: 0,
    });
  });
  it.each([
    { given: '10', want: 10 },
    { given: 15, want: 15 },
    { given: '-13', want: -13 },
    { given: '+1', want: 1 },
    { given: '1.5', want: undefined },
    { given: 'soon', want: undefined },
    { given: true, want: undefined },
    { given: '99999999999999', want: undefined },
  ])('priority $given', ({ given, want }) => {
    expect(parsePriority(given)).toBe(want);
  });
  it('gives the install priority of a text, macros and all', () => {
    expect(
      installPriority('pack:\n  spectrocloud.com/install-priority: "25"\ncharts:\n  x:\n    y: {{ .spectro.var.z }}\n'),
    ).toBe(25);
    expect(installPriority('')).toBeUndefined();
    expect(installPriority('a: [')).toBeUndefined();
  });
  it('orders infrastructure from the ground up, then add-ons by priority', () => {
    const layers = [
      { layer: 'addon', installPriority: 0 },
      { layer: 'addon', installPriority: -13 },
      { layer: 'csi', installPriority: 50 },
      { layer: 'cni', installPriority: 50 },
      { layer: 'os', installPriority: 99 },
      { layer: 'k8s', installPriority: 1 },
    ] as const;
    expect([...layers].sort(compareLayers).map(({ layer, installPriority }) => `${layer} ${installPriority}`)).toEqual([
      'os 99',
      'k8s 1',
      'cni 50',
      'csi 50',
      'addon -13',
      'addon 0',
    ]);
  });
});

describe('values with macros', () => {
  it('are parsed with the macros as they were written', () => {
    const { value } = parseValues(
      'a: {{.spectro.var.x}}\nb: [\'pre {{ .spectro.var.y | default "z" }}\', 1]\n{{.spectro.var.k}}: 2\n',
    );
    expect(value).toEqual({
      a: '{{.spectro.var.x}}',
      b: ['pre {{ .spectro.var.y | default "z" }}', 1],
      '{{.spectro.var.k}}': 2,
    });
  });
});
