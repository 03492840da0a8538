/** Typed values as managed resources: what a user writes in YAML. */
import { CLUSTER_GROUP } from '#crossplane/schema/groups';
import type { ManagedKind } from '#crossplane/schema/kinds';
import type { KubeObject } from '#kubernetes/object';
import { modelOf, type FieldModel, type ObjectModel } from '#resources/engine/model';
import { resources } from '#resources/index';

import { readReference, type Named, type Refusal, type Step, type Values } from '../cases/case.ts';

export interface Place {
  readonly kind: ManagedKind;
  /** Where the object is, or its Secrets if it is in no namespace. */
  readonly namespace: string;
}

export interface ManagedManifest {
  readonly object: KubeObject;
  /** What the object refers to for its sensitive attributes. */
  readonly secrets: readonly KubeObject[];
}

/** Key under which a Secret of the tests has its value. */
const SECRET_KEY = 'value';

/** The manifest of a resource; `spec` and `metadata` come on top of what its values say. */
export async function toManaged(
  { type, name, values }: Named,
  { kind, namespace }: Place,
  { metadata = {}, spec = {} }: { readonly metadata?: Values; readonly spec?: Values } = {},
): Promise<ManagedManifest> {
  const secrets: KubeObject[] = [];
  const keepSecret = (key: string, value: unknown): Values => {
    const secret = `${name}-${key.toLowerCase()}`;
    secrets.push({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: secret, namespace },
      stringData: { [SECRET_KEY]: String(value) },
    });
    return { name: secret, key: SECRET_KEY, ...(inNamespace(kind) ? {} : { namespace }) };
  };
  const forProvider = parameters(modelOf(await resources[type]()), values, keepSecret);
  return {
    object: {
      apiVersion: kind.apiVersion,
      kind: kind.kind,
      metadata: { name, ...(inNamespace(kind) ? { namespace } : {}), ...metadata },
      spec: { forProvider, ...spec },
    },
    secrets,
  };
}

function inNamespace({ group }: ManagedKind): boolean {
  return group !== CLUSTER_GROUP;
}

type KeepSecret = (key: string, value: unknown) => Values;

function parameters(object: ObjectModel, values: Values, keepSecret: KeepSecret): Values {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => {
      const field = object.fields.find((candidate) => candidate.key === key);
      if (field === undefined) throw new Error(`${key}: the definition has no such key`);
      return value === undefined ? [] : [parameter(field, value, keepSecret)];
    }),
  );
}

function parameter(field: FieldModel, value: unknown, keepSecret: KeepSecret): [string, unknown] {
  if (field.kind === 'block') {
    const element = (part: unknown): Values => parameters(field.object, part as Values, keepSecret); // as: blocks hold objects
    if (!Array.isArray(value)) return [field.key, element(value)];
    return [field.key, isSingle(field) ? element(value[0]) : value.map(element)];
  }
  if (field.traits.sensitive === true) return [`${field.key}SecretRef`, keepSecret(field.key, value)];
  const reference = readReference(value);
  return reference === undefined ? [field.key, value] : [`${field.key}Ref`, { name: reference.name }];
}

/** A block that there can be one of is no list. */
function isSingle(field: FieldModel): boolean {
  return field.kind === 'block' && (field.nesting === 'single' || field.maxItems === 1);
}

/** Where an attribute stands in a managed resource: `spec.forProvider.pack[0].name`. */
export async function managedPath(type: Named['type'], at: Refusal['at']): Promise<string> {
  let fields: readonly FieldModel[] = modelOf(await resources[type]()).fields;
  let single = false;
  let text = 'spec.forProvider';
  for (const step of at) {
    if (typeof step === 'number') {
      if (!single) text += `[${step}]`;
      continue;
    }
    const field = fields.find(({ key }) => key === step);
    text += `.${step}${field?.traits.sensitive === true ? 'SecretRef' : ''}`;
    single = field !== undefined && isSingle(field);
    fields = field?.kind === 'block' ? field.object.fields : [];
  }
  return text;
}

/** What a managed resource shows of a state: `atProvider`, and what is sensitive in its connection Secret. */
export async function toShown(
  type: Named['type'],
  state: Step['state'],
): Promise<{ readonly atProvider: Values; readonly connection: Values }> {
  const { fields } = modelOf(await resources[type]());
  const sensitive = new Set(fields.flatMap(({ key, traits }) => (traits.sensitive === true ? [key] : [])));
  const entries = Object.entries(state);
  return {
    atProvider: withoutNull(Object.fromEntries(entries.filter(([key]) => !sensitive.has(key)))) as Values, // as: an object stays one
    connection: Object.fromEntries(entries.filter(([key]) => sensitive.has(key))),
  };
}

/** Nothing is told of what is not there. */
function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNull);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]) => (part === null ? [] : [[key, withoutNull(part)]])),
  );
}

/** The values with every list sorted that has no order, so that two of them can be compared. */
export async function withSortedSets(type: Named['type'], values: Values): Promise<Values> {
  const { fields } = modelOf(await resources[type]());
  const isSet = (key: string): boolean =>
    fields.some(
      (field) =>
        field.key === key &&
        field.kind === 'attribute' &&
        field.value.kind === 'collection' &&
        field.value.collection === 'set',
    );
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      isSet(key) && Array.isArray(value) ? value.map(String).toSorted() : value,
    ]),
  );
}
