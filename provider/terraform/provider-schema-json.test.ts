import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';

import { dataSources, resources } from '#resources/index';

import { PROVIDER_ADDRESS, providerSchemaJson } from './provider-schema-json.ts';

/** The official provider's schema, where the checkout stands beside it. */
const reference = fileURLToPath(new URL('../../../shared/reference/terraform-schema.json', import.meta.url));

const Schemas = z.object({
  provider_schemas: z.record(
    z.string(),
    z.object({
      provider: z.unknown(),
      resource_schemas: z.record(z.string(), z.unknown()),
      data_source_schemas: z.record(z.string(), z.unknown()),
    }),
  ),
});

function withoutDescriptions(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withoutDescriptions);
  if (typeof json !== 'object' || json === null) return json;
  const entries = Object.entries(json).filter(
    ([key, value]) => !(key.startsWith('description') && typeof value === 'string') && key !== 'deprecated',
  );
  return Object.fromEntries(entries.map(([key, value]: [string, unknown]) => [key, withoutDescriptions(value)]));
}

describe('the schema', () => {
  it('is the one of every resource and data source in the registry, described', async () => {
    const ours = Schemas.parse(await providerSchemaJson()).provider_schemas[PROVIDER_ADDRESS];
    expect(Object.keys(ours?.resource_schemas ?? {})).toEqual(Object.keys(resources).toSorted());
    expect(Object.keys(ours?.data_source_schemas ?? {})).toEqual(Object.keys(dataSources).toSorted());
    expect(JSON.stringify(ours)).not.toContain('"description":""');
  });

  it('equals the official one, wherever that can be read', async () => {
    const ours = Schemas.parse(await providerSchemaJson()).provider_schemas[PROVIDER_ADDRESS];
    const official = existsSync(reference)
      ? Schemas.parse(JSON.parse(readFileSync(reference, 'utf8'))).provider_schemas[PROVIDER_ADDRESS]
      : ours;
    const pick = (schemas: Record<string, unknown> | undefined, like: Record<string, unknown> | undefined): unknown =>
      withoutDescriptions(Object.fromEntries(Object.keys(like ?? {}).map((name) => [name, schemas?.[name]])));
    expect(withoutDescriptions(ours?.provider)).toEqual(withoutDescriptions(official?.provider));
    expect(pick(ours?.resource_schemas, ours?.resource_schemas)).toEqual(
      pick(official?.resource_schemas, ours?.resource_schemas),
    );
    expect(pick(ours?.data_source_schemas, ours?.data_source_schemas)).toEqual(
      pick(official?.data_source_schemas, ours?.data_source_schemas),
    );
  });
});
