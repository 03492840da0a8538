/** From the camelCase configuration of a construct to Terraform's own names, led by the definition. */
import type { AttributeModel, BlockModel, FieldModel, ObjectModel, ValueModel } from '#resources/engine/model';

import { dynamicBlock, isDynamicBlock, isResolvable } from './cdktf.ts';

type Json = Record<string, unknown>;

/**
 * Renames keys and leaves values as they are: tokens pass through, the keys of maps belong to the
 * user, and what is undefined is left out. Values are checked by the provider, which knows them.
 *
 * @param where names the construct in errors
 * @throws TypeError for a key that the definition does not have, or that only the provider sets
 */
export function toTerraform(object: ObjectModel, config: Readonly<Json>, where: string): Json {
  const result: Json = {};
  for (const [key, value] of Object.entries(config)) {
    if (value === undefined) continue;
    const field = object.fields.find((candidate) => candidate.key === key);
    if (field === undefined) throw new TypeError(`${where} has no argument "${key}"; it has ${namesOf(object)}`);
    if (field.kind === 'attribute' && field.mode === 'computed')
      throw new TypeError(`${where}.${key} is set by the provider and is no argument`);
    result[field.name] =
      field.kind === 'attribute'
        ? attributeValue(field, value, `${where}.${key}`)
        : blockValue(field, value, `${where}.${key}`);
  }
  return result;
}

function attributeValue(field: AttributeModel, value: unknown, where: string): unknown {
  return convert(field.value, value, where);
}

function convert(model: ValueModel, value: unknown, where: string): unknown {
  if (isResolvable(value)) return value;
  switch (model.kind) {
    case 'leaf':
      return value;
    case 'collection':
      if (model.collection !== 'map' && Array.isArray(value))
        return value.map((element, index) => convert(model.element, element, `${where}[${index}]`));
      return value;
    case 'object': {
      if (!isPlainObject(value)) return value;
      const names = new Map(model.fields.map(({ key, name, value: part }) => [key, { name, part }]));
      return Object.fromEntries(
        Object.entries(value).map(([key, part]) => {
          const field = names.get(key);
          if (field === undefined)
            throw new TypeError(`${where} has no key "${key}"; it has ${[...names.keys()].join(', ')}`);
          return [field.name, convert(field.part, part, `${where}.${key}`)];
        }),
      );
    }
  }
}

function blockValue(field: BlockModel, value: unknown, where: string): unknown {
  if (isDynamicBlock(value)) return dynamicBlock(value, toTerraform(field.object, value.content, where));
  if (isResolvable(value)) return value;
  if (Array.isArray(value)) {
    return value.map((element: unknown, index) =>
      isPlainObject(element) ? toTerraform(field.object, element, `${where}[${index}]`) : element,
    );
  }
  return isPlainObject(value) ? toTerraform(field.object, value, where) : value;
}

function isPlainObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isResolvable(value);
}

function namesOf(object: ObjectModel): string {
  const isArgument = (field: FieldModel): boolean => field.kind === 'block' || field.mode !== 'computed';
  return object.fields
    .filter(isArgument)
    .map(({ key }) => key)
    .join(', ');
}

/**
 * The same in the form that synthesis to HCL asks for: blocks are marked as such, since HCL, unlike
 * JSON, writes them differently from attributes.
 *
 * @param values what `toTerraform` made
 */
export function toHcl(object: ObjectModel, values: Readonly<Json>): Json {
  return Object.fromEntries(
    object.fields
      .filter(({ name }) => values[name] !== undefined)
      .map((field) => {
        const value = values[field.name];
        if (field.kind === 'attribute') return [field.name, { value, isBlock: false, type: 'any' }];
        const element = (part: unknown): unknown => (isPlainObject(part) ? toHcl(field.object, part) : part);
        const type = field.nesting === 'single' ? 'struct' : field.nesting;
        return [
          field.name,
          {
            value: Array.isArray(value) ? value.map(element) : element(value),
            isBlock: true,
            type,
            storageClassType: `${field.name}List`,
          },
        ];
      }),
  );
}
