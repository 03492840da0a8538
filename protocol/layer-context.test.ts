import { describe, expect, it } from '@jest/globals';

import { layerContext } from './layer-context.ts';

const context = {
  system: { 'cluster.name': 'c' },
  macros: { m: '1' },
  variables: { size: 'small', colour: 'red' },
  packs: {},
};
const profile = { uid: 'p1', name: 'base', version: '1.2.0' };

describe('the macro context of a layer', () => {
  it("is the document's with the layer's profile when the profiles agree on every variable", () => {
    expect(layerContext(context, { profile })).toEqual({
      ...context,
      system: {
        'cluster.name': 'c',
        'clusterprofile.uid': 'p1',
        'clusterprofile.name': 'base',
        'clusterprofile.version': '1.2.0',
      },
    });
  });

  it("puts the profile's own values before the document's", () => {
    expect(layerContext(context, { profile, variables: { size: 'large', shape: 'round' } }).variables).toEqual({
      size: 'large',
      colour: 'red',
      shape: 'round',
    });
  });
});
