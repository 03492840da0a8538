import { describe, expect, it } from '@jest/globals';

import { textOf } from '../files.ts';
import { localSchema } from './local-schema.ts';

const schemaOf = (value: unknown): unknown =>
  JSON.parse(textOf(localSchema(new TextEncoder().encode(JSON.stringify(value)))));

describe("a chart's schema", () => {
  it('loses references to what is outside of it, and nothing else', () => {
    expect(
      schemaOf({
        $schema: 'http://json-schema.org/draft-07/schema#',
        definitions: { a: { type: 'string' }, b: { $id: 'https://x.io/b', type: 'number' } },
        properties: {
          inside: { $ref: '#/definitions/a' },
          known: { $ref: 'https://x.io/b' },
          web: { $ref: 'https://raw.example.com/schema.json#/x', description: 'kept' },
          file: { items: [{ $ref: 'file:///etc/passwd' }] },
          relative: { $ref: 'other.json' },
          named: { type: 'object', properties: { $ref: { type: 'string' } } },
        },
      }),
    ).toEqual({
      $schema: 'http://json-schema.org/draft-07/schema#',
      definitions: { a: { type: 'string' }, b: { $id: 'https://x.io/b', type: 'number' } },
      properties: {
        inside: { $ref: '#/definitions/a' },
        known: { $ref: '#/definitions/b' },
        web: { description: 'kept' },
        file: { items: [{}] },
        relative: {},
        named: { type: 'object', properties: { $ref: { type: 'string' } } },
      },
    });
  });
  it('of an unknown draft is read by the usual one', () => {
    expect(schemaOf({ $schema: 'https://internal/metaschema', type: 'object' })).toEqual({ type: 'object' });
  });
  it('stays byte for byte when there is nothing to take out', () => {
    const bytes = new TextEncoder().encode('{ "properties": {"a": {"$ref": "#/x"}} }');
    expect(localSchema(bytes)).toBe(bytes);
  });
  it.each([
    { name: 'written with an escape', text: '{"\\u0024ref": "http://127.0.0.1/x"}' },
    {
      name: 'to an id that stands in an example',
      text: '{"const": {"$id": "http://127.0.0.1/x"}, "$ref": "http://127.0.0.1/x"}',
    },
    { name: 'before something that no JSON has', text: '{"$ref": "http://127.0.0.1/x"} x' },
    {
      name: 'below an id that gives it another meaning',
      text: '{"definitions": {"b": {"$id": "b.json"}, "c": {"$id": "http://127.0.0.1/dir/", "items": {"$ref": "b.json"}}}}',
    },
  ])('has no reference $name', ({ text }) => {
    expect(textOf(localSchema(new TextEncoder().encode(text)))).not.toMatch(/ref": *"[^#]/);
  });
  it('may be as wide as it likes', () => {
    const wide = JSON.stringify({ enum: Array.from({ length: 300_000 }, (_, index) => index), $ref: 'https://x.io' });
    expect(() => localSchema(new TextEncoder().encode(wide))).not.toThrow();
  });
  it('may nest as deep as it likes', () => {
    const deep = `${'{"items":'.repeat(50_000)}{"$ref":"https://x.io"}${'}'.repeat(50_000)}`;
    expect(() => localSchema(new TextEncoder().encode(deep))).not.toThrow();
  });
});
