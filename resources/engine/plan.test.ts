import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';

import { UNKNOWN, isWhollyKnown, type CtyObject, type CtyValue } from './cty.ts';
import { meansTheSameObject } from './equality.ts';
import { computed, optionalComputed, tf } from './index.ts';
import { objectModel } from './model.ts';
import { formatPath } from './path.ts';
import { planObject } from './plan.ts';
import { requiresReplace } from './requires-replace.ts';
import { refresh, settle } from './settle.ts';

/** A definition's schema with every kind of attribute and block that there is. */
const model = objectModel(
  z.object({
    id: optionalComputed(z.string()),
    name: tf(z.string(), { forceNew: true }),
    description: z.string().optional(),
    context: z.string().default('project'),
    keep: z.boolean().default(false),
    size: z.number().optional(),
    values: tf(z.string().optional(), { equality: 'trimSpace' }),
    tags: tf(z.array(z.string()).optional(), { set: true }),
    labels: z.record(z.string(), z.string()).optional(),
    token: computed(z.string()),
    pack: tf(
      z
        .array(
          z.object({
            name: z.string(),
            tag: z.string().optional(),
            type: z.string().default('spectro'),
            uid: optionalComputed(z.string(), { changesWith: ['tag'] }),
            manifest: z
              .array(
                z.object({
                  name: z.string(),
                  content: tf(z.string(), { equality: 'trimSpace' }),
                  uid: computed(z.string()),
                }),
              )
              .optional(),
          }),
        )
        .optional(),
      { identifiedBy: 'name' },
    ),
    profile: tf(
      z
        .array(
          z.object({
            id: z.string(),
            variables: z.record(z.string(), z.string()).optional(),
            serial: computed(z.string()),
          }),
        )
        .optional(),
      {
        set: true,
        identifiedBy: 'id',
      },
    ),
    place: z
      .array(z.object({ region: tf(z.string(), { forceNew: true }), zone: z.string().optional() }))
      .max(1)
      .optional(),
    timeouts: z.object({ create: z.string().optional() }).optional(),
  }),
  'test',
);

const nothing: CtyObject = {
  id: null,
  name: 'web',
  description: null,
  context: null,
  keep: null,
  size: null,
  values: null,
  tags: null,
  labels: null,
  token: null,
  pack: [],
  profile: [],
  place: [],
  timeouts: null,
};
const pack = (fields: CtyObject): CtyObject => ({
  name: 'k8s',
  tag: null,
  type: null,
  uid: null,
  manifest: [],
  ...fields,
});

/** What an operation returns that does as it was asked and makes up the rest. */
function applied(planned: CtyObject): CtyObject {
  let next = 0;
  const fill = (value: CtyValue): CtyValue => {
    if (value === UNKNOWN) return `made-${next++}`;
    if (Array.isArray(value)) return value.map(fill);
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, fill(part as CtyValue)]))
      : value; // as: test values have no other objects
  };
  const returned = fill(planned) as CtyObject; // as: an object stays one
  return settle(model, planned, returned);
}

const created = (config: CtyObject): CtyObject => applied(planObject(model, undefined, config));

describe('the plan of something new', () => {
  const planned = planObject(model, undefined, { ...nothing, pack: [pack({ tag: '1.0' })] });

  it('has the defaults, at every depth', () => {
    expect(planned).toMatchObject({ context: 'project', keep: false, pack: [{ type: 'spectro' }] });
  });

  it('leaves open what the provider finds out, at every depth', () => {
    expect([planned['id'], planned['token'], (planned['pack'] as CtyObject[])[0]?.['uid']]).toEqual([
      UNKNOWN,
      UNKNOWN,
      UNKNOWN,
    ]);
  });

  it('keeps what is configured but not known', () => {
    expect(planObject(model, undefined, { ...nothing, description: UNKNOWN, pack: UNKNOWN })).toMatchObject({
      description: UNKNOWN,
      pack: UNKNOWN,
    });
  });
});

describe('the plan of a change', () => {
  const config: CtyObject = {
    ...nothing,
    values: 'a: 1\n',
    tags: ['x', 'y'],
    pack: [pack({ tag: '1.0' }), pack({ name: 'cni', tag: '2.0' })],
  };
  const state = created(config);

  it.each<{ name: string; prior?: CtyObject; config: CtyObject }>([
    { name: 'the same again', config },
    { name: 'white space around a value', config: { ...config, values: '\n a: 1 ' } },
    { name: 'a set in another order', config: { ...config, tags: ['y', 'x'] } },
    { name: 'an empty text where there was nothing', config: { ...config, description: '' } },
    { name: 'nothing where there was an empty text', prior: { ...state, description: '' }, config },
    { name: 'nothing where there was a zero', prior: { ...state, size: 0 }, config },
    { name: 'an empty map where there was nothing', config: { ...config, labels: {} } },
    { name: 'the default written out', config: { ...config, context: 'project' } },
  ])('is none for $name', ({ prior = state, config: next }) => {
    expect(meansTheSameObject(model, prior, planObject(model, prior, next))).toBe(true);
  });

  it.each<{ name: string; config: CtyObject; want: object }>([
    { name: 'takes a new value', config: { ...config, description: 'shop' }, want: { description: 'shop' } },
    { name: 'empties what is no longer configured', config: { ...config, values: null }, want: { values: null } },
    { name: 'goes back to the default', config: { ...config, context: null }, want: { context: 'project' } },
    { name: 'sets a number to zero', config: { ...config, size: 0 }, want: { size: 0 } },
    {
      name: 'keeps what was computed',
      config: { ...config, description: 'shop' },
      want: { id: state['id'], token: state['token'] },
    },
    {
      name: 'leaves open what changes with a key that changes',
      config: { ...config, pack: [pack({ tag: '1.1' }), pack({ name: 'cni', tag: '2.0' })] },
      want: { pack: [{ uid: UNKNOWN }, { uid: (state['pack'] as CtyObject[])[1]?.['uid'] }] },
    },
    {
      name: 'keeps computed values with their element when one is put before it',
      config: { ...config, pack: [pack({ name: 'os' }), ...(config['pack'] as CtyObject[])] },
      want: {
        pack: [
          { uid: UNKNOWN },
          { uid: (state['pack'] as CtyObject[])[0]?.['uid'] },
          { uid: (state['pack'] as CtyObject[])[1]?.['uid'] },
        ],
      },
    },
  ])('$name', ({ config: next, want }) => {
    expect(planObject(model, state, next)).toMatchObject(want);
  });
});

describe('what needs a new resource', () => {
  const config: CtyObject = { ...nothing, place: [{ region: 'a', zone: null }] };
  const state = created(config);

  it.each<{ name: string; config: CtyObject; want: string[] }>([
    { name: 'nothing, for a change in place', config: { ...config, description: 'x' }, want: [] },
    { name: 'an attribute', config: { ...config, name: 'api' }, want: ['name'] },
    { name: 'an attribute that is not known yet', config: { ...config, name: UNKNOWN }, want: ['name'] },
    {
      name: 'an attribute within a block',
      config: { ...config, place: [{ region: 'b', zone: null }] },
      want: ['place[0].region'],
    },
    {
      name: 'nothing, for another attribute of that block',
      config: { ...config, place: [{ region: 'a', zone: 'z' }] },
      want: [],
    },
    { name: 'the block, when it goes', config: { ...config, place: [] }, want: ['place'] },
  ])('is $name', ({ config: next, want }) => {
    expect(requiresReplace(model, state, planObject(model, state, next)).map(formatPath)).toEqual(want);
  });
});

describe('laws', () => {
  const text = fc.stringMatching(/^[a-c ]{0,3}$/);
  const maybe = (value: fc.Arbitrary<CtyValue>): fc.Arbitrary<CtyValue> => fc.option(value, { nil: null });
  const blocks = (element: fc.Arbitrary<CtyObject>, max = 3): fc.Arbitrary<CtyValue> =>
    fc.array(element, { maxLength: max });
  const config: fc.Arbitrary<CtyObject> = fc.record<CtyObject>({
    id: fc.constant(null),
    name: text,
    description: maybe(text),
    context: maybe(fc.constantFrom('project', 'tenant')),
    keep: maybe(fc.boolean()),
    size: maybe(fc.integer({ min: 0, max: 2 })),
    values: maybe(text),
    tags: maybe(fc.uniqueArray(text, { maxLength: 3 })),
    labels: maybe(fc.dictionary(text, text, { maxKeys: 2, noNullPrototype: true })),
    token: fc.constant(null),
    pack: blocks(
      fc.record<CtyObject>({
        name: text,
        tag: maybe(text),
        type: maybe(text),
        uid: maybe(text),
        manifest: blocks(fc.record<CtyObject>({ name: text, content: text, uid: fc.constant(null) }), 2),
      }),
    ),
    profile: fc.uniqueArray(
      fc.record<CtyObject>({
        id: text,
        variables: maybe(fc.dictionary(text, text, { maxKeys: 2, noNullPrototype: true })),
        serial: fc.constant(null),
      }),
      {
        maxLength: 3,
        selector: (element) => element['id'],
      },
    ),
    place: blocks(fc.record<CtyObject>({ region: text, zone: maybe(text) }), 1),
    timeouts: maybe(fc.record<CtyObject>({ create: maybe(fc.constant('1m')) })),
  });

  it('nothing is left to do after an apply', () => {
    fc.assert(
      fc.property(config, (wanted) => {
        const state = created(wanted);
        expect(isWhollyKnown(state)).toBe(true);
        expect(planObject(model, state, wanted)).toEqual(state);
      }),
    );
  });

  it('nothing is left to do after a change, whatever was there before', () => {
    fc.assert(
      fc.property(config, config, (before, after) => {
        const state = applied(planObject(model, created(before), after));
        expect(planObject(model, state, after)).toEqual(state);
      }),
    );
  });

  it('reading what is there changes nothing', () => {
    fc.assert(
      fc.property(config, (wanted) => {
        const state = created(wanted);
        expect(refresh(model, state, structuredClone(state))).toEqual(state);
      }),
    );
  });

  it('what is configured and known is planned as it is, or as what means the same', () => {
    fc.assert(
      fc.property(config, config, (before, after) => {
        fc.pre(before['size'] !== 0); // a zero stays when it is no longer configured
        const planned = planObject(model, created(before), after);
        const again = planObject(model, undefined, after);
        // Apart from what is computed, the past does not matter.
        const settled = settle(model, planned, {});
        expect(meansTheSameObject(model, settled, settle(model, again, settled))).toBe(true);
      }),
    );
  });
});

describe('what another key says as well', () => {
  const said = objectModel(
    z.object({
      uid: optionalComputed(z.string(), { changesWith: ['tag'] }),
      tag: tf(z.string().optional(), { saidBy: 'uid' }),
    }),
    'test',
  );
  it.each<{ name: string; config: CtyObject; want: CtyObject }>([
    {
      name: 'stays where it is left out and the other is what it was, as after an import',
      config: { uid: 'a', tag: null },
      want: { uid: 'a', tag: '1.0' },
    },
    { name: 'goes with the other', config: { uid: 'b', tag: null }, want: { uid: 'b', tag: null } },
    {
      name: 'goes where the other is not known',
      config: { uid: UNKNOWN, tag: null },
      want: { uid: UNKNOWN, tag: null },
    },
    {
      name: 'goes where the other is left out too',
      config: { uid: null, tag: null },
      want: { uid: UNKNOWN, tag: null },
    },
    { name: 'counts where it is given', config: { uid: 'a', tag: '2.0' }, want: { uid: 'a', tag: '2.0' } },
  ])('$name', ({ config, want }) => {
    expect(planObject(said, { uid: 'a', tag: '1.0' }, config)).toEqual(want);
  });
});
