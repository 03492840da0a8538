import { describe, expect, it } from '@jest/globals';

import { packOutputs } from './pack-outputs.ts';
import { evaluateReadiness, readinessChecks } from './readiness.ts';
import { isJsonObject, parseYaml } from './yaml.ts';

const context = { system: { 'cluster.name': 'edge-7' }, macros: {}, variables: { account: '12' } };

describe('what packs read of each other', () => {
  it('is the value at a path, of the layer over the pack, macros resolved', () => {
    expect(
      packOutputs(
        [
          {
            name: 'kubernetes',
            values: 'version: 1.33.4\n',
            packValues: 'version: 1.0.0\npack: {k8sDistro: pxk}\nunread: 1\n',
          },
          {
            name: 'app',
            values:
              "a: '{{ .spectro.pack.kubernetes.version }}'\nb: '{{ .spectro.pack.kubernetes.pack.k8sDistro | upper }}'\n",
            texts: ["x: '{{.spectro.pack.app.own.path}}'"],
            packValues: "own: {path: 'at-{{.spectro.var.account}}-{{.spectro.system.cluster.name}}'}\n",
          },
        ],
        context,
      ),
    ).toEqual({
      kubernetes: { version: '1.33.4', 'pack.k8sDistro': 'pxk' },
      app: { 'own.path': 'at-12-edge-7' },
    });
  });
  it('is empty where the pack has no such value, or a map, or what refers to a pack itself', () => {
    const values =
      "m: {n: 1}\nself: '{{.spectro.pack.a.self}}'\nr: ['{{.spectro.pack.a.none}}', '{{.spectro.pack.a.m}}', '{{.spectro.pack.b.x}}']\n";
    expect(packOutputs([{ name: 'a', values }], context)).toEqual({ a: { self: '', none: '', m: '' } });
  });
  it('means the longest name of a pack that fits', () => {
    expect(
      packOutputs(
        [
          { name: 'a', values: "b: {c: short}\nx: '{{.spectro.pack.a.b.c}}'" },
          { name: 'a.b', values: 'c: long' },
        ],
        context,
      ),
    ).toEqual({ 'a.b': { c: 'long' } });
  });
  it('is nothing when nothing is read', () => {
    expect(packOutputs([{ name: 'a', values: 'x: 1' }], context)).toEqual({});
  });
  it('takes the variables of the layer that has the value', () => {
    expect(
      packOutputs(
        [
          { name: 'a', values: 'v: {{.spectro.var.account}}', variables: { account: '99' } },
          { name: 'b', values: 'x: {{.spectro.pack.a.v}}' },
        ],
        context,
      ),
    ).toEqual({ a: { v: '99' } });
  });
});

describe('readiness checks of a pack', () => {
  const values = parseYaml(`
readinessCheck:
  v1beta1:
  - name: linstorcluster
    kind: LinstorCluster
    group: piraeus.io
    version: v1
    keysToCheck:
    - {keyToCheck: 'status.conditions[0].status', expectedValue: "True"}
    - {keyToCheck: 'status.ready', expectedValue: 3}
  - {kind: NoName}
`).value;
  const [check, ...others] = readinessChecks(isJsonObject(values) ? values : {});
  if (!check) throw new Error('expected a check');
  it('are read from its values; those without a name are left out', () => {
    expect(others).toEqual([]);
    expect(check).toEqual({
      name: 'linstorcluster',
      namespace: undefined,
      kind: 'LinstorCluster',
      group: 'piraeus.io',
      version: 'v1',
      keys: [
        { path: 'status.conditions[0].status', expected: 'True' },
        { path: 'status.ready', expected: '3' },
      ],
    });
    expect(readinessChecks({ readinessCheck: 'x' })).toEqual([]);
  });
  it.each([
    {
      name: 'an object as expected',
      object: { status: { conditions: [{ status: 'True' }], ready: 3 } },
      want: { kind: 'ready' },
    },
    { name: 'no object', object: undefined, want: { kind: 'waiting', found: '' } },
    {
      name: 'another value',
      object: { status: { conditions: [{ status: 'True' }], ready: 2 } },
      want: { kind: 'waiting', path: 'status.ready', expected: '3', found: '2' },
    },
    {
      name: 'a field that is not there',
      object: {},
      want: { kind: 'waiting', path: 'status.conditions[0].status', found: '' },
    },
  ])('tell $name', ({ object, want }) => {
    expect(evaluateReadiness(check, object)).toMatchObject(want);
  });
});
