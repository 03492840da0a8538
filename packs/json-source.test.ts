import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { parseJson } from './json-source.ts';
import { positionsOf } from './text-position.ts';

describe('JSON with places', () => {
  it('agrees with JSON.parse on everything that is JSON', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(undefined, 2), (text, indent) => {
        const value: unknown = JSON.parse(text);
        expect(parseJson(JSON.stringify(value, null, indent))).toMatchObject({ kind: 'parsed', value });
      }),
    );
  });
  it('agrees with JSON.parse on what is not JSON', () => {
    const soup = fc.string({ unit: fc.constantFrom(...'{}[]",:\\0123e-. \n\ttruefalsn') });
    fc.assert(
      fc.property(soup, (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(parseJson(text).kind).toBe(valid ? 'parsed' : 'broken');
      }),
      { numRuns: 2000 },
    );
  });
  it.each([
    {
      text: '{\n  "a": 1\n  "b": 2\n}',
      line: 3,
      column: 3,
      message: 'expected "," or "}" after the value of "a", found "\\""',
    },
    { text: '{\n  "a": [1, 2,]\n}', line: 2, column: 14, message: 'expected a value, found "]"' },
    { text: '{"a": 1,}', line: 1, column: 9, message: 'expected a key in double quotes, found "}"' },
    { text: '{"a" 1}', line: 1, column: 6, message: 'expected ":" after the key, found "1"' },
    {
      text: '{"a": "x\ny"}',
      line: 1,
      column: 7,
      message: 'this text does not end on its line, or holds a control character',
    },
    { text: '{"a": "\\x"}', line: 1, column: 7, message: 'this text has an escape that JSON does not know' },
    {
      text: '{"a": 1',
      line: 1,
      column: 8,
      message: 'expected "," or "}" after the value of "a", found the end of the file',
    },
    { text: '', line: 1, column: 1, message: 'expected a value, found the end of the file' },
    { text: '{} x', line: 1, column: 4, message: 'expected the end of the file, found "x"' },
    { text: '[1 2]', line: 1, column: 4, message: 'expected "," or "]" in the list, found "2"' },
    { text: '['.repeat(200), line: 1, column: 66, message: 'nested more than 64 deep' },
  ])('says where $text is broken', ({ text, line, column, message }) => {
    const parsed = parseJson(text);
    expect(parsed).toMatchObject({ kind: 'broken', message });
    expect(positionsOf(text)(parsed.kind === 'broken' ? parsed.offset : -1)).toEqual({ line, column });
  });
  it('finds keys, items, and keys that occur twice', () => {
    const text = '{\n  "a": {"b": [1, 2]},\n  "a": {"b": [1, 2]}\n}';
    const parsed = parseJson(text);
    if (parsed.kind !== 'parsed') throw new Error(parsed.message);
    const place = positionsOf(text);
    expect(place(parsed.offsetOf(['a', 'b', 1]))).toEqual({ line: 3, column: 18 });
    expect(place(parsed.offsetOf(['a', 'c']))).toEqual({ line: 3, column: 3 });
    expect(parsed.duplicates.map(({ key, offset }) => [key, place(offset).line])).toEqual([['a', 3]]);
  });
  it('reads a text of any length', () => {
    const long = 'x'.repeat(12_000_000);
    expect(parseJson(`{"a": "${long}\\n"}`)).toMatchObject({ kind: 'parsed', value: { a: `${long}\n` } });
    expect(parseJson(`{"a": "${long}`)).toMatchObject({ kind: 'broken', offset: 6 });
  });
  it('keeps __proto__ a key', () => {
    const parsed = parseJson('{"__proto__": {"x": 1}}');
    expect(parsed.kind === 'parsed' && Object.keys(parsed.value as object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});
