import { describe, expect, it } from '@jest/globals';

import { writeArchive } from '../archive/write-archive.ts';
import { openPackFiles } from '../pack.ts';
import { formatProblem } from '../problem.ts';
import { packJson, textFiles } from '../testing/files.ts';
import { lintPack, lintPackArchive, lintPackDirectory } from './lint-pack.ts';

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0);
const MANIFEST = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n';

/** What lint says about a pack that is right but for what is given. */
async function lint(files: Record<string, string | Uint8Array>, json: Record<string, unknown> = {}): Promise<string[]> {
  const pack = await openPackFiles(
    textFiles({
      'pack.json': packJson({ kubeManifests: ['manifests/x.yaml'], ...json }),
      'values.yaml': '',
      'README.md': '#',
      'logo.png': PNG,
      'manifests/x.yaml': MANIFEST,
      ...files,
    }),
  );
  return lintPack(pack).map(formatProblem);
}
const chart = (name: string): Uint8Array =>
  writeArchive(textFiles({ [`${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n` }));

describe('lint', () => {
  it('has nothing to say about a pack that is right', async () => {
    expect(await lint({})).toEqual([]);
  });
  it.each<{
    name: string;
    files?: Record<string, string | Uint8Array>;
    json?: Record<string, unknown>;
    want: string[];
  }>([
    {
      name: 'a chart that is not there',
      json: { charts: ['charts/a.tgz'] },
      want: [
        'pack.json:14:5: error: charts/a.tgz: the chart is listed in pack.json and there is no such file (missing-chart)',
      ],
    },
    {
      name: 'a manifest that is not there',
      json: { kubeManifests: ['manifests/x.yaml', 'manifests/y.yaml'] },
      want: [
        'pack.json:12:5: error: manifests/y.yaml: the manifest is listed in pack.json and there is no such file (missing-manifest)',
      ],
    },
    {
      name: 'a listed path that leaves the pack',
      json: { kubeManifests: ['manifests/x.yaml', '../../etc/passwd'] },
      want: [
        'pack.json:12:5: error: "../../etc/passwd": the path climbs out of the pack; paths in a pack are relative, with forward slashes, and stay inside it (path-escape)',
      ],
    },
    {
      name: 'a chart that is no archive',
      files: { 'charts/a.tgz': 'no' },
      json: { charts: ['charts/a.tgz'] },
      want: ['charts/a.tgz: error: not a readable tar.gz: it does not start as a gzip file does (archive-unreadable)'],
    },
    {
      name: 'the same file listed twice',
      json: { kubeManifests: ['manifests/x.yaml', 'manifests/x.yaml'] },
      want: ['pack.json:12:5: error: manifests/x.yaml is listed twice (duplicate-name)'],
    },
    {
      name: 'two charts of one name',
      files: { 'charts/a.tgz': chart('a'), 'charts/b.tgz': chart('a') },
      json: { charts: ['charts/a.tgz', 'charts/b.tgz'] },
      want: [
        'pack.json:15:5: error: two charts are named "a": charts/a.tgz and charts/b.tgz; their releases would replace each other (duplicate-name)',
      ],
    },
    {
      name: 'two manifests of one name',
      files: { 'manifests/y/x.yaml': MANIFEST },
      json: { kubeManifests: ['manifests/x.yaml', 'manifests/y/x.yaml'] },
      want: [
        'pack.json:12:5: warning: two manifests are named "x": manifests/x.yaml and manifests/y/x.yaml; they share one set of values (duplicate-name)',
      ],
    },
    {
      name: 'a version with a v',
      json: { version: 'v1.0.0' },
      want: ['pack.json:4:3: warning: the version "v1.0.0" starts with "v"; expected 1.0.0 (version-prefix)'],
    },
    {
      name: 'a version of two numbers',
      json: { version: '1.5' },
      want: [
        'pack.json:4:3: warning: the version "1.5" is no semantic version such as 1.4.2; it sorts as text (version-semver)',
      ],
    },
    {
      name: 'a cloud nobody knows',
      json: { cloudTypes: ['all', 'moon'] },
      want: ['pack.json:9:5: warning: unknown cloud type "moon" (cloud-type)'],
    },
    {
      name: 'a pack of nothing',
      json: { kubeManifests: [] },
      want: [
        'manifests/x.yaml: warning: the file is not listed in pack.json, so it is not installed (not-listed)',
        'pack.json:1:1: warning: the pack lists no charts and no kubeManifests, so it installs nothing (empty-pack)',
      ],
    },
    {
      name: 'values that are no YAML',
      files: { 'values.yaml': 'pack:\n  a: b: c\n' },
      want: ['values.yaml:2:6: error: Nested mappings are not allowed in compact mappings (yaml-syntax)'],
    },
    {
      name: 'values that are a list',
      files: { 'values.yaml': '- a\n' },
      want: ['values.yaml:1:1: error: expected a map with keys such as pack, charts and manifests (values-shape)'],
    },
    {
      name: 'a pack section that is text',
      files: { 'values.yaml': 'pack: x\n' },
      want: ['values.yaml:1:1: error: expected a map under "pack" (values-shape)'],
    },
    {
      name: 'a key twice',
      files: { 'values.yaml': 'pack:\n  namespace: a\n  namespace: b\n' },
      want: ['values.yaml:3:3: warning: the key "namespace" occurs twice; the last one counts (duplicate-key)'],
    },
    {
      name: 'an install priority that is no number',
      files: { 'values.yaml': 'pack:\n  spectrocloud.com/install-priority: soon\n' },
      want: [
        'values.yaml:2:3: error: the install priority "soon" is no whole number; expected one such as "10" (lower goes first) (install-priority)',
      ],
    },
    {
      name: 'a namespace that cannot be',
      files: { 'values.yaml': 'pack:\n  namespace: My_Shop\n' },
      want: [
        'values.yaml:2:3: error: "My_Shop" is no name of a namespace; expected lower-case letters, digits and "-", at most 63 (namespace)',
      ],
    },
    {
      name: 'a namespace that is a macro',
      files: { 'values.yaml': "pack:\n  namespace: '{{.spectro.var.ns}}'\n" },
      want: [],
    },
    {
      name: 'macros without quotes',
      files: {
        'values.yaml':
          'manifests:\n  x:\n    a: {{.spectro.var.a}}\n    b: [{{ .spectro.system.cluster.name | upper }}]\n',
      },
      want: [],
    },
    {
      name: 'values for a manifest that is not there',
      files: { 'values.yaml': 'manifests:\n  x: {}\n  y: {}\n' },
      want: ['values.yaml:3:3: warning: no manifest of the pack takes these values; the manifests are x (values-key)'],
    },
    {
      name: 'values for a chart that is not there',
      files: { 'charts/a.tgz': chart('a'), 'values.yaml': 'charts:\n  a: {}\n  b: {}\n' },
      json: { charts: ['charts/a.tgz'] },
      want: ['values.yaml:3:3: warning: no chart of the pack takes these values; the charts are a (values-key)'],
    },
    {
      name: 'a lone chart under another key',
      files: { 'charts/a.tgz': chart('a'), 'values.yaml': 'charts:\n  other: {}\n' },
      json: { charts: ['charts/a.tgz'] },
      want: [],
    },
    {
      name: 'a macro that does not close',
      files: { 'values.yaml': "pack:\n  note: '{{ .spectro.var.x }'\n" },
      want: ['values.yaml:2:10: error: the macro does not close; expected "}}" (macro-syntax)'],
    },
    {
      name: 'a macro of an unknown group',
      files: { 'values.yaml': "a: '{{ .spectro.vars.x }}'\n" },
      want: [
        'values.yaml:1:5: error: {{ .spectro.vars.x }}: expected .spectro.var, .spectro.macro, .spectro.system or .spectro.pack and a name, found .spectro.vars.x (macro-syntax)',
      ],
    },
    {
      name: 'a macro with an unknown function',
      files: { 'values.yaml': "a: '{{ .spectro.var.x | uper }}'\n" },
      want: [
        'values.yaml:1:5: error: {{ .spectro.var.x | uper }}: unknown function "uper"; did you mean "upper"? (macro-syntax)',
      ],
    },
    {
      name: 'a macro in a manifest that is wrong',
      files: { 'manifests/x.yaml': `${MANIFEST}data:\n  a: '{{ .spectro.var }}'\n` },
      want: [
        'manifests/x.yaml:6:7: error: {{ .spectro.var }}: expected .spectro.var, .spectro.macro, .spectro.system or .spectro.pack and a name, found .spectro.var (macro-syntax)',
      ],
    },
    {
      name: 'a manifest that is no YAML',
      files: { 'manifests/x.yaml': 'a: [1\n' },
      want: [
        'manifests/x.yaml:2:1: error: Flow sequence in block collection must be sufficiently indented and end with a ] (yaml-syntax)',
      ],
    },
    {
      name: 'a manifest that is no object',
      files: { 'manifests/x.yaml': `${MANIFEST}---\nmetadata:\n  name: y\n` },
      want: [
        'manifests/x.yaml:6:1: error: the document is no Kubernetes object: apiVersion and kind missing (manifest-object)',
      ],
    },
    {
      name: 'a templated manifest is judged when it is rendered',
      files: { 'manifests/x.yaml': '{{ if .Values.a }}\na: b: c\n{{ end }}\n' },
      want: [],
    },
    {
      name: 'a schema expression that is wrong',
      files: { 'schema.yaml': "a:\n  schema: '{{ needed }}'\n" },
      want: [
        'schema.yaml:2:3: error: a: expected required, readonly, format or hints, found needed (schema-expression)',
      ],
    },
    {
      name: 'a schema of a type nobody knows',
      files: { 'schema.yaml': 'a:\n  schema: \'{{ format "${color}" }}\'\n' },
      want: ['schema.yaml:2:3: warning: a: unknown type "color"; it is read as string (schema-type)'],
    },
    {
      name: 'a schema without expression',
      files: { 'schema.yaml': 'a: 1\n' },
      want: ['schema.yaml:1:1: error: a: expected a text under "schema" (schema-shape)'],
    },
    { name: 'a schema file of comments', files: { 'schema.yaml': '# nothing yet\n' }, want: [] },
    {
      name: 'presets that are no YAML',
      files: { 'presets.yaml': 'presets: [\n' },
      want: [expect.stringMatching(/^presets\.yaml:\d+:\d+: error: .* \(yaml-syntax\)$/) as unknown as string],
    },
    {
      name: 'presets of the wrong shape',
      files: { 'presets.yaml': 'presets:\n  - group: a\n' },
      want: [
        expect.stringMatching(
          /^presets\.yaml:2:5: error: presets\.0\.name: .* \(presets-shape\)$/,
        ) as unknown as string,
      ],
    },
    {
      name: 'a preset that adds broken values',
      files: { 'presets.yaml': 'presets:\n  - name: a\n    group: g\n    add: |\n      x: y: z\n' },
      want: [
        'presets.yaml:4:5: error: the values that the preset "a" adds, line 1: Nested mappings are not allowed in compact mappings (yaml-syntax)',
      ],
    },
    {
      name: 'a preset twice',
      files: { 'presets.yaml': 'presets:\n  - name: a\n  - name: a\n' },
      want: ['presets.yaml:3:5: error: two presets of the group "" are named "a" (duplicate-name)'],
    },
    {
      name: 'a header with a preset that is not there',
      files: { 'values.yaml': '# spectrocloud.com/enabled-presets: G:p\n' },
      want: [
        'values.yaml:1:1: warning: the header enables the preset G:p, which presets.yaml does not have (preset-unknown)',
      ],
    },
    {
      name: 'a logo that is no PNG',
      files: { 'logo.png': 'GIF89a' },
      want: ['logo.png: warning: the file is no PNG image (logo-format)'],
    },
  ])('$name', async ({ files = {}, json = {}, want }) => {
    expect(await lint(files, json)).toEqual(want);
  });

  it('tells what is missing', async () => {
    const pack = await openPackFiles(
      textFiles({ 'pack.json': packJson({ kubeManifests: ['a.yaml'] }), 'a.yaml': MANIFEST }),
    );
    expect(lintPack(pack).map(({ rule, severity }) => [rule, severity])).toEqual([
      ['readme-missing', 'warning'],
      ['logo-missing', 'warning'],
      ['values-missing', 'warning'],
    ]);
  });
  it('tells why an archive or a directory does not open, and does not throw', async () => {
    expect(await lintPackArchive(Buffer.from('x'))).toMatchObject([{ rule: 'archive-unreadable', severity: 'error' }]);
    expect(await lintPackDirectory('/nowhere/at/all')).toMatchObject([
      { rule: 'directory-unreadable', severity: 'error' },
    ]);
  });
  it('tells of templates that give something else each time, and of schemas on the network', async () => {
    const chart = writeArchive(
      textFiles({
        'web/Chart.yaml': 'name: web\nversion: 1.0.0\n',
        'web/templates/secret.yaml': 'kind: Secret\ndata:\n  key: {{ default (randAlphaNum 8) .Values.key }}\n',
        'web/templates/tests/test.yaml': '{{ randAlphaNum 8 }}',
        'web/templates/plain.yaml': '# randAlphaNum is only spoken of\n',
        'web/values.schema.json': '{"properties": {"a": {"$ref": "https://example.com/x.json"}}}',
      }),
    );
    const pack = await openPackFiles(
      textFiles({ 'pack.json': packJson({ charts: ['charts/web.tgz'] }), 'charts/web.tgz': chart }),
    );
    expect(
      lintPack(pack)
        .filter(({ file }) => file.startsWith('charts/'))
        .map(({ file, line, column, rule }) => [file, line, column, rule]),
    ).toEqual([
      ['charts/web.tgz/templates/secret.yaml', 3, 20, 'not-repeatable'],
      ['charts/web.tgz/values.schema.json', undefined, undefined, 'remote-schema'],
    ]);
  });
  it('looks through templates fast, whatever they are', async () => {
    const text = '{'.repeat(200_000) + '{{ a '.repeat(50_000);
    const chart = textFiles({ 'web/Chart.yaml': 'name: web\nversion: 1.0.0\n', 'web/templates/a.yaml': text });
    const pack = await openPackFiles(
      textFiles({ 'pack.json': packJson({ charts: ['charts/web.tgz'] }), 'charts/web.tgz': writeArchive(chart) }),
    );
    const started = performance.now();
    expect(lintPack(pack).filter(({ rule }) => rule === 'not-repeatable')).toEqual([]);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
  it('tells of constraints, readiness checks and values that cannot be what is meant', async () => {
    const pack = await openPackFiles(
      textFiles({
        'pack.json': packJson({
          kubeVersion: 'newest',
          constraints: {
            dependencies: [{ packName: 'a', minVersion: 'new' }],
            agent: { minVersion: 'latest' },
          },
        }),
        'values.yaml': 'pack: {}\nport: many\nreadinessCheck:\n  v1beta1:\n  - {kind: Pod}\n',
        'schema.yaml':
          "port:\n  schema: '{{ required | format \"${number}\" }}'\nabsent:\n  schema: '{{ required }}'\n",
      }),
    );
    expect(
      lintPack(pack)
        .filter(({ rule }) => ['constraint', 'readiness-check', 'values-format', 'values-required'].includes(rule))
        .map(({ file, rule, severity }) => [file, rule, severity]),
    ).toEqual([
      ['pack.json', 'constraint', 'warning'],
      ['pack.json', 'constraint', 'warning'],
      ['pack.json', 'constraint', 'warning'],
      ['values.yaml', 'values-format', 'warning'],
      ['values.yaml', 'readiness-check', 'warning'],
    ]);
  });
});
