/** The structural schemas of `forProvider`, `initProvider` and `atProvider`, from a definition. */
import type { AnyResource } from '#resources/engine/index';
import type { AttributeModel, ValueModel } from '#resources/engine/model';

import { keysOf, managedFields, type ManagedField, type ManagedFields } from './fields.ts';
import type { KindScope } from './kinds.ts';
import { schemaWithoutDefault, type StructuralSchema, type ValidationRule } from './structural.ts';
import { inKubernetesWords } from './words.ts';

interface Making {
  readonly definition: AnyResource;
  readonly scope: KindScope;
}

type Properties = Record<string, StructuralSchema>;

/**
 * What one writes. Nothing is required at the top: what is required depends on policies and on the other of the two, so
 * a rule says it (`requiredRules`). Defaults of the top are in the descriptions only: would the API server fill them
 * in, what `initProvider` gives could never count.
 */
export function parametersSchema(
  definition: AnyResource,
  scope: KindScope,
  of: 'forProvider' | 'initProvider',
): StructuralSchema {
  const making = { definition, scope };
  const fields = managedFields(definition);
  const rules = conflictRules(fields);
  return {
    type: 'object',
    description:
      of === 'forProvider'
        ? 'What is wanted. The fields are those of the external object.'
        : 'What counts when the external object is made, and never again: for fields that others change afterwards. A field that forProvider gives is taken from there.',
    properties: Object.assign(
      {},
      ...fields.map((field) => inputProperties(field, making, { top: true })),
    ) as Properties, // as: merged properties
    ...(rules.length === 0 ? {} : { 'x-kubernetes-validations': rules }),
  };
}

/** What is told of the external object. Nothing is checked here: it is as the API has it. */
export function observationSchema(definition: AnyResource): StructuralSchema {
  const outputs = (fields: ManagedFields): Properties =>
    Object.fromEntries(
      fields.flatMap((field): [string, StructuralSchema][] => {
        if (field.sensitive) return [];
        const told =
          field.fields === undefined
            ? withoutChecks(schemaWithoutDefault(field.model.schema))
            : asBlock(field, { type: 'object', properties: outputs(field.fields) });
        return [[field.key, { ...told, ...describedBy(descriptionOf(field, definition)) }]];
      }),
    );
  return {
    type: 'object',
    description: 'What the external object is found to be.',
    properties: outputs(managedFields(definition)),
  };
}

function inputProperties(field: ManagedField, making: Making, { top }: { readonly top: boolean }): Properties {
  if (!field.input) return {};
  const { key, secretRefKey, reference } = field;
  const description = inputDescription(field, making.definition);
  const properties: Properties = {};
  if (secretRefKey === undefined) {
    properties[key] = { ...inputSchema(field, making), ...describedBy(withDefault(description, field, top)) };
  } else {
    properties[secretRefKey] = secretKeySchema(description, making.scope);
  }
  if (reference !== undefined) {
    const where = making.scope === 'Namespaced' ? ' in the same namespace' : '';
    properties[reference.refKey] = {
      type: 'object',
      description: `The managed resource${where} that gives \`${key}\`; not looked at when that is given itself.`,
      required: ['name'],
      properties: { name: { type: 'string', minLength: 1, description: 'Name of the managed resource.' } },
      'x-kubernetes-map-type': 'atomic',
    };
    properties[reference.selectorKey] = {
      type: 'object',
      description: `Chooses the managed resource${where} that gives \`${key}\` by its labels.`,
      required: ['matchLabels'],
      properties: {
        matchLabels: {
          type: 'object',
          minProperties: 1,
          description: 'Labels that it must have, all of them.',
          additionalProperties: { type: 'string' },
        },
      },
      'x-kubernetes-map-type': 'atomic',
    };
  }
  if (!top && secretRefKey === undefined && hasStructuralDefault(field)) {
    properties[key] = { ...properties[key], default: fallbackOf(field)?.value };
  }
  return properties;
}

function inputSchema(field: ManagedField, making: Making): StructuralSchema {
  const { model, fields } = field;
  if (fields === undefined || model.kind === 'attribute') {
    const { value, schema } = model as AttributeModel; // as: a field without fields is an attribute
    const checked = checkedSchema(value, schema);
    return atomic(checked);
  }
  const inputs = fields.filter(({ input }) => input);
  const required = inputs.filter((inner) => isRequired(inner) && inner.reference === undefined).map(writtenKey);
  const rules = [...referenceRules(inputs), ...conflictRules(inputs)];
  const object: StructuralSchema = {
    type: 'object',
    properties: Object.assign(
      {},
      ...inputs.map((inner) => inputProperties(inner, making, { top: false })),
    ) as Properties, // as: merged properties
    ...(required.length === 0 ? {} : { required }),
    ...(rules.length === 0 ? {} : { 'x-kubernetes-validations': rules }),
  };
  return {
    ...asBlock(field, object),
    ...(field.singleton || model.minItems === 0 ? {} : { minItems: model.minItems }),
    ...(field.singleton || model.maxItems === 0 ? {} : { maxItems: model.maxItems }),
  };
}

/**
 * A map is replaced as a whole, as lists are: were it merged by key, one could not take away what late initialisation
 * has written.
 */
function atomic(schema: StructuralSchema): StructuralSchema {
  return schema.additionalProperties === undefined ? schema : { ...schema, 'x-kubernetes-map-type': 'atomic' };
}

function asBlock({ singleton }: ManagedField, object: StructuralSchema): StructuralSchema {
  return singleton ? object : { type: 'array', items: object };
}

/** The schema of a value with its checks, without its default. */
function checkedSchema(value: ValueModel, whole: AttributeModel['schema']): StructuralSchema {
  if (value.kind === 'leaf' && value.type === 'dynamic') return { 'x-kubernetes-preserve-unknown-fields': true };
  return schemaWithoutDefault(whole);
}

/** The types and descriptions alone. */
function withoutChecks(schema: StructuralSchema): StructuralSchema {
  const { type, description, items, properties, additionalProperties } = schema;
  return {
    ...(type === undefined ? { 'x-kubernetes-preserve-unknown-fields': true as const } : { type }),
    ...(description === undefined ? {} : { description }),
    ...(items === undefined ? {} : { items: withoutChecks(items) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: withoutChecks(additionalProperties) }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(Object.entries(properties).map(([key, part]) => [key, withoutChecks(part)])),
        }),
  };
}

function secretKeySchema(description: string, scope: KindScope): StructuralSchema {
  const name = { type: 'string', minLength: 1, description: 'Name of the Secret.' } as const;
  const key = { type: 'string', minLength: 1, description: 'Key in the Secret.' } as const;
  const namespace = { type: 'string', minLength: 1, description: 'Namespace of the Secret.' } as const;
  return scope === 'Namespaced'
    ? {
        type: 'object',
        description: `${description} The Secret of the same namespace, and the key in it, that hold it.`.trim(),
        'x-kubernetes-map-type': 'atomic',
        required: ['name', 'key'],
        properties: { name, key },
      }
    : {
        type: 'object',
        description: `${description} The Secret, and the key in it, that hold it.`.trim(),
        'x-kubernetes-map-type': 'atomic',
        required: ['name', 'namespace', 'key'],
        properties: { name, namespace, key },
      };
}

/** Whether one has to give it. */
export function isRequired({ input, model }: ManagedField): boolean {
  if (!input) return false;
  return model.kind === 'attribute' ? model.mode === 'required' : model.minItems > 0;
}

/** The key that one writes: the field's own, or that of its Secret. */
export function writtenKey({ key, secretRefKey }: ManagedField): string {
  return secretRefKey ?? key;
}

/** An expression that is true when an object gives a field, itself or by what stands for it. */
export function givenIn(object: string, field: ManagedField): string {
  return keysOf(field)
    .map((key) => `has(${object}.${celName(key)})`)
    .join(' || ');
}

/** Words that an expression must not use as the name of a field, unless written `__word__`. */
const RESERVED = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** A key as an expression names it. @see https://kubernetes.io/docs/reference/using-api/cel/#escaping */
export function celName(key: string): string {
  return RESERVED.has(key) ? `__${key}__` : key;
}

/** In brackets where it is more than one expression. */
function anyOf(expression: string): string {
  return expression.includes(' || ') ? `(${expression})` : expression;
}

/** What is required and may come from another object. */
function referenceRules(fields: ManagedFields): ValidationRule[] {
  return fields.flatMap((field) =>
    isRequired(field) && field.reference !== undefined
      ? [
          {
            rule: givenIn('self', field),
            message: `give ${alternatives(field)}`,
            reason: 'FieldValueRequired' as const,
            fieldPath: `.${field.key}`,
          },
        ]
      : [],
  );
}

/** `id, idRef or idSelector` */
export function alternatives(field: ManagedField): string {
  return keysOf(field)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');
}

function conflictRules(fields: ManagedFields): ValidationRule[] {
  return fields.flatMap((field) =>
    (field.model.traits.conflictsWith ?? []).flatMap((key): ValidationRule[] => {
      const other = fields.find((candidate) => candidate.key === key);
      if (other === undefined || !other.input) return [];
      return [
        {
          rule: `!(${anyOf(givenIn('self', field))} && ${anyOf(givenIn('self', other))})`,
          message: `only one of ${writtenKey(field)} and ${writtenKey(other)} may be given: remove the other`,
          reason: 'FieldValueForbidden',
          fieldPath: `.${writtenKey(field)}`,
        },
      ];
    }),
  );
}

/** A default says that nobody gave a value: not so where a value excludes another field. */
function hasStructuralDefault(field: ManagedField): boolean {
  return fallbackOf(field) !== undefined && field.model.traits.conflictsWith === undefined;
}

export function fallbackOf({ model }: ManagedField): { readonly value: unknown } | undefined {
  return model.kind === 'attribute' ? model.fallback : undefined;
}

function withDefault(description: string, field: ManagedField, top: boolean): string {
  const fallback = fallbackOf(field);
  if (fallback === undefined || fallback.value === '' || (!top && hasStructuralDefault(field))) return description;
  return `${description} Default: \`${String(fallback.value)}\`.`;
}

function describedBy(description: string): StructuralSchema {
  return description === '' ? {} : { description };
}

/** The description with what the other fields make of it. */
function inputDescription(field: ManagedField, definition: AnyResource): string {
  const { model, reference } = field;
  const others = (model.traits.conflictsWith ?? []).map((key) => `\`${key}\``).join(', ');
  return [
    descriptionOf(field, definition),
    reference === undefined ? '' : `Give this, \`${reference.refKey}\` or \`${reference.selectorKey}\`.`,
    others === '' ? '' : `Not together with ${others}.`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function descriptionOf({ model }: ManagedField, definition: AnyResource): string {
  return inKubernetesWords(definition, model.description ?? '');
}
