import { maskMacros } from './macros/resolve.ts';
import type { PackLayer } from './pack-json.ts';
import { isJsonObject, parseYaml, type Json, type JsonObject, type ParsedYaml } from './yaml.ts';

/** The key under which a pack says when it is installed. */
export const INSTALL_PRIORITY = 'spectrocloud.com/install-priority';

/** What `pack:` in a pack's values says about how the pack is installed. */
export interface PackSettings {
  /** Namespace of what the pack installs; undefined when the pack leaves it open. */
  readonly namespace: string | undefined;
  /** Namespaces to create beside it. */
  readonly additionalNamespaces: readonly string[];
  /** Labels and annotations by namespace. */
  readonly namespaceLabels: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly namespaceAnnotations: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Helm release names by chart name. */
  readonly releaseNameOverride: Readonly<Record<string, string>>;
  /** Lower goes first. */
  readonly installPriority: number;
}

/** Parses values whose macros are not resolved yet: a macro is part of a text, as it was written. */
export function parseValues(text: string): ParsedYaml {
  const { masked, unmask } = maskMacros(text);
  const parsed = parseYaml(masked);
  return masked === text || parsed.value === undefined ? parsed : { ...parsed, value: mapTexts(parsed.value, unmask) };
}

function mapTexts(value: Json, map: (text: string) => string): Json {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item: Json) => mapTexts(item, map));
  return isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [map(key), mapTexts(item, map)]))
    : value;
}

/**
 * The overlay over the base: maps are merged key by key, everything else is replaced. A `null` in
 * the overlay stays, because for Helm it takes a chart's own default away.
 */
export function mergeValues(base: JsonObject, overlay: JsonObject): JsonObject {
  const merged = new Map<string, Json>(Object.entries(base));
  for (const [key, value] of Object.entries(overlay)) {
    const below = merged.get(key);
    merged.set(key, isJsonObject(below) && isJsonObject(value) ? mergeValues(below, value) : value);
  }
  // Object.fromEntries defines properties, so a key `__proto__` stays a key.
  return Object.fromEntries(merged);
}

/** Without the value at a dotted path (`charts.argo-cd.server`). Keys that hold dots are tried too. */
export function removePath(values: JsonObject, path: string): JsonObject {
  const entries = Object.entries(values);
  const hit = entries.find(([key]) => key === path);
  if (hit) return Object.fromEntries(entries.filter(([key]) => key !== path));
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      path.startsWith(`${key}.`) && isJsonObject(value) ? removePath(value, path.slice(key.length + 1)) : value,
    ]),
  );
}

/** The map at a key; empty when there is none. */
export function section(values: JsonObject, key: string): JsonObject {
  const value = Object.hasOwn(values, key) ? values[key] : undefined;
  return isJsonObject(value) ? value : {};
}

export function packSettings(values: JsonObject): PackSettings {
  const pack = section(values, 'pack');
  const namespace = pack['namespace'];
  return {
    namespace: typeof namespace === 'string' && namespace.trim() !== '' ? namespace.trim() : undefined,
    additionalNamespaces: namespaceNames(pack['additionalNamespaces']),
    namespaceLabels: pairsByNamespace(section(pack, 'namespaceLabels')),
    namespaceAnnotations: pairsByNamespace(section(pack, 'namespaceAnnotations')),
    releaseNameOverride: Object.fromEntries(
      Object.entries(section(pack, 'releaseNameOverride')).flatMap(([chart, name]) =>
        typeof name === 'string' && name !== '' ? [[chart, name]] : [],
      ),
    ),
    installPriority: parsePriority(pack[INSTALL_PRIORITY]) ?? 0,
  };
}

/** The install priority that values ask for; undefined when they say nothing, or nothing readable. */
export function installPriority(values: string): number | undefined {
  const { value } = parseValues(values);
  return isJsonObject(value) ? parsePriority(section(value, 'pack')[INSTALL_PRIORITY]) : undefined;
}

/** A whole number, usually written as text; undefined when it is none. */
export function parsePriority(value: Json | undefined): number | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !/^\s*[-+]?\d{1,9}\s*$/.test(text)) return undefined;
  return Number(text);
}

const LAYER_ORDER = ['kernel', 'os', 'k8s', 'cni', 'csi', 'addon'] as const satisfies readonly PackLayer[];

/** Order of installation: infrastructure layers from the ground up, then add-ons by their priority. */
export function compareLayers(
  a: { readonly layer: PackLayer; readonly installPriority: number },
  b: { readonly layer: PackLayer; readonly installPriority: number },
): number {
  return LAYER_ORDER.indexOf(a.layer) - LAYER_ORDER.indexOf(b.layer) || a.installPriority - b.installPriority;
}

/** Names as a list, as the keys of a map, or separated by commas. */
function namespaceNames(value: Json | undefined): string[] {
  const names = Array.isArray(value)
    ? value
    : isJsonObject(value)
      ? Object.keys(value)
      : typeof value === 'string'
        ? value.split(',')
        : [];
  return [...new Set(names.flatMap((name) => (typeof name === 'string' && name.trim() !== '' ? [name.trim()] : [])))];
}

/** `namespace: "k=v,k=v"`, or a map in place of the text. */
function pairsByNamespace(value: JsonObject): Record<string, Record<string, string>> {
  return Object.fromEntries(
    Object.entries(value).map(([namespace, pairs]) => [
      namespace,
      typeof pairs === 'string' ? splitPairs(pairs) : isJsonObject(pairs) ? textValues(pairs) : {},
    ]),
  );
}

function splitPairs(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split(',')
      .map((pair) => pair.trim())
      .filter((pair) => pair !== '')
      .map((pair) => {
        const at = pair.indexOf('=');
        return at === -1 ? [pair, ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
      }),
  );
}

function textValues(map: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).flatMap(([key, value]) =>
      value === null || typeof value === 'object' ? [] : [[key, String(value)]],
    ),
  );
}
