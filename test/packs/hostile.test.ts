/** Packs and values that mean harm, or are merely far too large: a clear error, in bounded time and memory, and nothing left behind. */
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { openPackArchive, PackError, RenderError, type RendererOptions } from '#packs/index';
import { writeArchive } from '#packs/archive/write-archive';
import { packJson, textFiles } from '#packs/testing/files';

import { HELM_BUILD_MS, helmPath, packOf, rendererFor, renderPack, temporary } from './support.ts';

let helm: string;
let work: Awaited<ReturnType<typeof temporary>>;
beforeAll(async () => {
  helm = await helmPath();
  work = await temporary();
}, HELM_BUILD_MS);
afterAll(async () => {
  // Whatever was refused or stopped, no private folder is left.
  expect(await readdir(work.path)).toEqual([]);
  await work.remove();
});

const MIB = 1024 * 1024;
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n';
/** Ten levels of ten aliases each. */
const BOMB = `a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, level) => `a${level + 1}: &a${level + 1} [${Array.from({ length: 10 }, () => `*a${level}`).join()}]\n`).join('')}`;

async function failure(rendering: Promise<unknown>): Promise<string> {
  const error: unknown = await rendering.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof RenderError || error instanceof PackError) return `${error.code}: ${error.message}`;
  throw new Error('expected a refusal', { cause: error });
}

/** What rendering a pack of these files is refused with. */
async function refusal(
  files: Readonly<Record<string, string>>,
  { values = '', ...options }: Partial<RendererOptions> & { readonly values?: string | undefined } = {},
): Promise<string> {
  return failure(renderPack(rendererFor(helm, work.path, options), await packOf(files), { layer: { values } }));
}

describe('charts that would not come to an end', () => {
  it.each([
    {
      name: 'a template that loops',
      template: '{{- range $i := until 1000000 }}{{- range $j := until 1000000 }}{{- end }}{{- end }}',
      options: { timeoutMs: 2000 },
      want: /^HelmTimeout: .*still rendering after 2 s|^OutputTooLarge: .*memory/s,
    },
    {
      name: 'a template that makes text without end',
      template: '{{- range $i := until 2000000 }}\n# {{ repeat 1000 "x" }}{{- end }}',
      options: { maxMemoryBytes: 300 * MIB, timeoutMs: 60_000 },
      want: /^OutputTooLarge: .*took more than 314572800 bytes of memory/,
    },
    {
      name: 'a template that writes more than is taken',
      template: `${CONFIG_MAP}  x: {{ repeat 2000000 "x" | quote }}`,
      options: { maxOutputBytes: MIB },
      want: /^OutputTooLarge: .*wrote more than 1048576 bytes/,
    },
    {
      name: 'a template that includes itself',
      template: '{{- define "loop" }}{{ include "loop" . }}{{ end }}{{ include "loop" . }}',
      options: { timeoutMs: 60_000 },
      want: /^HelmFailed: .*a\.yaml/s,
    },
    {
      name: 'a template that is read as one, again and again',
      template: '{{ $t := "{{ tpl $.Values.t $ }}" }}{{ tpl .Values.t . }}',
      options: { timeoutMs: 20_000 },
      values: "charts: {web: {t: '{{ tpl .Values.t . }}{{ tpl .Values.t . }}'}}",
      want: /^(HelmFailed|HelmTimeout|OutputTooLarge): /,
    },
  ])(
    '$name',
    async ({ template, options, values, want }) => {
      expect(await refusal({ 'charts/web/templates/a.yaml': template }, { values, ...options })).toMatch(want);
    },
    90_000,
  );
});

describe('values that are no values', () => {
  it.each([
    {
      name: '100 MB of them',
      values: () => `a: ${'x'.repeat(100_000_000)}`,
      want: /^InvalidContent: .*values:1:1: .*at most 2097152/,
    },
    {
      name: '100 MB of them around a macro',
      values: () => `${'a: 1\n'.repeat(20_000_000)}b: {{.spectro.var.x}}`,
      want: /^(InvalidContent|UnresolvedMacros): /,
    },
    { name: 'an alias bomb', values: () => BOMB, want: /^InvalidContent: .*values:1:1: .*alias/i },
    { name: 'an alias that holds itself', values: () => 'a: &a [*a]\n', want: /^InvalidContent: / },
    {
      name: 'lists in lists in lists',
      values: () => '['.repeat(200_000),
      want: /^InvalidContent: .*nested more than/,
    },
    { name: 'tens of thousands of keys of one name', values: () => 'k: 1\n'.repeat(60_000), want: /./ },
  ])(
    '$name',
    async ({ values, want }) => {
      const started = performance.now();
      const rendering = renderPack(rendererFor(helm, work.path), await packOf({ 'manifests/a.yaml': CONFIG_MAP }), {
        layer: { values: values() },
      });
      const outcome = await failure(rendering).catch(async () =>
        (await rendering).objects.map(({ kind }) => kind).join(),
      );
      expect(outcome).toMatch(want);
      expect(outcome.length).toBeLessThan(2000);
      expect(performance.now() - started).toBeLessThan(30_000);
    },
    60_000,
  );
  it.each([
    { name: 'in values.yaml', files: { 'values.yaml': 'x'.repeat(20 * MIB) }, want: /^LimitExceeded: values\.yaml/ },
    {
      name: 'spread over many files',
      files: Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`f${index}`, 'x'.repeat(12 * MIB)])),
      want: /^LimitExceeded: /,
    },
  ])(
    'of an archive that unpacks to far more than it is, $name',
    async ({ files, want }) => {
      const archive = writeArchive(textFiles({ 'pack.json': packJson(), ...files }));
      expect(archive.byteLength).toBeLessThan(MIB);
      expect(await failure(openPackArchive(archive))).toMatch(want);
    },
    60_000,
  );
});

describe('definitions as large as Kubernetes takes them', () => {
  it('render', async () => {
    const properties = Array.from(
      { length: 9000 },
      (_, index) =>
        `                field${index}: {type: string, description: "The field number ${index} of a very long definition, as generated ones are, sentence after sentence."}\n`,
    ).join('');
    const crd = `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: bigs.x.io}\nspec:\n  group: x.io\n  scope: Namespaced\n  names: {kind: Big, plural: bigs}\n  versions:\n    - name: v1\n      served: true\n      storage: true\n      schema:\n        openAPIV3Schema:\n          type: object\n          properties:\n            spec:\n              type: object\n              properties:\n${properties}`;
    expect(crd.length).toBeGreaterThan(1.1e6);
    const pack = await packOf({ 'charts/web/crds/big.yaml': crd, 'charts/web/templates/a.yaml': CONFIG_MAP });
    const { objects } = await renderPack(rendererFor(helm, work.path), pack);
    expect(objects.map(({ kind }) => kind)).toEqual(['CustomResourceDefinition', 'ConfigMap']);
  }, 60_000);
});

describe('what a chart could reach', () => {
  it('is not the network: schemas that refer to it are taken without that', async () => {
    let requests = 0;
    const server = createServer((_request, response) => {
      requests += 1;
      response.end('{"type": "string"}');
    });
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
    try {
      const schema = JSON.stringify({
        $schema: `http://127.0.0.1:${port}/metaschema`,
        properties: { a: { $ref: `http://127.0.0.1:${port}/a.json` }, b: { type: 'number' } },
      });
      const files = {
        'charts/web/values.schema.json': schema,
        'charts/web/templates/a.yaml': `${CONFIG_MAP}  a: {{ .Values.a | quote }}\n`,
      };
      const { objects } = await renderPack(rendererFor(helm, work.path), await packOf(files), {
        layer: { values: 'charts: {web: {a: 1, b: 2}}' },
      });
      expect(objects[0]).toMatchObject({ data: { a: '1' } });
      // What the schema itself says still holds.
      expect(await refusal(files, { values: 'charts: {web: {b: two}}' })).toMatch(/^HelmFailed: .*b/s);
      expect(requests).toBe(0);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
  it('is not a file of the machine', async () => {
    const { objects } = await renderPack(
      rendererFor(helm, work.path),
      await packOf({
        'charts/web/templates/a.yaml': `${CONFIG_MAP}  passwd: {{ .Files.Get "/etc/passwd" | quote }}\n  above: {{ .Files.Get "../values.json" | quote }}\n  path: {{ (lookup "v1" "Secret" "" "") | toJson | quote }}\n`,
      }),
    );
    expect(objects[0]).toMatchObject({ data: { passwd: '', above: '', path: '{}' } });
  });
});
