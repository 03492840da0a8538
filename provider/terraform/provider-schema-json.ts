import { dataSources, resources } from '#resources/registry';
import { terraformBlock, terraformSchema, type TerraformSchema } from '#resources/engine/terraform-schema';

import { providerModel } from './provider-config.ts';
import type { ProviderOptions } from './session.ts';

/** The provider's address in Terraform's registry: the official one, which it stands in for. */
export const PROVIDER_ADDRESS = 'registry.terraform.io/spectrocloud/spectrocloud';

/** What `terraform providers schema -json` prints for this provider. */
export async function providerSchemaJson(): Promise<object> {
  const schemas = async (
    loaders: ProviderOptions['resources'] | ProviderOptions['dataSources'],
  ): Promise<Record<string, TerraformSchema>> => {
    const found: Record<string, TerraformSchema> = {};
    for (const [name, load] of Object.entries(loaders)) found[name] = terraformSchema(await load());
    return found;
  };
  return {
    format_version: '1.0',
    provider_schemas: {
      [PROVIDER_ADDRESS]: {
        provider: { version: 0, block: terraformBlock(providerModel) } satisfies TerraformSchema,
        resource_schemas: await schemas(resources),
        data_source_schemas: await schemas(dataSources),
      },
    },
  };
}
