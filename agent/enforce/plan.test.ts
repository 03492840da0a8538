import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { DesiredLayer } from '#protocol/desired-state';

import { removalRank, stages, waves } from './plan.ts';

const layer = (name: string, kind: DesiredLayer['layer'], installPriority: number): DesiredLayer => ({
  name,
  profile: { uid: 'p', name: 'p', version: '1' },
  layer: kind,
  version: '1',
  values: '',
  manifests: [],
  installPriority,
});

describe('waves', () => {
  it('go from infrastructure to add-ons, and by priority, lowest first; equals go together', () => {
    const given = [
      layer('late', 'addon', 20),
      layer('cni', 'cni', 50),
      layer('early', 'addon', 10),
      layer('also early', 'addon', 10),
      layer('os', 'os', 90),
    ];
    expect(waves(given).map((wave) => wave.map(({ name }) => name))).toEqual([
      ['os'],
      ['cni'],
      ['early', 'also early'],
      ['late'],
    ]);
  });

  it('hold each layer once, in an order that removal turns round', () => {
    const kinds = ['kernel', 'os', 'k8s', 'cni', 'csi', 'addon'] as const;
    const layers = fc.array(
      fc.record({ kind: fc.constantFrom(...kinds), priority: fc.integer({ min: -999, max: 999 }) }),
    );
    fc.assert(
      fc.property(layers, (given) => {
        const all = given.map(({ kind, priority }, at) => layer(String(at), kind, priority));
        const flat = waves(all).flat();
        expect(flat.map(({ name }) => name).sort()).toEqual(all.map(({ name }) => name).sort());
        const ranks = flat.map(removalRank);
        expect(ranks).toEqual(ranks.toSorted((left, right) => left - right));
      }),
    );
  });
});

describe('stages', () => {
  const object = (kind: string) => ({ object: { apiVersion: 'v1', kind, metadata: { name: kind } } });

  it.each([
    {
      name: 'definitions and namespaces come before what needs them',
      given: [
        object('Widget'),
        object('Deployment'),
        object('ConfigMap'),
        object('CustomResourceDefinition'),
        object('Namespace'),
      ],
      want: [['Namespace'], ['CustomResourceDefinition'], ['ConfigMap'], ['Deployment'], ['Widget']],
    },
    {
      name: 'what calls back into the cluster comes last',
      given: [object('ValidatingWebhookConfiguration'), object('Widget'), object('APIService')],
      want: [['Widget'], ['ValidatingWebhookConfiguration', 'APIService']],
    },
  ])('$name', ({ given, want }) => {
    expect(stages(given).map((stage) => stage.map((entry) => entry.object.kind))).toEqual(want);
  });
});
