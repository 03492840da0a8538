import { describe, expect, it } from '@jest/globals';
import { expectTypeOf } from 'expect-type';

import { profileDigest } from '#profiles/digest';
import { ProfileDocument } from '#profiles/document';
import {
  addon,
  cni,
  defineProfile,
  helmChart,
  k8s,
  manifests,
  ociChart,
  os,
  system,
  variable,
  yaml,
} from '#profiles/index';
import { ProfileError } from '#profiles/problem';

import { policiesOf } from './attached.ts';

const replicas = variable('replicas', { format: 'number', default: 2 });

/** As `palette pack import` writes them. */
interface ShopValues {
  readonly replicas?: number;
  readonly image?: { readonly tag?: string; readonly pull?: 'Always' | 'Never' };
  readonly hosts?: readonly string[];
}
interface ShopPresets {
  readonly Ingress?: 'on' | 'off';
}

function problemsOf(make: () => unknown): string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof ProfileError)
      return [...new Set(error.problems.map(({ layer, rule, line }) => [layer, rule, line].join(' ')))];
    throw error;
  }
  return [];
}

describe('defineProfile', () => {
  it('gives a document that is plain data, equal for equal programs', () => {
    const make = (): ProfileDocument =>
      defineProfile({
        name: 'shop',
        version: '1.2.0',
        cloud: 'aws',
        tags: ['team:a'],
        variables: [replicas],
        layers: [addon({ pack: 'shop', version: '^1.0.0', registry: 'Public', values: { replicas } })],
      });
    const document = make();
    expect(ProfileDocument.parse(structuredClone(document))).toEqual(document);
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect(profileDigest(make())).toBe(profileDigest(document));
    expect(document).toMatchObject({
      type: 'add-on',
      variables: [{ name: 'replicas', format: 'number', defaultValue: '2' }],
      layers: [{ name: 'shop', layer: 'addon', type: 'spectro', registry: 'Public', version: '^1.0.0' }],
    });
  });

  it.each([
    { name: 'add-ons', layers: [addon({ pack: 'a' })], want: 'add-on' },
    { name: 'infrastructure', layers: [os({ pack: 'o' }), k8s({ pack: 'k' })], want: 'infra' },
    { name: 'both', layers: [os({ pack: 'o' }), addon({ pack: 'a' })], want: 'cluster' },
  ])('is of the type that its layers make it: $name', ({ layers, want }) => {
    expect(defineProfile({ name: 'x', layers }).type).toBe(want);
  });

  it('takes what functions return, and passes over what a condition left out', () => {
    const monitoring = (on: boolean) => [on && addon({ pack: 'metrics' }), [addon({ pack: 'logs' })]];
    const { layers } = defineProfile({
      name: 'x',
      layers: [monitoring(true), monitoring(false).slice(0, 1), undefined],
    });
    expect(layers.map(({ name }) => name)).toEqual(['metrics', 'logs']);
  });

  it('writes presets, namespace and priority as packs read them', () => {
    const [layer] = defineProfile({
      name: 'x',
      layers: [
        addon({
          pack: 'shop',
          as: 'mine',
          presets: { Ingress: 'on', 'With: colon': 'b' },
          namespace: 'shop',
          installPriority: -5,
          values: { pack: { content: {} }, charts: { shop: { a: 1 } } },
        }),
      ],
    }).layers;
    expect(layer?.name).toBe('mine--shop');
    expect(layer?.values).toBe(
      '# spectrocloud.com/enabled-presets: Ingress:on,With: colon:b\npack:\n  content: {}\n  namespace: shop\n  spectrocloud.com/install-priority: "-5"\ncharts:\n  shop:\n    a: 1\n',
    );
  });

  it('puts values of charts under the chart, comments and all', () => {
    const { layers } = defineProfile({
      name: 'x',
      layers: [
        helmChart({ chart: 'nginx', registry: 'Bitnami', version: '15.x', values: { replicas: 1 } }),
        ociChart({
          chart: 'org/redis',
          namespace: 'redis',
          values: yaml`
          # One is enough.
          replicas: 1
        `,
        }),
      ],
    });
    expect(layers.map(({ type, values }) => [type, values])).toEqual([
      ['helm', 'charts:\n  nginx:\n    replicas: 1\n'],
      ['oci', 'pack:\n  namespace: redis\ncharts:\n  redis:\n    # One is enough.\n    replicas: 1\n'],
    ]);
  });

  it('takes manifests as texts and as objects', () => {
    const [layer] = defineProfile({
      name: 'x',
      layers: [
        manifests({
          name: 'm',
          manifests: {
            a: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n',
            b: [
              { apiVersion: 'v1', kind: 'Namespace', metadata: { name: system.cluster.name } },
              { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'c' } },
            ],
          },
        }),
      ],
    }).layers;
    expect(layer).toMatchObject({ type: 'manifest', version: '' });
    expect(layer?.manifests[1]?.content).toBe(
      "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: '{{ .spectro.system.cluster.name }}'\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: c\n",
    );
  });

  it.each([
    {
      name: 'a layer twice',
      make: () => defineProfile({ name: 'x', layers: [addon({ pack: 'a' }), addon({ pack: 'a' })] }),
      want: ['a duplicate-layer '],
    },
    {
      name: 'two networks',
      make: () => defineProfile({ name: 'x', layers: [cni({ pack: 'a' }), cni({ pack: 'b' })] }),
      want: ['b layer-kind '],
    },
    {
      name: 'a version that is none',
      make: () => defineProfile({ name: 'x', version: 'v1', layers: [] }),
      want: [' profile-version '],
    },
    {
      name: 'a range that is none',
      make: () => defineProfile({ name: 'x', layers: [addon({ pack: 'a', version: '>> 1' })] }),
      want: ['a layer-version '],
    },
    {
      name: 'a variable that is not there',
      make: () => defineProfile({ name: 'x', layers: [addon({ pack: 'a', values: { replicas } })] }),
      want: ['a variable-undefined 1'],
    },
    {
      name: 'a default of the wrong form',
      make: () =>
        defineProfile({ name: 'x', layers: [], variables: [variable('a', { format: 'ipv4', default: 'x' })] }),
      want: [' variable-definition '],
    },
    {
      name: 'YAML that is none',
      make: () => defineProfile({ name: 'x', layers: [addon({ pack: 'a', values: 'a: [\nb' })] }),
      want: ['a yaml-syntax 2'],
    },
    {
      name: 'a manifest that is no object',
      make: () => defineProfile({ name: 'x', layers: [manifests({ name: 'm', manifests: { a: 'x: 1' } })] }),
      want: ['m manifest-shape 1'],
    },
    {
      name: 'a macro that does not close',
      make: () => defineProfile({ name: 'x', layers: [addon({ pack: 'a', values: "a: '{{.spectro.var.x'" })] }),
      want: ['a macro-syntax 1'],
    },
  ])('refuses $name, with the place', ({ make, want }) => {
    expect(problemsOf(make)).toEqual(want);
  });

  it('refuses what no text can say', () => {
    expect(() => variable('a', { regex: /x/i })).toThrow('flags "i"');
    expect(() => addon({ pack: 'a', installPriority: 1.5 })).toThrow('no whole number');
    expect(() => addon({ pack: 'a', presets: { A: 'x,y' } })).toThrow('no name of a preset');
    expect(() => addon({ pack: 'a', namespace: 'n', values: 'pack: {}' })).toThrow('`pack:` already');
  });

  it('keeps its rules with it, and out of the data', () => {
    const rule = { name: 'r', description: '', severity: 'error', check: () => [] } as const;
    const document = defineProfile({ name: 'x', layers: [], policies: [rule] });
    expect(policiesOf(document)).toEqual([rule]);
    expect(JSON.stringify(document)).not.toContain('"r"');
    expect(policiesOf({ ...document })).toEqual([]);
  });
});

describe('variables', () => {
  it('know the type of their values', () => {
    const choice = variable('size', {
      options: ['small', { value: 'large', label: 'Large' }],
      default: 'small',
      immutable: true,
    });
    expect(choice.definition).toEqual({
      name: 'size',
      defaultValue: 'small',
      inputType: 'dropdown',
      options: [
        { value: 'small', default: true },
        { value: 'large', label: 'Large' },
      ],
      immutable: true,
    });
    expect(variable('key', { sensitive: true, multiline: true, required: true, regex: /^-/ }).definition).toEqual({
      name: 'key',
      inputType: 'multiline',
      regex: '^-',
      required: true,
      isSensitive: true,
    });
    expectTypeOf(replicas).not.toEqualTypeOf(choice);
    // @ts-expect-error: the default of a number is a number
    variable('n', { format: 'number', default: '2' });
    // @ts-expect-error: a format that there is not
    variable('n', { format: 'date' });
  });

  it('fit where their type fits', () => {
    const tag = variable('tag');
    addon<ShopValues, ShopPresets>({
      pack: 'shop',
      presets: { Ingress: 'on' },
      values: { replicas, image: { tag, pull: 'Always' }, hosts: ['a', tag, `${String(tag)}.example.com`] },
    });
    // @ts-expect-error: a text is no number
    addon<ShopValues>({ pack: 'shop', values: { replicas: tag } });
    // @ts-expect-error: a number is no text
    addon<ShopValues>({ pack: 'shop', values: { image: { tag: replicas } } });
    // @ts-expect-error: no such key
    addon<ShopValues>({ pack: 'shop', values: { replica: 1 } });
    // @ts-expect-error: no such preset
    addon<ShopValues, ShopPresets>({ pack: 'shop', presets: { Ingress: 'maybe' } });
    expect(String(tag)).toBe('{{.spectro.var.tag}}');
  });
});
