import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { parseYaml, parseYamlStream } from './yaml.ts';

describe('YAML as Kubernetes reads it', () => {
  it.each([
    { text: 'a: 0644\nb: 0o644\nc: -0o7', want: { a: 420, b: 420, c: -7 } },
    { text: 'a: yes\nb: off', want: { a: true, b: false } },
    { text: 'a: 12:30:45\nb: 2024-01-01', want: { a: '12:30:45', b: '2024-01-01' } },
    { text: 'a: &x {b: 1}\nc:\n  <<: *x\n  d: 2', want: { a: { b: 1 }, c: { b: 1, d: 2 } } },
    { text: 'a: 1\na: 2', want: { a: 2 } },
    { text: 'a: !!binary aGk=', want: { a: 'aGk=' } },
    { text: 'a: .inf', want: { a: null } },
    { text: 'on: 1\n2: b', want: { true: 1, 2: 'b' } },
    { text: '', want: null },
    { text: '# only a comment', want: null },
    { text: '__proto__: {x: 1}', want: JSON.parse('{"__proto__": {"x": 1}}') as unknown },
  ])('reads $text', ({ text, want }) => {
    expect(parseYaml(text)).toMatchObject({ value: want, problems: [] });
  });
  it.each([
    { text: 'a: b: c', line: 1 },
    { text: 'a: 1\n\tb: 2', line: 2 },
    { text: 'a: [1, 2', line: 1 },
    { text: 'a: 1\nb: "x', line: 2 },
    { text: 'a: *none', line: 1 },
  ])('says in which line $text is broken', ({ text, line }) => {
    const { value, problems } = parseYaml(text);
    expect(value).toBeUndefined();
    expect(problems[0]).toMatchObject({ line });
  });
  it('refuses an alias bomb at once', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 12; level++)
      lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')}]`);
    const started = performance.now();
    expect(parseYaml(lines.join('\n')).problems[0]?.message).toMatch(/alias/i);
    expect(performance.now() - started).toBeLessThan(1000);
  });
  it('survives nesting that is deeper than the stack', () => {
    expect(parseYaml('['.repeat(20_000)).problems).not.toHaveLength(0);
    expect(parseYamlStream('['.repeat(20_000)).problems).not.toHaveLength(0);
  });
  it('takes many keys in linear time', () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n');
    const started = performance.now();
    expect(parseYaml(text).duplicateKeys()).toEqual([]);
    expect(performance.now() - started).toBeLessThan(5000);
  });
  it('finds places and keys that occur twice', () => {
    const parsed = parseYaml('a:\n  b.c:\n    - x\n    - y: 1\na: {b.c: [0, {y: 1}]}\n');
    expect(parsed.locate(['a', 'b.c'])).toEqual({ line: 2, column: 3 });
    expect(parsed.locate(['a', 'none'])).toEqual({ line: 1, column: 1 });
    expect(parsed.duplicateKeys()).toEqual([
      { message: 'the key "a" occurs twice; the last one counts', line: 5, column: 1 },
    ]);
  });
  it('splits a stream, leaves empty documents out, keeps comments', () => {
    const { documents } = parseYamlStream('---\n# Source: x/y.yaml\na: 1\n---\n---\n# nothing\n---\nb: 2\n');
    expect(documents).toEqual([
      { value: { a: 1 }, line: 3, comment: ' Source: x/y.yaml' },
      { value: { b: 2 }, line: 8, comment: '' },
    ]);
  });
  it('never throws, on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab01:-[]{}&*!|>%@`"\'#,? \n\t<=~\\') }), (text) => {
        parseYaml(text).locate(['a', 0]);
        parseYaml(text).duplicateKeys();
        parseYamlStream(text);
        expect(true).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
