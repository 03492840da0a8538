/** Set when the provider is bundled: the answer to GetProviderSchema, in Base64. */
declare const PALETTE_PROVIDER_SCHEMA: string | undefined;

/** Decodes the built-in schemas. Undefined when they have to be made: when the provider runs from its sources. */
export const encodedSchema: (() => Uint8Array) | undefined =
  typeof PALETTE_PROVIDER_SCHEMA === 'string' ? () => Buffer.from(PALETTE_PROVIDER_SCHEMA ?? '', 'base64') : undefined;
