import { describe, expect, it } from '@jest/globals';

import { readSources } from './source.ts';

const read = (text: string): ReturnType<typeof readSources> => readSources([{ file: 'a.yaml', text }]);

describe('readSources', () => {
  it('knows the line of every field, and of what is not written the line of its parent', () => {
    const [first, second] = read(
      'kind: A\nmetadata:\n  name: x\n  namespace: ns\nspec:\n  pack:\n    - name: p\n      tag: t\n---\n# comment\nkind: B\n',
    ).objects;
    const line = (path: readonly (string | number)[]): number | undefined => first?.finding('lost', path, '').line;
    expect(line([])).toBe(1);
    expect(line(['spec', 'pack'])).toBe(6);
    expect(line(['spec', 'pack', 0])).toBe(7);
    expect(line(['spec', 'pack', 0, 'tag'])).toBe(8);
    expect(line(['spec', 'pack', 0, 'nowhere', 'at', 'all'])).toBe(7);
    expect(second?.finding('lost', [], '')).toMatchObject({ document: 2, line: 11, object: 'B' });
    expect(first?.title).toBe('A ns/x');
  });

  it('unfolds lists, also JSON ones', () => {
    const list = JSON.stringify({ kind: 'List', items: [{ kind: 'A' }, { kind: 'BList', items: [{ kind: 'B' }] }] });
    const { objects } = read(list);
    expect(objects.map(({ value }) => value['kind'])).toEqual(['A', 'B']);
  });

  it('places findings in the items of a list', () => {
    const { objects } = read('kind: List\nitems:\n  - kind: A\n  - kind: B\n    spec:\n      x: 1\n');
    expect(objects[1]?.finding('lost', ['spec', 'x'], '')).toMatchObject({ line: 6, path: 'spec.x' });
  });

  it('reads words as kubectl does, and leaves dates and times texts', () => {
    const { objects } = read(
      'kind: A\nspec: {a: yes, b: n, c: "on", d: 2031-12-31, e: 12:30, f: Off, g: true, h: 1.0}\n',
    );
    expect(objects[0]?.value['spec']).toEqual({
      a: true,
      b: false,
      c: 'on',
      d: '2031-12-31',
      e: '12:30',
      f: false,
      g: true,
      h: 1,
    });
  });

  it('follows anchors as kubectl does', () => {
    const { objects } = read('kind: A\nx: &x {a: 1}\nspec: *x\n');
    expect(objects[0]?.value).toMatchObject({ spec: { a: 1 } });
    expect(objects[0]?.finding('lost', ['spec', 'a'], '').line).toBe(3);
  });

  it.each([
    {
      name: 'text that is no YAML',
      text: 'kind: A\nspec: [',
      want: { line: 2, document: 1, message: expect.stringMatching(/end with a \]$/) },
    },
    {
      name: 'a text in the place of an object',
      text: '---\nhello\n',
      want: { line: 2, message: 'is not a Kubernetes object' },
    },
    {
      name: 'aliases without end',
      text: `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
        .split('')
        .map((key, index) => `${key}: &${key} [${Array(10).fill(`*${'abcdefg'[index]}`).join(',')}]`)
        .join('\n')}\nkind: A\n`,
      want: { document: 1, level: 'lost' },
    },
  ])('tells of $name and goes on', ({ text, want }) => {
    const { objects, findings } = readSources([
      { file: 'bad.yaml', text },
      { file: 'good.yaml', text: 'kind: A' },
    ]);
    expect(findings).toEqual([expect.objectContaining({ file: 'bad.yaml', level: 'lost', ...want })]);
    expect(objects.map(({ title }) => title)).toEqual(['A']);
  });

  it('takes nothing from empty documents', () => {
    expect(read('---\n---\n# nothing\n')).toEqual({ objects: [], findings: [] });
    expect(read('')).toEqual({ objects: [], findings: [] });
  });
});
