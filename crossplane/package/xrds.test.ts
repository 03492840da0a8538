import { describe, expect, it } from '@jest/globals';

import { compositeKinds } from '../function/composites.ts';
import { compositeDefinition, composition, inputDefinition } from './xrds.ts';

describe('the XRDs', () => {
  it.each(compositeKinds)('$kind in $scope is of the version of the API that has its scope', (composite) => {
    const xrd = compositeDefinition(composite);
    expect(xrd).toMatchObject(
      composite.scope === 'Namespaced'
        ? { apiVersion: 'apiextensions.crossplane.io/v2', spec: { scope: 'Namespaced' } }
        : {
            apiVersion: 'apiextensions.crossplane.io/v1',
            spec: { claimNames: composite.claim, defaultCompositeDeletePolicy: 'Foreground' },
          },
    );
  });

  it.each(compositeKinds)('$kind has no map of untyped values, which its rules could not see', (composite) => {
    const text = JSON.stringify(compositeDefinition(composite));
    expect(text).not.toContain('"additionalProperties":{"x-kubernetes-preserve-unknown-fields":true}');
  });

  it.each(compositeKinds)('$kind is composed by default by a Composition of that kind', (composite) => {
    const { metadata, ...rest } = composition(composite);
    expect(rest).toMatchObject({ spec: { compositeTypeRef: { kind: composite.kind } } });
    expect(compositeDefinition(composite)).toMatchObject({ spec: { defaultCompositionRef: { name: metadata.name } } });
  });
});

describe('the definition of the input', () => {
  it('leaves the fields of every object to the API server', () => {
    const [version] = (inputDefinition()['spec'] as { versions: readonly { schema: object }[] }).versions; // as: made so
    expect(version?.schema).toMatchObject({
      openAPIV3Schema: {
        properties: { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'object' } },
      },
    });
  });
});
