import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { CtyObject } from '#resources/engine/cty';
import { modelOf } from '#resources/engine/model';
import { fromTyped } from '#resources/engine/state-conversion';

import { decide } from './decide.ts';
import { createGadgets } from './testing/gadget.ts';

const { definition } = createGadgets();
const model = modelOf(definition);
const cty = (typed: object): CtyObject => fromTyped(model, { ...typed });

const config = { name: 'g', mode: 'plain', kind: 'a', size: 1, door: [{ name: 'front', color: 'red' }] };
const state = { ...config, id: 'g-1', zone: 'z', state: 'idle' };

describe('decide', () => {
  it.each([
    { name: 'nothing when it is as asked for', observed: state, want: { kind: 'upToDate' } },
    {
      name: 'nothing when what is fixed is not mentioned',
      given: { name: 'g', mode: 'plain', door: config.door },
      observed: state,
      want: { kind: 'upToDate' },
    },
    {
      name: 'an update, asked for, when the spec changed',
      given: { ...config, mode: 'fancy' },
      observed: state,
      want: { kind: 'update', changed: ['spec.forProvider.mode'], drifted: [] },
    },
    {
      name: 'an update of drift when somebody else changed it',
      observed: { ...state, mode: 'other' },
      want: { kind: 'update', changed: ['spec.forProvider.mode'], drifted: ['spec.forProvider.mode'] },
    },
    {
      name: 'both, told apart',
      given: { ...config, name: 'h' },
      observed: { ...state, mode: 'other' },
      want: {
        kind: 'update',
        changed: ['spec.forProvider.name', 'spec.forProvider.mode'],
        drifted: ['spec.forProvider.mode'],
      },
    },
    {
      name: 'an update at the place in a list',
      observed: { ...state, door: [{ name: 'front', color: 'blue' }] },
      want: {
        kind: 'update',
        changed: ['spec.forProvider.door[0].color'],
        drifted: ['spec.forProvider.door[0].color'],
      },
    },
    {
      name: 'an update of a list whose length differs',
      observed: { ...state, door: [] },
      want: { kind: 'update', changed: ['spec.forProvider.door'], drifted: ['spec.forProvider.door'] },
    },
    {
      name: 'no drift when it was not seen before',
      settled: undefined,
      observed: { ...state, mode: 'other' },
      want: { kind: 'update', changed: ['spec.forProvider.mode'], drifted: [] },
    },
    {
      name: 'to refuse what would need a new object',
      given: { ...config, kind: 'b' },
      observed: state,
      want: { kind: 'replace', paths: ['spec.forProvider.kind'] },
    },
    {
      name: 'to refuse what is fixed',
      given: { ...config, size: 2 },
      observed: state,
      want: { kind: 'replace', paths: ['spec.forProvider.size'] },
    },
    {
      name: 'an update when only secrets are new',
      observed: state,
      secretsChanged: true,
      want: { kind: 'update', changed: [], drifted: [] },
    },
  ])('decides $name', ({ given = config, observed, secretsChanged = false, want, ...rest }) => {
    const settled = 'settled' in rest ? undefined : cty(state);
    expect(decide(definition, { settled, observed: cty(observed), config: cty(given), secretsChanged })).toMatchObject(
      want,
    );
  });

  it('finds nothing more to do once what it planned is there', () => {
    const text = fc.constantFrom('a', 'b', '');
    const doors = fc.array(fc.record({ name: text, color: fc.option(text, { nil: undefined }) }), { maxLength: 3 });
    const part = { name: text, mode: text, hidden: fc.option(text, { nil: undefined }), door: doors };
    fc.assert(
      fc.property(fc.record(part), fc.record(part), (asked, found) => {
        const observed = cty({ ...found, id: 'g-1', zone: 'z', state: 'idle' });
        const situation = { settled: undefined, config: cty(asked), secretsChanged: false };
        const decision = decide(definition, { ...situation, observed });
        if (decision.kind === 'update')
          expect(decide(definition, { ...situation, observed: decision.planned })).toEqual({ kind: 'upToDate' });
        else expect(decision.kind).toBe('upToDate');
      }),
    );
  });
});
