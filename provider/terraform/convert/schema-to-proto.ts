import type {
  TerraformAttribute,
  TerraformBlock,
  TerraformNestedBlock,
  TerraformSchema,
} from '#resources/engine/terraform-schema';

import * as proto from '../generated/tfplugin6.ts';

const NESTING = {
  single: proto.NestingMode.NESTING_MODE_SINGLE,
  list: proto.NestingMode.NESTING_MODE_LIST,
  set: proto.NestingMode.NESTING_MODE_SET,
} as const;

/** A schema as the protocol carries it. */
export function schemaToProto({ version, block }: TerraformSchema): proto.Schema {
  return { version, block: blockToProto(block, version) };
}

function blockToProto(block: TerraformBlock, version = 0): proto.SchemaBlock {
  return {
    version,
    attributes: Object.entries(block.attributes ?? {}).map(([name, attribute]) => attributeToProto(name, attribute)),
    blockTypes: Object.entries(block.block_types ?? {}).map(([name, nested]) => nestedToProto(name, nested)),
    description: block.description ?? '',
    descriptionKind: proto.StringKind.STRING_KIND_PLAIN,
    deprecated: false,
  };
}

function attributeToProto(name: string, attribute: TerraformAttribute): proto.SchemaAttribute {
  return {
    name,
    type: Buffer.from(JSON.stringify(attribute.type)),
    description: attribute.description ?? '',
    descriptionKind: proto.StringKind.STRING_KIND_PLAIN,
    required: attribute.required ?? false,
    optional: attribute.optional ?? false,
    computed: attribute.computed ?? false,
    sensitive: attribute.sensitive ?? false,
    deprecated: attribute.deprecated ?? false,
  };
}

function nestedToProto(typeName: string, nested: TerraformNestedBlock): proto.SchemaNestedBlock {
  return {
    typeName,
    block: blockToProto(nested.block),
    nesting: NESTING[nested.nesting_mode],
    minItems: nested.min_items ?? 0,
    maxItems: nested.max_items ?? 0,
  };
}
