import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { indentQuoted } from './yaml-quotes.ts';
import { parseYaml, parseYamlStream } from './yaml.ts';

describe('quoted scalars whose lines stand too far out', () => {
  it.each([
    { name: 'double quotes', text: 'a:\n    b: "x\n  y"\nc: 1\n', want: { a: { b: 'x y' }, c: 1 } },
    { name: 'single quotes', text: "a:\n    b: 'it''s\n  y'\nc: 1\n", want: { a: { b: "it's y" }, c: 1 } },
    { name: 'several of them', text: 'a:\n  - b: "x\ny"\n    c: \'p\nq\'\n', want: { a: [{ b: 'x y', c: 'p q' }] } },
    { name: 'empty lines in them', text: 'a:\n  b: "x\n\n y"\n', want: { a: { b: 'x\ny' } } },
    { name: 'a quote behind a backslash', text: 'a:\n  b: "x \\"\n y\\\\"\n', want: { a: { b: 'x " y\\' } } },
    { name: 'what looks like keys in them', text: 'a:\n  b: "x\nc: d"\n', want: { a: { b: 'x c: d' } } },
  ])('are read as Go reads them: $name', ({ text, want }) => {
    expect(parseYaml(text)).toMatchObject({ value: want, problems: [] });
    expect(parseYamlStream(text).documents.map(({ value }) => value)).toEqual([want]);
  });
  it('leave the lines of all the rest where they are', () => {
    const { documents } = parseYamlStream('a:\n    b: "x\n  y"\n---\nc: 1\n');
    expect(documents.map(({ line }) => line)).toEqual([1, 5]);
  });
  it('that never close are told where they are', () => {
    expect(parseYaml('a: "x\nb: 1\n').problems).toMatchObject([
      { message: expect.stringContaining('Missing closing') },
    ]);
    expect(indentQuoted('a: "x\nb: 1\n')).toBeUndefined();
  });
  it('are the only thing that is touched', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', "'", '\\', '\n', ' ', 'a', ':', '-', '{', '#', '|') }),
        (text) => {
          const repaired = indentQuoted(text);
          // Blanks at the beginnings of lines are all that is added.
          if (repaired !== undefined) expect(repaired.replace(/^ +/gm, '')).toBe(text.replace(/^ +/gm, ''));
        },
      ),
    );
  });
  it('cost no more than a bounded time', () => {
    const text = 'a:\n  b: "x\ny"\n'.repeat(2_000);
    const started = performance.now();
    indentQuoted(text);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('documents that are too long', () => {
  it('are refused before they are read', () => {
    const long = 'a: 1\n'.repeat(500_000);
    expect(parseYaml(long).problems).toEqual([
      { message: expect.stringContaining('at most 2097152'), line: 1, column: 1 },
    ]);
    expect(parseYamlStream(`b: 1\n---\n${long}`).problems).toMatchObject([{ line: 2 }]);
    const many = `# ${'x'.repeat(1000)}\na: 1\n---\n`.repeat(2200);
    expect(parseYamlStream(many).problems).toEqual([]);
  });
});
