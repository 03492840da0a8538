import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { keep } from './keep.ts';

const manager = 'apiextensions.crossplane.io/composed/0123456789';
const object = (
  spec: object,
  fields?: object,
  annotations: Record<string, string> = {},
): Parameters<typeof keep>[0] => ({
  apiVersion: 'm.palette-iac.dev/v1alpha1',
  kind: 'ClusterProfile',
  metadata: {
    name: 'p-x',
    namespace: 'team',
    uid: 'u',
    labels: { 'crossplane.io/composite': 'p' },
    annotations,
    ...(fields === undefined
      ? {}
      : {
          managedFields: [
            { manager: 'kubectl', operation: 'Update', fieldsV1: { 'f:spec': {} } },
            { manager, operation: 'Apply', subresource: 'status', fieldsV1: { 'f:status': {} } },
            { manager, operation: 'Apply', fieldsV1: fields },
          ] as never, // as: the type of the room has no fields of fields
        }),
  },
  spec,
  status: { atProvider: {} },
});

describe('keep', () => {
  it.each([
    {
      name: 'keys that were desired, and not those of others',
      spec: { forProvider: { name: 'a', default: 'x', nested: { mine: 1, other: 2 } } },
      fields: { 'f:spec': { 'f:forProvider': { 'f:name': {}, 'f:nested': { 'f:mine': {} } } } },
      want: { forProvider: { name: 'a', nested: { mine: 1 } } },
    },
    {
      name: 'a list that is one value, whole',
      spec: { tags: ['a', 'b'], pack: [{ name: 'x', uid: 'late' }] },
      fields: { 'f:spec': { 'f:tags': {}, 'f:pack': {} } },
      want: { tags: ['a', 'b'], pack: [{ name: 'x', uid: 'late' }] },
    },
    {
      name: 'elements by their keys',
      spec: { pack: [{ name: 'x', tag: '1', uid: 'late' }, { name: 'y' }] },
      fields: { 'f:spec': { 'f:pack': { 'k:{"name":"x"}': { '.': {}, 'f:name': {}, 'f:tag': {} } } } },
      want: { pack: [{ name: 'x', tag: '1' }] },
    },
    {
      name: 'elements by their value and their place',
      spec: { set: ['a', 'b'], list: ['x', 'y'] },
      fields: { 'f:spec': { 'f:set': { '.': {}, 'v:"b"': {} }, 'f:list': { 'i:0': {} } } },
      want: { set: ['b'], list: ['x'] },
    },
    {
      name: 'all of the spec where nobody tells who owns what',
      spec: { forProvider: { name: 'a' } },
      fields: undefined,
      want: { forProvider: { name: 'a' } },
    },
  ])('says again $name', ({ spec, fields, want }) => {
    expect(keep(object(spec, fields))).toEqual({
      apiVersion: 'm.palette-iac.dev/v1alpha1',
      kind: 'ClusterProfile',
      metadata: { namespace: 'team' },
      spec: want,
    });
  });

  it('says an external name again only when it was said', () => {
    const annotations = { 'crossplane.io/external-name': 'x', 'crossplane.io/external-create-pending': 't' };
    const said = { 'f:metadata': { 'f:annotations': { 'f:crossplane.io/external-name': {} } }, 'f:spec': {} };
    expect(keep(object({}, said, annotations)).metadata.annotations).toEqual({ 'crossplane.io/external-name': 'x' });
    expect(keep(object({}, { 'f:spec': {} }, annotations)).metadata.annotations).toBeUndefined();
  });

  it('says everything again of which every field is owned', () => {
    const owned = (value: unknown): object =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).map(([key, part]) => [`f:${key}`, owned(part)]))
        : {};
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (spec) => {
        const plain: unknown = JSON.parse(JSON.stringify(spec));
        expect(keep(object(plain as object, { 'f:spec': owned(plain) })).spec).toEqual(plain);
      }),
    );
  });
});
