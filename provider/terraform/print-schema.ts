/** Prints the provider's schema as `terraform providers schema -json` does. */
import { providerSchemaJson } from './provider-schema-json.ts';

process.stdout.write(`${JSON.stringify(await providerSchemaJson())}\n`);
