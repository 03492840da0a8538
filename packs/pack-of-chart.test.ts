import { gunzipSync } from 'node:zlib';

import { describe, expect, it } from '@jest/globals';

import { writeArchive } from './archive/write-archive.ts';
import { openPackArchive } from './pack.ts';
import { packOfChart } from './pack-of-chart.ts';
import { PackError } from './problem.ts';
import { textFiles } from './testing/files.ts';
import { parseYaml } from './yaml.ts';

const CHART_YAML =
  'apiVersion: v2\nname: web\nversion: 1.2.3\nappVersion: "9"\ndescription: Serves\nicon: https://x.io/a.png\nkubeVersion: ">=1.20.0-0"\n';

function chart(files: Readonly<Record<string, string>>, top = 'web'): Buffer {
  const named = Object.entries({ 'Chart.yaml': CHART_YAML, ...files }).map(([path, text]) => [`${top}/${path}`, text]);
  return writeArchive(textFiles(Object.fromEntries(named)));
}

async function refusal(bytes: Uint8Array): Promise<string> {
  const error: unknown = await packOfChart(bytes).catch((thrown: unknown) => thrown);
  return error instanceof PackError ? `${error.code}: ${error.message}` : String(error);
}

describe('a chart as a pack', () => {
  it('has the chart as it came, its values and README, and what Chart.yaml says', async () => {
    const bytes = chart({
      'values.yaml': '# how many\nreplicas: 2\n\ntext: |\n  a\n\n  b\n',
      'README.md': '# Web\n',
      'templates/a.yaml': 'kind: X\n',
    });
    const { pack, archive, digest, chart: info } = await packOfChart(bytes);
    expect(pack).toMatchObject({
      name: 'web',
      version: '1.2.3',
      layer: 'addon',
      readme: '# Web\n',
      kubeVersion: '>=1.20.0-0',
    });
    expect(pack.values).toBe('charts:\n  web:\n    # how many\n    replicas: 2\n\n    text: |\n      a\n\n      b\n');
    expect(info).toMatchObject({
      name: 'web',
      version: '1.2.3',
      appVersion: '9',
      description: 'Serves',
      icon: 'https://x.io/a.png',
      deprecated: false,
    });
    expect(pack.files.get('charts/web-1.2.3.tgz')).toEqual(bytes);
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    const opened = await openPackArchive(archive);
    expect(opened.charts[0]).toMatchObject({ name: 'web', version: '1.2.3' });
    expect(opened.openProblems).toEqual([]);
  });
  it('has the same bytes each time, uncompressed, so that no zlib has a say', async () => {
    const bytes = chart({ 'values.yaml': 'a: 1\n', 'files/big.txt': 'x'.repeat(200_000) });
    const [first, second] = [await packOfChart(bytes), await packOfChart(bytes)];
    expect(Buffer.from(second.archive).equals(first.archive)).toBe(true);
    // Header and trailer of gzip, and five bytes for each block of 65535.
    const tar = gunzipSync(first.archive).byteLength;
    expect(first.archive.byteLength).toBe(18 + tar + Math.ceil(tar / 0xffff) * 5);
  });
  it('has values that mean the same, whatever their form', async () => {
    for (const values of [
      'a: &x {b: 1}\nc: *x\n',
      '---\na: 1\n',
      '{"a": {"b": [1, 2]}}',
      'a: "x\n\n  y"\nb: |2\n    two\n',
      'a:\n- b\n- c: d\n',
      '\uFEFFa: 1\r\nb: 2\r\n',
      "a: '{{ x }}'\n",
      '# only a comment\n',
      '',
      '- no map\n',
    ]) {
      const { pack } = await packOfChart(chart({ 'values.yaml': values }));
      const { value } = parseYaml(values);
      const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
      expect([values, parseYaml(pack.values).value]).toEqual([values, { charts: { web: isMap ? value : {} } }]);
    }
  });
  it.each([
    { name: 'is no archive', bytes: async () => Buffer.from('nothing'), want: /^UnreadableArchive: / },
    {
      name: 'has no Chart.yaml',
      bytes: async () => writeArchive(textFiles({ 'web/values.yaml': '' })),
      want: /^InvalidPack: Chart\.yaml: error: there is no Chart\.yaml/,
    },
    {
      name: 'has a broken Chart.yaml',
      bytes: async () => chart({ 'Chart.yaml': 'name: "web\n' }),
      want: /^InvalidPack: Chart\.yaml:2:/,
    },
    {
      name: 'has no version',
      bytes: async () => chart({ 'Chart.yaml': 'name: web\n' }),
      want: /expected a name and a version/,
    },
    {
      name: 'is a library',
      bytes: async () => chart({ 'Chart.yaml': `${CHART_YAML}type: library\n` }),
      want: /library chart/,
    },
    {
      name: 'has a name that is a path',
      bytes: async () => chart({ 'Chart.yaml': 'name: ../../x\nversion: 1.0.0\n' }),
      want: /^InvalidPack: pack\.json/,
    },
  ])('is refused when it $name', async ({ bytes, want }) => {
    expect(await refusal(await bytes())).toMatch(want);
  });
});
