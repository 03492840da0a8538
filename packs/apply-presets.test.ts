import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { canonicalJson } from '#protocol/canonical';

import { applyPresets } from './apply-presets.ts';
import { parsePresetName, withoutPresetPaths, type PackPreset } from './presets.ts';
import { PackError } from './problem.ts';
import { mergeValues, parseValues } from './values.ts';
import { isJsonObject, type JsonObject } from './yaml.ts';

const preset = (name: string, group: string, add: string, remove: readonly string[] = []): PackPreset => ({
  name,
  displayName: '',
  group,
  remove: [...remove],
  add,
});
const PACK = {
  name: 'web',
  presets: [
    preset('lb', 'Service', 'charts:\n  web:\n    service: {type: LoadBalancer} # reachable\n', ['charts.web.service']),
    preset('ip', 'Service', 'charts:\n  web:\n    service:\n      type: ClusterIP\n', ['charts.web.service']),
    preset('tls', 'Ingress', "charts:\n  web:\n    tls: [1, 2]\n    host: '{{ .spectro.system.cluster.name }}.x'\n"),
    preset('tls', 'Other', ''),
  ],
};
const VALUES = `# spectrocloud.com/enabled-presets: Service:lb
# about the pack
pack:
  namespace: '{{.spectro.var.ns}}' # where
charts:
  web:
    # how it is reached
    service:
      type: LoadBalancer
      nodePort: {{.spectro.var.port}}
    octal: 0644
    text: |
      {{ .spectro.macro.a }}
      more
    list:
    - a: 1
      b: yes
`;

function failure(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof PackError) return error.message;
    throw error;
  }
  return '';
}

describe('applying presets', () => {
  it('takes out, puts in, and keeps comments, macros and all the rest as written', () => {
    expect(applyPresets(PACK, VALUES, ['Service:ip', 'Ingress:tls'].map(parsePresetName))).toBe(
      `# spectrocloud.com/enabled-presets: Service:ip,Ingress:tls
# about the pack
pack:
  namespace: '{{.spectro.var.ns}}' # where
charts:
  web:
    # how it is reached
    service:
      type: ClusterIP
    octal: 0644
    text: |
      {{ .spectro.macro.a }}
      more
    list:
    - a: 1
      b: yes
    tls: [ 1, 2 ]
    host: '{{ .spectro.system.cluster.name }}.x'
`,
    );
  });
  it('once or twice is the same', () => {
    const names = ['Service:ip', 'Ingress:tls'].map(parsePresetName);
    const once = applyPresets(PACK, VALUES, names);
    expect(applyPresets(PACK, once, names)).toBe(once);
  });
  it('of none changes nothing', () => {
    expect(applyPresets(PACK, VALUES, [])).toBe(VALUES);
  });
  it('fills empty values', () => {
    expect(applyPresets(PACK, '', [{ group: 'Service', name: 'ip' }])).toBe(
      '# spectrocloud.com/enabled-presets: Service:ip\ncharts:\n  web:\n    service:\n      type: ClusterIP\n',
    );
  });
  it('finds a preset by its name alone where only one has it', () => {
    expect(applyPresets(PACK, '', [parsePresetName('ip')])).toContain('ClusterIP');
  });
  it.each([
    {
      name: 'a preset that is not there',
      presets: ['Service:none'],
      want: /web has no preset "Service:none"; there are Service:lb, Service:ip/,
    },
    { name: 'a name that two groups have', presets: ['tls'], want: /no preset "tls"/ },
    { name: 'two of one group', presets: ['Service:lb', 'Service:ip'], want: /two presets of the group "Service"/ },
    { name: 'values that are no map', presets: ['ip'], values: '[]', want: /expected a map/ },
    { name: 'values that cannot be read', presets: ['ip'], values: 'a: "x', want: /cannot be read/ },
    { name: 'values nested too deep', presets: ['ip'], values: '['.repeat(5000), want: /cannot be read/ },
  ])('refuses $name', ({ presets, values = VALUES, want }) => {
    expect(failure(() => applyPresets(PACK, values, presets.map(parsePresetName)))).toMatch(want);
  });
  it('means what the parsed values mean', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd.e');
    const leaf = fc.oneof(
      fc.constantFrom('x', 'yes', '012', '', '1e3', '~', 'a: b', '- c', '{{ .x }}', ' s ', 'l1\nl2\n'),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.integer(), { maxLength: 2 }),
    );
    const values: fc.Arbitrary<JsonObject> = fc.letrec<{ map: JsonObject; leaf: JsonObject }>((tie) => ({
      map: fc.dictionary(key, fc.oneof({ depthSize: 'small' }, leaf, tie('map')), { maxKeys: 3 }),
      leaf: fc.constant({}),
    })).map;
    fc.assert(
      fc.property(
        values,
        values,
        fc.array(fc.constantFrom('a', 'a.b', 'b.d.e', 'd.e.a'), { maxLength: 2 }),
        (base, add, remove) => {
          const one = preset('p', 'G', JSON.stringify(add), remove);
          const text = applyPresets({ name: 'x', presets: [one] }, JSON.stringify(base), [{ group: 'G', name: 'p' }]);
          const { value } = parseValues(text);
          expect(canonicalJson(isJsonObject(value) ? value : {})).toBe(
            canonicalJson(mergeValues(withoutPresetPaths(base, one), add)),
          );
        },
      ),
    );
  });
});
