import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { z } from 'zod';

import { silentLogger } from '#core/log';
import { RenderError } from '#packs/index';
import { parseYaml } from '#packs/yaml';

import { helmPath, HELM_BUILD_MS, packOf, rendererFor, renderPack, temporary, layerOf, contextOf } from './support.ts';

let helm: string;
let work: Awaited<ReturnType<typeof temporary>>;
beforeAll(async () => {
  helm = await helmPath();
  work = await temporary();
}, HELM_BUILD_MS);
afterAll(async () => work.remove());

async function failure(rendering: Promise<unknown>): Promise<RenderError> {
  const error: unknown = await rendering.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RenderError)) throw new Error('expected a RenderError', { cause: error });
  return error;
}

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n';

describe('charts', () => {
  it('get release name, namespace, cluster and values', async () => {
    const pack = await packOf({
      'values.yaml':
        'pack:\n  namespace: shop\ncharts:\n  web:\n    size: {{.spectro.var.size}}\n    text: {{.spectro.var.text}}\n    dropped: null\n',
      'charts/web/values.yaml': 'size: 1\ntext: none\nkept: yes\ndropped: still here\n',
      'charts/web/crds/crd.yaml':
        'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: widgets.x.io\nspec:\n  group: x.io\n  scope: Namespaced\n  names: {kind: Widget, plural: widgets}\n  versions: []\n',
      'charts/web/templates/a.yaml': `${CONFIG_MAP}  release: {{ .Release.Name }}/{{ .Release.Namespace }}\n  kube: {{ .Capabilities.KubeVersion.Version }}\n  served: {{ .Capabilities.APIVersions.Has "x.io/v1" | quote }}\n  size: {{ .Values.size | quote }}\n  text: {{ .Values.text | quote }}\n  kept: {{ .Values.kept | quote }}\n  dropped: {{ .Values.dropped | quote }}\n`,
      'charts/web/templates/b.yaml': 'apiVersion: x.io/v1\nkind: Widget\nmetadata:\n  name: w\n',
    });
    const hostile = 'a: b\n{{ .Values.size }} "q" \'s\' #\ttab {{.spectro.var.size}}';
    const rendered = await renderPack(rendererFor(helm, work.path), pack, {
      variables: { size: '3', text: hostile },
      apiVersions: ['x.io/v1'],
    });
    expect(rendered.objects.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
      ['CustomResourceDefinition', undefined],
      ['ConfigMap', 'shop'],
      ['Widget', 'shop'],
    ]);
    expect(rendered.objects[1]).toMatchObject({
      data: { release: 'demo-web/shop', kube: 'v1.34.1', served: 'true', size: '3', text: hostile, kept: 'true' },
    });
    expect(rendered.namespaces).toMatchObject([{ metadata: { name: 'shop' } }]);
  });

  it('keep hooks of installation among the objects and the others, tests too, apart', async () => {
    const hook = (name: string, event: string): string =>
      `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  annotations:\n    helm.sh/hook: ${event}\n`;
    const pack = await packOf({
      'charts/web/templates/a.yaml': CONFIG_MAP,
      'charts/web/templates/b.yaml': hook('before', 'pre-install'),
      'charts/web/templates/c.yaml': hook('gone', 'post-delete'),
      'charts/web/templates/tests/d.yaml': hook('test', 'test'),
    });
    const rendered = await renderPack(rendererFor(helm, work.path), pack);
    expect(rendered.objects.map(({ metadata }) => metadata.name)).toEqual(['before', 'x']);
    expect(rendered.objects[0]?.metadata.annotations).toEqual({ 'helm.sh/hook': 'pre-install' });
    expect(rendered.hooks.map(({ object, events }) => [object.metadata.name, events])).toEqual([
      ['gone', ['post-delete']],
      ['test', ['test']],
    ]);
  });

  it('read values as we read them', async () => {
    const text =
      'a: y\nb: No\nc: Off\nd: 0644\ne: 0o644\nf: 1_000\ng: 12:30:45\nh: 2024-01-01\ni: 1e3\nj: 0x1F\nk: .5\nl: +1\nm: 0b11\nn: "1e3"\no: 09\np: 1,000\nq: 190:20:30.15\nr: =\ns: !!binary aGk=\nt: &t {u: 1}\nv: {<<: *t, w: [on, "on"]}\nn2: 1.10\n123: x\n';
    const pack = await packOf({
      'charts/web/values.yaml': text,
      'charts/web/templates/a.yaml': `${CONFIG_MAP}  values: {{ toJson .Values | quote }}\n`,
    });
    const [object] = (await renderPack(rendererFor(helm, work.path), pack)).objects;
    const { data } = z.object({ data: z.object({ values: z.string() }) }).parse(object);
    const values = z.record(z.string(), z.unknown()).parse(JSON.parse(data.values));
    // Bytes are the one difference: Go hands them on as text.
    expect({ ...values, s: 'aGk=' }).toEqual(parseYaml(text).value);
  });
  it('take the release name the pack gives', async () => {
    const pack = await packOf({
      'values.yaml': 'pack:\n  releaseNameOverride:\n    web: front\n',
      'charts/web/templates/a.yaml': `${CONFIG_MAP}  release: {{ .Release.Name }}\n`,
    });
    expect((await renderPack(rendererFor(helm, work.path), pack)).objects[0]).toMatchObject({
      data: { release: 'front' },
    });
  });
});

describe('manifests', () => {
  it('that are templates see their own values', async () => {
    const pack = await packOf({
      'values.yaml':
        'manifests:\n  a:\n    names: [one, two]\n    enabled: true\n    count: 5000\n    map: {k: v}\n  b:\n    name: plain\n',
      'manifests/a.yaml':
        '{{- range .Values.names }}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ . }}\ndata:\n  {{- if $.Values.enabled }}\n  count: {{ $.Values.count | quote }}\n  {{- end }}\n  {{- toYaml $.Values.map | nindent 2 }}\n  missing: {{ $.Values.none | default "nothing" }}\n  cluster: "{{ $.Release.Name }} on {{.spectro.system.cluster.name}}"\n{{- end }}\n',
      'manifests/b.yaml':
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: plain\ndata:\n  a: '{{.spectro.var.text}}'\n",
    });
    const { objects } = await renderPack(rendererFor(helm, work.path), pack, {
      variables: { text: '{{ .Values.x }}' },
    });
    expect(objects.map(({ metadata, ...rest }) => [metadata.name, rest['data']])).toEqual([
      ['one', { count: '5000', k: 'v', missing: 'nothing', cluster: 'demo on edge-7' }],
      ['two', { count: '5000', k: 'v', missing: 'nothing', cluster: 'demo on edge-7' }],
      ['plain', { a: '{{ .Values.x }}' }],
    ]);
  });
  it('do not let a variable become a template', async () => {
    const pack = await packOf({
      'values.yaml': 'manifests:\n  a:\n    secret: s3cr3t\n',
      'manifests/a.yaml': `${CONFIG_MAP}  quoted: '{{.spectro.var.evil}}'\n  plain: {{.spectro.var.evil}}\n  own: {{ .Values.secret | len | quote }}\n`,
    });
    const evil = '{{ .Values.secret }}{';
    const { objects } = await renderPack(rendererFor(helm, work.path), pack, { variables: { evil } });
    expect(objects[0]).toMatchObject({ data: { quoted: evil, plain: evil, own: '6' } });
  });
  it('written into the profile come beside those of the pack, or alone', async () => {
    const pack = await packOf({ 'manifests/a.yaml': CONFIG_MAP });
    const inline = {
      name: 'extra',
      content:
        "apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {a: '{{.spectro.var.a}}'}}\n---\n# nothing\n",
    };
    const renderer = rendererFor(helm, work.path);
    const rendered = await renderPack(renderer, pack, {
      layer: { manifests: [inline], values: 'pack: {namespace: shop}' },
      variables: { a: '1' },
    });
    expect(rendered.objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}`)).toEqual([
      'Secret shop',
      'ConfigMap shop',
    ]);
    const alone = await renderer.render(
      layerOf(pack, { manifests: [inline], version: '' }),
      undefined,
      contextOf({ a: '1' }),
      { kubeVersion: '1.34.1', signal: new AbortController().signal },
    );
    expect(alone).toMatchObject({
      objects: [{ kind: 'Secret', stringData: { a: '1' }, metadata: { name: 's', namespace: 'default' } }],
      namespaces: [],
    });
  });
});

describe('what is wrong', () => {
  it.each<{ name: string; files: Record<string, string>; code: string; problem: Record<string, unknown> }>([
    {
      name: 'a template of a chart that cannot be parsed',
      files: { 'charts/web/templates/a.yaml': 'a: 1\nb: {{ if }}\n' },
      code: 'HelmFailed',
      problem: { file: 'charts/web-1.0.0.tgz/templates/a.yaml', line: 2 },
    },
    {
      name: 'a chart that asks for a value',
      files: { 'charts/web/templates/a.yaml': 'a: {{ required "give me a" .Values.a }}\n' },
      code: 'HelmFailed',
      problem: {
        file: 'charts/web-1.0.0.tgz/templates/a.yaml',
        line: 1,
        message: expect.stringContaining('give me a'),
      },
    },
    {
      name: 'a templated manifest that yields no YAML',
      files: { 'manifests/a.yaml': 'a: {{ .Values.b | default "x" }}\n  b: 1\n' },
      code: 'HelmFailed',
      problem: { file: 'manifests/a.yaml' },
    },
    {
      name: 'a manifest that is no YAML',
      files: { 'manifests/a.yaml': 'a: b: c\n' },
      code: 'InvalidContent',
      problem: { file: 'manifests/a.yaml', line: 1 },
    },
    {
      name: 'a manifest that is no object',
      files: { 'manifests/a.yaml': `${CONFIG_MAP}---\nkind: Pod\n` },
      code: 'InvalidContent',
      problem: { file: 'manifests/a.yaml', line: 7, message: 'apiVersion is missing (kind Pod)' },
    },
    {
      name: 'a chart that yields no object',
      files: { 'charts/web/templates/a.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {labels: {a: 1}, name: x}\n' },
      code: 'InvalidContent',
      problem: {
        file: 'charts/web-1.0.0.tgz/templates/a.yaml',
        message: 'Pod x: metadata.labels["a"]: expected text; put it in quotes',
      },
    },
    {
      name: 'a macro nobody defines',
      files: { 'manifests/a.yaml': `${CONFIG_MAP}  a: '{{.spectro.var.none}}'\n` },
      code: 'UnresolvedMacros',
      problem: { file: 'manifests/a.yaml', line: 6, column: 7 },
    },
    {
      name: 'a namespace that cannot be',
      files: { 'values.yaml': 'pack: {namespace: A_B}', 'manifests/a.yaml': CONFIG_MAP },
      code: 'InvalidContent',
      problem: { file: 'values' },
    },
  ])('$name is told with its pack and file', async ({ files, code, problem }) => {
    const error = await failure(renderPack(rendererFor(helm, work.path), await packOf(files)));
    expect(error.code).toBe(code);
    expect(error.problems).toMatchObject([{ pack: 'demo', ...problem }]);
  });
  it('comes all at once', async () => {
    const error = await failure(
      renderPack(
        rendererFor(helm, work.path),
        await packOf({
          'manifests/a.yaml': 'a: {{ if }}',
          'manifests/b.yaml': 'a: b: c',
          'charts/web/templates/a.yaml': '{{ fail "no" }}',
        }),
      ),
    );
    expect(error.problems.map(({ file }) => file)).toEqual([
      'charts/web-1.0.0.tgz/templates/a.yaml',
      'manifests/a.yaml',
      'manifests/b.yaml',
    ]);
  });
  it('never shows what a variable holds', async () => {
    const pack = await packOf({
      'values.yaml': "charts:\n  web:\n    password: '{{.spectro.var.password}}'\n",
      'charts/web/templates/a.yaml': '{{ fail (printf "bad password %s / %q" .Values.password .Values.password) }}',
    });
    const error = await failure(
      renderPack(rendererFor(helm, work.path), pack, { variables: { password: 'hunter"2 secret' } }),
    );
    expect(error.message).toContain('bad password {{.spectro.var.password}}');
    expect(JSON.stringify(error.problems) + error.message).not.toContain('hunter');
  });
});

describe('a run of Helm', () => {
  const slow = async (): ReturnType<typeof packOf> =>
    packOf({
      'charts/web/templates/a.yaml':
        '{{ range until 20000 }}{{ range until 20000 }}{{ printf "%d" . | sha256sum | trunc 0 }}{{ end }}{{ end }}',
    });
  it('that takes too long is killed, and leaves nothing behind', async () => {
    const own = await temporary();
    const error = await failure(renderPack(rendererFor(helm, own.path, { timeoutMs: 400 }), await slow()));
    expect(error.code).toBe('HelmTimeout');
    expect(error.message).toContain('helm was still rendering after 0.4 s and was stopped');
    expect(await readdir(own.path)).toEqual([]);
    await own.remove();
  });
  it('that is aborted is killed, and leaves nothing behind', async () => {
    const own = await temporary();
    const reason = new Error('enough');
    const controller = new AbortController();
    const rendering = renderPack(rendererFor(helm, own.path), await slow(), { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 200);
    await expect(rendering).rejects.toBe(reason);
    expect(await readdir(own.path)).toEqual([]);
    await own.remove();
  });
  it('that writes without end is killed', async () => {
    const pack = await packOf({ 'charts/web/templates/a.yaml': `${CONFIG_MAP}  a: {{ repeat 100000 "x" }}\n` });
    expect((await failure(renderPack(rendererFor(helm, work.path, { maxOutputBytes: 50_000 }), pack))).code).toBe(
      'OutputTooLarge',
    );
  });
  it('that cannot start says where Helm was expected', async () => {
    const error = await failure(
      renderPack(rendererFor('/nowhere/helm', work.path), await packOf({ 'charts/web/templates/a.yaml': CONFIG_MAP })),
    );
    expect([error.code, error.message]).toEqual([
      'HelmUnavailable',
      expect.stringContaining('expected helm 3 at /nowhere/helm'),
    ]);
  });
  it('has values in a private file only, and an environment of its own', async () => {
    const own = await temporary();
    const spy = join(own.path, 'helm-spy');
    const record = join(own.path, 'record.json');
    // A program in Helm's place that tells how it was called.
    await writeFile(
      spy,
      `#!${process.execPath}
const fs = require('node:fs');
const file = process.argv[process.argv.indexOf('--values') + 1];
fs.writeFileSync(${JSON.stringify(record)}, JSON.stringify({ argv: process.argv.slice(2), env: process.env, mode: fs.statSync(file).mode & 0o777, directory: fs.statSync(require('node:path').dirname(file)).mode & 0o777, values: fs.readFileSync(file, 'utf8') }));
console.log('apiVersion: v1\\nkind: Pod\\nmetadata:\\n  name: x');
`,
    );
    await chmod(spy, 0o700);
    process.env['PALETTE_TEST_SECRET'] = 'outer-secret';
    const pack = await packOf({
      'values.yaml': "charts:\n  web:\n    password: '{{.spectro.var.password}}'\n",
      'charts/web/templates/a.yaml': CONFIG_MAP,
    });
    await renderPack(rendererFor(spy, join(own.path, 'work')), pack, { variables: { password: 'inner-secret' } });
    delete process.env['PALETTE_TEST_SECRET'];
    const seen = JSON.parse(await readFile(record, 'utf8')) as {
      argv: string[];
      env: Record<string, string>;
      mode: number;
      directory: number;
      values: string;
    };
    expect(JSON.parse(seen.values)).toEqual({ password: 'inner-secret' });
    expect([seen.mode, seen.directory]).toEqual([0o600, 0o700]);
    expect(JSON.stringify([seen.argv, seen.env])).not.toMatch(/inner-secret|outer-secret/);
    expect(await readdir(join(own.path, 'work'))).toEqual([]);
    await own.remove();
  });
});

describe('rendering again', () => {
  it('runs Helm for what changed only, and gives the same objects', async () => {
    const pack = await packOf({
      'values.yaml': 'charts:\n  a: {v: {{.spectro.var.a}}}\n  b: {v: {{.spectro.var.b}}}\n',
      'charts/a/templates/x.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  v: {{ .Values.v | quote }}\n',
      'charts/b/templates/x.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\ndata:\n  v: {{ .Values.v | quote }}\n',
      'manifests/c.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Values.name | default "c" }}\n',
    });
    const runs: unknown[] = [];
    const log = {
      ...silentLogger,
      debug: (fields: object) => void runs.push('release' in fields ? fields.release : undefined),
    };
    const renderer = rendererFor(helm, work.path, { log });
    const first = await renderPack(renderer, pack, { variables: { a: '1', b: '1' } });
    expect(new Set(runs.splice(0))).toEqual(new Set(['demo', 'demo-a', 'demo-b']));
    expect(await renderPack(renderer, pack, { variables: { a: '1', b: '1' } })).toEqual(first);
    expect(runs).toEqual([]);
    const second = await renderPack(renderer, pack, { variables: { a: '1', b: '2' } });
    expect(runs).toEqual(['demo-b']);
    expect(second.objects.map((object) => object['data'])).toEqual([{ v: '1' }, { v: '2' }, undefined]);
    expect(() => Object.assign(first.objects[0]?.metadata ?? {}, { name: 'changed' })).not.toThrow(RenderError);
    expect(
      (await renderPack(renderer, pack, { variables: { a: '1', b: '1' } })).objects.map(
        ({ metadata }) => metadata.name,
      ),
    ).toEqual(['a', 'b', 'c']);
  });
});
