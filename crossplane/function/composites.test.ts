import { describe, expect, it } from '@jest/globals';

import { structuralSchema, type StructuralSchema } from '../schema/structural.ts';
import { compositeKinds } from './composites.ts';
import { DEFAULT_INPUT, Input } from './input.ts';

function undescribed(schema: StructuralSchema, path: string): string[] {
  const fields = Object.entries(schema.properties ?? {}).flatMap(([key, field]) => [
    ...(field.description === undefined ? [`${path}.${key}`] : []),
    ...undescribed(field, `${path}.${key}`),
  ]);
  return [...fields, ...(schema.items === undefined ? [] : undescribed(schema.items, `${path}[]`))];
}

describe('composites', () => {
  it.each(compositeKinds)('$kind has a schema in which every field is described', ({ spec, status }) => {
    expect(undescribed(structuralSchema(spec), 'spec')).toEqual([]);
    expect(undescribed(structuralSchema(status), 'status')).toEqual([]);
  });

  it('give claims a provider configuration without a kind', () => {
    const legacy = compositeKinds.filter(({ scope }) => scope === 'LegacyCluster');
    expect(legacy.map(({ spec }) => spec.safeParse({ providerConfigRef: { kind: 'ProviderConfig' } }).success)).toEqual(
      [false, false],
    );
  });
});

describe('input', () => {
  it('has a schema in which every field is described', () => {
    expect(undescribed(structuralSchema(Input), 'input')).toEqual([]);
  });

  it('has defaults for everything', () => {
    expect(DEFAULT_INPUT).toMatchObject({
      mode: 'Online',
      providerConfigRef: { kind: 'ClusterProviderConfig', name: 'default' },
      tags: [],
    });
  });
});
