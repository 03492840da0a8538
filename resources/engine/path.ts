import type { AttributePath } from './attribute-error.ts';
import type { FieldModel, ObjectModel, ValueModel } from './model.ts';

/** One step of a path in Terraform's own names. */
export type PathStep =
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'key'; readonly key: string };
export type TerraformPath = readonly PathStep[];

export const attributeStep = (name: string): PathStep => ({ kind: 'attribute', name });
export const indexStep = (index: number): PathStep => ({ kind: 'index', index });

/**
 * A definition's path (camelCase keys, indexes) in Terraform's names. It ends early at what Terraform cannot address
 * (elements of a set) or does not know.
 */
export function terraformPath(object: ObjectModel, path: AttributePath): TerraformPath {
  const steps: PathStep[] = [];
  let at: { readonly object: ObjectModel } | { readonly field: FieldModel } | { readonly value: ValueModel } = {
    object,
  };
  for (const part of path) {
    if ('object' in at) {
      const field: FieldModel | undefined = at.object.fields.find(({ key }) => key === part);
      if (field === undefined) break;
      steps.push(attributeStep(field.name));
      if (field.kind === 'attribute') at = { value: field.value };
      else at = field.nesting === 'single' ? { object: field.object } : { field };
    } else if ('field' in at) {
      if (at.field.kind !== 'block' || at.field.nesting === 'set' || typeof part !== 'number') break;
      steps.push(indexStep(part));
      at = { object: at.field.object };
    } else {
      const value: ValueModel = at.value;
      if (value.kind === 'object') {
        const field: { readonly name: string; readonly value: ValueModel } | undefined = value.fields.find(
          ({ key }) => key === part,
        );
        if (field === undefined) break;
        steps.push(attributeStep(field.name));
        at = { value: field.value };
      } else if (value.kind === 'collection' && value.collection !== 'set') {
        steps.push(typeof part === 'number' ? indexStep(part) : { kind: 'key', key: part });
        at = { value: value.element };
      } else break;
    }
  }
  return steps;
}

/** A path as one writes it in a configuration: `pack[0].tag`. */
export function formatPath(path: TerraformPath): string {
  return path
    .map((step) => {
      switch (step.kind) {
        case 'attribute':
          return `.${step.name}`;
        case 'index':
          return `[${step.index}]`;
        case 'key':
          return `[${JSON.stringify(step.key)}]`;
      }
    })
    .join('')
    .replace(/^\./, '');
}
