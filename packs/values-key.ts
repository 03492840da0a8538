import { textOf, type Files } from './files.ts';
import { section } from './values.ts';
import { isJsonObject, parseYaml, type JsonObject } from './yaml.ts';

/**
 * The key under `charts:` that holds a chart's values. Packs in the wild name it after the chart,
 * after its file, or (one in seven) after neither; a lone chart takes a lone key then.
 */
export function chartValuesKey(
  chart: { readonly name: string; readonly version: string; readonly baseName: string },
  charts: readonly unknown[],
  values: JsonObject,
): string | undefined {
  const keys = Object.keys(section(values, 'charts'));
  const withoutVersion = chart.baseName.endsWith(`-${chart.version}`)
    ? chart.baseName.slice(0, -chart.version.length - 1)
    : chart.baseName.replace(/-v?\d[\w.+-]*$/, '');
  return [chart.name, chart.baseName, withoutVersion].find((name) => keys.includes(name)) ?? lone(charts, keys);
}

/**
 * What a chart gets of the pack's values: the section of its key. The oldest packs in the wild have
 * one chart whose values stand below `charts:` itself; they are told by keys that are the chart's own.
 */
export function chartValues(
  chart: { readonly name: string; readonly version: string; readonly baseName: string; readonly files: Files },
  charts: readonly unknown[],
  values: JsonObject,
): { readonly key: string | undefined; readonly values: JsonObject } {
  const key = chartValuesKey(chart, charts, values);
  const all = section(values, 'charts');
  if (key !== undefined) return { key, values: section(all, key) };
  const keys = Object.keys(all);
  if (charts.length !== 1 || keys.length < 2) return { key, values: {} };
  const own = parseYaml(textOf(chart.files.get('values.yaml') ?? new Uint8Array())).value;
  const isOwn = isJsonObject(own) && keys.every((name) => Object.hasOwn(own, name));
  return { key, values: isOwn ? all : {} };
}

/** The key under `manifests:` that holds a manifest's values: its file name without extension. */
export function manifestValuesKey(
  manifest: { readonly name: string },
  manifests: readonly unknown[],
  values: JsonObject,
): string | undefined {
  const keys = Object.keys(section(values, 'manifests'));
  return keys.find((key) => key === manifest.name) ?? lone(manifests, keys);
}

function lone(items: readonly unknown[], keys: readonly string[]): string | undefined {
  return items.length === 1 && keys.length === 1 ? keys[0] : undefined;
}
