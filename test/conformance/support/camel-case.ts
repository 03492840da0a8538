/** What Terraform shows, with the keys that definitions have. */
import { modelOf, type ObjectModel, type ValueModel } from '#resources/engine/model';
import { resources, type ResourceType } from '#resources/index';

import type { Values } from '../cases/case.ts';

/** The attributes of a state, renamed to a definition's own keys; values stay as they are, and so do the keys of maps. */
export async function toCamelCase(type: ResourceType, attributes: Values): Promise<Values> {
  return renameObject(modelOf(await resources[type]()), attributes);
}

function renameObject(object: ObjectModel, value: Values): Values {
  return Object.fromEntries(
    object.fields.map((field) => {
      const part = value[field.name];
      if (field.kind === 'attribute') return [field.key, renameValue(field.value, part)];
      const element = (item: unknown): unknown => renameObject(field.object, item as Values); // as: blocks are objects
      if (Array.isArray(part)) return [field.key, part.map(element)];
      return [field.key, part === null || part === undefined ? part : element(part)];
    }),
  );
}

function renameValue(model: ValueModel, value: unknown): unknown {
  if (model.kind === 'collection' && Array.isArray(value)) return value.map((part) => renameValue(model.element, part));
  if (model.kind !== 'object' || typeof value !== 'object' || value === null) return value;
  const given = value as Values; // as: the model says that it is an object
  return Object.fromEntries(model.fields.map((field) => [field.key, renameValue(field.value, given[field.name])]));
}
