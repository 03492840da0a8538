/** What packs of the public repository do that a pack "should not", made again in small: all of it renders. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { describeObject, hasErrors, lintPack, openPackArchive, packOfChart, type Pack } from '#packs/index';
import { writeArchive } from '#packs/archive/write-archive';
import { packJson, textFiles } from '#packs/testing/files';
import { canonicalJson } from '#protocol/canonical';

import { HELM_BUILD_MS, helmPath, packOf, rendererFor, renderPack, temporary } from './support.ts';

let helm: string;
let work: Awaited<ReturnType<typeof temporary>>;
beforeAll(async () => {
  helm = await helmPath();
  work = await temporary();
}, HELM_BUILD_MS);
afterAll(async () => work.remove());

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n';
const CHART = 'apiVersion: v2\nname: web\nversion: 1.0.0\n';
const TEMPLATE = `${CONFIG_MAP}  size: {{ .Values.size | quote }}\n`;

async function archived(files: Readonly<Record<string, string | Uint8Array>>, json = {}): Promise<Pack> {
  return openPackArchive(writeArchive(textFiles({ 'pack.json': packJson(json), ...files })));
}
const chartArchive = (files: Readonly<Record<string, string>> = {}, name = 'web'): Buffer =>
  writeArchive(
    textFiles(
      Object.fromEntries(
        Object.entries({
          'Chart.yaml': CHART.replace('web', name),
          'values.yaml': 'size: 1\n',
          'templates/a.yaml': TEMPLATE,
          ...files,
        }).map(([path, text]) => [`${name}/${path}`, text]),
      ),
    ),
  );

interface Case {
  readonly name: string;
  readonly pack: () => Promise<Pack>;
  /** Objects, and of the ConfigMap x its data. */
  readonly want: Readonly<Record<string, string>>;
  readonly values?: string;
}

const cases: Case[] = [
  {
    name: 'versions that are no semver',
    pack: async () => archived({ 'charts/web.tgz': chartArchive() }, { version: 'v1.5', charts: ['charts/web.tgz'] }),
    want: { size: '1' },
  },
  {
    name: 'empty values',
    pack: async () => archived({ 'values.yaml': '', 'charts/web.tgz': chartArchive() }, { charts: ['charts/web.tgz'] }),
    want: { size: '1' },
  },
  {
    name: 'values of comments alone, and no pack:',
    pack: async () =>
      archived({ 'values.yaml': '# nothing\n', 'charts/web.tgz': chartArchive() }, { charts: ['charts/web.tgz'] }),
    want: { size: '1' },
  },
  {
    name: "a chart's values under a name that is neither its own nor its file's",
    pack: async () =>
      archived(
        { 'values.yaml': 'charts:\n  something-else:\n    size: 7\n', 'charts/web-v1.0.0.tgz': chartArchive() },
        { charts: ['charts/web-v1.0.0.tgz'] },
      ),
    want: { size: '7' },
  },
  {
    name: "a lone chart's values below charts: itself",
    pack: async () =>
      archived(
        {
          'values.yaml': 'charts:\n  size: 8\n  more: {}\n',
          'charts/web.tgz': chartArchive({ 'values.yaml': 'size: 1\nmore: {a: 1}\nother: x\n' }),
        },
        { charts: ['charts/web.tgz'] },
      ),
    want: { size: '8' },
  },
  {
    name: 'an unpacked chart beside its archive: the archive counts',
    pack: async () =>
      archived(
        {
          'charts/web.tgz': chartArchive(),
          'charts/web/Chart.yaml': CHART,
          'charts/web/templates/a.yaml': `${CONFIG_MAP}  size: unpacked\n`,
        },
        { charts: ['charts/web.tgz'] },
      ),
    want: { size: '1' },
  },
  {
    name: 'a chart that is listed and not there, beside one that is',
    pack: async () => archived({ 'charts/web.tgz': chartArchive() }, { charts: ['charts/web.tgz', 'charts/gone.tgz'] }),
    want: { size: '1' },
  },
  {
    name: 'lists of pack.json that are null, and fields nobody knows',
    pack: async () =>
      archived(
        { 'manifests/a.yaml': `${CONFIG_MAP}  size: "1"\n` },
        {
          charts: null,
          kubeManifests: ['manifests/a.yaml'],
          ansibleRoles: [],
          annotations: null,
          constraints: null,
          eol: ' ',
          cloudType: 'x',
        },
      ),
    want: { size: '1' },
  },
  {
    name: 'manifests in folders of manifests',
    pack: async () =>
      archived(
        { 'manifests/deep/er/a.yaml': `${CONFIG_MAP}  size: "1"\n` },
        { kubeManifests: ['manifests/deep/er/a.yaml'] },
      ),
    want: { size: '1' },
  },
  {
    name: 'a manifest with a template of somebody else in it',
    pack: async () =>
      archived(
        {
          'manifests/a.yaml': `${CONFIG_MAP}  injector: |-\n    {{- if .ObjectMeta }}{{ Unknown_Function }}{{ end }}\n`,
        },
        { kubeManifests: ['manifests/a.yaml'] },
      ),
    want: { injector: '{{- if .ObjectMeta }}{{ Unknown_Function }}{{ end }}' },
  },
  {
    name: 'an action between single braces',
    pack: async () =>
      archived(
        {
          'values.yaml': 'manifests:\n  a:\n    on: yes\n',
          'manifests/a.yaml': `${CONFIG_MAP}  {{- if .Values.true }}\n  size: "1"\n  {- end}\n`,
        },
        { kubeManifests: ['manifests/a.yaml'] },
      ),
    want: { size: '1' },
  },
  {
    name: 'the cluster as older packs call it',
    pack: async () =>
      archived(
        {
          'values.yaml': 'manifests: {a: {}}\n',
          'manifests/a.yaml': `${CONFIG_MAP}  size: {{ .Spectro.cluster | quote }}\n`,
        },
        { kubeManifests: ['manifests/a.yaml'] },
      ),
    want: { size: 'edge-7' },
  },
  {
    name: 'values that read the own values by the name of the pack',
    pack: async () =>
      archived(
        {
          'values.yaml':
            'account: 12\ncharts:\n  web:\n    size: \'a{{.spectro.pack.demo.account}}-{{ .spectro.pack.demo.none | default "d" }}\'\n',
          'charts/web.tgz': chartArchive(),
        },
        { charts: ['charts/web.tgz'] },
      ),
    want: { size: 'a12-d' },
  },
  {
    name: 'quoted text that stands out further than its key',
    pack: async () =>
      archived(
        { 'charts/web.tgz': chartArchive({ 'templates/a.yaml': `${CONFIG_MAP}  size: "a\nb"\n` }) },
        { charts: ['charts/web.tgz'] },
      ),
    want: { size: 'a b' },
  },
  {
    name: 'a byte order mark, and line ends of another system',
    pack: async () =>
      archived(
        { 'values.yaml': '\uFEFFcharts:\r\n  web:\r\n    size: 3\r\n', 'charts/web.tgz': chartArchive() },
        { charts: ['charts/web.tgz'] },
      ),
    want: { size: '3' },
  },
  {
    name: 'presets that only the header names',
    pack: async () =>
      archived(
        {
          'values.yaml': 'charts: {web: {size: 1}}\n',
          'presets.yaml':
            'presets:\n- {name: big, group: Size, remove: [charts.web.size], add: "charts: {web: {size: 9}}"}\n',
          'charts/web.tgz': chartArchive(),
        },
        { charts: ['charts/web.tgz'] },
      ),
    values: '# spectrocloud.com/enabled-presets: Size:big\n',
    want: { size: '9' },
  },
  {
    name: 'presets that the layer writes over',
    pack: async () =>
      archived(
        {
          'presets.yaml': 'presets:\n- {name: big, group: Size, add: "charts: {web: {size: 9}}"}\n',
          'charts/web.tgz': chartArchive(),
        },
        { charts: ['charts/web.tgz'] },
      ),
    values: '# spectrocloud.com/enabled-presets: Size:big\ncharts: {web: {size: 10}}\n',
    want: { size: '10' },
  },
  {
    name: 'the chart of a registry',
    pack: async () => (await packOfChart(chartArchive())).pack,
    values: 'charts: {web: {size: 4}}\n',
    want: { size: '4' },
  },
];

describe('packs as they are in the wild', () => {
  it.each(cases)('with $name', async ({ pack, want, values = '' }) => {
    const opened = await pack();
    const { objects } = await renderPack(rendererFor(helm, work.path), opened, { layer: { values } });
    expect(objects.map(describeObject)).toEqual(['v1 ConfigMap default/x']);
    expect(objects[0]?.['data']).toEqual(want);
    expect(hasErrors(lintPack(opened).filter(({ rule }) => rule !== 'missing-chart'))).toBe(false);
  });
  it('with a check for being ready', async () => {
    const pack = await archived(
      {
        'values.yaml':
          'readinessCheck:\n  v1beta1:\n  - name: "{{.spectro.system.cluster.name}}"\n    kind: LinstorCluster\n    group: piraeus.io\n    version: v1\n    keysToCheck:\n    - keyToCheck: status.conditions[0].status\n      expectedValue: "True"\n',
        'manifests/a.yaml': `${CONFIG_MAP}  a: b\n`,
      },
      { kubeManifests: ['manifests/a.yaml'] },
    );
    expect((await renderPack(rendererFor(helm, work.path), pack)).readinessChecks).toMatchObject([
      { name: 'edge-7', kind: 'LinstorCluster', keys: [{ path: 'status.conditions[0].status', expected: 'True' }] },
    ]);
  });
});

describe('renderings on disk', () => {
  it('are taken by another process with the same input, and by no other input', async () => {
    const pack = await packOf({ 'charts/web/values.yaml': 'size: 1\n', 'charts/web/templates/a.yaml': TEMPLATE });
    const cacheDir = `${work.path}/cache`;
    const first = await renderPack(rendererFor(helm, work.path, { cacheDir }), pack);
    // Without Helm there is nothing but what is kept; its identity is part of the input.
    const again = rendererFor(helm, `${work.path}/unused`, { cacheDir, timeoutMs: 1 });
    expect(await renderPack(again, pack)).toEqual(first);
    await expect(renderPack(again, pack, { layer: { values: 'charts: {web: {size: 2}}' } })).rejects.toThrow(
      /still rendering/,
    );
    await expect(renderPack(again, pack, { kubeVersion: 'v1.33.0' })).rejects.toThrow(/still rendering/);
  });
});

describe('laws of rendering', () => {
  it('the same input gives the same objects, whichever renderer; another value gives others exactly where it is read', async () => {
    const pack = await packOf({
      'values.yaml':
        "pack: {namespace: shop}\ncharts: {web: {size: '{{.spectro.var.size}}', unread: 1}}\nmanifests: {m: {text: a}}\n",
      'charts/web/templates/a.yaml': TEMPLATE,
      'charts/web/templates/b.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {fixed: "1"}\n',
      'manifests/m.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {text: {{ .Values.text | quote }}}\n',
    });
    const shared = rendererFor(helm, work.path);
    const text = fc.string({ maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(text, text, async (a, b) => {
        const render = async (size: string, renderer = shared) => renderPack(renderer, pack, { variables: { size } });
        const [one, two] = [await render(a), await render(b)];
        expect(canonicalJson(await render(a, rendererFor(helm, work.path)))).toBe(canonicalJson(one));
        expect(one.objects.find(({ metadata }) => metadata.name === 'x')?.['data']).toEqual({ size: a });
        const changed = one.objects.filter(
          (object, index) => canonicalJson(object) !== canonicalJson(two.objects[index]),
        );
        expect(changed.map(({ metadata }) => metadata.name)).toEqual(a === b ? [] : ['x']);
      }),
      { numRuns: 12 },
    );
  }, 60_000);
});
