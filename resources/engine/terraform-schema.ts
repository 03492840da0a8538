import type { CtyType } from './cty.ts';
import type { AnyDefinition } from './definition.ts';
import { modelOf, valueType, type AttributeModel, type BlockModel, type ObjectModel } from './model.ts';

/** A schema as `terraform providers schema -json` prints it. */
export interface TerraformSchema {
  readonly version: number;
  readonly block: TerraformBlock;
}

export interface TerraformBlock {
  readonly attributes?: { readonly [name: string]: TerraformAttribute };
  readonly block_types?: { readonly [name: string]: TerraformNestedBlock };
  readonly description?: string;
  readonly description_kind: 'plain';
}

export interface TerraformAttribute {
  readonly type: CtyType;
  readonly description?: string;
  readonly description_kind: 'plain';
  readonly required?: true;
  readonly optional?: true;
  readonly computed?: true;
  readonly sensitive?: true;
  readonly deprecated?: true;
}

export interface TerraformNestedBlock {
  readonly nesting_mode: 'single' | 'list' | 'set';
  readonly block: TerraformBlock;
  readonly min_items?: number;
  readonly max_items?: number;
}

/** The Terraform schema of a definition. */
export function terraformSchema(definition: AnyDefinition): TerraformSchema {
  return {
    version: definition.kind === 'resource' ? definition.schemaVersion : 0,
    block: terraformBlock(modelOf(definition), definition.description),
  };
}

/** The Terraform schema of an object with its attributes and blocks. Names are sorted, as Terraform prints them. */
export function terraformBlock(object: ObjectModel, description?: string): TerraformBlock {
  const fields = object.fields.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const attributes = fields.flatMap((field) =>
    field.kind === 'attribute' ? [[field.name, attribute(field)] as const] : [],
  );
  const blocks = fields.flatMap((field) => (field.kind === 'block' ? [[field.name, nestedBlock(field)] as const] : []));
  return {
    ...(attributes.length === 0 ? {} : { attributes: Object.fromEntries(attributes) }),
    ...(blocks.length === 0 ? {} : { block_types: Object.fromEntries(blocks) }),
    ...(description === undefined ? {} : { description }),
    description_kind: 'plain',
  };
}

function attribute({ value, mode, traits, description }: AttributeModel): TerraformAttribute {
  return {
    type: valueType(value),
    ...(description === undefined ? {} : { description }),
    description_kind: 'plain',
    ...(mode === 'required' ? { required: true } : {}),
    ...(mode === 'optional' || mode === 'optionalComputed' ? { optional: true } : {}),
    ...(mode === 'computed' || mode === 'optionalComputed' ? { computed: true } : {}),
    ...(traits.sensitive === true ? { sensitive: true } : {}),
    ...(traits.deprecated === undefined ? {} : { deprecated: true }),
  };
}

function nestedBlock(block: BlockModel): TerraformNestedBlock {
  return {
    nesting_mode: block.nesting,
    block: terraformBlock(block.object, block.description),
    ...(block.minItems === 0 ? {} : { min_items: block.minItems }),
    ...(block.maxItems === 0 ? {} : { max_items: block.maxItems }),
  };
}
