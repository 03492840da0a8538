/** Definitions speak of themselves in Terraform's words; here they are put in those of Kubernetes. */
import type { AnyResource, AttributePath } from '#resources/engine/index';
import { modelOf, type ObjectModel } from '#resources/engine/model';
import type { TerraformPath } from '#resources/engine/path';

import { managedFields, type ManagedField, type ManagedFields } from './fields.ts';

const renames = new WeakMap<AnyResource, ReadonlyMap<string, string>>();

/** The text with the definition's own attributes and blocks named as in a managed resource: `registry_uid` → `registryUid`. */
export function inKubernetesWords(definition: AnyResource, text: string): string {
  let names = renames.get(definition);
  if (names === undefined) renames.set(definition, (names = new Map(snakeNames(modelOf(definition)))));
  return text.replaceAll(/\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b/g, (name) => names.get(name) ?? name);
}

function snakeNames(object: ObjectModel): [string, string][] {
  return object.fields.flatMap((field) => [
    ...(field.name === field.key ? [] : [[field.name, field.key] as [string, string]]),
    ...(field.kind === 'block' ? snakeNames(field.object) : []),
  ]);
}

/**
 * Where a definition's path leads in a managed resource: `['backupPolicy', 0, 'schedule']` →
 * `spec.forProvider.backupPolicy.schedule`. What is sensitive stands at the reference to its Secret.
 */
export function specPath(definition: AnyResource, path: AttributePath): string {
  let text = 'spec.forProvider';
  let fields: ManagedFields | undefined = managedFields(definition);
  let singleton = false;
  for (const step of path) {
    if (typeof step === 'number') {
      if (!singleton) text += `[${step}]`;
      singleton = false;
      continue;
    }
    const field: ManagedField | undefined = fields?.find(({ key }) => key === step);
    if (field === undefined && fields !== undefined) break;
    text +=
      field === undefined && !/^\w+$/.test(step) ? `[${JSON.stringify(step)}]` : `.${field?.secretRefKey ?? step}`;
    singleton = field?.singleton ?? false;
    fields = field?.fields;
  }
  return text;
}

/** The definition's path of one in Terraform's names, as diagnostics have it. */
export function attributePath(definition: AnyResource, path: TerraformPath): AttributePath {
  let object: ObjectModel | undefined = modelOf(definition);
  return path.map((step) => {
    switch (step.kind) {
      case 'index':
        return step.index;
      case 'key':
        return step.key;
      case 'attribute': {
        const field = object?.fields.find(({ name }) => name === step.name);
        if (field !== undefined) object = field.kind === 'block' ? field.object : undefined;
        return field?.key ?? step.name;
      }
    }
  });
}
