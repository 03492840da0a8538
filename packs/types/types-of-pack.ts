import type { PackChart } from '../chart.ts';
import { textOf } from '../files.ts';
import type { Pack } from '../pack.ts';
import { VALUES_SCHEMA } from '../render/local-schema.ts';
import { formatOptions, formatType, isPasswordFormat } from '../schema-format.ts';
import type { SchemaField } from '../schema.ts';
import { chartValuesKey } from '../values-key.ts';
import { parseValues } from '../values.ts';
import { isJsonObject, type Json } from '../yaml.ts';
import { typeOfJsonSchema } from './from-json-schema.ts';
import { typeOfValues } from './from-values.ts';
import { literal, printDoc, printMap, propertyName } from './print-type.ts';
import { ANY, atPath, combine, NO_FIELDS, type Field, type MapNode, type TypeNode } from './type-node.ts';

export interface TypesOptions {
  /**
   * `pack`: the values of a pack, with the function that makes its layer. `helm`, `oci`: the values of
   * its one chart, with the function for a chart of such a registry.
   */
  readonly as?: 'pack' | 'helm' | 'oci';
  /** Types alone, as a `.d.ts` has them: no function. */
  readonly typesOnly?: boolean;
  /** Maps take only the keys that are known of them. Default: only where a schema says so. */
  readonly strict?: boolean;
}

/**
 * A TypeScript module with the type of a pack's values and presets, and a function that makes a
 * layer of it, so that an editor completes and checks values. The types come from schema.yaml, over
 * the charts' values.schema.json, over values.yaml and the charts' own values.
 */
export function typesOfPack(pack: Pack, { as = 'pack', typesOnly = false, strict = false }: TypesOptions = {}): string {
  const name = pascalCase(pack.name);
  const values = as === 'pack' ? packType(pack, strict) : chartType(pack, strict);
  const what = `${as === 'pack' ? 'pack' : 'chart'} ${pack.name}`;
  const presets = as === 'pack' ? presetGroups(pack) : new Map<string, string[]>();
  const lines = [
    `/** Types of the ${what} ${pack.version}, written by \`palette pack import\`: import it again rather than edit them. */`,
    ...(typesOnly ? [] : importLine(pack, as)),
    '',
    ...printDoc(`Values of the ${what} ${pack.version}.`, ''),
    `export interface ${name}Values ${printMap(values)}`,
  ];
  if (presets.size > 0)
    lines.push(
      '',
      ...printDoc(`Presets of the ${what}: of each group one may be chosen.`, ''),
      `export interface ${name}Presets {`,
      ...[...presets].map(
        ([group, names]) => `  readonly ${propertyName(group)}?: ${names.map((one) => literal(one)).join(' | ')};`,
      ),
      '}',
    );
  if (!typesOnly) lines.push(...layerFunction(pack, as, name, presets.size > 0));
  return `${lines.join('\n')}\n`;
}

const LAYER_FUNCTIONS: Readonly<Record<string, string>> = {
  os: 'os',
  k8s: 'k8s',
  cni: 'cni',
  csi: 'csi',
  addon: 'addon',
};

function functionName(pack: Pack, as: NonNullable<TypesOptions['as']>): string | undefined {
  return { pack: LAYER_FUNCTIONS[pack.layer], helm: 'helmChart', oci: 'ociChart' }[as];
}

function importLine(pack: Pack, as: NonNullable<TypesOptions['as']>): string[] {
  const make = functionName(pack, as);
  return make === undefined
    ? []
    : [
        `import { ${make}, type LayerInput, type ${as === 'pack' ? 'PackOptions' : 'ChartOptions'} } from 'palette-iac/profiles';`,
      ];
}

function layerFunction(pack: Pack, as: NonNullable<TypesOptions['as']>, name: string, hasPresets: boolean): string[] {
  const make = functionName(pack, as);
  if (make === undefined) return [];
  const types = hasPresets ? `${name}Values, ${name}Presets` : `${name}Values`;
  const key = as === 'pack' ? 'pack' : 'chart';
  const options = `${as === 'pack' ? 'PackOptions' : 'ChartOptions'}<${types}>`;
  const own = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  return [
    '',
    ...printDoc(`A layer of the ${key} ${pack.name}; without a version it is ${pack.version}.`, ''),
    // The name may be different in an OCI registry, where charts have paths.
    `export function ${own === make || RESERVED.has(own) ? `${own}Layer` : own}(options: Omit<${options}, '${key}'> & { readonly ${key}?: string } = {}): LayerInput {`,
    `  return ${make}<${types}>({ ${key}: ${literal(pack.name)}, version: ${literal(pack.version)}, ...options });`,
    '}',
  ];
}

/** What a profile's layer may say about any pack. */
const SETTINGS: MapNode = {
  kind: 'map',
  others: ANY,
  fields: new Map<string, Field>([
    ['namespace', { type: { kind: 'scalar', types: ['string'] }, doc: 'Namespace of what the pack installs.' }],
    [
      'additionalNamespaces',
      { type: { kind: 'list', item: { kind: 'scalar', types: ['string'] } }, doc: 'Namespaces to create beside it.' },
    ],
    ['namespaceLabels', { type: mapOfTexts(), doc: 'Labels by namespace, as `key=value,key=value`.' }],
    ['namespaceAnnotations', { type: mapOfTexts(), doc: 'Annotations by namespace, as `key=value,key=value`.' }],
    ['releaseNameOverride', { type: mapOfTexts(), doc: 'Names of Helm releases by chart.' }],
    [
      'spectrocloud.com/install-priority',
      { type: { kind: 'scalar', types: ['string', 'number'] }, doc: 'A whole number; lower goes first.' },
    ],
  ]),
};

function mapOfTexts(): TypeNode {
  return { kind: 'map', fields: new Map(), others: { kind: 'scalar', types: ['string'] } };
}

function packType(pack: Pack, strict: boolean): MapNode {
  const own = typeOfValues(pack.values, { open: !strict });
  const values = parseValues(pack.values).value;
  const charts = new Map<string, Field>();
  for (const chart of pack.charts) {
    const key = chartValuesKey(chart, pack.charts, isJsonObject(values) ? values : {}) ?? chart.name;
    charts.set(key, { type: typeOfChart(chart, strict), doc: `Values of the chart ${chart.name} ${chart.version}.` });
  }
  const fields = new Map<string, Field>([['pack', { type: SETTINGS, doc: 'How the pack is installed.' }]]);
  if (charts.size > 0) fields.set('charts', { type: { kind: 'map', fields: charts, others: undefined }, doc: '' });
  const known: TypeNode = { kind: 'map', fields, others: undefined };
  return withSchema(combine(known, own), pack.schema);
}

function chartType(pack: Pack, strict: boolean): MapNode {
  const [chart] = pack.charts;
  const type = chart ? typeOfChart(chart, strict) : NO_FIELDS;
  return type.kind === 'map' ? type : NO_FIELDS;
}

function typeOfChart(chart: PackChart, strict: boolean): TypeNode {
  const own = typeOfValues(text(chart, 'values.yaml'), { open: !strict });
  const schema = jsonOf(text(chart, VALUES_SCHEMA));
  return schema === undefined ? own : combine(typeOfJsonSchema(schema), own);
}

/** What schema.yaml says of single values, over everything else. */
function withSchema(type: TypeNode, schema: readonly SchemaField[]): MapNode {
  const all = schema.reduce<TypeNode>(
    (root, field) =>
      atPath(root, field.name.split('.'), ({ type: before, doc }) => ({
        type: typeOfFormat(field.format) ?? before,
        doc: [
          ...(field.hints.length > 0 ? [field.hints.join(' ')] : [doc]),
          ...(field.required ? ['Required.'] : []),
          ...(field.readonly ? ['Not to be changed.'] : []),
          ...(isPasswordFormat(field.format) ? ['A secret.'] : []),
        ]
          .filter((line) => line !== '')
          .join('\n'),
      })).type,
    type,
  );
  return all.kind === 'map' ? all : NO_FIELDS;
}

function typeOfFormat(format: string): TypeNode | undefined {
  const options = formatOptions(format);
  if (options && options.length > 0) return { kind: 'literals', values: options };
  switch (formatType(format)) {
    case 'number':
      return { kind: 'scalar', types: ['number'] };
    case 'boolean':
      return { kind: 'scalar', types: ['boolean'] };
    case undefined:
      return undefined;
    default:
      return { kind: 'scalar', types: ['string'] };
  }
}

function presetGroups({ presets }: Pack): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { group, name } of presets) groups.set(group, [...(groups.get(group) ?? []), name]);
  return groups;
}

function text(chart: PackChart, path: string): string {
  const content = chart.files.get(path);
  return content ? textOf(content) : '';
}

function jsonOf(source: string): Json | undefined {
  if (source.trim() === '') return undefined;
  try {
    const parsed: Json = JSON.parse(source);
    return parsed;
  } catch {
    return undefined;
  }
}

function pascalCase(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return /^[A-Za-z]/.test(joined) ? joined : `Pack${joined}`;
}

/** Words that name no function. */
const RESERVED: ReadonlySet<string> = new Set(
  'break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof new null return super switch this throw true try typeof var void while with yield let static await async'.split(
    ' ',
  ),
);
