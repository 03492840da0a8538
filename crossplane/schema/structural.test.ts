import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';

import { structuralSchema, withHints } from './structural.ts';

describe('the structural schema of a zod type', () => {
  it.each([
    {
      name: 'has what strings are checked for',
      given: z
        .string()
        .min(1)
        .max(63)
        .regex(/^[a-z]+$/)
        .describe('A name.'),
      want: { type: 'string', description: 'A name.', minLength: 1, maxLength: 63, pattern: '^[a-z]+$' },
    },
    {
      name: 'has flags of a pattern in the way of Go',
      given: z.string().regex(/^abc$/i),
      want: { type: 'string', pattern: '(?i)^abc$' },
    },
    {
      name: 'tells whole numbers from others',
      given: z.object({ a: z.int().min(1).max(5), b: z.number().positive() }),
      want: {
        type: 'object',
        required: ['a', 'b'],
        properties: {
          a: { type: 'integer', format: 'int64', minimum: 1, maximum: 5 },
          b: { type: 'number', minimum: 0, exclusiveMinimum: true },
        },
      },
    },
    {
      name: 'requires what is neither optional nor has a default',
      given: z.object({ a: z.string(), b: z.string().optional(), c: z.enum(['x', 'y']).default('x').describe('C.') }),
      want: {
        type: 'object',
        required: ['a'],
        properties: {
          a: { type: 'string' },
          b: { type: 'string' },
          c: { type: 'string', description: 'C.', enum: ['x', 'y'], default: 'x' },
        },
      },
    },
    {
      name: 'has what lists and maps hold',
      given: z.object({
        list: withHints(z.array(z.object({ name: z.string() })).min(1), { listType: 'map', listMapKeys: ['name'] }),
        map: z.record(z.string(), z.boolean()).optional(),
        any: z.record(z.string(), z.unknown()).optional(),
      }),
      want: {
        type: 'object',
        required: ['list'],
        properties: {
          list: {
            type: 'array',
            minItems: 1,
            items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['name'],
          },
          map: { type: 'object', additionalProperties: { type: 'boolean' } },
          any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        },
      },
    },
    {
      name: 'keeps what a loose object does not name',
      given: z.looseObject({ a: z.string().optional() }),
      want: {
        type: 'object',
        properties: { a: { type: 'string' } },
        'x-kubernetes-preserve-unknown-fields': true,
      },
    },
    {
      name: 'makes one type of literals, and of integer or string',
      given: z.object({
        kind: z.union([z.literal('a'), z.literal('b')]),
        port: z.union([z.int(), z.string()]).optional(),
      }),
      want: {
        type: 'object',
        required: ['kind'],
        properties: { kind: { type: 'string', enum: ['a', 'b'] }, port: { 'x-kubernetes-int-or-string': true } },
      },
    },
    {
      name: 'takes hints, a description in front of them or after',
      given: withHints(z.object({ a: z.string().optional() }).describe('An object.'), {
        rules: [{ rule: 'has(self.a)', message: 'give a' }],
      }),
      want: {
        type: 'object',
        description: 'An object.',
        properties: { a: { type: 'string' } },
        'x-kubernetes-validations': [{ rule: 'has(self.a)', message: 'give a' }],
      },
    },
    {
      name: 'is that of what is written, not of what a program makes of it',
      given: z.string().transform(Number).optional(),
      want: { type: 'string' },
    },
  ])('$name', ({ given, want }) => {
    expect(structuralSchema(given)).toEqual(want);
  });

  it.each([
    { name: 'a union of different types', given: z.union([z.string(), z.boolean()]) },
    { name: 'a union of objects', given: z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]) },
    { name: 'a date', given: z.date() },
  ])('there is none of $name, and the error names the place', ({ given }) => {
    expect(() => structuralSchema(z.object({ at: z.array(given) }))).toThrow(
      /^schema\.at\[\]: .*structural counterpart/,
    );
  });
});
