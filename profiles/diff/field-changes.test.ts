import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { canonicalJson } from '#protocol/canonical';

import { fieldChanges } from './field-changes.ts';
import { MASKED, maskTexts } from './mask.ts';

describe('changes of fields', () => {
  it.each([
    { name: 'a value', before: { a: { b: 1 } }, after: { a: { b: 2 } }, want: [{ path: 'a.b', before: 1, after: 2 }] },
    { name: 'a field that is new', before: {}, after: { a: { b: 1 } }, want: [{ path: 'a', after: { b: 1 } }] },
    { name: 'a field that is gone', before: { a: null }, after: {}, want: [{ path: 'a', before: null }] },
    {
      name: 'a key with dots',
      before: { labels: { 'a/b.c': 'x' } },
      after: { labels: { 'a/b.c': 'y' } },
      want: [{ path: 'labels["a/b.c"]', before: 'x', after: 'y' }],
    },
    {
      name: 'a container by its name, although another one came first',
      before: { containers: [{ name: 'web', image: 'a' }] },
      after: { containers: [{ name: 'side' }, { name: 'web', image: 'b' }] },
      want: [
        { path: 'containers[name=web].image', before: 'a', after: 'b' },
        { path: 'containers[name=side]', after: { name: 'side' } },
      ],
    },
    {
      name: 'a port without a name by number and protocol',
      before: { ports: [{ containerPort: 80, protocol: 'TCP' }] },
      after: { ports: [{ containerPort: 80, hostPort: 8080 }] },
      want: [
        { path: 'ports[containerPort=80,protocol=TCP].hostPort', after: 8080 },
        { path: 'ports[containerPort=80,protocol=TCP].protocol', before: 'TCP' },
      ],
    },
    {
      name: 'the order of named items',
      before: { initContainers: [{ name: 'a' }, { name: 'b' }] },
      after: { initContainers: [{ name: 'b' }, { name: 'a' }] },
      want: [{ path: 'initContainers[order]', before: ['name=a', 'name=b'], after: ['name=b', 'name=a'] }],
    },
    {
      name: 'an argument that was put in between',
      before: { args: ['--a', '--c'] },
      after: { args: ['--a', '--b', '--c'] },
      want: [{ path: 'args[1]', after: '--b' }],
    },
    {
      name: 'a field of an item that nothing names',
      before: { rules: [{ verbs: ['get'] }, { verbs: ['list'] }] },
      after: { rules: [{ verbs: ['get', 'watch'] }, { verbs: ['list'] }] },
      want: [{ path: 'rules[0].verbs[1]', after: 'watch' }],
    },
  ])('say $name', ({ before, after, want }) => {
    expect(fieldChanges(before, after)).toEqual(want);
  });

  it('never show what a Secret holds, only which keys of it changed', () => {
    const secret = (data: object, annotations?: object) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', ...(annotations ? { annotations } : {}) },
      ...data,
    });
    const last = (text: string) => ({ 'kubectl.kubernetes.io/last-applied-configuration': text });
    const changes = [
      ...fieldChanges(
        secret({ data: { a: 'c2VjcmV0MQ==' } }),
        secret({ data: { a: 'c2VjcmV0Mg==', b: 'c2VjcmV0Mw==' } }),
      ),
      ...fieldChanges(secret({}), secret({ stringData: { a: 'secret4' } })),
      ...fieldChanges(secret({}, last('secret5')), secret({}, last('secret6'))),
      ...fieldChanges({ items: [] }, { items: [secret({ data: { a: 'c2VjcmV0Nw==' } }, last('secret8'))] }),
    ];
    expect(changes).toMatchObject([
      { path: 'data.a', before: MASKED, after: MASKED },
      { path: 'data.b', after: MASKED },
      { path: 'stringData', after: { a: MASKED } },
      {
        path: 'metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"]',
        before: MASKED,
        after: MASKED,
      },
      { path: 'items[0]', after: { data: { a: MASKED } } },
    ]);
    expect(JSON.stringify(changes)).not.toMatch(/secret\d|c2VjcmV0/);
  });

  it('hide sensitive texts in values, keys and paths, in base64 too', () => {
    const mask = maskTexts(['hunter2', '8443', '', 'sens']);
    expect(
      fieldChanges({ a: 'x' }, { a: 'user:hunter2@db', port: 8443, 'k-hunter2': 1, b: 'aHVudGVyMg==' }, { mask }),
    ).toEqual([
      { path: 'a', before: 'x', after: `user:${MASKED}@db` },
      { path: 'b', after: MASKED },
      { path: `k-${MASKED}`, after: 1 },
      { path: 'port', after: MASKED },
    ]);
  });

  it('hide a sensitive text without the blanks around it too', () => {
    expect(maskTexts(['hunter2\n'])({ url: 'postgres://u:hunter2@db', encoded: 'aHVudGVyMg==' })).toEqual({
      url: `postgres://u:${MASKED}@db`,
      encoded: MASKED,
    });
  });

  it('stop at the limit', () => {
    const many = (value: number) => Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`k${at}`, value]));
    expect(fieldChanges(many(1), many(2), { limit: 7 })).toHaveLength(7);
  });

  it('are none exactly when the values are equal', () => {
    const item = fc.record({ name: fc.constantFrom('a', 'b', 'c'), x: fc.nat(2) }, { requiredKeys: [] });
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, 1, 2, 'a', 'b', true),
        fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 5 }),
        fc.array(item, { maxLength: 4 }),
        fc.dictionary(fc.constantFrom('a', 'ports', 'data', 'containers', 'kind'), tie('value'), { maxKeys: 3 }),
        fc.array(tie('value'), { maxLength: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(tree, tree, (before, after) => {
        expect(fieldChanges(before, structuredClone(before))).toEqual([]);
        expect(fieldChanges(before, after).length === 0).toBe(canonicalJson(before) === canonicalJson(after));
      }),
      { numRuns: 500 },
    );
  });

  it('say what two lists of 5,000 lines do not share in bounded time', () => {
    const lines = (from: number) => Array.from({ length: 5000 }, (_, at) => `line ${from + at}`);
    expect(fieldChanges({ data: lines(0) }, { data: lines(9000) }).length).toBe(5000);
  });
});
