/** Run when the provider is bundled: prints the answer to GetProviderSchema in Base64. */
import { dataSources, resources } from '#resources/registry';

import { GetProviderSchemaResponse } from './generated/tfplugin6.ts';
import { providerSchemas } from './rpc/get-provider-schema.ts';

const response = await providerSchemas({ resources, dataSources });
process.stdout.write(Buffer.from(GetProviderSchemaResponse.encode(response).finish()).toString('base64'));
