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
        known: { $ref: 'https://x.io/b' },
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
    const broken = new TextEncoder().encode('{"$ref": "https://x');
    expect(localSchema(broken)).toBe(broken);
  });
  it('may nest as deep as it likes', () => {
    const deep = `${'{"items":'.repeat(50_000)}{"$ref":"https://x.io"}${'}'.repeat(50_000)}`;
    expect(() => localSchema(new TextEncoder().encode(deep))).not.toThrow();
  });
});
