import type * as z from 'zod';

import type { CtyType } from './cty.ts';
import { fullSchema, type AnyDefinition } from './definition.ts';
import { factsOf, lengthLimits, type SchemaFacts } from './schema-facts.ts';
import { snakeCase } from './snake-case.ts';
import type { Traits } from './traits.ts';

/** A definition's schema in Terraform's terms. All that is derived from a definition is derived from this. */

/** The type of an attribute, with the keys that TypeScript knows its parts by. */
export type ValueModel =
  | { readonly kind: 'leaf'; readonly type: 'string' | 'number' | 'bool' | 'dynamic'; readonly schema: z.core.$ZodType }
  | { readonly kind: 'collection'; readonly collection: 'list' | 'set' | 'map'; readonly element: ValueModel }
  | {
      readonly kind: 'object';
      readonly fields: readonly { readonly key: string; readonly name: string; readonly value: ValueModel }[];
    };

interface Named {
  /** camelCase, as TypeScript writes it. */
  readonly key: string;
  /** snake_case, as Terraform writes it. */
  readonly name: string;
  readonly description: string | undefined;
  readonly traits: Traits;
  /** The zod type with its wrappers. */
  readonly schema: z.core.$ZodType;
}

export interface AttributeModel extends Named {
  readonly kind: 'attribute';
  readonly value: ValueModel;
  /** `computed`: by the provider alone; `optionalComputed`: by the provider unless configured. */
  readonly mode: 'required' | 'optional' | 'optionalComputed' | 'computed';
  readonly fallback?: { readonly value: unknown };
}

export interface BlockModel extends Named {
  readonly kind: 'block';
  readonly nesting: 'single' | 'list' | 'set';
  readonly minItems: number;
  /** 0: no limit. */
  readonly maxItems: number;
  readonly object: ObjectModel;
}

export type FieldModel = AttributeModel | BlockModel;

export interface ObjectModel {
  readonly fields: readonly FieldModel[];
}

const models = new WeakMap<AnyDefinition, ObjectModel>();

/** The model of a definition, made once. @throws TypeError when its schema has what Terraform has no counterpart for */
export function modelOf(definition: AnyDefinition): ObjectModel {
  let model = models.get(definition);
  if (model === undefined) models.set(definition, (model = objectModel(fullSchema(definition), definition.type)));
  return model;
}

/** The model of a zod object. `where` names it in errors. */
export function objectModel(schema: z.core.$ZodObject, where: string): ObjectModel {
  return {
    fields: Object.entries(schema._zod.def.shape).map(([key, field]) => fieldModel(key, field, `${where}.${key}`)),
  };
}

function fieldModel(key: string, schema: z.core.$ZodType, where: string): FieldModel {
  const facts = factsOf(schema);
  const { base, traits, description } = facts;
  const named: Named = { key, name: snakeCase(key), traits, description, schema };
  if (!facts.computed && traits.attr !== true) {
    const { def } = base._zod;
    if (def.type === 'object') {
      const items = facts.optional ? 0 : 1;
      return {
        ...named,
        kind: 'block',
        nesting: 'single',
        minItems: items,
        maxItems: items,
        object: objectModel(base as z.core.$ZodObject, where),
      }; // as: def.type says so
    }
    if (def.type === 'array') {
      const element = factsOf(def.element).base;
      if (element._zod.def.type === 'object') {
        const { min, max } = lengthLimits(base as z.core.$ZodArray); // as: def.type says so
        return {
          ...named,
          kind: 'block',
          nesting: traits.set === true ? 'set' : 'list',
          minItems: facts.optional || traits.optionalComputed === true ? 0 : Math.max(1, min),
          maxItems: max,
          object: objectModel(element as z.core.$ZodObject, where), // as: def.type says so
        };
      }
    }
  }
  return {
    ...named,
    kind: 'attribute',
    value: valueModel(facts, where),
    mode: modeOf(facts),
    ...(facts.fallback === undefined ? {} : { fallback: facts.fallback }),
  };
}

function modeOf(facts: SchemaFacts): AttributeModel['mode'] {
  if (facts.computed) return 'computed';
  if (facts.traits.optionalComputed === true) return 'optionalComputed';
  return facts.optional || facts.fallback !== undefined ? 'optional' : 'required';
}

function valueModel({ base, traits }: SchemaFacts, where: string): ValueModel {
  const { def } = base._zod;
  const leaf = (type: 'string' | 'number' | 'bool' | 'dynamic'): ValueModel => ({ kind: 'leaf', type, schema: base });
  switch (def.type) {
    case 'string':
    case 'enum':
    case 'template_literal':
      return leaf('string');
    case 'number':
      return leaf('number');
    case 'boolean':
      return leaf('bool');
    case 'unknown':
      return leaf('dynamic');
    case 'array':
      return {
        kind: 'collection',
        collection: traits.set === true ? 'set' : 'list',
        element: valueModel(factsOf(def.element), `${where}[]`),
      };
    case 'record':
      return { kind: 'collection', collection: 'map', element: valueModel(factsOf(def.valueType), `${where}{}`) };
    case 'object':
      return {
        kind: 'object',
        fields: Object.entries(def.shape).map(([key, field]) => ({
          key,
          name: snakeCase(key),
          value: valueModel(factsOf(field), `${where}.${key}`),
        })),
      };
    default:
      throw new TypeError(
        `${where}: a zod type "${def.type}" has no counterpart in Terraform; use strings, numbers, booleans, enums, arrays, records and objects`,
      );
  }
}

/** The cty type of an attribute's value. */
export function valueType(value: ValueModel): CtyType {
  switch (value.kind) {
    case 'leaf':
      return value.type;
    case 'collection':
      return [value.collection, valueType(value.element)];
    case 'object':
      return ['object', Object.fromEntries(value.fields.map((field) => [field.name, valueType(field.value)]))];
  }
}

const objectTypes = new WeakMap<ObjectModel, CtyType>();

/** The cty type of an object with its attributes and blocks: what Terraform sends and gets. */
export function objectType(object: ObjectModel): CtyType {
  let type = objectTypes.get(object);
  if (type === undefined)
    objectTypes.set(
      object,
      (type = ['object', Object.fromEntries(object.fields.map((field) => [field.name, fieldType(field)]))]),
    );
  return type;
}

function fieldType(field: FieldModel): CtyType {
  if (field.kind === 'attribute') return valueType(field.value);
  const object = objectType(field.object);
  return field.nesting === 'single' ? object : [field.nesting, object];
}
