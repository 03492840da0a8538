/** Set when the provider is bundled: the answer to GetProviderSchema, in Base64. */
declare const PALETTE_PROVIDER_SCHEMA: string | undefined;

/** The built-in schemas, or undefined when they have to be made: when the provider runs from its sources. */
export function encodedSchema(): Uint8Array | undefined {
  return typeof PALETTE_PROVIDER_SCHEMA === 'string' ? Buffer.from(PALETTE_PROVIDER_SCHEMA, 'base64') : undefined;
}
