import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { objectKey, refOf, type KubeObject } from '#kubernetes/object';
import { kindRank } from './plan.ts';
import { planPrune, type PruneInput } from './prune-plan.ts';
import {
  LAYER_ANNOTATION,
  PART_OF_LABEL,
  PRIORITY_ANNOTATION,
  PRUNE_ANNOTATION,
  RESOURCE_POLICY_ANNOTATION,
} from './stamp.ts';

const applySet = 'applyset-mine-v1';
const kinds = ['Namespace', 'CustomResourceDefinition', 'ConfigMap', 'Service', 'Deployment', 'Widget'] as const;

interface Shape {
  readonly kind: (typeof kinds)[number];
  readonly name: string;
  readonly layer: string;
  readonly rank: number;
  readonly set: string | undefined;
  readonly manager: string;
  readonly operation: string;
  readonly protectedFromPrune: 'by us' | 'by Helm' | undefined;
}

function member(shape: Shape): KubeObject {
  return {
    apiVersion: 'v1',
    kind: shape.kind,
    metadata: {
      name: shape.name,
      uid: `uid-${shape.kind}-${shape.name}`,
      labels: shape.set === undefined ? {} : { [PART_OF_LABEL]: shape.set },
      annotations: {
        [LAYER_ANNOTATION]: shape.layer,
        [PRIORITY_ANNOTATION]: String(shape.rank),
        ...(shape.protectedFromPrune === 'by us' ? { [PRUNE_ANNOTATION]: 'disabled' } : {}),
        ...(shape.protectedFromPrune === 'by Helm' ? { [RESOURCE_POLICY_ANNOTATION]: 'keep' } : {}),
      },
      managedFields: [{ manager: shape.manager, operation: shape.operation }],
    },
  };
}

const shapes = fc.uniqueArray(
  fc.record<Shape>({
    kind: fc.constantFrom(...kinds),
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    layer: fc.constantFrom('base', 'app', 'extra'),
    rank: fc.integer({ min: -5, max: 5 }),
    set: fc.constantFrom(applySet, applySet, 'applyset-other-v1', undefined),
    manager: fc.constantFrom('palette-agent', 'palette-agent', 'kubectl'),
    operation: fc.constantFrom('Apply', 'Apply', 'Update'),
    protectedFromPrune: fc.constantFrom('by us', 'by Helm', undefined, undefined),
  }),
  { selector: ({ kind, name }) => `${kind}/${name}`, maxLength: 12 },
);

const inputs = shapes.chain((given) =>
  fc.record({
    shapes: fc.constant(given),
    desired: fc.subarray(given.map((shape) => objectKey(refOf(member(shape))))),
    unknownLayers: fc.subarray(['base', 'app', 'extra']),
  }),
);

function planned(given: {
  readonly shapes: readonly Shape[];
  readonly desired: readonly string[];
  readonly unknownLayers: readonly string[];
}) {
  const input: PruneInput = {
    members: given.shapes.map(member),
    applySet,
    desired: new Set(given.desired),
    unknownLayers: new Set(given.unknownLayers),
  };
  return planPrune(input);
}

describe('the plan of what to remove', () => {
  it('names exactly what is ours, unprotected, and no longer desired', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const expected = given.shapes.filter(
          (shape) =>
            shape.set === applySet &&
            shape.manager === 'palette-agent' &&
            shape.operation === 'Apply' &&
            !shape.protectedFromPrune &&
            !given.desired.includes(objectKey(refOf(member(shape)))) &&
            !given.unknownLayers.includes(shape.layer),
        );
        const names = (list: readonly { readonly kind: string; readonly name: string }[]): string[] =>
          list.map(({ kind, name }) => `${kind}/${name}`).sort();
        expect(
          names(
            planned(given)
              .flat()
              .map(({ ref }) => ref),
          ),
        ).toEqual(names(expected));
      }),
    );
  });

  it('goes from the last wave to the first, and within a wave from the last kind to the first', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const ranks = new Map(given.shapes.map((shape) => [`uid-${shape.kind}-${shape.name}`, shape.rank]));
        const order = planned(given).map((group) => {
          const pairs = new Set(group.map(({ uid, ref }) => `${ranks.get(uid)}/${kindRank(ref.kind)}`));
          expect(pairs.size).toBe(1);
          const [first] = group;
          return [ranks.get(first?.uid ?? '') ?? 0, kindRank(first?.ref.kind ?? '')] as const;
        });
        const sorted = order.toSorted((left, right) => right[0] - left[0] || right[1] - left[1]);
        expect(order).toEqual(sorted);
      }),
    );
  });

  it('is empty for what was just planned and removed', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const gone = new Set(
          planned(given)
            .flat()
            .map(({ uid }) => uid),
        );
        const left = given.shapes.filter((shape) => !gone.has(`uid-${shape.kind}-${shape.name}`));
        expect(planned({ ...given, shapes: left })).toEqual([]);
      }),
    );
  });
});
