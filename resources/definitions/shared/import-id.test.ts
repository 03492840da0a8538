import { describe, expect, it } from '@jest/globals';

import { ImportIdError, looksLikeUid, parseContextualImportId } from './import-id.ts';

const form = 'idOrName:context[:version]';

describe('parseContextualImportId', () => {
  it.each([
    { id: 'web:project', rest: 'none', want: { idOrName: 'web', context: 'project', rest: undefined } },
    { id: 'web:tenant:1.2.3', rest: 'optional', want: { idOrName: 'web', context: 'tenant', rest: '1.2.3' } },
    { id: 'web:tenant', rest: 'optional', want: { idOrName: 'web', context: 'tenant', rest: undefined } },
    { id: 'edge:project:generic', rest: 'required', want: { idOrName: 'edge', context: 'project', rest: 'generic' } },
  ] as const)('reads $id', ({ id, rest, want }) => {
    expect(parseContextualImportId(id, { expected: form, rest })).toEqual(want);
  });

  it.each([
    { id: 'web', rest: 'none', reason: 'has no context' },
    { id: ':project', rest: 'none', reason: 'has no name' },
    { id: 'web:elsewhere', rest: 'none', reason: 'has an unknown context' },
    { id: 'web:project:1.0.0', rest: 'none', reason: 'has a part too many' },
    { id: 'web:project:', rest: 'optional', reason: 'ends with an empty part' },
    { id: 'web:project', rest: 'required', reason: 'has a part too few' },
  ] as const)('refuses $id, which $reason', ({ id, rest }) => {
    expect(() => parseContextualImportId(id, { expected: form, rest })).toThrow(ImportIdError);
  });
});

describe('looksLikeUid', () => {
  it.each([
    ['6650a1b2c3d4e5f601234567', true],
    ['6650A1B2C3D4E5F601234567', true],
    ['web', false],
    ['6650a1b2c3d4e5f60123456', false],
  ])('says of %s: %s', (text, want) => {
    expect(looksLikeUid(text)).toBe(want);
  });
});
