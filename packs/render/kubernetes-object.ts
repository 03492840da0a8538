import { z } from 'zod';

import { isJsonObject, type Json, type JsonObject } from '../yaml.ts';

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

export type ObjectParsed =
  | { readonly kind: 'object'; readonly object: KubernetesObject }
  | { readonly kind: 'invalid'; readonly message: string };

/** Checks the shape that every Kubernetes object has. Nulls in its metadata mean "nothing" and are dropped. */
export function parseObject(value: Json): ObjectParsed {
  if (!isJsonObject(value))
    return invalid(
      `expected a Kubernetes object, found ${Array.isArray(value) ? 'a list' : JSON.stringify(value).slice(0, 40)}`,
    );
  const { apiVersion, kind, metadata } = value;
  if (typeof apiVersion !== 'string' || apiVersion === '')
    return invalid(`apiVersion is missing${typeof kind === 'string' ? ` (kind ${kind})` : ''}`);
  if (typeof kind !== 'string' || kind === '') return invalid(`kind is missing (apiVersion ${apiVersion})`);
  if (!isJsonObject(metadata)) return invalid(`${kind}: metadata is missing`);
  const { name, namespace, labels = {}, annotations = {}, ...rest } = withoutNulls(metadata);
  if (typeof name !== 'string' || name === '') return invalid(`${kind}: metadata.name is missing`);
  if (namespace !== undefined && typeof namespace !== 'string')
    return invalid(`${kind} ${name}: metadata.namespace is no text`);
  const labelled = TextMap.safeParse(labels);
  if (!labelled.success) return notText(`${kind} ${name}`, 'labels', labelled.error);
  const annotated = TextMap.safeParse(annotations);
  if (!annotated.success) return notText(`${kind} ${name}`, 'annotations', annotated.error);
  return {
    kind: 'object',
    object: {
      ...value,
      apiVersion,
      kind,
      metadata: {
        ...rest,
        name,
        ...(namespace === undefined || namespace === '' ? {} : { namespace }),
        ...(Object.keys(labelled.data).length === 0 ? {} : { labels: labelled.data }),
        ...(Object.keys(annotated.data).length === 0 ? {} : { annotations: annotated.data }),
      },
    },
  };
}

const TextMap = z.record(z.string(), z.string());

function notText(object: string, field: string, error: z.ZodError): ObjectParsed {
  const key = error.issues[0]?.path[0];
  return invalid(
    `${object}: metadata.${field}${key === undefined ? '' : `["${String(key)}"]`}: expected text; put it in quotes`,
  );
}

function withoutNulls(metadata: JsonObject): JsonObject {
  const kept = Object.entries(metadata)
    .filter(([, value]) => value !== null)
    .map(([key, value]): [string, Json] => [
      key,
      key === 'labels' || key === 'annotations' ? dropNullValues(value) : value,
    ]);
  return Object.fromEntries(kept);
}

function dropNullValues(map: Json): Json {
  return isJsonObject(map) ? Object.fromEntries(Object.entries(map).filter(([, value]) => value !== null)) : map;
}

function invalid(message: string): ObjectParsed {
  return { kind: 'invalid', message };
}
