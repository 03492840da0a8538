import { terraformBlock, terraformSchema } from '#resources/engine/terraform-schema';

import { schemaToProto } from '../convert/schema-to-proto.ts';
import type { Schema } from '../generated/tfplugin6.ts';
import { providerModel } from '../provider-config.ts';
import type { ProviderOptions, ResponseOf, Rpc } from '../session.ts';

/** What the provider can do besides the calls that every provider answers. */
export const SERVER_CAPABILITIES = {
  planDestroy: false,
  // Terraform need not ask for schemas in a process in which it does not use them.
  getProviderSchemaOptional: true,
  moveResourceState: false,
} as const;

/** The schemas of everything. Loads every definition, so it is made at build time; see `encodedSchema`. */
export async function providerSchemas({
  resources,
  dataSources,
}: Pick<ProviderOptions, 'resources' | 'dataSources'>): Promise<ResponseOf<'getProviderSchema'>> {
  const schemas = async (
    loaders: ProviderOptions['resources'] | ProviderOptions['dataSources'],
  ): Promise<Record<string, Schema>> => {
    const found: Record<string, Schema> = {};
    for (const [name, load] of Object.entries(loaders)) found[name] = schemaToProto(terraformSchema(await load()));
    return found;
  };
  return {
    provider: schemaToProto({ version: 0, block: terraformBlock(providerModel) }),
    resourceSchemas: await schemas(resources),
    dataSourceSchemas: await schemas(dataSources),
    diagnostics: [],
    serverCapabilities: SERVER_CAPABILITIES,
  };
}

export const getProviderSchema: Rpc<'getProviderSchema'> = async (_request, session) =>
  providerSchemas(session.options);
