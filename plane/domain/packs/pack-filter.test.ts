import { describe, expect, it } from '@jest/globals';

import { parsePackFilters } from './pack-filter.ts';
import { parentTags } from './views.ts';

describe('the filters of packs', () => {
  it.each([
    { name: 'none', given: undefined, want: { where: 'true', params: [] } },
    { name: 'one field', given: 'spec.name=hello', want: { where: 'name = $1', params: ['hello'] } },
    {
      name: 'several joined by AND, with or without spaces',
      given: 'spec.name=helloANDspec.version=1.0.0 AND spec.registryUid=r1',
      want: { where: 'name = $1 AND version = $2 AND registry_uid = $3', params: ['hello', '1.0.0', 'r1'] },
    },
    { name: 'a beginning', given: 'spec.version=1.2*', want: { where: 'starts_with(version, $1)', params: ['1.2'] } },
    { name: 'what is the same for every pack', given: 'status.state=active', want: { where: 'true', params: [] } },
    {
      name: 'one of several values',
      given: 'spec.name_in_hello,calico',
      want: { where: 'name = ANY ($1::text[])', params: ['{"hello","calico"}'] },
    },
    {
      name: 'clouds, those for all of them included',
      given: 'spec.cloudTypes_in_aws,all',
      want: {
        where: "(document->'cloudTypes' ?| $1::text[] OR jsonb_array_length(document->'cloudTypes') = 0)",
        params: ['{"aws","all","all"}'],
      },
    },
    {
      name: 'values never reach the statement',
      given: "spec.name=x' OR 'a'='a",
      want: { where: 'name = $1', params: ["x' OR 'a'='a"] },
    },
  ])('$name', ({ given, want }) => {
    expect(parsePackFilters(given)).toEqual(want);
  });

  it('refuses a field it does not know, by its name', () => {
    expect(() => parsePackFilters('spec.colour=red')).toThrow(/spec.colour=red/);
  });
});

describe('tags', () => {
  it.each([
    { version: '1.2.3', want: ['1.x', '1.2.x'] },
    { version: '1.5', want: ['1.x'] },
    { version: '7', want: [] },
  ])('$version also stands for $want', ({ version, want }) => {
    expect(parentTags(version)).toEqual(want);
  });
});
