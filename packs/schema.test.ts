import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { parseSchemaExpression } from './schema.ts';

describe('schema expressions', () => {
  it.each([
    { source: '{{ readonly }}', want: { required: false, readonly: true, format: '', hints: [] } },
    {
      source: '{{ required | format "${string}" | hints "a | b" "c"}}',
      want: { required: true, readonly: false, format: '${string}', hints: ['a | b', 'c'] },
    },
    {
      source: '{{ format "${list:[a,b]}" }}',
      want: { required: false, readonly: false, format: '${list:[a,b]}', hints: [] },
    },
    {
      source: '{{ format "${ipv4} - ${ipv4}" }}',
      want: { required: false, readonly: false, format: '${ipv4} - ${ipv4}', hints: [] },
    },
    {
      source: '{{ format "${input:/^[a-z]{3}\\d$/}" }}',
      want: { required: false, readonly: false, format: '${input:/^[a-z]{3}\\d$/}', hints: [] },
    },
  ])('reads $source', ({ source, want }) => {
    expect(parseSchemaExpression(source)).toEqual({ kind: 'parsed', field: want, unknownTypes: [] });
  });
  it.each([
    { name: 'a text that never closes', source: `{{ format "${'\\"'.repeat(100_000)} }}` },
    { name: 'quotes without number', source: `{{ ${'"|'.repeat(100_000)} }}` },
  ])('tells fast of $name', ({ source }) => {
    const started = performance.now();
    expect(parseSchemaExpression(source).kind).toBe('invalid');
    expect(performance.now() - started).toBeLessThan(2_000);
  });
  it('names types it does not know', () => {
    expect(parseSchemaExpression('{{ format "${color} ${number}" }}')).toMatchObject({ unknownTypes: ['color'] });
  });
  it.each([
    { source: 'required', message: /double braces/ },
    { source: '{{ mandatory }}', message: /expected required, readonly, format or hints, found mandatory/ },
    { source: '{{ required | }}', message: /found nothing/ },
    { source: '{{ format }}', message: /format takes one text/ },
    { source: '{{ format "a" "b" }}', message: /format takes one text/ },
    { source: '{{ format string }}', message: /expected texts in double quotes after format/ },
    { source: '{{ hints }}', message: /hints takes texts/ },
    { source: '{{ format "${string" }}', message: /does not close/ },
    { source: '{{ hints "a }}', message: /expected texts in double quotes/ },
  ])('refuses $source', ({ source, message }) => {
    expect(parseSchemaExpression(source)).toMatchObject({ kind: 'invalid', message: expect.stringMatching(message) });
  });
  it('never throws, and never takes long', () => {
    const soup = fc
      .array(fc.constantFrom('{{', '}}', '|', '"', '\\', '${', '}', 'format', 'required', 'hints', ' ', 'a'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(soup, (source) => {
        expect(['parsed', 'invalid']).toContain(parseSchemaExpression(source).kind);
      }),
    );
    const started = performance.now();
    parseSchemaExpression(`{{ ${'"a" | '.repeat(5000)}" }}`);
    parseSchemaExpression(`{{ ${'"'.repeat(9999)} }}`);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
