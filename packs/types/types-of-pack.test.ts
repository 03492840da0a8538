import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { writeArchive } from '../archive/write-archive.ts';
import { openPackFiles, type Pack } from '../pack.ts';
import { packJson, textFiles } from '../testing/files.ts';
import { typeOfJsonSchema } from './from-json-schema.ts';
import { printType } from './print-type.ts';
import { typesOfPack, type TypesOptions } from './types-of-pack.ts';

async function packWith(files: Readonly<Record<string, string | Uint8Array>>, changes = {}): Promise<Pack> {
  return openPackFiles(textFiles({ 'pack.json': packJson(changes), ...files }));
}
/** Without the settings that every pack has. */
function own(text: string): string {
  return text.replace(/ {2}\/\*\* How the pack is installed\. \*\/\n {2}readonly pack\?: \{[\s\S]*?\n {2}\};\n/, '');
}
const typesOf = async (files: Readonly<Record<string, string>>, options?: TypesOptions): Promise<string> =>
  own(typesOfPack(await packWith(files), { typesOnly: true, ...options }));

describe('types of a pack', () => {
  it('come from its values, with their comments, over them what schema.yaml says', async () => {
    const text = await typesOf({
      'values.yaml': `# heading

manifests:
  demo:
    # How many. Default: two.
    replicas: 2
    # -- the kind of service
    service: ClusterIP
    port: '{{.spectro.var.port}}'
    extra: {}
    names: [a, b]
    mixed: [1, x]
    nothing:
    deep: {enabled: true}
`,
      'schema.yaml': `
manifests.demo.service:
  schema: '{{ required | format "\${list:[ClusterIP,NodePort]}" | hints "How it is reached." }}'
manifests.demo.password:
  schema: '{{ readonly | format "\${password}" }}'
`,
    });
    expect(text)
      .toBe(`/** Types of the pack demo 1.0.0, written by \`palette pack import\`: import it again rather than edit them. */

/** Values of the pack demo 1.0.0. */
export interface DemoValues {
  readonly manifests?: {
    readonly demo?: {
      /** How many. Default: two. */
      readonly replicas?: number;
      /**
       * How it is reached.
       * Required.
       */
      readonly service?: 'ClusterIP' | 'NodePort';
      readonly port?: string | number | boolean;
      readonly extra?: {
        readonly [key: string]: unknown;
      };
      readonly names?: readonly string[];
      readonly mixed?: readonly (number | string)[];
      readonly nothing?: unknown;
      readonly deep?: {
        readonly enabled?: boolean;
        readonly [key: string]: unknown;
      };
      /**
       * Not to be changed.
       * A secret.
       */
      readonly password?: string;
      readonly [key: string]: unknown;
    };
    readonly [key: string]: unknown;
  };
}
`);
  });
  it('come from the schema and the values of its charts', async () => {
    const chart = writeArchive(
      textFiles({
        'web/Chart.yaml': 'name: web\nversion: 2.0.0\n',
        'web/values.yaml': 'image: {tag: latest}\nreplicas: 1\n',
        'web/values.schema.json': JSON.stringify({
          properties: {
            replicas: { type: ['integer', 'null'], description: 'How many pods */ there are' },
            mode: { enum: ['a', "b'c"] },
            port: { $ref: '#/$defs/port' },
            tree: { $ref: '#/$defs/tree' },
          },
          $defs: {
            port: { type: 'integer' },
            tree: { type: 'object', additionalProperties: false, properties: { left: { $ref: '#/$defs/tree' } } },
          },
        }),
      }),
    );
    const pack = await packWith(
      { 'charts/web-2.0.0.tgz': chart, 'values.yaml': 'charts: {web: {own: true}}\n' },
      { charts: ['charts/web-2.0.0.tgz'] },
    );
    const text = typesOfPack(pack, { as: 'helm' });
    expect(text).toContain("import { helmChart, type LayerInput, type ChartOptions } from 'palette-iac/profiles';");
    expect(text).toContain("return helmChart<DemoValues>({ chart: 'demo', version: '1.0.0', ...options });");
    for (const line of [
      "readonly mode?: 'a' | 'b\\'c';",
      'readonly port?: number;',
      'readonly left?: unknown;',
      'readonly replicas?: number;',
      'readonly tag?: string;',
      'pods *\u200b/ there',
    ])
      expect(text).toContain(line);
  });
  it('have a function that makes a layer, and the presets by group', async () => {
    const text = typesOfPack(
      await packWith(
        {
          'presets.yaml':
            'presets:\n- {name: lb, group: Service type, add: ""}\n- {name: ip, group: Service type, add: ""}\n- {name: tls, group: Ingress, add: ""}\n',
        },
        { name: 'csi-9p.driver', layer: 'csi' },
      ),
    );
    expect(text).toContain("import { csi, type LayerInput, type PackOptions } from 'palette-iac/profiles';");
    expect(text).toContain(
      "export interface Csi9pDriverPresets {\n  readonly 'Service type'?: 'lb' | 'ip';\n  readonly Ingress?: 'tls';\n}",
    );
    expect(text).toContain(
      'export function csi9pDriver(options: Omit<PackOptions<Csi9pDriverValues, Csi9pDriverPresets>',
    );
  });
  it.each([
    { name: 'class', want: 'export function classLayer(' },
    { name: 'addon', want: 'export function addonLayer(' },
    { name: '3scale', want: 'export function pack3scale(' },
  ])('of a pack named $name are legal TypeScript', async ({ name, want }) => {
    expect(typesOfPack(await packWith({}, { name }))).toContain(want);
  });
  it('take only known keys when they are to be strict', async () => {
    expect(await typesOf({ 'values.yaml': 'a: {b: 1, c: {}}\n' }, { strict: true })).toContain(
      '  readonly a?: {\n    readonly b?: number;\n    readonly c?: {\n      readonly [key: string]: unknown;\n    };\n  };\n}',
    );
  });
  it('never fail, whatever a schema holds', () => {
    const schema = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>(
          'string',
          null,
          1,
          { $ref: '#' },
          { $ref: '#/properties/a' },
          { $ref: 'https://x' },
          true,
        ),
        fc.record(
          {
            type: fc.constantFrom<unknown>('object', 'array', 'string', ['string', 'null'], 7),
            properties: fc.dictionary(fc.constantFrom('a', 'b-c', '*/', '__proto__'), tie('node'), { maxKeys: 3 }),
            items: tie('node'),
            allOf: fc.array(tie('node'), { maxLength: 2 }),
            anyOf: fc.array(tie('node'), { maxLength: 2 }),
            enum: fc.array(fc.constantFrom<unknown>('x', 1, null, {}), { maxLength: 2 }),
            additionalProperties: fc.oneof(fc.boolean(), tie('node')),
          },
          { requiredKeys: [] },
        ),
      ),
    })).node;
    fc.assert(
      fc.property(schema, (value) => {
        // What JSON can say, as it comes out of a file.
        const json: never = JSON.parse(JSON.stringify(value ?? null)) as never;
        expect(() => printType(typeOfJsonSchema(json))).not.toThrow();
      }),
    );
  });
});
