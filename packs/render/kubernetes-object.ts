import type { Json, JsonObject } from '../yaml.ts';

/** A Kubernetes object as plain JSON. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMetadata;
  readonly [field: string]: unknown;
}

export interface ObjectMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** `apps/v1 Deployment shop/web`, for messages. */
export function describeObject({ apiVersion, kind, metadata }: KubernetesObject): string {
  return `${apiVersion} ${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
}

/** The API group; empty for the core group. */
export function groupOf(apiVersion: string): string {
  const at = apiVersion.indexOf('/');
  return at === -1 ? '' : apiVersion.slice(0, at);
}

export type ObjectParsed = { readonly kind: 'object'; readonly object: KubernetesObject } | { readonly kind: 'invalid'; readonly message: string };

/** Checks the shape that every Kubernetes object has. Nulls in its metadata mean "nothing" and are dropped. */
export function parseObject(value: Json): ObjectParsed {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return invalid('expected a Kubernetes object, found ' + (Array.isArray(value) ? 'a list' : typeof value));
  // Array.isArray does not narrow a readonly array away.
  const object = value as JsonObject;
  const { apiVersion, kind, metadata } = object;
  if (typeof apiVersion !== 'string' || apiVersion === '') return invalid(`apiVersion is missing${typeof kind === 'string' ? ` (kind ${kind})` : ''}`);
  if (typeof kind !== 'string' || kind === '') return invalid(`kind is missing (apiVersion ${apiVersion})`);
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return invalid(`${kind}: metadata is missing`);
  // As above.
  const meta = withoutNulls(metadata as JsonObject);
  const { name, namespace, labels, annotations, ...rest } = meta;
  if (typeof name !== 'string' || name === '') return invalid(`${kind}: metadata.name is missing`);
  if (namespace !== undefined && typeof namespace !== 'string') return invalid(`${kind} ${name}: metadata.namespace is no text`);
  for (const [field, map] of [['labels', labels], ['annotations', annotations]] as const) {
    const wrong = map === undefined ? undefined : findNotText(map);
    if (wrong !== undefined) return invalid(`${kind} ${name}: metadata.${field}${wrong}: expected text; put it in quotes`);
  }
  return {
    kind: 'object',
    object: {
      ...object,
      apiVersion,
      kind,
      metadata: {
        ...rest,
        name,
        ...(namespace === undefined || namespace === '' ? {} : { namespace }),
        // findNotText looked at every value.
        ...(labels === undefined ? {} : { labels: labels as Record<string, string> }),
        ...(annotations === undefined ? {} : { annotations: annotations as Record<string, string> }),
      },
    },
  };
}

function withoutNulls(metadata: JsonObject): JsonObject {
  const kept = Object.entries(metadata)
    .filter(([, value]) => value !== null)
    .map(([key, value]): [string, Json] => [key, key === 'labels' || key === 'annotations' ? dropNullValues(value) : value]);
  return Object.fromEntries(kept);
}

function dropNullValues(map: Json): Json {
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return map;
  return Object.fromEntries(Object.entries(map as JsonObject).filter(([, value]) => value !== null));
}

/** Where a map of texts is none; undefined when it is one. */
function findNotText(map: Json): string | undefined {
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return '';
  const wrong = Object.entries(map as JsonObject).find(([, value]) => typeof value !== 'string');
  return wrong && `["${wrong[0]}"]`;
}

function invalid(message: string): ObjectParsed {
  return { kind: 'invalid', message };
}
