import { gzipSync } from 'node:zlib';

import { describe, expect, it } from '@jest/globals';

import { writeArchive } from './archive/write-archive.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { archivePack, contentDigest, openPackArchive, openPackFiles } from './pack.ts';
import { PackError } from './problem.ts';
import { packJson, textFiles } from './testing/files.ts';

const CHART = 'apiVersion: v2\nname: hello\nversion: 1.0.0\n';
const chartArchive = (yaml = CHART): Uint8Array =>
  writeArchive(textFiles({ 'hello/Chart.yaml': yaml, 'hello/templates/a.yaml': 'a: 1\n' }));

async function refusal(work: Promise<unknown>): Promise<PackError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PackError);
  return error as PackError;
}

describe('opening a pack', () => {
  it('reads everything it brings', async () => {
    const pack = await openPackFiles(
      textFiles({
        'pack.json': packJson({
          charts: ['charts/hello-1.0.0.tgz'],
          kubeManifests: ['manifests/a.yaml', './manifests/deep/b.yml'],
          annotations: { source: 'x' },
          constraints: { dependencies: [{ packName: 'k', minVersion: '1' }] },
        }),
        'values.yaml': 'pack:\n  namespace: shop\n  spectrocloud.com/install-priority: "7"\n',
        'charts/hello-1.0.0.tgz': chartArchive(),
        'manifests/a.yaml': 'a: 1',
        'manifests/deep/b.yml': 'b: 1',
        'presets.yaml': 'presets:\n  - name: p\n    group: g\n',
        'schema.yaml': "a.b:\n  schema: '{{ readonly }}'\n",
        'README.md': '# hi',
        'logo.png': 'x',
      }),
    );
    expect(pack).toMatchObject({
      name: 'demo',
      version: '1.0.0',
      layer: 'addon',
      annotations: { source: 'x' },
      installPriority: 7,
      readme: '# hi',
      settings: { namespace: 'shop' },
      dependencies: [{ packName: 'k', minVersion: '1', maxVersion: '', type: 'optional' }],
      charts: [{ path: 'charts/hello-1.0.0.tgz', name: 'hello', version: '1.0.0', baseName: 'hello-1.0.0' }],
      manifests: [
        { path: 'manifests/a.yaml', name: 'a' },
        { path: 'manifests/deep/b.yml', name: 'b' },
      ],
      presets: [{ name: 'p', group: 'g', remove: [], add: '' }],
      schema: [{ name: 'a.b', readonly: true }],
      openProblems: [],
    });
    expect([...(pack.charts[0]?.files.keys() ?? [])]).toEqual(['Chart.yaml', 'templates/a.yaml']);
  });
  it('takes what real packs leave empty', async () => {
    const pack = await openPackFiles(
      textFiles({
        'pack.json': packJson({
          charts: null,
          kubeManifests: [],
          annotations: null,
          eol: ' ',
          group: '',
          ansibleRoles: [],
          constraints: null,
          cloudTypes: undefined,
          version: 'v1.5',
        }),
        'values.yaml': '',
      }),
    );
    expect(pack).toMatchObject({
      version: 'v1.5',
      charts: [],
      manifests: [],
      annotations: {},
      dependencies: [],
      installPriority: 0,
      values: '',
    });
  });
  it('takes an unpacked chart where pack.json lists one', async () => {
    const pack = await openPackFiles(
      textFiles({ 'pack.json': packJson({ charts: ['charts/hello'] }), 'charts/hello/Chart.yaml': CHART }),
    );
    expect(pack.charts).toMatchObject([{ path: 'charts/hello', name: 'hello' }]);
  });
  const DIGESTS: Record<string, string> = {
    'charts/hello': 'sha256:cb5e3513a36826452684cf3deea6afda9c59d6eefae6e89ca7986aff47594ad5',
    'charts/hello-1.0.0': 'sha256:793bc15ad61f7faf7125474429c3f21587bf3e76a0986bccf8feebe4b58ed249',
  };
  it.each(['charts/hello', 'charts/hello-1.0.0'])(
    'packs the chart in %s when the listed archive is not there',
    async (directory) => {
      const pack = await openPackFiles(
        textFiles({
          'pack.json': packJson({ charts: ['charts/hello-1.0.0.tgz'] }),
          [`${directory}/Chart.yaml`]: CHART,
          [`${directory}/templates/x.yaml`]: 'x: 1',
        }),
      );
      expect(pack.openProblems).toEqual([]);
      expect([...pack.files.keys()]).toEqual(['charts/hello-1.0.0.tgz', 'pack.json']);
      const again = await openPackArchive(archivePack(pack));
      expect(contentDigest(again)).toBe(contentDigest(pack));
      expect(again.charts).toMatchObject([{ name: 'hello' }]);
      // Written down here because lock files write it down: it may not depend on the compressor of a machine.
      expect(contentDigest(pack)).toBe(DIGESTS[directory]);
    },
  );
  it('takes an archive with one directory around everything', async () => {
    const pack = await openPackArchive(
      writeArchive(textFiles({ 'demo-1.0.0/pack.json': packJson(), 'demo-1.0.0/values.yaml': 'a: 1\n' })),
    );
    expect([...pack.files.keys()]).toEqual(['pack.json', 'values.yaml']);
  });
  it('has one content digest, whatever compressed it', async () => {
    const files = textFiles({ 'pack.json': packJson() });
    const { tarOf } = await import('./archive/write-archive.ts');
    const fast = await openPackArchive(gzipSync(tarOf(files), { level: 1 }));
    const best = await openPackArchive(writeArchive(files));
    expect(contentDigest(fast)).toBe(contentDigest(best));
  });
});

describe('a pack that cannot be opened', () => {
  it.each([
    {
      name: 'without pack.json',
      files: { 'values.yaml': '' },
      message: 'pack.json: error: there is no pack.json; it belongs at the root of the pack (pack-json-missing)',
    },
    {
      name: 'with broken JSON',
      files: { 'pack.json': '{\n  "name": "x",\n  "version" "1"\n}' },
      message: 'pack.json:3:13: error: expected ":" after the key, found "\\"" (json-syntax)',
    },
    {
      name: 'with a layer nobody knows',
      files: { 'pack.json': packJson({ layer: 'app' }) },
      message: /^pack\.json:5:3: error: layer: Invalid option: expected one of "kernel"\|"os"/,
    },
    {
      name: 'without a version',
      files: { 'pack.json': '{"name": "x", "displayName": "x", "layer": "addon"}' },
      message: /^pack\.json:1:1: error: version: /,
    },
    {
      name: 'with more charts than any pack has',
      files: { 'pack.json': packJson({ charts: Array.from({ length: 1001 }, (_, index) => `charts/${index}.tgz`) }) },
      message: /^pack\.json:\d+:3: error: charts: .*1000/,
    },
    {
      name: 'with a pack.json that is too long to be one',
      files: { 'pack.json': packJson({ annotations: { a: 'x'.repeat(1024 * 1024) } }) },
      message: /^pack\.json: error: .* \(pack-json-limit\)$/,
    },
    {
      name: 'with a name that is a path',
      files: { 'pack.json': packJson({ name: '../x' }) },
      message: /^pack\.json:2:3: error: name: expected letters, digits/,
    },
  ])('$name', async ({ files, message }) => {
    expect((await refusal(openPackFiles(textFiles(files)))).message).toEqual(
      message instanceof RegExp ? expect.stringMatching(message) : message,
    );
  });
});

describe('charts that are wrong', () => {
  const problemsOf = async (chart: Uint8Array | string, limits = DEFAULT_LIMITS): Promise<unknown[]> =>
    [
      ...(
        await openPackFiles(
          textFiles({ 'pack.json': packJson({ charts: ['charts/x.tgz'] }), 'charts/x.tgz': chart }),
          limits,
        )
      ).openProblems,
    ].map(({ file, rule }) => [file, rule]);
  it.each<{ name: string; chart: Uint8Array | string; want: unknown[] }>([
    { name: 'no archive', chart: 'hello', want: [['charts/x.tgz', 'archive-unreadable']] },
    {
      name: 'no Chart.yaml',
      chart: writeArchive(textFiles({ 'hello/values.yaml': '' })),
      want: [['charts/x.tgz', 'chart-yaml-missing']],
    },
    { name: 'a Chart.yaml that is no YAML', chart: chartArchive('a: b: c'), want: [['charts/x.tgz', 'chart-yaml']] },
    {
      name: 'a Chart.yaml without name',
      chart: chartArchive('version: 1.0.0'),
      want: [['charts/x.tgz', 'chart-yaml']],
    },
    {
      name: 'a broken subchart',
      chart: writeArchive(textFiles({ 'hello/Chart.yaml': CHART, 'hello/charts/sub.tgz': 'x' })),
      want: [['charts/x.tgz', 'archive-unreadable']],
    },
  ])('$name', async ({ chart, want }) => {
    expect(await problemsOf(chart)).toEqual(want);
  });
  it('subcharts count against the limits of the pack', async () => {
    const sub = writeArchive(textFiles({ 'sub/Chart.yaml': CHART, 'sub/big': 'x'.repeat(60_000) }));
    const subs = Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`hello/charts/s${index}.tgz`, sub]));
    const chart = writeArchive(textFiles({ 'hello/Chart.yaml': CHART, ...subs }));
    expect(await problemsOf(chart, { ...DEFAULT_LIMITS, totalBytes: 200_000 })).toEqual([
      ['charts/x.tgz', 'archive-limit'],
    ]);
    expect(await problemsOf(chart)).toEqual([]);
  });
  it('all charts together count against the limits of the pack', async () => {
    const chart = writeArchive(textFiles({ 'hello/Chart.yaml': CHART, 'hello/big': 'x'.repeat(60_000) }));
    const charts = Array.from({ length: 5 }, (_, index) => `charts/c${index}.tgz`);
    const open = async (totalBytes: number): Promise<readonly unknown[]> => {
      const files = { 'pack.json': packJson({ charts }), ...Object.fromEntries(charts.map((path) => [path, chart])) };
      const { openProblems } = await openPackFiles(textFiles(files), { ...DEFAULT_LIMITS, totalBytes });
      return openProblems.map(({ file, rule }) => [file, rule]);
    };
    expect(await open(200_000)).toEqual([
      ['charts/c3.tgz', 'archive-limit'],
      ['charts/c4.tgz', 'archive-limit'],
    ]);
    expect(await open(400_000)).toEqual([]);
  });
  it('a chart that is listed again and again is opened once', async () => {
    const files = {
      'pack.json': packJson({ charts: Array.from({ length: 50 }, () => 'charts/hello.tgz') }),
      'charts/hello.tgz': chartArchive(),
    };
    const pack = await openPackFiles(textFiles(files), { ...DEFAULT_LIMITS, totalBytes: 2_000 });
    expect(pack.charts.map(({ path }) => path)).toEqual(['charts/hello.tgz']);
  });
  it('archives within archives end somewhere', async () => {
    let chart = chartArchive();
    for (let depth = 0; depth < 6; depth++)
      chart = writeArchive(textFiles({ 'hello/Chart.yaml': CHART, 'hello/charts/sub.tgz': chart }));
    expect(await problemsOf(chart)).toEqual([['charts/x.tgz!hello/charts/sub.tgz', 'archive-limit']]);
  });
});
