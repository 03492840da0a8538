import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { UNKNOWN, bigDecimal, dynamicValue, type CtyType, type CtyValue } from '#resources/engine/cty';

import { conformToType, parseExactJson } from './json-codec.ts';
import { MsgpackError } from './msgpack-reader.ts';
import { decodeValue, encodeValue } from './value-codec.ts';

interface Typed {
  readonly type: CtyType;
  readonly value: CtyValue;
}

/** A type, and a way to make values of it, null and unknown ones among them. */
interface Maker {
  readonly type: CtyType;
  readonly values: fc.Arbitrary<CtyValue>;
}

const anywhere = (values: fc.Arbitrary<CtyValue>): fc.Arbitrary<CtyValue> =>
  fc.oneof(
    { weight: 8, arbitrary: values },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constant(UNKNOWN) },
  );

const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 200n }),
  fc.constant(bigDecimal('0.1000000000000000000000000000001')),
);

const leaf: fc.Arbitrary<Maker> = fc.constantFrom<Maker>(
  { type: 'string', values: anywhere(fc.string({ unit: 'binary' })) },
  { type: 'number', values: anywhere(number) },
  { type: 'bool', values: anywhere(fc.boolean()) },
  { type: 'dynamic', values: anywhere(fc.string().map((text) => dynamicValue('string', text))) },
);

const name = fc.oneof(fc.stringMatching(/^[a-z_]{1,8}$/), fc.constant('__proto__'), fc.constant('kind'));

const maker: fc.Arbitrary<Maker> = fc.letrec<{ any: Maker }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.tuple(fc.constantFrom('list' as const, 'set' as const), tie('any')).map(([kind, element]): Maker => ({
      type: [kind, element.type],
      values: anywhere(fc.array(element.values, { maxLength: 20 })),
    })),
    tie('any').map((element): Maker => ({
      type: ['map', element.type],
      values: anywhere(fc.dictionary(fc.string(), element.values)),
    })),
    fc.array(tie('any'), { maxLength: 3 }).map((elements): Maker => ({
      type: ['tuple', elements.map(({ type }) => type)],
      values: anywhere(fc.tuple(...elements.map(({ values }) => values))),
    })),
    fc.dictionary(name, tie('any'), { maxKeys: 4, noNullPrototype: true }).map((attributes): Maker => ({
      type: ['object', Object.fromEntries(Object.entries(attributes).map(([key, { type }]) => [key, type]))],
      values: anywhere(
        fc
          .tuple(...Object.entries(attributes).map(([key, { values }]) => values.map((value) => [key, value] as const)))
          .map((entries) => Object.fromEntries(entries)),
      ),
    })),
  ),
})).any;

const typed: fc.Arbitrary<Typed> = maker.chain(({ type, values }) => values.map((value) => ({ type, value })));

describe('the codec of values', () => {
  it('gives back every value it wrote, whatever its type', () => {
    fc.assert(
      fc.property(typed, ({ type, value }) => {
        expect(decodeValue(type, encodeValue(type, value))).toEqual(value);
      }),
      { numRuns: 1000 },
    );
  });

  it('fails on cut-off bytes rather than making a value up', () => {
    fc.assert(
      fc.property(typed, fc.nat(), ({ type, value }, cut) => {
        const bytes = encodeValue(type, value);
        const short = bytes.subarray(0, cut % bytes.length);
        expect(() => decodeValue(type, short)).toThrow();
      }),
    );
  });

  it.each([
    { name: 'an unknown value', bytes: [0xd4, 0, 0] },
    { name: 'an unknown value refined as "not null"', bytes: [0xc7, 3, 12, 0x81, 0x01, 0xc2] },
    { name: 'an unknown value with a long refinement', bytes: [0xc8, 0, 5, 12, 0x81, 0x02, 0xa2, 0x61, 0x62] },
  ])('reads $name as unknown', ({ bytes }) => {
    expect(decodeValue('string', Buffer.from(bytes))).toBe(UNKNOWN);
  });

  it.each([
    { name: 'a small number', text: '1', value: 1, head: 0x01 },
    { name: 'a large integer', text: '9007199254740993', value: 9007199254740993n, head: 0xd3 },
    {
      name: 'an integer beyond 64 bits',
      text: '123456789012345678901234567890',
      value: 123456789012345678901234567890n,
      head: 0xbe,
    },
    { name: 'a fraction', text: '1.5', value: 1.5, head: 0xcb },
  ])('keeps $name exactly, from stored JSON too', ({ text, value, head }) => {
    const bytes = encodeValue('number', value);
    expect([bytes[0], decodeValue('number', bytes), parseExactJson(`{"n":${text}}`)]).toEqual([
      head,
      value,
      { n: value },
    ]);
  });

  it('names the place of bytes that do not fit', () => {
    expect(() => decodeValue(['list', 'bool'], Buffer.from([0x91, 0xa0]))).toThrow(
      new MsgpackError('a boolean', 1, 0xa0),
    );
  });

  it('does not show a value in an error', () => {
    expect(() => encodeValue('number', 'hunter2')).toThrow('expected a number, got a value of type string');
  });
});

describe('stored states', () => {
  it('lose what the type does not have, and get null for what is missing', () => {
    const type: CtyType = ['object', { name: 'string', size: 'number', tags: ['set', 'string'] }];
    expect(conformToType(type, parseExactJson('{"name":"a","old":true,"tags":["x"]}'))).toEqual({
      name: 'a',
      size: null,
      tags: ['x'],
    });
  });

  it('keep digits inside texts as they are', () => {
    expect(parseExactJson('{"a":"1.50 and \\"2.50\\"","b":1.50}')).toEqual({
      a: '1.50 and "2.50"',
      b: bigDecimal('1.50'),
    });
  });
});
